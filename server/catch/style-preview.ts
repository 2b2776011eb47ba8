import type { Rewrite } from './html-preview.ts'

/**
 * CSS with its URLs rewritten; those that may not be loaded become `none`. Style sheets and fonts from
 * elsewhere are left out always. A URL hidden by CSS escapes is not seen here: the Content-Security-Policy
 * stops it. Linear, whatever the text: it is a stranger's.
 */
export function styleForPreview(css: string, rewrite: Rewrite): string {
  return withUrls(withoutFonts(css.replaceAll(/@import[^;}]*;?/gi, '')), rewrite)
}

function withoutFonts(css: string): string {
  let out = ''
  let at = 0
  for (const { index } of css.matchAll(/@font-face/gi)) {
    if (index < at) continue
    const end = css.indexOf('}', index)
    out += css.slice(at, index)
    if (end === -1) return out
    const rule = css.slice(index, end + 1)
    if (!/https?:|\/\//i.test(rule)) out += rule
    at = end + 1
  }
  return out + css.slice(at)
}

function withUrls(css: string, rewrite: Rewrite): string {
  let out = ''
  let at = 0
  // Where no such quote follows any more, so that it is looked for once only.
  const exhausted = new Set<string>()
  for (const { index } of css.matchAll(/url\(/gi)) {
    if (index < at) continue
    let open = index + 4
    while (/\s/.test(css[open] ?? '')) open++
    const quote = css[open] ?? ''
    const isQuoted = (quote === '"' || quote === "'") && !exhausted.has(quote)
    const closing = isQuoted ? css.indexOf(quote, open + 1) : -1
    if (isQuoted && closing === -1) exhausted.add(quote)
    const end = css.indexOf(')', closing === -1 ? open : closing)
    if (end === -1) break
    const url = closing === -1 ? css.slice(open, end).trim() : css.slice(open + 1, closing)
    const found = rewrite(url)
    out += css.slice(at, index) + (found === undefined ? 'none' : `url("${quotable(found)}")`)
    at = end + 1
  }
  return out + css.slice(at)
}

/** Nothing in it may end the string or the style sheet around it. */
function quotable(url: string): string {
  return url.replaceAll(/["\\<>\s]/g, encodeURIComponent)
}
