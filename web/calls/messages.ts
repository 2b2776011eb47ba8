import { queryOptions } from '@tanstack/react-query'
import type {
  BulkReply,
  BulkRequest,
  HeaderList,
  MessageDetail,
  MessagePage,
} from '../../server/catch/api/wire.ts'
import { call, callText } from './http.ts'

export interface ListFilter {
  search: string
  unread: boolean
}

/** The most ids the server takes in one bulk call. */
export const BULK_LIMIT = 1000

const inboxPath = (inboxId: number) => `/api/posthorn/inboxes/${inboxId}/messages`
export const messagePath = (inboxId: number, id: number) => `${inboxPath(inboxId)}/${id}`

export function fetchMessages(
  inboxId: number,
  filter: ListFilter,
  range: { before?: number; after?: number; limit: number },
  signal?: AbortSignal,
): Promise<MessagePage> {
  const query = new URLSearchParams({ limit: String(range.limit) })
  if (range.before !== undefined) query.set('before', String(range.before))
  if (range.after !== undefined) query.set('after', String(range.after))
  if (filter.search) query.set('search', filter.search)
  if (filter.unread) query.set('unread', '1')
  return call<MessagePage>(`${inboxPath(inboxId)}?${query}`, { signal })
}

export const messageQuery = (inboxId: number, id: number) =>
  queryOptions({
    queryKey: ['message', inboxId, id],
    queryFn: ({ signal }) => call<MessageDetail>(messagePath(inboxId, id), { signal }),
  })

export const textQuery = (inboxId: number, id: number, part: 'text' | 'source') =>
  queryOptions({
    queryKey: ['message', inboxId, id, part],
    queryFn: ({ signal }) => callText(`${messagePath(inboxId, id)}/${part}`, signal),
    gcTime: 60_000,
  })

export const headersQuery = (inboxId: number, id: number) =>
  queryOptions({
    queryKey: ['message', inboxId, id, 'headers'],
    queryFn: async ({ signal }) =>
      (await call<HeaderList>(`${messagePath(inboxId, id)}/headers`, { signal })).headers,
  })

export async function markMessage(inboxId: number, id: number, isRead: boolean): Promise<void> {
  await call(`/api/v1/inboxes/${inboxId}/messages/${id}`, {
    method: 'PATCH',
    body: { message: { is_read: isRead } },
  })
}

export function changeMessages(inboxId: number, request: BulkRequest): Promise<BulkReply> {
  return call<BulkReply>(`${inboxPath(inboxId)}/bulk`, { method: 'POST', body: request })
}
