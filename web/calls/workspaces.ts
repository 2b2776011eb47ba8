import { queryOptions } from '@tanstack/react-query'
import type { MemberWire, WorkspaceWire } from '../../server/accounts/api/wire.ts'
import { call } from './http.ts'
import { queryClient } from './query-client.ts'
import { enterSession, renewSession, type Role, type Session } from './session.ts'

export type Workspace = WorkspaceWire
export type Member = MemberWire

const PATH = '/api/posthorn/workspaces'

/** Those one is a member of. */
export const workspacesQuery = queryOptions({
  queryKey: ['workspaces'],
  queryFn: async ({ signal }) => (await call<{ workspaces: Workspace[] }>(PATH, { signal })).workspaces,
})

/** One's own, and one works in it from then on. */
export async function createWorkspace(name: string): Promise<void> {
  const { workspace } = await call<{ workspace: Workspace }>(PATH, { method: 'POST', body: { name } })
  await switchWorkspace(workspace.id)
}

export async function renameWorkspace(id: number, name: string): Promise<void> {
  await call(`${PATH}/${id}`, { method: 'PATCH', body: { name } })
  await Promise.all([
    queryClient.invalidateQueries(workspacesQuery),
    queryClient.invalidateQueries({ queryKey: ['session'] }),
  ])
}

/** With everything in it. One works in another afterwards. */
export async function deleteWorkspace(id: number): Promise<void> {
  enterSession(await call<Session>(`${PATH}/${id}`, { method: 'DELETE' }))
  await queryClient.invalidateQueries({
    // Its members may still be on the screen, and nobody is to ask for them.
    predicate: ({ queryKey: [first, second] }) =>
      first !== 'session' && !(first === 'members' && second === id),
  })
}

export async function switchWorkspace(id: number): Promise<void> {
  enterSession(await call<Session>(`${PATH}/${id}/current`, { method: 'POST', body: {} }))
  // Nothing of the other one may be shown, not even until its own answer has come.
  queryClient.removeQueries({ type: 'inactive', predicate: ({ queryKey }) => queryKey[0] !== 'session' })
  await queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
}

export const membersQuery = (workspaceId: number) =>
  queryOptions({
    queryKey: ['members', workspaceId],
    queryFn: async ({ signal }) =>
      (await call<{ members: Member[] }>(`${PATH}/${workspaceId}/members`, { signal })).members,
    staleTime: 0,
    // Who accepted an invitation meanwhile is told to nobody.
    refetchOnWindowFocus: true,
  })

export async function changeMember(workspaceId: number, id: number, role: Role): Promise<void> {
  await call(`${PATH}/${workspaceId}/members/${id}`, { method: 'PATCH', body: { role } })
  await queryClient.invalidateQueries(membersQuery(workspaceId))
}

export async function removeMember(workspaceId: number, id: number): Promise<void> {
  await call(`${PATH}/${workspaceId}/members/${id}`, { method: 'DELETE' })
  await queryClient.invalidateQueries(membersQuery(workspaceId))
}

/** With one's own membership. Afterwards one works in another workspace. */
export async function leaveWorkspace(workspaceId: number, memberId: number): Promise<void> {
  await call(`${PATH}/${workspaceId}/members/${memberId}`, { method: 'DELETE' })
  await renewSession()
  await Promise.all([
    queryClient.invalidateQueries(workspacesQuery),
    queryClient.invalidateQueries({ queryKey: ['projects'] }),
  ])
}
