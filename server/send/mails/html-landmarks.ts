import { Parser } from 'htmlparser2'

/** Where things stand in some HTML, in characters from its beginning. */
export interface Landmarks {
  /** Values of `href` with their quotes, in turn; what stands between these, and that as a browser reads it. */
  links: { from: number; to: number; quote: string; shown: string; url: string }[]
  /** Behind the tag that opens the body; of a fragment 0. */
  bodyFrom: number
  /** Before the tag that closes it; of a fragment its end. */
  bodyTo: number
  /** What a reader may see. */
  words: string
}

/** Reads HTML as forgivingly as mail programs do. What stands in comments, for Outlook, counts as no link. */
export function landmarksOf(html: string): Landmarks {
  const links: Landmarks['links'] = []
  let words = ''
  let element = ''
  let bodyFrom: number | undefined
  let headTo = 0
  let bodyTo: number | undefined
  let htmlTo: number | undefined
  const parser: Parser = new Parser({
    onopentagname(name) {
      element = name
    },
    onattribute(name, value, quote) {
      if (name !== 'href' || (element !== 'a' && element !== 'area')) return
      // `href = "…"`: the name, the sign, the value.
      const written = html.slice(parser.startIndex, parser.endIndex)
      const valueAt = /^[^=]*=\s*/.exec(written)?.[0].length
      if (valueAt === undefined) return
      links.push({
        from: parser.startIndex + valueAt,
        to: parser.endIndex,
        quote: quote || '"',
        shown: quote ? written.slice(valueAt + 1, -1) : written.slice(valueAt),
        url: value.trim(),
      })
    },
    onopentag(name) {
      if (name === 'body') bodyFrom ??= parser.endIndex + 1
      else if (name === 'html' || name === 'head') headTo = parser.endIndex + 1
    },
    onprocessinginstruction() {
      if (bodyFrom === undefined && words === '') headTo = parser.endIndex + 1
    },
    onclosetag(name, isImplied) {
      if (isImplied) return
      if (name === 'head') headTo = parser.endIndex + 1
      else if (name === 'body') bodyTo = parser.startIndex
      else if (name === 'html') htmlTo = parser.startIndex
    },
    ontext(text) {
      if (!UNSEEN.has(element) && words.length < html.length) words += text
    },
  })
  parser.end(html)
  return {
    links,
    words,
    bodyFrom: bodyFrom ?? headTo,
    bodyTo: Math.max(bodyTo ?? htmlTo ?? html.length, bodyFrom ?? headTo),
  }
}

const UNSEEN = new Set(['style', 'script', 'title'])
