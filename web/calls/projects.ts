import { queryOptions } from '@tanstack/react-query'
import type { InboxSummary, InboxWire, ProjectSummary } from '../../server/catch/api/wire.ts'
import { call } from './http.ts'
import { queryClient } from './query-client.ts'

export const projectsQuery = queryOptions({
  queryKey: ['projects'],
  queryFn: async ({ signal }) =>
    (await call<{ projects: ProjectSummary[] }>('/api/posthorn/projects', { signal })).projects,
})

export async function createProject(name: string): Promise<void> {
  await call('/api/v1/companies', { method: 'POST', body: { company: { name } } })
  await queryClient.invalidateQueries(projectsQuery)
}

export async function renameProject(id: number, name: string): Promise<void> {
  await call(`/api/v1/companies/${id}`, { method: 'PATCH', body: { company: { name } } })
  await queryClient.invalidateQueries(projectsQuery)
}

export async function deleteProject(id: number): Promise<void> {
  await call(`/api/v1/companies/${id}`, { method: 'DELETE' })
  await queryClient.invalidateQueries(projectsQuery)
}

export async function createInbox(projectId: number, name: string): Promise<InboxWire> {
  const inbox = await call<InboxWire>(`/api/v1/companies/${projectId}/inboxes`, {
    method: 'POST',
    body: { inbox: { name } },
  })
  await queryClient.invalidateQueries(projectsQuery)
  return inbox
}

/** Every inbox one reaches, as the server has it now. */
export async function inboxIdsNow(): Promise<number[]> {
  const projects = await queryClient.fetchQuery({ ...projectsQuery, staleTime: 0 })
  return projects.flatMap(project => project.inboxes.map(({ id }) => id))
}

export function inboxIn(projects: ProjectSummary[] | undefined, id: number): InboxSummary | undefined {
  return projects?.flatMap(project => project.inboxes).find(inbox => inbox.id === id)
}

/** What is known of an inbox, or of the project it is in, without asking. */
export function knownInbox(id: number): InboxSummary | undefined {
  return inboxIn(queryClient.getQueryData(projectsQuery.queryKey), id)
}

export function projectOf(inboxId: number): ProjectSummary | undefined {
  return queryClient
    .getQueryData(projectsQuery.queryKey)
    ?.find(project => project.inboxes.some(({ id }) => id === inboxId))
}

/** Puts newer counts of one inbox into the tree; answers that overtook each other are left out. */
export function noteInbox(id: number, change: Partial<InboxSummary>): void {
  const known = knownInbox(id)
  if (known && change.version !== undefined && change.version < known.version) return
  queryClient.setQueryData(projectsQuery.queryKey, projects =>
    projects?.map(project =>
      project.inboxes.some(inbox => inbox.id === id)
        ? {
            ...project,
            inboxes: project.inboxes.map(inbox => (inbox.id === id ? { ...inbox, ...change } : inbox)),
          }
        : project,
    ),
  )
}
