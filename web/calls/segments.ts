import { queryOptions } from '@tanstack/react-query'
import type { SegmentWire } from '../../server/send/api/segments-wire.ts'
import { call } from './http.ts'

export const segmentsQuery = queryOptions({
  queryKey: ['segments'],
  queryFn: async ({ signal }) =>
    (await call<{ segments: SegmentWire[] }>('/api/posthorn/segments', { signal })).segments,
  staleTime: 5_000,
})
