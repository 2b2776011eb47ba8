import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type {
  ImportEncoding,
  ImportFaultsWire,
  ImportOptionsWire,
  ImportPreviewWire,
  ImportWire,
} from '../../server/send/api/imports-wire.ts'
import { call } from './http.ts'
import { queryClient } from './query-client.ts'
import { upload } from './upload.ts'

const PATH = '/api/posthorn/imports'
/** While one runs. */
const LOOK_EVERY_MS = 700

export const importsQuery = queryOptions({
  queryKey: ['imports'],
  queryFn: async ({ signal }) => (await call<{ imports: ImportWire[] }>(PATH, { signal })).imports,
  staleTime: 0,
  refetchInterval: query => (query.state.data?.some(one => one.status === 'running') ? LOOK_EVERY_MS : false),
})

export const importQuery = (id: number) =>
  queryOptions({
    queryKey: ['import', id],
    queryFn: async ({ signal }) => (await call<{ import: ImportWire }>(`${PATH}/${id}`, { signal })).import,
    staleTime: 0,
    refetchInterval: query => (query.state.data?.status === 'running' ? LOOK_EVERY_MS : false),
  })

/** How a file is read; what is left out is detected. */
export interface Reading {
  delimiter?: string
  quote?: string
  encoding?: ImportEncoding
  has_header?: boolean
}

export const previewQuery = (id: number, reading: Reading) =>
  queryOptions({
    queryKey: ['import preview', id, reading],
    queryFn: ({ signal }) => {
      const params = new URLSearchParams(
        Object.entries(reading).map(([name, value]) => [name, String(value)] as [string, string]),
      )
      return call<ImportPreviewWire>(`${PATH}/${id}/preview?${params}`, { signal })
    },
  })

export async function uploadImport(
  file: File,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<ImportWire> {
  // What a machine calls a CSV file is anybody's guess: on some it belongs to a spreadsheet.
  const bytes = new File([file], file.name, { type: 'application/octet-stream' })
  const reply = await upload<{ import: ImportWire }>(PATH, bytes, onProgress, signal)
  return noted(reply.import)
}

export async function startImport(id: number, options: ImportOptionsWire): Promise<ImportWire> {
  return act(id, 'start', { options })
}

export async function act(
  id: number,
  deed: 'start' | 'pause' | 'resume' | 'cancel',
  body: unknown = {},
): Promise<ImportWire> {
  const reply = await call<{ import: ImportWire }>(`${PATH}/${id}/${deed}`, { method: 'POST', body })
  await queryClient.cancelQueries(importQuery(id))
  queryClient.removeQueries({ queryKey: ['import faults', id] })
  return noted(reply.import)
}

export async function deleteImport(id: number): Promise<void> {
  await call(`${PATH}/${id}`, { method: 'DELETE' })
  await queryClient.invalidateQueries(importsQuery)
}

export const faultsQuery = (id: number) =>
  infiniteQueryOptions({
    queryKey: ['import faults', id],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      call<ImportFaultsWire>(
        `${PATH}/${id}/faults?limit=50${pageParam === null ? '' : `&cursor=${encodeURIComponent(pageParam)}`}`,
        { signal },
      ),
    getNextPageParam: last => last.next_cursor,
    staleTime: 0,
  })

export const faultsPath = (id: number) => `${PATH}/${id}/faults.csv`

function noted(one: ImportWire): ImportWire {
  queryClient.setQueryData(importQuery(one.id).queryKey, one)
  void queryClient.invalidateQueries(importsQuery)
  return one
}
