import type { InfiniteData } from '@tanstack/react-query'
import type { MessagePage, MessageSummary } from '../../../server/catch/api/wire.ts'
import { isGone } from './gone.ts'

export const PAGE_SIZE = 100
/** The most messages the server gives in one answer. */
const LARGEST_PAGE = 200

/** Some messages in a row, newest first, and how fresh they are. */
export interface Page {
  messages: readonly MessageSummary[]
  /** There are older ones than `lowest`. */
  has_more: boolean
  /** The page answers for the ids from here up to the page before it. */
  lowest: number
  /** The inbox had this version when the page was last held against the server. */
  version: number
}

/** The loaded part of a message list: pages from the newest message down, without gaps. */
export type Pages = InfiniteData<Page, number | null>

export function pageOf(answer: MessagePage): Page {
  return {
    messages: answer.messages,
    has_more: answer.has_more,
    lowest: answer.has_more ? (answer.messages.at(-1)?.id ?? 0) : 0,
    version: answer.inbox.version,
  }
}

const flattened = new WeakMap<Pages, readonly MessageSummary[]>()

export function rowsOf(pages: Pages | undefined): readonly MessageSummary[] {
  if (!pages) return []
  let rows = flattened.get(pages)
  if (!rows) {
    rows = pages.pages.flatMap(page => page.messages).filter(message => !isGone(message.id))
    flattened.set(pages, rows)
  }
  return rows
}

export function newestId(pages: Pages): number {
  return rowsOf(pages)[0]?.id ?? 0
}

/**
 * The list with the newest page of the server on top. Where that page overlaps the loaded rows it replaces them,
 * so that what was deleted or read elsewhere goes with it; where it does not reach them, the list begins anew.
 */
export function withNewest(pages: Pages, answer: MessagePage, keep: Keep = () => false): Pages {
  const fresh = pageOf(answer)
  if (fresh.lowest > newestId(pages)) return assembled([fresh])
  const below = pages.pages
    .filter(page => page.lowest < fresh.lowest)
    .map(page => without(page, id => id >= fresh.lowest))
  return assembled([
    { ...fresh, messages: merged(answer.messages, fresh.lowest, rowsOf(pages), keep) },
    ...below,
  ])
}

/** The list with messages that came since, all newer than any in it. */
export function withArrived(pages: Pages, arrived: readonly MessageSummary[]): Pages {
  const top = newestId(pages)
  const fresh = arrived.filter(message => message.id > top)
  const [first, ...others] = pages.pages
  if (fresh.length === 0 || !first) return pages
  return assembled([{ ...first, messages: [...fresh, ...first.messages] }, ...others])
}

/** The list with one page held against what the server says about its range. */
export function withChecked(pages: Pages, page: Page, answer: MessagePage, keep: Keep = () => false): Pages {
  // The range may hold more by now than one answer brings; what the answer does not reach stays as it was.
  const lowest = Math.max(page.lowest, pageOf(answer).lowest)
  const found = answer.messages.filter(message => message.id >= lowest)
  const unreached = page.messages.filter(message => message.id < lowest)
  const checked = {
    ...page,
    version: answer.inbox.version,
    messages: [...merged(found, lowest, page.messages, keep), ...unreached],
  }
  return { ...pages, pages: pages.pages.map(other => (other === page ? checked : other)) }
}

/** The list with a change to some rows; rows that are not told of stay the same objects. */
export function withChange(
  pages: Pages,
  concerned: (id: number) => boolean,
  change: Partial<MessageSummary>,
): Pages {
  return mapped(pages, page =>
    page.messages.some(message => concerned(message.id))
      ? {
          ...page,
          messages: page.messages.map(message =>
            concerned(message.id) ? { ...message, ...change } : message,
          ),
        }
      : page,
  )
}

export function withoutRows(pages: Pages, gone: (id: number) => boolean): Pages {
  return mapped(pages, page => without(page, gone))
}

/** The id above which a page knows nothing: its rows are all below. */
export function upperBound(pages: Pages, index: number): number | undefined {
  return index === 0 ? undefined : pages.pages[index - 1]?.lowest
}

/** Rows to keep although the server's filter no longer finds them. */
type Keep = (message: MessageSummary) => boolean

function merged(
  found: readonly MessageSummary[],
  lowest: number,
  known: readonly MessageSummary[],
  keep: Keep,
): readonly MessageSummary[] {
  const ids = new Set(found.map(message => message.id))
  const kept = known.filter(message => message.id >= lowest && !ids.has(message.id) && keep(message))
  return kept.length === 0 ? found : [...found, ...kept].toSorted((a, b) => b.id - a.id)
}

function without(page: Page, gone: (id: number) => boolean): Page {
  return page.messages.some(message => gone(message.id))
    ? { ...page, messages: page.messages.filter(message => !gone(message.id)) }
    : page
}

function mapped(pages: Pages, change: (page: Page) => Page): Pages {
  return { ...pages, pages: pages.pages.map(change) }
}

function assembled(pages: Page[]): Pages {
  const small = pages.flatMap(split)
  return {
    pages: small,
    pageParams: small.map((_, index) => (index === 0 ? null : (small[index - 1]?.lowest ?? null))),
  }
}

/** A page that grew with arriving mail, cut so that each piece can be checked with one call. */
function split(page: Page): Page[] {
  if (page.messages.length <= LARGEST_PAGE) return [page]
  const pieces: Page[] = []
  for (let at = 0; at < page.messages.length; at += PAGE_SIZE) {
    const messages = page.messages.slice(at, at + PAGE_SIZE)
    const isLast = at + PAGE_SIZE >= page.messages.length
    pieces.push(
      isLast
        ? { ...page, messages }
        : { ...page, messages, has_more: true, lowest: messages.at(-1)?.id ?? 0 },
    )
  }
  return pieces
}
