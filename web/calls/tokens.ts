import { queryOptions } from '@tanstack/react-query'
import type { NewTokenWire, TokenWire } from '../../server/accounts/api/wire.ts'
import { call } from './http.ts'
import { queryClient } from './query-client.ts'

export type Token = TokenWire

const PATH = '/api/posthorn/tokens'

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: async ({ signal }) => (await call<{ tokens: Token[] }>(PATH, { signal })).tokens,
  staleTime: 0,
})

/** The value is in this answer and never again. */
export async function createToken(kind: Token['kind'], description: string): Promise<NewTokenWire> {
  const { token } = await call<{ token: NewTokenWire }>(PATH, {
    method: 'POST',
    body: { kind, description },
  })
  await queryClient.invalidateQueries(tokensQuery)
  return token
}

export async function deleteToken(id: number): Promise<void> {
  await call(`${PATH}/${id}`, { method: 'DELETE' })
  await queryClient.invalidateQueries(tokensQuery)
}
