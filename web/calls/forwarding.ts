import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type {
  ForwardingOverview,
  ForwardRuleWire,
  ForwardTarget,
  OutgoingPage,
  OutgoingSummary,
} from '../../server/catch/api/wire.ts'
import { call } from './http.ts'
import { queryClient } from './query-client.ts'

const path = (inboxId: number) => `/api/posthorn/inboxes/${inboxId}`

/** Between two looks at mail that is on its way; and while none is known to be, for rules find new mail by themselves. */
const LOOK_EVERY_MS = 2_000
const LOOK_IDLY_EVERY_MS = 10_000
const PER_PAGE = 30

export const forwardingQuery = (inboxId: number) =>
  queryOptions({
    queryKey: ['forwarding', inboxId],
    queryFn: ({ signal }) => call<ForwardingOverview>(`${path(inboxId)}/forwarding`, { signal }),
    // An address is confirmed in somebody's mailbox, not here.
    staleTime: 0,
    refetchOnWindowFocus: true,
  })

export const outgoingQuery = (inboxId: number) =>
  infiniteQueryOptions({
    queryKey: ['outgoing', inboxId],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam, signal }) =>
      fetchOutgoing(inboxId, { before: pageParam, limit: PER_PAGE }, signal),
    getNextPageParam: last => (last.has_more ? last.outgoing.at(-1)?.id : undefined),
    staleTime: 0,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(page => page.outgoing.some(isUnderWay)) ? LOOK_EVERY_MS : LOOK_IDLY_EVERY_MS,
  })

/** What became of the copies of one message, the last first. */
export const forwardsOfMessageQuery = (inboxId: number, messageId: number) =>
  queryOptions({
    queryKey: ['outgoing', inboxId, messageId],
    queryFn: async ({ signal }) =>
      (await fetchOutgoing(inboxId, { message_id: messageId, limit: 5 }, signal)).outgoing,
    staleTime: 0,
    refetchInterval: ({ state }) => state.data?.some(isUnderWay) && LOOK_EVERY_MS,
  })

function isUnderWay({ status }: OutgoingSummary): boolean {
  return status === 'queued' || status === 'sending'
}

function fetchOutgoing(
  inboxId: number,
  query: Record<string, number | undefined>,
  signal: AbortSignal,
): Promise<OutgoingPage> {
  const given = Object.entries(query).flatMap(([name, value]) => (value ? [[name, String(value)]] : []))
  return call<OutgoingPage>(`${path(inboxId)}/outgoing?${new URLSearchParams(given)}`, { signal })
}

export async function forwardMessage(inboxId: number, messageId: number, email: string): Promise<void> {
  await call(`/api/v1/inboxes/${inboxId}/messages/${messageId}/forward`, { method: 'POST', body: { email } })
  await queryClient.invalidateQueries({ queryKey: ['outgoing', inboxId] })
}

export async function retryForward(inboxId: number, id: number): Promise<void> {
  await call(`${path(inboxId)}/outgoing/${id}/retry`, { method: 'POST', body: {} })
  await queryClient.invalidateQueries({ queryKey: ['outgoing', inboxId] })
}

export async function addRule(
  inboxId: number,
  rule: Pick<ForwardRuleWire, 'forward_type' | 'forward_value'>,
): Promise<void> {
  await call(`/api/v1/inboxes/${inboxId}/forward_rules`, { method: 'POST', body: { forward_rule: rule } })
  await doubtForwarding()
}

export async function deleteRule(inboxId: number, id: number): Promise<void> {
  await call(`/api/v1/inboxes/${inboxId}/forward_rules/${id}`, { method: 'DELETE' })
  await doubtForwarding()
}

/** An address is asked by mail; one that is there already is given back. */
export async function addTarget(
  inboxId: number,
  target: Pick<ForwardTarget, 'kind' | 'value'>,
): Promise<ForwardTarget> {
  const answer = await call<{ target: ForwardTarget }>(`${path(inboxId)}/forward_targets`, {
    method: 'POST',
    body: target,
  })
  await doubtForwarding()
  return answer.target
}

export async function askTarget(inboxId: number, id: number): Promise<void> {
  await call(`${path(inboxId)}/forward_targets/${id}/ask`, { method: 'POST', body: {} })
  await doubtForwarding()
}

/** Answers whether the TXT record was found. */
export async function checkTarget(inboxId: number, id: number): Promise<boolean> {
  const { found } = await call<{ found: boolean }>(`${path(inboxId)}/forward_targets/${id}/check`, {
    method: 'POST',
    body: {},
  })
  await doubtForwarding()
  return found
}

export async function deleteTarget(inboxId: number, id: number): Promise<void> {
  await call(`${path(inboxId)}/forward_targets/${id}`, { method: 'DELETE' })
  await doubtForwarding()
}

/** Targets belong to all inboxes of the workspace. */
function doubtForwarding(): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: ['forwarding'] })
}
