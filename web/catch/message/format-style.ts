// Comments, strings and what is in brackets (data: addresses) are passed by whole.
const PIECE = /\/\*[\s\S]*?\*\/|"[^"]*"|'[^']*'|\([^)]*\)|[{};]|[^{};"'(/]+|[("'/]/g
const LONG_LINE = 160

/** CSS that was squeezed into few lines, with one declaration on each; what is readable already stays as it is. */
export function formatStyle(css: string): string {
  if (css.split('\n').every(line => line.length < LONG_LINE)) return css
  const lines: string[] = []
  let line = ''
  let depth = 0
  const flush = () => {
    const text = line.trim()
    if (text) lines.push('  '.repeat(depth) + text)
    line = ''
  }
  for (const [piece] of css.matchAll(PIECE)) {
    if (piece === '}') {
      flush()
      depth = Math.max(0, depth - 1)
      line = '}'
      flush()
      continue
    }
    line += piece === '{' ? ' {' : piece.replaceAll(/\s+/g, ' ')
    if (piece === '{' || piece === ';') flush()
    if (piece === '{') depth++
  }
  flush()
  return lines.join('\n').replaceAll(/ +\{$/gm, ' {')
}
