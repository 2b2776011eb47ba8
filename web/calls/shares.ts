import { queryOptions } from '@tanstack/react-query'
import type { CompanyWire } from '../../server/catch/api/wire.ts'
import { call } from './http.ts'
import { queryClient } from './query-client.ts'

/** Null for those who may not give it away. */
export const shareLinkQuery = (projectId: number) =>
  queryOptions({
    queryKey: ['share link', projectId],
    queryFn: async ({ signal }) =>
      (await call<CompanyWire>(`/api/v1/companies/${projectId}`, { signal })).share_link,
    staleTime: 0,
  })

/** The old link stops. */
export async function renewShareLink(projectId: number): Promise<void> {
  const { share_link } = await call<{ share_link: string }>(
    `/api/posthorn/projects/${projectId}/share_link`,
    { method: 'POST', body: {} },
  )
  queryClient.setQueryData(shareLinkQuery(projectId).queryKey, share_link)
}

const pathOf = (projectId: number, extId: string) =>
  `/api/posthorn/share/${projectId}/${encodeURIComponent(extId)}`

/** The project a share link leads to. */
export const sharedProjectQuery = (projectId: number, extId: string) =>
  queryOptions({
    queryKey: ['shared project', projectId, extId],
    queryFn: async ({ signal }) =>
      (await call<{ project: { id: number; name: string } }>(pathOf(projectId, extId), { signal })).project,
    staleTime: 0,
  })

export async function joinProject(projectId: number, extId: string): Promise<void> {
  await call(pathOf(projectId, extId), { method: 'POST', body: {} })
}
