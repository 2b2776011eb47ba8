import { infiniteQueryOptions } from '@tanstack/react-query'
import type { MediumWire } from '../../server/send/api/media-wire.ts'
import { call } from './http.ts'
import { queryClient } from './query-client.ts'
import { upload } from './upload.ts'

export type Medium = MediumWire

const PATH = '/api/posthorn/media'
const PER_PAGE = 48

export const mediaQuery = infiniteQueryOptions({
  queryKey: ['media'],
  initialPageParam: null as string | null,
  queryFn: ({ pageParam, signal }) => {
    const query = new URLSearchParams({ limit: String(PER_PAGE) })
    if (pageParam !== null) query.set('cursor', pageParam)
    return call<{ media: Medium[]; next_cursor: string | null }>(`${PATH}?${query}`, { signal })
  },
  getNextPageParam: last => last.next_cursor,
  staleTime: 0,
})

/** A picture that is there already, byte for byte, is not kept twice. */
export async function uploadMedium(file: File, onProgress: (share: number) => void): Promise<Medium> {
  const { media } = await upload<{ media: Medium }>(PATH, file, onProgress)
  await queryClient.invalidateQueries(mediaQuery)
  return media
}

export async function changeMedium(id: number, changes: { name?: string; alt?: string }): Promise<Medium> {
  const { media } = await call<{ media: Medium }>(`${PATH}/${id}`, { method: 'PATCH', body: changes })
  await queryClient.invalidateQueries(mediaQuery)
  return media
}

export async function deleteMedium(id: number): Promise<void> {
  await call(`${PATH}/${id}`, { method: 'DELETE' })
  await queryClient.invalidateQueries(mediaQuery)
}
