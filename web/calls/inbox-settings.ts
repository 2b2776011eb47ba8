import { queryOptions } from '@tanstack/react-query'
import type { InboxSettings } from '../../server/catch/api/wire.ts'
import { call } from './http.ts'
import { inboxQuery } from './inboxes.ts'
import { noteInbox, projectsQuery } from './projects.ts'
import { queryClient } from './query-client.ts'

const path = (id: number) => `/api/posthorn/inboxes/${id}/settings`

export const inboxSettingsQuery = (id: number) =>
  queryOptions({
    queryKey: ['inbox', id, 'settings'],
    queryFn: ({ signal }) => call<InboxSettings>(path(id), { signal }),
    staleTime: 0,
  })

export type SettingsChange = Partial<
  Pick<InboxSettings, 'max_size' | 'max_message_size' | 'rate' | 'retention_days'> & {
    status: 'active' | 'inactive'
  }
>

/** What the new limits no longer allow is deleted before this answers. */
export async function changeInboxSettings(id: number, change: SettingsChange): Promise<InboxSettings> {
  const settings = await call<InboxSettings>(path(id), { method: 'PATCH', body: change })
  queryClient.setQueryData(inboxSettingsQuery(id).queryKey, settings)
  const { status, max_size, emails_count } = settings
  noteInbox(id, { status, max_size, emails_count })
  await queryClient.invalidateQueries({ queryKey: inboxQuery(id).queryKey, exact: true })
  return settings
}

export async function moveInbox(id: number, projectId: number): Promise<void> {
  await call(`/api/v1/inboxes/${id}`, { method: 'PATCH', body: { inbox: { company_id: projectId } } })
  await Promise.all([
    queryClient.invalidateQueries(projectsQuery),
    queryClient.invalidateQueries({ queryKey: ['inbox', id] }),
  ])
}
