import type { TemplateFault } from '../templates/compile-jobs.ts'
import { inlined } from '../templates/finishing.ts'
import { parseLiquid } from '../templates/liquid.ts'
import {
  compileTags,
  escapeHtml,
  hasPlaceholder,
  insertContent,
  type Into,
  TAG,
  vocabularyOf,
} from '../templates/merge-tags.ts'
import { textFromHtml } from '../templates/plain-text.ts'
import { HiddenTags } from './hidden-tags.ts'
import { type Landmarks, landmarksOf } from './html-landmarks.ts'
import { endMark, markedLink } from './liquid-marks.ts'
import { PieceReader } from './piece-reader.ts'
import type { Body, CompiledBody, Piece, WrittenSources } from './program.ts'

/** Gmail hides what is beyond, the link to unsubscribe with it. */
const CLIPPED_AT = 102_000

const LIQUID_TAG = /\{\{[^]*?\}\}|\{%[^]*?%\}/g
const WAY_OUT = /\bunsubscribe_(?:url|link)\b/i
const OUR_PAGE = /^\{\{\W*(?:nbsp;\W*)*(?:unsubscribe_url|unsubscribe_link|webview_url)\b/i
const NOTHING: Body = { language: 'tags', subject: [], html: [], text: [], hasWayOut: true }

/**
 * Does once what need not be done for each recipient: styles into their elements, the text part, the links. Runs in
 * the compiling thread.
 */
export function compileBody(sources: WrittenSources): CompiledBody {
  const { template, content, subject } = sources
  const isLiquid = template?.language === 'liquid'
  const source = insertContent(template?.content ?? null, content)
  const faults = isLiquid ? liquidFaults(source, sources) : []
  if (faults.length > 0) return { body: NOTHING, links: [], warnings: [], faults }

  const hidden = new HiddenTags()
  const reader = new PieceReader(hidden, sources.fields, sources.locale)
  const hide = (text: string, into: Into = 'html') =>
    isLiquid ? hidden.hide(text, LIQUID_TAG) : hidden.hide(text, TAG, tag => !reader.isKnown(tag, into))

  const html = inlined(hide(source))
  const plain = template?.text ?? null
  const contentText = plain !== null && hasPlaceholder(plain) ? textFromHtml(hide(content)) : ''
  const preheader = hiddenPreheader(hide(sources.preheader.trim()))
  reader.markupEnds()
  const text = plain === null ? textFromHtml(html) : hide(insertContent(plain, contentText))

  const seen = landmarksOf(html)
  const links = new LinkNumbers(hidden)
  const stretches = cut(html, [
    { from: seen.bodyFrom, to: seen.bodyFrom, put: preheader },
    ...(sources.clicksTracked ? seen.links.flatMap(found => links.edit(found)) : []),
    { from: seen.bodyTo, to: seen.bodyTo, put: END },
  ])
  const reachable = hidden.numbersIn([seen.words, ...seen.links.map(({ url }) => url)].join(' '))
  const hasWayOut = reachable.some(number => WAY_OUT.test(hidden.tag(number)))
  return {
    body: isLiquid
      ? liquidBody(subject, stretches, sameBlocks(html, text, hidden) ? text : null, hidden)
      : {
          language: 'tags',
          subject: reader.pieces(hide(subject, 'subject'), 'subject'),
          html: stretches.flatMap(stretch => htmlPieces(stretch, reader)),
          text: reader.pieces(text, 'text'),
          hasWayOut,
        },
    links: links.urls,
    warnings: warningsAbout(sources, source, hasWayOut),
    faults: [],
  }
}

const END = { place: 'end' } as const

/** Of the HTML: text with hidden tags, or what takes the place of some. */
type Stretch = string | CountedLink | typeof END

interface CountedLink {
  link: number
  isDynamic: boolean
  quote: string
  url: string
  shown: string
}

/** Gives each address one number, in the order in which they come. */
class LinkNumbers {
  readonly #hidden: HiddenTags
  readonly #numbers = new Map<string, number>()

  constructor(hidden: HiddenTags) {
    this.#hidden = hidden
  }

  get urls(): string[] {
    return [...this.#numbers.keys()]
  }

  edit({ from, to, quote, url, shown }: Landmarks['links'][number]): Edit[] {
    const written = this.#hidden.restore(url)
    const isDynamic = this.#hidden.numbersIn(url).length > 0
    // What begins with a tag will turn out to lead to the web, or is left alone then.
    const isWeb = /^https?:\/\//i.test(written) || url.startsWith(this.#hidden.prefix)
    if (!isWeb || OUR_PAGE.test(written)) return []
    const link = this.#numbers.get(written) ?? this.#numbers.size + 1
    this.#numbers.set(written, link)
    return [{ from, to, put: { link, isDynamic, quote, url, shown } }]
  }
}

interface Edit {
  from: number
  to: number
  put: Stretch
}

function cut(html: string, edits: Edit[]): Stretch[] {
  const stretches: Stretch[] = []
  let at = 0
  for (const { from, to, put } of edits.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    stretches.push(html.slice(at, from), put)
    at = to
  }
  stretches.push(html.slice(at))
  return stretches
}

function htmlPieces(stretch: Stretch, reader: PieceReader): Piece[] {
  if (typeof stretch === 'string') return reader.pieces(stretch, 'html')
  if ('place' in stretch) return [stretch]
  const { link, isDynamic, quote, url, shown } = stretch
  const piece = {
    link,
    shown: reader.pieces(shown, 'html'),
    url: isDynamic ? reader.pieces(url, 'text') : null,
  }
  return [quote, piece, quote]
}

function liquidBody(subject: string, stretches: Stretch[], text: string | null, hidden: HiddenTags): Body {
  const marks = hidden.prefix
  const html = stretches.map(stretch => {
    if (typeof stretch === 'string') return stretch
    if ('place' in stretch) return endMark(marks)
    const { link, isDynamic, quote, shown } = stretch
    return quote + markedLink(marks, link, isDynamic, shown) + quote
  })
  return {
    language: 'liquid',
    subject,
    html: hidden.restore(html.join('')),
    text: text === null ? null : hidden.restore(text),
    marks,
  }
}

/** A text that has lost the end of an `if` would say something else. */
function sameBlocks(html: string, text: string, hidden: HiddenTags): boolean {
  const blocks = (source: string) =>
    hidden
      .numbersIn(source)
      .map(number => hidden.tag(number))
      .filter(tag => tag.startsWith('{%'))
      .join('')
  return blocks(html) === blocks(text)
}

/** What mail programs show behind the subject; the blanks keep the first words of the mail out of it. */
function hiddenPreheader(preheader: string): string {
  if (preheader === '') return ''
  const style =
    'display:none;max-height:0;overflow:hidden;opacity:0;font-size:1px;line-height:1px;mso-hide:all'
  return `<div style="${style}" aria-hidden="true">${escapeHtml(preheader)}${'&zwnj;&nbsp;'.repeat(40)}</div>`
}

function liquidFaults(source: string, { subject, preheader }: WrittenSources): TemplateFault[] {
  return [
    ...parseLiquid(source),
    ...parseLiquid(subject).map(fault => named('Subject: ', fault)),
    ...parseLiquid(preheader).map(fault => named('Preheader: ', fault)),
  ]
}

function named(what: string, { message }: TemplateFault): TemplateFault {
  return { line: null, message: what + message }
}

function warningsAbout(sources: WrittenSources, source: string, hasWayOut: boolean): string[] {
  const { template, content, fields, locale } = sources
  const warnings: string[] = []
  if (template !== null && content.trim() !== '' && !hasPlaceholder(template.content))
    warnings.push('The template has no {{content}}: what is written in the campaign is not shown')
  if (!hasWayOut) warnings.push('There is no link to {{unsubscribe_url}}: one is put at the end')
  if (template?.language !== 'liquid') {
    const words = vocabularyOf(fields, locale)
    const unknown = [
      ...compileTags(source, words, 'html').unknown,
      ...compileTags(sources.subject, words, 'subject').unknown,
    ]
    for (const name of new Set(unknown)) warnings.push(`{{${name}}} means nothing, and stays as it is`)
  }
  const size = Buffer.byteLength(source)
  if (size > CLIPPED_AT) warnings.push(`The HTML has ${size} bytes: Gmail shows the first ${CLIPPED_AT} only`)
  return warnings
}
