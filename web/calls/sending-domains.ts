import { queryOptions } from '@tanstack/react-query'
import type {
  DomainRecordWire,
  SendingDomainWire,
  SendingSettingsWire,
} from '../../server/send/api/sending-domains-wire.ts'
import { call } from './http.ts'
import { queryClient } from './query-client.ts'

export type { DomainRecordWire, SendingDomainWire, SendingSettingsWire }

const PATH = '/api/posthorn/sending-domains'

export const sendingDomainsQuery = queryOptions({
  queryKey: ['sending-domains'],
  queryFn: async ({ signal }) => (await call<{ domains: SendingDomainWire[] }>(PATH, { signal })).domains,
  staleTime: 0,
})

export async function addSendingDomain(domain: string, selector: string): Promise<SendingDomainWire> {
  const added = await call<{ domain: SendingDomainWire }>(PATH, {
    method: 'POST',
    body: { domain, ...(selector && { selector }) },
  })
  await queryClient.invalidateQueries(sendingDomainsQuery)
  return added.domain
}

/** Asks DNS now. */
export async function checkSendingDomain(id: number): Promise<SendingDomainWire> {
  const { domain } = await call<{ domain: SendingDomainWire }>(`${PATH}/${id}/check`, {
    method: 'POST',
    body: {},
  })
  queryClient.setQueryData(sendingDomainsQuery.queryKey, domains =>
    domains?.map(known => (known.id === id ? domain : known)),
  )
  return domain
}

export async function deleteSendingDomain(id: number): Promise<void> {
  await call(`${PATH}/${id}`, { method: 'DELETE' })
  await queryClient.invalidateQueries(sendingDomainsQuery)
}

const SETTINGS = '/api/posthorn/sending-settings'

export const sendingSettingsQuery = queryOptions({
  queryKey: ['sending-settings'],
  queryFn: async ({ signal }) =>
    (await call<{ settings: SendingSettingsWire }>(SETTINGS, { signal })).settings,
  staleTime: 0,
})

export async function changeSendingSettings(changes: Partial<SendingSettingsWire>): Promise<void> {
  const { settings } = await call<{ settings: SendingSettingsWire }>(SETTINGS, {
    method: 'PATCH',
    body: changes,
  })
  queryClient.setQueryData(sendingSettingsQuery.queryKey, settings)
}
