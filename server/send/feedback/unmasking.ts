import type { Judged, Verdict } from './verdicts.ts'

/** An open or a click, as far as it tells who was there. */
export interface Visit {
  kind: 'opened' | 'clicked'
  at: number
  /** Of links with a number; null: of an open, or the hidden one. */
  link: number | null
  /** They touched the link that nobody sees. */
  hidden: boolean
  agent: string
  ip: string
  verdict: Verdict
  /** By itself it looks like a person's, whatever is known of it by now. */
  plausible: boolean
}

/** What makes it one, in words for people. */
export const HIDDEN_TOUCHED = 'touched the hidden link'
export const ALL_FETCHED = 'fetched every link within seconds'

/** How far around what gives it away a scanner's other visits are taken for its own. */
export const BETRAYED_MS = 60_000
/** Nobody reads what they open in that time. */
const BURST_MS = 5_000
/** So many links at once say enough of a mail with more. */
const BURST_LINKS = 8

/**
 * Visits to one delivery that looked like a person's, and were not: whoever touches the hidden link, or fetches every
 * link within seconds, is a scanner, and what it did within a minute of that is taken back. Opens are where they
 * come from the same machine: its owner may have read the mail meanwhile.
 * @param links how many the mail has, without the hidden one
 * @returns places in `visits`, with the reason
 */
export function unmasked(visits: readonly Visit[], links: number): Map<number, Judged['reasons']> {
  const betrayals = [...hiddenTouched(visits), ...bursts(visits, links)]
  const found = new Map<number, string[]>()
  if (betrayals.length === 0) return found
  for (const [place, visit] of visits.entries()) {
    if (visit.verdict !== 'person') continue
    const betrayal = betrayals.find(
      ({ by, from, to }) =>
        visit.at >= from - BETRAYED_MS &&
        visit.at <= to + BETRAYED_MS &&
        (visit.kind === 'clicked' || (visit.ip === by.ip && visit.agent === by.agent)),
    )
    if (betrayal !== undefined) found.set(place, [betrayal.reason])
  }
  return found
}

interface Betrayal {
  by: Visit
  from: number
  to: number
  reason: string
}

function hiddenTouched(visits: readonly Visit[]): Betrayal[] {
  return visits
    .filter(({ hidden }) => hidden)
    .map(by => ({ by, from: by.at, to: by.at, reason: HIDDEN_TOUCHED }))
}

function bursts(visits: readonly Visit[], links: number): Betrayal[] {
  const enough = Math.min(links, BURST_LINKS)
  if (enough < 2) return []
  const clicks = visits
    .filter(({ kind, link, plausible }) => kind === 'clicked' && link !== null && plausible)
    .toSorted((a, b) => a.at - b.at)
  const found: Betrayal[] = []
  for (const [first, by] of clicks.entries()) {
    const within = clicks.slice(first).filter(({ at }) => at <= by.at + BURST_MS)
    if (new Set(within.map(({ link }) => link)).size >= enough)
      found.push({
        by,
        from: by.at,
        to: within.at(-1)?.at ?? by.at,
        reason: ALL_FETCHED,
      })
  }
  return found
}
