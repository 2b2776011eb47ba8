/** What clients send is nearly always one of a handful of texts; by what is served. */
const known = new WeakMap<readonly string[], Map<string, string | undefined>>()

/**
 * Which of our media types an Accept header likes best (RFC 9110, section 12.5.1); undefined if it wants none
 * of them. No header means anything. Of several that it likes equally, the one that it names first.
 * @param served in our order of preference; the same array each time
 */
export function accepted(header: string | undefined, served: readonly string[]): string | undefined {
  if (header === undefined || header === '' || header === '*/*') return served[0]
  let answers = known.get(served)
  if (answers === undefined) known.set(served, (answers = new Map()))
  if (answers.has(header)) return answers.get(header)
  const best = choose(header, served)
  if (answers.size >= 200) answers.clear()
  if (header.length <= 200) answers.set(header, best)
  return best
}

function choose(header: string, served: readonly string[]): string | undefined {
  const ranges = header.slice(0, 2000).split(',').map(readRange)
  const ranked = served
    .map(type => ({ type, ...deciding(type, ranges) }))
    .filter(({ quality }) => quality > 0)
    // Sorting is stable: what one range names together keeps our order.
    .toSorted((a, b) => b.quality - a.quality || a.place - b.place)
  return ranked[0]?.type
}

interface Range {
  type: string
  quality: number
}

function readRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map(part => part.trim().toLowerCase())
  const q = parameters.find(parameter => parameter.startsWith('q='))
  const quality = q === undefined ? 1 : Number(q.slice(2))
  return { type, quality: quality >= 0 && quality <= 1 ? quality : 0 }
}

/** The most specific range that fits decides, whatever the others say. */
function deciding(type: string, ranges: Range[]): { quality: number; place: number } {
  const family = `${type.slice(0, type.indexOf('/'))}/*`
  for (const name of [type, family, '*/*']) {
    const place = ranges.findIndex(({ type: ranged }) => ranged === name)
    const range = ranges[place]
    if (range !== undefined) return { quality: range.quality, place }
  }
  return { quality: 0, place: 0 }
}
