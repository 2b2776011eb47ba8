/** Deeper than anything that is meant. */
const MAX_DEPTH = 64
/** An empty object is two bytes on the wire and fifty in memory. */
const MAX_STRUCTURES = 500_000

const QUOTE = 0x22
const BACKSLASH = 0x5c

/** Whether JSON may be parsed without fear of what becomes of it in memory; says nothing of whether it is valid. */
export function withinBounds(json: string): boolean {
  let depth = 0
  let structures = 0
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at)
    if (code === QUOTE) at = closingQuote(json, at)
    // `[` and `{`
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > MAX_DEPTH || ++structures > MAX_STRUCTURES) return false
    }
    // `]` and `}`
    else if (code === 0x5d || code === 0x7d) depth--
  }
  return true
}

/** The end of the text if there is none: that is not valid, as the parser will find. */
function closingQuote(json: string, from: number): number {
  for (let at = json.indexOf('"', from + 1); at >= 0; at = json.indexOf('"', at + 1)) {
    let before = at
    while (json.charCodeAt(before - 1) === BACKSLASH) before--
    if ((at - before) % 2 === 0) return at
  }
  return json.length
}
