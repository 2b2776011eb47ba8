import { queryOptions } from '@tanstack/react-query'
import type { CorsDomainWire } from '../../server/accounts/api/wire.ts'
import { call } from './http.ts'
import { queryClient } from './query-client.ts'

export type CorsDomain = CorsDomainWire

const PATH = '/api/v1/cors_domains'

export const corsDomainsQuery = queryOptions({
  queryKey: ['cors domains'],
  queryFn: ({ signal }) => call<CorsDomain[]>(PATH, { signal }),
  staleTime: 0,
})

export async function addCorsDomain(domain: string): Promise<void> {
  await call(PATH, { method: 'POST', body: { cors_domain: { domain } } })
  await queryClient.invalidateQueries(corsDomainsQuery)
}

export async function changeCorsDomain(id: number, domain: string): Promise<void> {
  await call(`${PATH}/${id}`, { method: 'PATCH', body: { cors_domain: { domain } } })
  await queryClient.invalidateQueries(corsDomainsQuery)
}

export async function deleteCorsDomain(id: number): Promise<void> {
  await call(`${PATH}/${id}`, { method: 'DELETE' })
  await queryClient.invalidateQueries(corsDomainsQuery)
}
