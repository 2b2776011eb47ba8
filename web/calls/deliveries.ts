import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { CampaignPage } from '../../server/send/api/campaigns-wire.ts'
import type {
  CampaignPersonWire,
  DeliveryCountReply,
  DeliveryFilterStatus,
  DeliveryPage,
  DeliveryPreviewWire,
  DeliveryReply,
  DeliveryTab,
  DeliveryTrailReply,
  DeliveryWire,
  SendDraftsWire,
  TrailStepWire,
} from '../../server/send/api/deliveries-wire.ts'
import { call } from './http.ts'
import { queryClient } from './query-client.ts'

export type { DeliveryFilterStatus, DeliveryWire, TrailStepWire }

const PATH = '/api/posthorn/deliveries'

export interface DeliveryFilter {
  tab?: DeliveryTab | undefined
  campaign_id?: number | undefined
  status?: DeliveryFilterStatus | undefined
  search?: string | undefined
}

export const deliveriesQuery = (filter: DeliveryFilter) =>
  infiniteQueryOptions({
    queryKey: ['deliveries', filter] as const,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => {
      const params = new URLSearchParams({ limit: '200' })
      for (const [name, value] of Object.entries(filter))
        if (value !== undefined && value !== '') params.set(name, String(value))
      if (pageParam !== null) params.set('cursor', pageParam)
      return call<DeliveryPage>(`${PATH}?${params}`, { signal })
    },
    getNextPageParam: last => last.next_cursor,
    staleTime: 0,
  })

/** Those of which nobody knows whether they arrived: as many as fit in one answer. */
export const ambiguousQuery = queryOptions({
  queryKey: ['deliveries', 'ambiguous'],
  queryFn: ({ signal }) => call<DeliveryPage>(`${PATH}?tab=sent&status=ambiguous&limit=100`, { signal }),
  staleTime: 0,
})

/** For a list to choose one from. */
export const deliveredCampaignsQuery = queryOptions({
  queryKey: ['campaigns', 'to choose from'],
  queryFn: async ({ signal }) =>
    (await call<CampaignPage>('/api/posthorn/campaigns?tab=all&limit=200', { signal })).campaigns,
  staleTime: 20_000,
})

export const deliveryQuery = (id: number) =>
  queryOptions({
    queryKey: ['delivery', id],
    queryFn: ({ signal }) => call<DeliveryTrailReply>(`${PATH}/${id}`, { signal }),
    staleTime: 0,
    // What waits, or has just left, is looked at until it comes to rest.
    refetchInterval: query =>
      ['pending', 'claimed'].includes(query.state.data?.delivery.status ?? '') ? 3000 : false,
  })

export const deliveryPreviewQuery = (id: number) =>
  queryOptions({
    queryKey: ['delivery preview', id],
    queryFn: ({ signal }) => call<DeliveryPreviewWire>(`${PATH}/${id}/preview`, { signal }),
    staleTime: 60_000,
  })

export function whyNot(campaignId: number, email: string): Promise<CampaignPersonWire> {
  return call<CampaignPersonWire>(
    `/api/posthorn/campaigns/${campaignId}/person?email=${encodeURIComponent(email)}`,
  )
}

/** Answers how many are on their way now. */
export async function sendDrafts(which: SendDraftsWire): Promise<number> {
  const { count } = await call<DeliveryCountReply>(`${PATH}/send`, { method: 'POST', body: which })
  forget()
  return count
}

export async function deleteDrafts(ids: number[]): Promise<number> {
  const { count } = await call<DeliveryCountReply>(`${PATH}/delete`, { method: 'POST', body: { ids } })
  forget()
  return count
}

export async function resolveDelivery(id: number, as: 'sent' | 'retry'): Promise<DeliveryWire> {
  const { delivery } = await call<DeliveryReply>(`${PATH}/${id}/resolve`, { method: 'POST', body: { as } })
  forget()
  return delivery
}

function forget(): void {
  for (const key of ['deliveries', 'delivery', 'report', 'dashboard', 'campaigns'])
    void queryClient.invalidateQueries({ queryKey: [key] })
}
