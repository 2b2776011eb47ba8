import { queryOptions } from '@tanstack/react-query'
import type { ReachWire, SegmentPreviewWire, SegmentWire } from '../../server/send/api/segments-wire.ts'
import { call } from './http.ts'
import { queryClient } from './query-client.ts'

export type Segment = SegmentWire
export type SegmentDefinition = SegmentWire['definition']
export type SegmentCondition = Extract<SegmentDefinition['conditions'][number], { on: string }>

const PATH = '/api/posthorn/segments'

export const segmentsQuery = queryOptions({
  queryKey: ['segments'],
  queryFn: async ({ signal }) => (await call<{ segments: SegmentWire[] }>(PATH, { signal })).segments,
  staleTime: 5_000,
})

export const segmentQuery = (id: number) =>
  queryOptions({
    queryKey: ['segment', id],
    queryFn: async ({ signal }) =>
      (await call<{ segment: SegmentWire }>(`${PATH}/${id}`, { signal })).segment,
    staleTime: 0,
  })

/** How many it holds; asked of everybody there is, so not more often than it has to be. */
export const reachQuery = (definition: SegmentDefinition) =>
  queryOptions({
    queryKey: ['segment reach', definition],
    queryFn: ({ signal }) =>
      call<ReachWire>(`${PATH}/count`, { method: 'POST', body: { definition }, signal }),
    staleTime: 30_000,
  })

/** The same, with the first ten. */
export const previewQuery = (definition: SegmentDefinition) =>
  queryOptions({
    queryKey: ['segment preview', definition],
    queryFn: ({ signal }) =>
      call<SegmentPreviewWire>(`${PATH}/preview`, { method: 'POST', body: { definition }, signal }),
    staleTime: 10_000,
    // What is typed is asked once.
    gcTime: 30_000,
  })

export async function createSegment(name: string, definition: SegmentDefinition): Promise<Segment> {
  const body = { name, definition }
  const { segment } = await call<{ segment: Segment }>(PATH, { method: 'POST', body })
  return kept(segment)
}

export async function changeSegment(
  id: number,
  changes: { name?: string; definition?: SegmentDefinition },
): Promise<Segment> {
  const { segment } = await call<{ segment: Segment }>(`${PATH}/${id}`, { method: 'PATCH', body: changes })
  return kept(segment)
}

export async function deleteSegment(id: number): Promise<void> {
  await call(`${PATH}/${id}`, { method: 'DELETE' })
  queryClient.removeQueries({ queryKey: ['segment', id] })
  forgetLists()
  await queryClient.invalidateQueries(segmentsQuery)
}

function kept(segment: Segment): Segment {
  queryClient.setQueryData(segmentQuery(segment.id).queryKey, segment)
  forgetLists()
  void queryClient.invalidateQueries(segmentsQuery)
  return segment
}

/** Of subscribers, which may be narrowed to a segment. */
function forgetLists(): void {
  queryClient.removeQueries({ queryKey: ['subscribers'], type: 'inactive' })
}
