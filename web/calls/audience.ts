import { queryOptions } from '@tanstack/react-query'
import type { AudienceWire } from '../../server/send/api/subscribers-wire.ts'
import { call } from './http.ts'
import { queryClient } from './query-client.ts'

/** How many there are, by status. */
export const audienceQuery = queryOptions({
  queryKey: ['audience'],
  queryFn: ({ signal }) => call<AudienceWire>('/api/posthorn/audience', { signal }),
  staleTime: 5_000,
})

export async function changeAudience(changes: Partial<AudienceWire['settings']>): Promise<void> {
  const audience = await call<AudienceWire>('/api/posthorn/audience', { method: 'PATCH', body: changes })
  queryClient.setQueryData(audienceQuery.queryKey, audience)
}
