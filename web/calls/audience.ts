import { queryOptions } from '@tanstack/react-query'
import type { AudienceWire } from '../../server/send/api/subscribers-wire.ts'
import { call } from './http.ts'

/** How many there are, by status. */
export const audienceQuery = queryOptions({
  queryKey: ['audience'],
  queryFn: ({ signal }) => call<AudienceWire>('/api/posthorn/audience', { signal }),
  staleTime: 5_000,
})
