import { expect, it } from 'vitest'
import type { MessagePage, MessageSummary } from '../../../server/catch/api/wire.ts'
import { noteGone } from './gone.ts'
import {
  type Pages,
  pageOf,
  rowsOf,
  upperBound,
  withArrived,
  withChange,
  withChecked,
  withNewest,
  withoutRows,
} from './pages.ts'

function message(id: number, change: Partial<MessageSummary> = {}): MessageSummary {
  return {
    id,
    subject: `No. ${id}`,
    from: { name: '', email: 'a@example.com' },
    to: [],
    sent_at: '',
    created_at: '',
    size: 1,
    is_read: false,
    attachments_count: 0,
    snippet: '',
    has_html: false,
    has_text: true,
    ...change,
  }
}

function answer(from: number, to: number, hasMore: boolean, version = 1): MessagePage {
  const messages = Array.from({ length: from - to + 1 }, (_, index) => message(from - index))
  const inbox = {
    id: 1,
    project_id: 1,
    name: '',
    emails_count: 0,
    emails_unread_count: 0,
    last_message_at: null,
    max_size: 0,
    status: 'active' as const,
    version,
    role: 'owner' as const,
  }
  return { messages, has_more: hasMore, inbox }
}

const ids = (pages: Pages) => rowsOf(pages).map(row => row.id)
const range = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, index) => from - index)

function loaded(...answers: MessagePage[]): Pages {
  return { pages: answers.map(pageOf), pageParams: answers.map(() => null) }
}

it('puts arriving mail on top and ignores what it has', () => {
  const pages = withArrived(loaded(answer(10, 6, true), answer(5, 1, false)), [
    message(12),
    message(11),
    message(10),
  ])
  expect(ids(pages)).toEqual(range(12, 1))
})

it('takes over the newest page: arrivals, deletions and reads elsewhere', () => {
  const pages = loaded(answer(10, 6, true), answer(5, 1, false))
  const fresh = answer(12, 4, true)
  fresh.messages = fresh.messages
    .filter(({ id }) => id !== 8)
    .map(row => (row.id === 7 ? { ...row, is_read: true } : row))
  const after = withNewest(pages, fresh)
  expect(ids(after)).toEqual([12, 11, 10, 9, 7, 6, 5, 4, 3, 2, 1])
  expect(rowsOf(after).find(row => row.id === 7)?.is_read).toBe(true)
  expect(after.pages.at(-1)?.has_more).toBe(false)
})

it('begins anew when more arrived than one page holds', () => {
  const after = withNewest(loaded(answer(10, 6, true), answer(5, 1, false)), answer(50, 20, true))
  expect(ids(after)).toEqual(range(50, 20))
  expect(after.pages).toHaveLength(1)
})

it('is empty after the inbox was emptied', () => {
  const emptied = { ...answer(1, 1, false), messages: [] }
  expect(ids(withNewest(loaded(answer(10, 6, true), answer(5, 1, false)), emptied))).toEqual([])
})

it('fills an empty list', () => {
  const emptied = loaded({ ...answer(1, 1, false), messages: [] })
  expect(ids(withNewest(emptied, answer(2, 1, false)))).toEqual([2, 1])
})

it('cuts a page that has grown, without gaps', () => {
  let pages = loaded(answer(100, 1, false))
  for (let top = 110; top <= 400; top += 10) pages = withArrived(pages, answer(top, top - 9, true).messages)
  expect(ids(pages)).toEqual(range(400, 1))
  expect(Math.max(...pages.pages.map(page => page.messages.length))).toBeLessThanOrEqual(200)
  expect(pages.pages.at(-1)?.has_more).toBe(false)
  pages.pages.forEach((page, index) => {
    const bound = upperBound(pages, index) ?? Number.POSITIVE_INFINITY
    expect(page.messages.every(row => row.id >= page.lowest && row.id < bound)).toBe(true)
  })
})

it('checks one page and leaves the others the same objects', () => {
  const pages = loaded(answer(10, 6, true), answer(5, 1, false))
  const second = pages.pages[1]
  if (!second) throw new Error('no second page')
  const now = answer(5, 1, false, 7)
  now.messages = now.messages.filter(({ id }) => id !== 3)
  const after = withChecked(pages, second, now)
  expect(ids(after)).toEqual([10, 9, 8, 7, 6, 5, 4, 2, 1])
  expect(after.pages[0]).toBe(pages.pages[0])
  expect(after.pages[1]?.version).toBe(7)
})

it('does not lose rows that an answer did not reach', () => {
  const pages = loaded(answer(10, 1, false))
  const [page] = pages.pages
  if (!page) throw new Error('no page')
  expect(ids(withChecked(pages, page, answer(10, 5, true)))).toEqual(range(10, 1))
})

it('keeps rows that were read here in a list of unread ones', () => {
  const pages = withChange(loaded(answer(3, 1, false)), id => id === 2, { is_read: true })
  const unread = answer(4, 1, false)
  unread.messages = unread.messages.filter(({ id }) => id !== 2)
  expect(ids(withNewest(pages, unread, row => row.is_read))).toEqual([4, 3, 2, 1])
  expect(ids(withNewest(pages, unread))).toEqual([4, 3, 1])
})

it('changes and removes only the rows it is told', () => {
  const pages = loaded(answer(10, 6, true), answer(5, 1, false))
  const read = withChange(pages, id => id === 9, { is_read: true })
  expect(read.pages[1]).toBe(pages.pages[1])
  expect(
    rowsOf(read)
      .filter(row => row.is_read)
      .map(row => row.id),
  ).toEqual([9])
  expect(ids(withoutRows(pages, id => id > 2))).toEqual([2, 1])
})

it('does not show again what is being deleted, unless it was refused', () => {
  const before: Pages = { pages: [pageOf(answer(1003, 1001, false))], pageParams: [null] }
  noteGone([1002])
  // The server was asked before it was told.
  const late = withNewest(
    withoutRows(before, id => id === 1002),
    answer(1003, 1001, false, 2),
  )
  expect(rowsOf(late).map(row => row.id)).toEqual([1003, 1001])
  noteGone([1002], false)
  expect(rowsOf(withChange(late, () => false, {})).map(row => row.id)).toEqual([1003, 1002, 1001])
})
