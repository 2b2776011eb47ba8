import { queryOptions, useSuspenseQuery } from '@tanstack/react-query'
import type { SessionWire, UserWire } from '../../server/accounts/api/wire.ts'
import { call, onStaleSession, setCsrf } from './http.ts'
import { queryClient } from './query-client.ts'

export type Session = SessionWire
export type User = UserWire

const PATH = '/api/posthorn/session'

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }) => kept(await call<Session>(PATH, { signal })),
})

onStaleSession(async () => {
  await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 })
})

export function useSession(): Session {
  return useSuspenseQuery(sessionQuery).data
}

export async function signIn(email: string, password: string): Promise<Session> {
  return settle(await call<Session>(PATH, { method: 'POST', body: { email, password } }))
}

export async function signOut(): Promise<void> {
  settle(await call<Session>(PATH, { method: 'DELETE' }))
}

/** Gives the owner a name and a password; local mode is over for good. */
export async function setUp(owner: { name: string; email: string; password: string }): Promise<Session> {
  return settle(await call<Session>('/api/posthorn/setup', { method: 'POST', body: owner }))
}

export interface AccountChanges {
  name?: string
  timezone?: string
  current_password?: string
  password?: string
}

export async function changeAccount(changes: AccountChanges): Promise<void> {
  await call('/api/posthorn/account', { method: 'PATCH', body: changes })
  await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 })
}

function kept(session: Session): Session {
  setCsrf(session.csrf)
  return session
}

function settle(session: Session): Session {
  // Nothing of the one who was here before may be left for the next.
  if (session.state === 'signed_out')
    queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
  queryClient.setQueryData(sessionQuery.queryKey, kept(session))
  return session
}
