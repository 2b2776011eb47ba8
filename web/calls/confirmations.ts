import { queryOptions } from '@tanstack/react-query'
import type { Confirmation } from '../../server/catch/api/wire.ts'
import { call } from './http.ts'
import { queryClient } from './query-client.ts'

const pathOf = (token: string) => `/api/posthorn/confirmations/${encodeURIComponent(token)}`

/** What a mailed link asks its reader to agree to. */
export const confirmationQuery = (token: string) =>
  queryOptions({
    queryKey: ['confirmation', token],
    queryFn: ({ signal }) => call<Confirmation>(pathOf(token), { signal }),
    staleTime: 0,
  })

export async function agree(token: string): Promise<void> {
  const confirmation = await call<Confirmation>(pathOf(token), { method: 'POST', body: {} })
  queryClient.setQueryData(confirmationQuery(token).queryKey, confirmation)
}
