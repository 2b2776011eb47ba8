import { queryOptions } from '@tanstack/react-query'
import type { InvitationWire, InviteReply, OpenInvitationWire } from '../../server/accounts/api/wire.ts'
import { call } from './http.ts'
import { queryClient } from './query-client.ts'
import { enterSession, type Session } from './session.ts'

export type Invitation = InvitationWire
export type OpenInvitation = OpenInvitationWire

/** What somebody is invited to. */
export interface Scope {
  kind: 'workspace' | 'project' | 'inbox'
  id: number
}

const PATH = '/api/posthorn/invitations'

/** Those nobody has accepted yet, of the current workspace. */
export const invitationsQuery = queryOptions({
  queryKey: ['invitations'],
  queryFn: async ({ signal }) => (await call<{ invitations: Invitation[] }>(PATH, { signal })).invitations,
  staleTime: 0,
  refetchOnWindowFocus: true,
})

/** The link is in this answer and never again. */
export async function invite(scope: Scope, email: string, role: 'admin' | 'viewer'): Promise<InviteReply> {
  const reply = await call<InviteReply>(PATH, { method: 'POST', body: { scope, email, role } })
  await Promise.all(
    ['invitations', 'members', 'people'].map(kind => queryClient.invalidateQueries({ queryKey: [kind] })),
  )
  return reply
}

/** A new link; the one before stops. */
export function resendInvitation(id: number): Promise<{ link: string; mailed: boolean }> {
  return call(`${PATH}/${id}/resend`, { method: 'POST', body: {} })
}

export async function deleteInvitation(id: number): Promise<void> {
  await call(`${PATH}/${id}`, { method: 'DELETE' })
  await queryClient.invalidateQueries(invitationsQuery)
}

const bySecret = (secret: string) => `${PATH}/by_secret/${encodeURIComponent(secret)}`

export const openInvitationQuery = (secret: string) =>
  queryOptions({
    queryKey: ['invitation', secret],
    queryFn: async ({ signal }) =>
      (await call<{ invitation: OpenInvitation }>(bySecret(secret), { signal })).invitation,
    staleTime: 0,
  })

/** Signed in, for oneself; else with a name and a password for a new account. */
export async function acceptInvitation(
  secret: string,
  account?: { name: string; password: string },
): Promise<void> {
  enterSession(await call<Session>(bySecret(secret), { method: 'POST', body: account ?? {} }))
}
