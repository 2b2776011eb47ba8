import { queryOptions } from '@tanstack/react-query'
import type { TagWire } from '../../server/send/api/subscribers-wire.ts'
import { call } from './http.ts'
import { queryClient } from './query-client.ts'

const PATH = '/api/posthorn/tags'

export const tagsQuery = queryOptions({
  queryKey: ['tags'],
  queryFn: async ({ signal }) => (await call<{ tags: TagWire[] }>(PATH, { signal })).tags,
  // Their counts move with every import.
  staleTime: 5_000,
})

export async function createTag(name: string): Promise<TagWire> {
  const { tag } = await call<{ tag: TagWire }>(PATH, { method: 'POST', body: { name } })
  await queryClient.invalidateQueries(tagsQuery)
  return tag
}

export async function renameTag(id: number, name: string): Promise<void> {
  await call(`${PATH}/${id}`, { method: 'PATCH', body: { name } })
  await forget()
}

export async function deleteTag(id: number): Promise<void> {
  await call(`${PATH}/${id}`, { method: 'DELETE' })
  await forget()
}

/** Its name stands in the rows of subscribers. */
async function forget(): Promise<void> {
  queryClient.removeQueries({ queryKey: ['subscribers'], type: 'inactive' })
  await queryClient.invalidateQueries(tagsQuery)
}
