import { queryOptions, useSuspenseQuery } from '@tanstack/react-query'
import type { SessionWire, UserWire } from '../../server/accounts/api/wire.ts'
import { writeFor } from '../ui/locale.ts'
import { call, onStaleSession, setCsrf } from './http.ts'
import { queryClient } from './query-client.ts'

export type Session = SessionWire
export type User = UserWire
export type Role = NonNullable<SessionWire['workspace']>['role']

const PATH = '/api/posthorn/session'

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }) => kept(await call<Session>(PATH, { signal })),
})

onStaleSession(async () => {
  await renewSession()
})

/** Asks how this browser stands now. */
export function renewSession(): Promise<Session> {
  return queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 })
}

export function useSession(): Session {
  return useSuspenseQuery(sessionQuery).data
}

export async function signIn(email: string, password: string): Promise<Session> {
  return enterSession(await call<Session>(PATH, { method: 'POST', body: { email, password } }))
}

export async function signOut(): Promise<void> {
  enterSession(await call<Session>(PATH, { method: 'DELETE' }))
}

/** Gives the owner a name and a password; local mode is over for good. */
export async function setUp(owner: { name: string; email: string; password: string }): Promise<Session> {
  return enterSession(await call<Session>('/api/posthorn/setup', { method: 'POST', body: owner }))
}

interface NewAccount {
  workspace: string
  name: string
  email: string
  password: string
  timezone: string
  locale?: string | undefined
}

/** Signs up, and in: to prove the address first of all. */
export async function register(account: NewAccount): Promise<Session> {
  return enterSession(await call<Session>('/api/posthorn/register', { method: 'POST', body: account }))
}

function kept(session: Session): Session {
  setCsrf(session.csrf)
  writeFor(session.user)
  return session
}

/** How this browser stands, as a call that changed it has answered. */
export function enterSession(session: Session): Session {
  // Nothing of the one who was here before may be left for the next.
  if (session.state === 'signed_out')
    queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
  queryClient.setQueryData(sessionQuery.queryKey, kept(session))
  return session
}

/** Viewers look; null is no role at all. */
export function mayChange(role: Role | null | undefined): boolean {
  return role === 'owner' || role === 'admin'
}
