/** What the scanner meets, and where in the style sheet it begins. */
export interface CssListener {
  declaration(property: string, value: string, at: number): void
  /** The selector list of a style rule. */
  selectors(text: string, at: number, nested: boolean): void
  /** `name` without @ and vendor prefix, lower case; `prelude` is what follows it. */
  atRule(name: string, prelude: string, at: number): void
  comment(at: number): void
}

/** Deeper blocks are passed over. */
const DEEPEST = 32

/** Characters of one declaration that are looked at: data: addresses run to megabytes. */
const LONGEST = 4096

/**
 * Walks once over a style sheet, or over a `style` attribute, and forgives whatever it meets: it must find features
 * in broken CSS too, not understand it (the tokens of CSS Syntax 3, sections 4 and 5, as far as that needs them).
 */
export function scanCss(source: string, listener: CssListener): void {
  const blocks: ('rule' | 'keyframes' | 'at')[] = []
  let begun = 0
  let brackets = true
  const statement = (end: number) => {
    const at = firstInk(source, begun, end)
    const text = withoutComments(source.slice(at, Math.min(end, at + LONGEST))).trim()
    return { at, text }
  }
  const declaration = (end: number) => {
    const { at, text } = statement(end)
    if (text.startsWith('@')) return atRule(text, at)
    const colon = text.indexOf(':')
    if (colon > 0)
      listener.declaration(
        text.slice(0, colon).trim().toLowerCase(),
        text
          .slice(colon + 1)
          .trim()
          .toLowerCase(),
        at,
      )
    return undefined
  }
  const atRule = (text: string, at: number) => {
    const [whole = '', name = ''] = /^@(?:-[a-z]+-)?([a-z-]+)/i.exec(text) ?? []
    if (name !== '') listener.atRule(name.toLowerCase(), text.slice(whole.length).trim().toLowerCase(), at)
    return name.toLowerCase()
  }
  const open = (end: number) => {
    const { at, text } = statement(end)
    const parent = blocks.at(-1)
    if (text.startsWith('@')) {
      const name = atRule(text, at)
      blocks.push(name === 'keyframes' ? 'keyframes' : 'at')
      return
    }
    // The steps of an animation (`from`, `50%`) look like selectors.
    if (parent !== 'keyframes' && text !== '') listener.selectors(text, at, blocks.includes('rule'))
    blocks.push('rule')
  }

  for (let at = 0; at < source.length; at++) {
    switch (source[at]) {
      case '/':
        if (source[at + 1] === '*') {
          listener.comment(at)
          at = endOf(source, '*/', at + 2) + 1
        }
        break
      case '"':
      case "'":
        at = endOf(source, source[at] ?? '', at + 1)
        break
      case '\\':
        at++
        break
      case '(': {
        // Brackets hold semicolons and braces in data: addresses. Where none is closed any more, none is looked for.
        const close = brackets ? source.indexOf(')', at) : -1
        if (close === -1) brackets = false
        else at = close
        break
      }
      case '{':
        if (blocks.length < DEEPEST) open(at)
        begun = at + 1
        break
      case ';':
        declaration(at)
        begun = at + 1
        break
      case '}':
        declaration(at)
        blocks.pop()
        begun = at + 1
        break
      default:
    }
  }
  declaration(source.length)
}

/** Where what is looked for begins, or the last place when it does not come. */
function endOf(source: string, wanted: string, from: number): number {
  const found = source.indexOf(wanted, from)
  return found === -1 ? source.length - 1 : found
}

function firstInk(source: string, from: number, to: number): number {
  let at = from
  for (;;) {
    while (at < to && source.charCodeAt(at) <= 32) at++
    if (at >= to || !source.startsWith('/*', at)) return at
    at = endOf(source, '*/', at + 2) + 2
  }
}

function withoutComments(text: string): string {
  return text.includes('/*') ? text.replaceAll(/\/\*[\s\S]*?(?:\*\/|$)/g, ' ') : text
}
