export const STATUSES = ['subscribed', 'unsubscribed', 'pending', 'bounced', 'complained'] as const
export const ORDERS = ['newest', 'oldest', 'email', 'name'] as const

/** What the address of the list of subscribers says: the filters and the order. */
export interface ListSearch {
  search?: string
  status?: (typeof STATUSES)[number]
  tag?: number
  segment?: number
  order?: (typeof ORDERS)[number]
}

export function listSearch(given: Record<string, unknown>): ListSearch {
  const status = STATUSES.find(one => one === given.status)
  const order = ORDERS.find(one => one === given.order)
  const tag = Number(given.tag)
  const segment = Number(given.segment)
  return {
    ...(typeof given.search === 'string' && given.search && { search: given.search }),
    ...(status && { status }),
    ...(tag > 0 && { tag }),
    ...(segment > 0 && { segment }),
    ...(order && order !== 'newest' && { order }),
  }
}
