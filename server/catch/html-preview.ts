import sanitizeHtml from 'sanitize-html'
import { styleForPreview } from './style-preview.ts'

/**
 * Captured HTML is hostile. Whoever shows it sends a Content-Security-Policy that forbids everything we would
 * not do ourselves: that is the first wall, and this the second. Loaded by the reading thread only.
 */

export interface PreviewOptions {
  /** Whether images may be loaded from elsewhere. */
  remote: boolean
  /** Content-ID → where that part is served. */
  parts: Record<string, string>
}

export interface Preview {
  html: string
  /** How many remote resources there are, loaded or not. */
  remoteContent: number
}

/** What a URL in the message becomes: kept, another, or nothing. */
export type Rewrite = (url: string) => string | undefined

// Above what sanitize-html allows by itself: the vocabulary of e-mail.
const TAGS = [
  'html head title body style meta img picture source center font big strike tt nobr map area del ins dir',
  'details summary button label fieldset legend',
].flatMap(line => line.split(' '))

const ATTRIBUTES = [
  'abbr align alt axis background bgcolor border bordercolor cellpadding cellspacing char charoff cite class clear',
  'color cols colspan compact content coords dir face frame headers height hidden href hreflang hspace id lang',
  'media name noshade nowrap open rel reversed role rows rowspan rules scope shape size sizes span src srcset',
  'start style summary target title type usemap valign value vspace width xml:lang aria-* data-*',
].flatMap(line => line.split(' '))

const META = /^(viewport|color-scheme|supported-color-schemes|x-apple-disable-message-reformatting)$/i
const REMOTE = /^\s*(?:https?:|\/\/|\\\\)/i
const EMBEDDED = /^\s*data:(?:image|font)\//i

export function previewHtml(html: string, options: PreviewOptions): Preview {
  let remoteContent = 0
  const rewrite: Rewrite = url => {
    const contentId = /^\s*cid:(.*)$/is.exec(url)?.[1]
    if (contentId !== undefined) return partNamed(options.parts, contentId.trim())
    if (EMBEDDED.test(url)) return url
    if (!REMOTE.test(url)) return undefined
    remoteContent++
    return options.remote ? url : undefined
  }
  const clean = sanitizeHtml(html, {
    allowedTags: [...sanitizeHtml.defaults.allowedTags, ...TAGS],
    allowVulnerableTags: true,
    allowedAttributes: { '*': ATTRIBUTES },
    allowedSchemes: ['http', 'https', 'mailto', 'tel', 'sms'],
    allowedSchemesByTag: { img: ['http', 'https', 'data'], source: ['http', 'https', 'data'] },
    // Old mail sets out whole pages in nested tables; past this it is an attack on the parser of the browser.
    nestingLimit: 500,
    parseStyleAttributes: false,
    transformTags: { '*': (tagName, attribs) => transform(tagName, attribs, rewrite) },
  })
  return { html: doctypeOf(html) + withStyles(clean, rewrite), remoteContent }
}

/** Kept, because without it a browser lays the mail out in quirks mode; only the harmless forms that are in use. */
function doctypeOf(html: string): string {
  return /^\s*(<!doctype html(?:\s+public\s+"[\w/. +-]*"(?:\s+"[\w:/.-]*")?)?\s*>)/i.exec(html)?.[1] ?? ''
}

function transform(
  tagName: string,
  attribs: Record<string, string>,
  rewrite: Rewrite,
): { tagName: string; attribs: Record<string, string> } {
  // Emptied, not renamed: the sanitiser closes the wrong element after it has dropped a renamed one.
  if (tagName === 'meta' && !META.test(attribs.name ?? '')) return { tagName, attribs: {} }
  const changed = { ...attribs }
  for (const name of ['src', 'background'])
    if (changed[name] !== undefined) set(changed, name, rewrite(changed[name]))
  if (changed.srcset !== undefined) set(changed, 'srcset', sourceSet(changed.srcset, rewrite))
  if (changed.style !== undefined) changed.style = styleForPreview(changed.style, rewrite)
  if (tagName === 'a' || tagName === 'area') {
    delete changed.target
    if (changed.href !== undefined && !changed.href.trim().startsWith('#')) {
      changed.target = '_blank'
      changed.rel = 'noopener noreferrer'
    }
  } else delete changed.href
  return { tagName, attribs: changed }
}

function set(attribs: Record<string, string>, name: string, value: string | undefined): void {
  if (value === undefined) delete attribs[name]
  else attribs[name] = value
}

/** Candidates are kept or dropped one by one; commas inside a URL only cost that candidate. */
function sourceSet(value: string, rewrite: Rewrite): string | undefined {
  const kept = value.split(/,\s/).flatMap(candidate => {
    const [url = '', ...descriptors] = candidate.trim().split(/\s+/)
    const found = rewrite(url)
    return found === undefined ? [] : [[found, ...descriptors].join(' ')]
  })
  return kept.length > 0 ? kept.join(', ') : undefined
}

/** In what the sanitiser writes, `<` stands for nothing but a tag, and a style sheet ends at the first end tag. */
function withStyles(clean: string, rewrite: Rewrite): string {
  let out = ''
  let at = 0
  for (;;) {
    const tag = clean.indexOf('<style', at)
    const start = tag === -1 ? -1 : clean.indexOf('>', tag) + 1
    const end = start <= 0 ? -1 : clean.indexOf('</style', start)
    if (end === -1) return out + clean.slice(at)
    out += clean.slice(at, start) + styleForPreview(clean.slice(start, end), rewrite)
    at = end
  }
}

function partNamed(parts: Record<string, string>, contentId: string): string | undefined {
  if (Object.hasOwn(parts, contentId)) return parts[contentId]
  try {
    const decoded = decodeURIComponent(contentId)
    return Object.hasOwn(parts, decoded) ? parts[decoded] : undefined
  } catch {
    return undefined
  }
}
