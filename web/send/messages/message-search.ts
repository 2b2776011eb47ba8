import type { DeliveryFilterStatus } from '../../calls/deliveries.ts'

/** In the order in which they are offered. */
export const STATUSES = [
  'pending',
  'claimed',
  'sent',
  'delivered',
  'opened',
  'clicked',
  'unsubscribed',
  'bounced',
  'complained',
  'failed',
  'skipped',
  'ambiguous',
] as const satisfies readonly DeliveryFilterStatus[]

/** What the address of the list of messages says. */
export interface MessageSearch {
  drafts?: true
  search?: string
  status?: (typeof STATUSES)[number]
  campaign?: number
}

export function messageSearch(given: Record<string, unknown>): MessageSearch {
  const status = STATUSES.find(one => one === given.status)
  const campaign = Number(given.campaign)
  const drafts = given.drafts === '1' || given.drafts === true
  return {
    ...(drafts && { drafts: true as const }),
    ...(typeof given.search === 'string' && given.search && { search: given.search }),
    ...(status && !drafts && { status }),
    ...(campaign > 0 && { campaign }),
  }
}
