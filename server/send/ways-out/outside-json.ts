/**
 * JSON as providers write it; undefined: it is none. Ids beyond 2^53 are numbers in some of it, and would be others once
 * read: whole numbers of so many digits become text.
 */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(LONG_NUMBER.test(text) ? longNumbersQuoted(text) : text)
  } catch {
    return undefined
  }
}

const LONG_NUMBER = /\d{16}/

/** By what stands outside of strings. A reviver would do it in a line, and a hundred times as slowly. */
function longNumbersQuoted(text: string): string {
  const parts: string[] = []
  for (let from = 0; from < text.length; ) {
    const opening = text.indexOf('"', from)
    const outside = text.slice(from, opening < 0 ? text.length : opening)
    parts.push(outside.replace(/(^|[\s:,[])(\d{16,})(?=[\s,\]}]|$)/g, '$1"$2"'))
    if (opening < 0) break
    from = behindString(text, opening)
    parts.push(text.slice(opening, from))
  }
  return parts.join('')
}

function behindString(text: string, opening: number): number {
  for (let quote = text.indexOf('"', opening + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let before = quote
    while (text[before - 1] === '\\') before--
    if ((quote - before) % 2 === 0) return quote + 1
  }
  return text.length
}

/** What stands at a path of keys and indexes in something read from outside; undefined: nothing does. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  let found = value
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined
    found = (found as Record<string | number, unknown>)[key]
  }
  return found
}

/** The same as text, of numbers too; undefined: it is neither, or empty. */
export function textAt(value: unknown, ...path: (string | number)[]): string | undefined {
  const found = at(value, ...path)
  if (typeof found === 'number') return String(found)
  return typeof found === 'string' && found !== '' ? found : undefined
}
