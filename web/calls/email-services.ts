import { queryOptions } from '@tanstack/react-query'
import type {
  EmailServiceChangesWire,
  EmailServiceListReply,
  EmailServiceReply,
  EmailServiceWire,
  NewEmailServiceWire,
  ServiceLimitsWire,
  ServiceSettingWire,
  ServiceTestWire,
  ServiceTypeWire,
} from '../../server/send/api/email-services-wire.ts'
import { call } from './http.ts'
import { queryClient } from './query-client.ts'

export type { EmailServiceWire, NewEmailServiceWire, ServiceLimitsWire, ServiceSettingWire, ServiceTypeWire }

const PATH = '/api/posthorn/email-services'

/** All services, and the types there are. */
export const emailServicesQuery = queryOptions({
  queryKey: ['email-services'],
  queryFn: ({ signal }) => call<EmailServiceListReply>(PATH, { signal }),
  staleTime: 0,
  // Whether one is down, and how much it was given, changes by itself.
  refetchInterval: 10_000,
})

export async function createEmailService(service: NewEmailServiceWire): Promise<EmailServiceWire> {
  return kept(await call<EmailServiceReply>(PATH, { method: 'POST', body: service }))
}

export async function changeEmailService(
  id: number,
  changes: EmailServiceChangesWire,
): Promise<EmailServiceWire> {
  return kept(await call<EmailServiceReply>(`${PATH}/${id}`, { method: 'PATCH', body: changes }))
}

export async function deleteEmailService(id: number): Promise<void> {
  await call(`${PATH}/${id}`, { method: 'DELETE' })
  await queryClient.invalidateQueries(emailServicesQuery)
}

/** @throws CallError 422 with what the service answered */
export async function testEmailService(id: number, test: ServiceTestWire): Promise<void> {
  await call(`${PATH}/${id}/test`, { method: 'POST', body: test })
}

async function kept({ service }: EmailServiceReply): Promise<EmailServiceWire> {
  await queryClient.invalidateQueries(emailServicesQuery)
  return service
}
