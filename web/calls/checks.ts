import { queryOptions } from '@tanstack/react-query'
import type { BlacklistsCheck, HtmlCheck, SpamCheck } from '../../server/catch/api/wire.ts'
import { call } from './http.ts'
import { messagePath } from './messages.ts'

/** What was found out about a message stays true; what could not be found out is asked again. */
export const spamQuery = (inboxId: number, id: number) =>
  queryOptions({
    queryKey: ['message', inboxId, id, 'checks', 'spam'],
    queryFn: ({ signal }) => call<SpamCheck>(`${messagePath(inboxId, id)}/checks/spam`, { signal }),
    staleTime: query => (query.state.data?.available ? Infinity : 0),
  })

export const htmlCheckQuery = (inboxId: number, id: number) =>
  queryOptions({
    queryKey: ['message', inboxId, id, 'checks', 'html'],
    queryFn: ({ signal }) => call<HtmlCheck>(`${messagePath(inboxId, id)}/checks/html`, { signal }),
    staleTime: query => (query.state.data?.available ? Infinity : 0),
  })

export const blacklistsQuery = (inboxId: number, id: number) =>
  queryOptions({
    queryKey: ['message', inboxId, id, 'checks', 'blacklists'],
    queryFn: ({ signal }) =>
      call<BlacklistsCheck>(`${messagePath(inboxId, id)}/checks/blacklists`, { signal }),
    staleTime: query => (query.state.data?.state === 'done' ? Infinity : 0),
  })
