import { infiniteQueryOptions, type InfiniteData, queryOptions } from '@tanstack/react-query'
import type {
  BulkWire,
  AudienceJobWire,
  NewSubscriberWire,
  OneSubscriberWire,
  SelectionWire,
  SubscriberFilterWire,
  SubscriberOrder,
  SubscriberPage,
  SubscriberReply,
  SubscriberWire,
  TimelinePage,
} from '../../server/send/api/subscribers-wire.ts'
import { call } from './http.ts'
import { queryClient } from './query-client.ts'

const PATH = '/api/posthorn/subscribers'
/** The most the server gives in one answer: a fast scroll asks seldom. */
const PAGE_SIZE = 200
/** Reloading more pages than these takes longer than beginning anew. */
const FEW_PAGES = 5

export type SubscriberPages = InfiniteData<SubscriberPage, unknown>

/** As the address of a list or an export says it. */
function filterParams(filter: SubscriberFilterWire): URLSearchParams {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(filter))
    if (value !== undefined && value !== '')
      params.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value))
  return params
}

export const subscribersQuery = (filter: SubscriberFilterWire, order: SubscriberOrder) =>
  infiniteQueryOptions({
    queryKey: ['subscribers', filter, order] as const,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => {
      const params = filterParams(filter)
      params.set('order', order)
      params.set('limit', String(PAGE_SIZE))
      if (pageParam !== null) params.set('cursor', pageParam)
      return call<SubscriberPage>(`${PATH}?${params}`, { signal })
    },
    getNextPageParam: last => last.next_cursor,
    // Comparing five hundred pages deeply would cost more than drawing them.
    structuralSharing: false,
    // Nobody tells what others do here: what is short is asked again, what is long stays as it was.
    staleTime: query => ((query.state.data?.pages.length ?? 0) > FEW_PAGES ? Infinity : 20_000),
    refetchOnWindowFocus: true,
  })

const rows = new WeakMap<SubscriberPages, readonly SubscriberWire[]>()

/** All that is loaded, in order. */
export function rowsOf(pages: SubscriberPages | undefined): readonly SubscriberWire[] {
  if (!pages) return []
  let known = rows.get(pages)
  if (!known) rows.set(pages, (known = pages.pages.flatMap(page => page.subscribers)))
  return known
}

export const countQuery = (selection: SelectionWire) =>
  queryOptions({
    queryKey: ['subscribers count', selection],
    queryFn: async ({ signal }) =>
      (await call<{ count: number }>(`${PATH}/count`, { method: 'POST', body: { selection }, signal })).count,
    staleTime: 30_000,
  })

export const subscriberQuery = (id: number) =>
  queryOptions({
    queryKey: ['subscriber', id],
    queryFn: async ({ signal }) => (await call<SubscriberReply>(`${PATH}/${id}`, { signal })).subscriber,
    staleTime: 0,
  })

export async function createSubscriber(subscriber: NewSubscriberWire): Promise<OneSubscriberWire> {
  const reply = await call<SubscriberReply>(PATH, { method: 'POST', body: subscriber })
  forgetLists()
  return reply.subscriber
}

export async function changeSubscriber(
  id: number,
  changes: Partial<NewSubscriberWire>,
): Promise<OneSubscriberWire> {
  const { subscriber } = await call<SubscriberReply>(`${PATH}/${id}`, { method: 'PATCH', body: changes })
  queryClient.setQueryData(subscriberQuery(id).queryKey, subscriber)
  changeRows(row => (row.id === id ? subscriber : row))
  void queryClient.invalidateQueries({ queryKey: ['timeline', id] })
  if (changes.status !== undefined || changes.tag_ids !== undefined) forgetCounts()
  return subscriber
}

export async function deleteSubscriber(id: number): Promise<void> {
  await call(`${PATH}/${id}`, { method: 'DELETE' })
  changeRows(row => (row.id === id ? undefined : row))
  forgetCounts()
}

/** Changes what is loaded of every list, whatever its filter; `undefined` takes a row out. */
function changeRows(change: (row: SubscriberWire) => SubscriberWire | undefined): void {
  queryClient.setQueriesData<SubscriberPages>({ queryKey: ['subscribers'] }, pages => {
    if (!pages) return pages
    let gone = 0
    const changed = pages.pages.map(page => {
      const kept = page.subscribers.flatMap(row => change(row) ?? [])
      gone += page.subscribers.length - kept.length
      return { ...page, subscribers: kept }
    })
    const total = changed[0]?.total
    if (changed[0] && typeof total === 'number') changed[0] = { ...changed[0], total: total - gone }
    return { ...pages, pages: changed }
  })
}

/** Who is in a list, or where, may have changed: those on the screen begin anew, the others when they are looked at. */
export function forgetLists(): void {
  queryClient.removeQueries({ queryKey: ['subscribers'], type: 'inactive' })
  void queryClient.resetQueries({ queryKey: ['subscribers'], type: 'active' })
  queryClient.removeQueries({ queryKey: ['subscriber'], type: 'inactive' })
  forgetCounts()
}

/** After something was done to many: shown as the server has it, in place where that is quick. */
export function refreshLists(): void {
  const shown = queryClient.getQueryCache().findAll({ queryKey: ['subscribers'], type: 'active' })
  if (shown.some(query => ((query.state.data as SubscriberPages | undefined)?.pages.length ?? 0) > FEW_PAGES))
    return forgetLists()
  queryClient.removeQueries({ queryKey: ['subscribers'], type: 'inactive' })
  for (const key of ['subscribers', 'subscriber', 'timeline'])
    void queryClient.invalidateQueries({ queryKey: [key] })
  forgetCounts()
}

function forgetCounts(): void {
  for (const key of ['subscribers count', 'audience', 'tags'])
    void queryClient.invalidateQueries({ queryKey: [key] })
}

export const timelineQuery = (id: number) =>
  infiniteQueryOptions({
    queryKey: ['timeline', id],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      call<TimelinePage>(
        `${PATH}/${id}/timeline?limit=50${pageParam === null ? '' : `&before=${encodeURIComponent(pageParam)}`}`,
        { signal },
      ),
    getNextPageParam: last => last.next_before,
    staleTime: 0,
  })

export async function addNote(id: number, text: string): Promise<void> {
  await call(`${PATH}/${id}/notes`, { method: 'POST', body: { text } })
  await queryClient.invalidateQueries({ queryKey: ['timeline', id] })
}

export async function deleteNote(id: number, eventId: number): Promise<void> {
  await call(`${PATH}/${id}/notes/${eventId}`, { method: 'DELETE' })
  await queryClient.invalidateQueries({ queryKey: ['timeline', id] })
}

export async function startBulk(bulk: BulkWire): Promise<AudienceJobWire> {
  return (await call<{ job: AudienceJobWire }>(`${PATH}/bulk`, { method: 'POST', body: bulk })).job
}

export async function fetchJob(id: number): Promise<AudienceJobWire> {
  return (await call<{ job: AudienceJobWire }>(`/api/posthorn/audience/jobs/${id}`)).job
}

export async function cancelJob(id: number): Promise<void> {
  await call(`/api/posthorn/audience/jobs/${id}/cancel`, { method: 'POST', body: {} })
}

/** Where the file is fetched from; the browser writes it to disk as it comes. */
export function exportPath(selection: SelectionWire): string {
  const params =
    'ids' in selection ? new URLSearchParams({ ids: selection.ids.join(',') }) : filterParams(selection)
  return `${PATH}/export?${params}`
}
