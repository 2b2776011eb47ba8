import type { ClientGroups, Feature } from './client-support.ts'
import { htmlFeatures } from './html-features.ts'
import { scanHtml } from './html-scan.ts'

/** What some mail programs do not show, or not as it was meant. */
export interface HtmlReport {
  /** What most programs lack comes first. */
  rules: HtmlRule[]
  /** Why not everything was looked at, or is listed. */
  note?: string
}

interface HtmlRule {
  title: string
  /** Its page at caniemail.com. */
  url: string
  /** Who does not support it, and who does in part. */
  none: ClientGroups
  partial: ClientGroups
  /** Where it occurs, from 1, ascending; no more than MOST_LINES of them. */
  lines: number[]
  /** In how many lines it occurs. */
  count: number
}

/** Characters that are looked at. The largest senders cut their own mail at a twentieth of that. */
const LONGEST = 2 << 20

const MOST_LINES = 200

/** One walk over the source, whose cost grows with its length only. */
export function htmlSupport(features: ReadonlyMap<string, Feature>, html: string): HtmlReport {
  const source = html.slice(0, LONGEST)
  const lineOf = lines(source)
  const occurrences = new Map<string, Set<number>>()
  const known = new Set(features.keys())
  const found = (slug: string, at: number) => {
    if (!known.has(slug)) return
    const where = occurrences.get(slug)
    if (where) where.add(lineOf(at))
    else occurrences.set(slug, new Set([lineOf(at)]))
  }
  scanHtml(source, htmlFeatures(known, source, found))

  const rules = [...occurrences].flatMap(([slug, where]) => {
    const feature = features.get(slug)
    if (feature === undefined || programs(feature.none) + programs(feature.partial) === 0) return []
    const { title, url, none, partial } = feature
    const sorted = [...where].toSorted((a, b) => a - b)
    return [{ title, url, none, partial, lines: sorted.slice(0, MOST_LINES), count: sorted.length }]
  })
  rules.sort(
    (a, b) =>
      programs(b.none) - programs(a.none) ||
      programs(b.partial) - programs(a.partial) ||
      compare(a.title, b.title),
  )
  const notes = [
    html.length > LONGEST && `Only the first ${LONGEST >> 20} MB of the HTML were checked.`,
    rules.some(({ count }) => count > MOST_LINES) &&
      `Of what occurs in more than ${MOST_LINES} lines, the first ${MOST_LINES} are listed.`,
  ].filter(note => note !== false)
  return notes.length === 0 ? { rules } : { rules, note: notes.join(' ') }
}

function programs({ desktop = [], mobile = [], web = [] }: ClientGroups): number {
  return desktop.length + mobile.length + web.length
}

/** Not by language: the order is the same on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Answers in which line a place of the source is, from 1. */
function lines(source: string): (at: number) => number {
  const ends: number[] = []
  for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1)) ends.push(at)
  return at => {
    let low = 0
    let high = ends.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((ends[middle] ?? 0) < at) low = middle + 1
      else high = middle
    }
    return low + 1
  }
}
