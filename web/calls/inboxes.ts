import { queryOptions } from '@tanstack/react-query'
import type { InboxWire } from '../../server/catch/api/wire.ts'
import { call } from './http.ts'
import { noteInbox, projectsQuery } from './projects.ts'
import { queryClient } from './query-client.ts'

/** An inbox with its credentials, its address and its limits. */
export const inboxQuery = (id: number) =>
  queryOptions({
    queryKey: ['inbox', id],
    queryFn: ({ signal }) => call<InboxWire>(`/api/v1/inboxes/${id}`, { signal }),
    // Credentials may have been changed elsewhere since.
    staleTime: 0,
  })

export type InboxAct =
  | 'clean'
  | 'all_read'
  | 'reset_credentials'
  | 'reset_email_username'
  | 'toggle_email_username'

export async function actOnInbox(id: number, act: InboxAct): Promise<InboxWire> {
  return noted(await call<InboxWire>(`/api/v1/inboxes/${id}/${act}`, { method: 'PATCH' }))
}

export async function changeInbox(
  id: number,
  inbox: { name?: string; email_username?: string },
): Promise<InboxWire> {
  return noted(await call<InboxWire>(`/api/v1/inboxes/${id}`, { method: 'PATCH', body: { inbox } }))
}

export async function deleteInbox(id: number): Promise<void> {
  await call(`/api/v1/inboxes/${id}`, { method: 'DELETE' })
  queryClient.removeQueries({ queryKey: ['inbox', id] })
  queryClient.removeQueries({ queryKey: ['messages', id] })
  await queryClient.invalidateQueries(projectsQuery)
}

function noted(inbox: InboxWire): InboxWire {
  queryClient.setQueryData(inboxQuery(inbox.id).queryKey, inbox)
  void queryClient.invalidateQueries({ queryKey: ['inbox', inbox.id, 'settings'] })
  noteInbox(inbox.id, {
    name: inbox.name,
    emails_count: inbox.emails_count,
    emails_unread_count: inbox.emails_unread_count,
  })
  return inbox
}
