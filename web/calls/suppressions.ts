import { infiniteQueryOptions } from '@tanstack/react-query'
import type {
  SuppressionImportReply,
  SuppressionPage,
  SuppressionWire,
} from '../../server/send/api/subscribers-wire.ts'
import { call } from './http.ts'
import { queryClient } from './query-client.ts'

export type { SuppressionImportReply, SuppressionWire }

const PATH = '/api/posthorn/suppressions'
export const SUPPRESSIONS_EXPORT = `${PATH}/export`

export const suppressionsQuery = (search: string, kind: string) =>
  infiniteQueryOptions({
    queryKey: ['suppressions', search, kind],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => {
      const params = new URLSearchParams({ limit: '200' })
      if (search) params.set('search', search)
      if (kind) params.set('kind', kind)
      if (pageParam !== null) params.set('cursor', pageParam)
      return call<SuppressionPage>(`${PATH}?${params}`, { signal })
    },
    getNextPageParam: last => last.next_cursor,
    staleTime: 0,
  })

export async function addSuppression(value: string, evidence: string): Promise<SuppressionWire> {
  const { suppression } = await call<{ suppression: SuppressionWire }>(PATH, {
    method: 'POST',
    body: { value, ...(evidence && { evidence }) },
  })
  await forget()
  return suppression
}

export async function pasteSuppressions(text: string): Promise<SuppressionImportReply> {
  const reply = await call<SuppressionImportReply>(`${PATH}/import`, { method: 'POST', body: { text } })
  await forget()
  return reply
}

export async function removeSuppression(id: number): Promise<void> {
  await call(`${PATH}/${id}`, { method: 'DELETE' })
  await forget()
}

async function forget(): Promise<void> {
  queryClient.removeQueries({ queryKey: ['subscriber'], type: 'inactive' })
  await queryClient.invalidateQueries({ queryKey: ['suppressions'] })
}
