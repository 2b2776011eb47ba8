import { queryOptions } from '@tanstack/react-query'
import type { FieldKind, FieldWire } from '../../server/send/api/subscribers-wire.ts'
import { call } from './http.ts'
import { queryClient } from './query-client.ts'

export type { FieldKind, FieldWire }

const PATH = '/api/posthorn/fields'

export const fieldsQuery = queryOptions({
  queryKey: ['fields'],
  queryFn: async ({ signal }) => (await call<{ fields: FieldWire[] }>(PATH, { signal })).fields,
  staleTime: 5_000,
})

export async function createField(field: {
  label: string
  key?: string
  kind: FieldKind
  options?: string[]
}): Promise<void> {
  await call(PATH, { method: 'POST', body: field })
  await queryClient.invalidateQueries(fieldsQuery)
}

export async function changeField(
  id: number,
  changes: { label?: string; options?: string[] },
): Promise<void> {
  await call(`${PATH}/${id}`, { method: 'PATCH', body: changes })
  await queryClient.invalidateQueries(fieldsQuery)
}

/** To a place from 0 on; shown at once. */
export async function moveField(id: number, position: number): Promise<void> {
  await queryClient.cancelQueries(fieldsQuery)
  queryClient.setQueryData(fieldsQuery.queryKey, fields => {
    const field = fields?.find(one => one.id === id)
    return field && fields?.filter(one => one !== field).toSpliced(position, 0, field)
  })
  try {
    await call(`${PATH}/${id}`, { method: 'PATCH', body: { position } })
  } catch (error) {
    await queryClient.invalidateQueries(fieldsQuery)
    throw error
  }
}

export async function deleteField(id: number): Promise<void> {
  await call(`${PATH}/${id}`, { method: 'DELETE' })
  queryClient.removeQueries({ queryKey: ['subscribers'], type: 'inactive' })
  await queryClient.invalidateQueries(fieldsQuery)
}
