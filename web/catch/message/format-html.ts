import { formatStyle } from './format-style.ts'
import { htmlTokens } from './html-tokens.ts'

const INLINE =
  /^(a|abbr|b|bdi|bdo|big|cite|code|em|font|i|img|kbd|label|mark|q|s|small|span|strike|strong|sub|sup|time|tt|u|wbr)$/i
const VOID = /^(area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)$/i
const KEPT = /(<(pre|textarea|script|style)\b[\s\S]*?<\/\2\s*>)/gi
const STYLE = /^(<style\b[^>]*>)([\s\S]*?)(<\/style\s*>)$/i
const DEEPEST = 24

/** The source with every block on its own line, indented. Changes white space only, and none where it counts. */
export function formatHtml(source: string): string {
  const lines: string[] = []
  let line = ''
  let depth = 0
  const flush = () => {
    const text = line.trim()
    if (text) lines.push('  '.repeat(Math.min(depth, DEEPEST)) + text)
    line = ''
  }

  source.split(KEPT).forEach((piece, index) => {
    // Of each match: the text before it, the whole element, and its name.
    if (index % 3 === 2) return
    if (index % 3 === 1) {
      flush()
      const indent = '  '.repeat(Math.min(depth, DEEPEST))
      const [, opening, css, closing] = STYLE.exec(piece) ?? []
      if (css === undefined) lines.push(indent + piece)
      else
        lines.push(...[opening, ...formatStyle(css.trim()).split('\n'), closing].map(text => indent + text))
      return
    }
    for (const markup of markups(piece)) {
      const name = /^<\/?([a-zA-Z][^\s/>]*)/.exec(markup)?.[1]
      if (!name) {
        if (markup.startsWith('<!')) {
          flush()
          line = markup
          flush()
        } else line += markup.replaceAll(/\s+/g, ' ')
        continue
      }
      const tag = markup.replaceAll(/\s+/g, ' ')
      if (INLINE.test(name)) {
        line += tag
      } else if (/^br$/i.test(name)) {
        line += tag
        flush()
      } else if (markup.startsWith('</')) {
        flush()
        depth = Math.max(0, depth - 1)
        line = tag
        flush()
      } else {
        flush()
        line = tag
        flush()
        if (!VOID.test(name) && !markup.endsWith('/>')) depth++
      }
    }
  })
  flush()
  return lines.join('\n')
}

/** Whole tags, comments and texts, in order. */
function markups(source: string): string[] {
  const found: string[] = []
  let inTag = false
  for (const { kind, text } of htmlTokens(source)) {
    if (inTag) found[found.length - 1] += text
    else found.push(text)
    if (kind === 'tag') inTag = !text.endsWith('>')
  }
  return found
}
