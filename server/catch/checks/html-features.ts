import { cssFeatures, type Found } from './css-features.ts'
import { scanCss } from './css-scan.ts'
import type { HtmlListener } from './html-scan.ts'
import { imageFeatures } from './image-features.ts'

/** Elements that share a page, or go by another name there; every other one has a page of its own, or none. */
const ELEMENTS = new Map(
  Object.entries({
    'html-h1-h6': 'h1 h2 h3 h4 h5 h6',
    'html-lists': 'ul ol dl',
    'html-semantics':
      'article aside details figcaption figure footer header main mark nav section summary time',
    'html-image-maps': 'map',
  }).flatMap(([slug, names]) => names.split(' ').map(name => [name, slug] as const)),
)

/** Pages under `html-` that are about attributes. */
const ATTRIBUTES = new Map([
  ...(
    'align background cellpadding cellspacing dir height hidden lang popover required role target valign width ' +
    'aria-describedby aria-hidden aria-label aria-labelledby aria-live'
  )
    .split(' ')
    .map(name => [name, `html-${name}`] as const),
  ['inert', 'css-inert-attribute'],
  ['loading', 'html-loading-attribute'],
  ['srcset', 'html-srcset'],
  ['sizes', 'html-srcset'],
])

/** Entities that would end a declaration too early, kept at their length. */
const ENTITIES: [entity: RegExp, text: string][] = [
  [/&quot;/g, '"     '],
  [/&apos;/g, "'     "],
  [/&#3[49];/g, "'    "],
]

/** @param known every slug there is a page for */
export function htmlFeatures(known: ReadonlySet<string>, source: string, found: Found): HtmlListener {
  return {
    element(name, attributes, at) {
      const valueOf = (attribute: string) => attributes.get(attribute)?.value ?? ''
      found(ELEMENTS.get(name) ?? elementPage(name, valueOf('type')), at)
      for (const [attribute, { valueAt }] of attributes) {
        const page = ATTRIBUTES.get(attribute)
        if (page) found(page, valueAt)
      }
      const href = name === 'a' ? valueOf('href').trim().toLowerCase() : ''
      if (href.startsWith('#') && href.length > 1) found('html-anchor-links', at)
      if (href.startsWith('mailto:')) found('html-mailto-links', at)
      if (name === 'meta' && valueOf('name').toLowerCase() === 'color-scheme')
        found('html-meta-color-scheme', at)
      const images = [name === 'img' ? valueOf('src') : '', valueOf('background')]
      if (name === 'img' || name === 'source') images.push(...candidates(valueOf('srcset')))
      for (const slug of imageFeatures(images)) found(slug, at)
      const style = attributes.get('style')
      if (style) scanCss(plain(style.value), cssFeatures(known, found, style.valueAt))
    },
    style: (from, to) => scanCss(source.slice(from, to), cssFeatures(known, found, from)),
    comment: at => found('html-comments', at),
    doctype: (text, at) => {
      if (/^<!doctype\s+html\s*>/i.test(text)) found('html-doctype', at)
    },
  }
}

function elementPage(name: string, type: string): string {
  if (name === 'input') return `html-input-${type.toLowerCase() || 'text'}`
  if (name === 'button') return `html-button-${type.toLowerCase() || 'submit'}`
  // `<head>` has no page, and the pages of attributes are not about elements.
  return ATTRIBUTES.has(name) ? '' : `html-${name}`
}

function plain(style: string): string {
  return style.includes('&')
    ? ENTITIES.reduce((text, [entity, as]) => text.replaceAll(entity, as), style)
    : style
}

function candidates(srcset: string): string[] {
  return srcset.split(',').map(candidate => candidate.trim().split(/\s+/, 1)[0] ?? '')
}
