/** What clients send is nearly always one of a handful of texts. */
const known = new Map<string, string | undefined>()

/**
 * Which of our media types an Accept header likes best (RFC 9110, section 12.5.1); undefined if it wants none
 * of them. No header means anything. Of several that it likes equally, the one that it names first.
 * @param served in our order of preference
 */
export function accepted(header: string | undefined, served: readonly string[]): string | undefined {
  if (header === undefined || header === '' || header === '*/*') return served[0]
  const key = `${served.length}${served[0]}${header}`
  if (known.has(key)) return known.get(key)
  const best = choose(header, served)
  if (known.size >= 200) known.clear()
  if (header.length <= 200) known.set(key, best)
  return best
}

interface Range {
  type: string
  quality: number
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
