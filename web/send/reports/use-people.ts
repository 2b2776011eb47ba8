import { useInfiniteQuery } from '@tanstack/react-query'
import { deliveriesQuery, type DeliveryFilter } from '../../calls/deliveries.ts'

interface PeopleWish extends DeliveryFilter {
  /** Milliseconds; false: they stand still. */
  refetchInterval: number | false
}

/** More pages than that are not asked for again while a campaign is being sent. */
const FEW_PAGES = 3

/**
 * The people of one list. Addresses that the first server refused for good have bounced as much as those whose mail
 * came back, but their mail was never sent: the ledger has them among the failed, and they follow behind.
 */
export function usePeople({ refetchInterval, ...filter }: PeopleWish) {
  const main = useInfiniteQuery({
    ...deliveriesQuery(filter),
    placeholderData: (previous, before) =>
      before?.queryKey[1].status === filter.status ? previous : undefined,
    refetchInterval: ({ state }) => (state.data?.pages.length ?? 0) < FEW_PAGES && refetchInterval,
  })
  const withRefused = filter.status === 'bounced'
  const refused = useInfiniteQuery({
    ...deliveriesQuery({ ...filter, status: 'failed' }),
    enabled: withRefused && main.isSuccess && !main.hasNextPage,
    refetchInterval: withRefused && refetchInterval,
  })
  const rows = main.data?.pages.flatMap(page => page.deliveries) ?? []
  if (!withRefused) return { ...main, rows }
  const more = refused.data?.pages.flatMap(page => page.deliveries) ?? []
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = main.hasNextPage
    ? main
    : refused
  return {
    ...main,
    isPending: main.isPending || (main.isSuccess && !main.hasNextPage && refused.isPending),
    error: main.error ?? refused.error,
    isError: main.isError || refused.isError,
    hasNextPage,
    isFetchingNextPage,
    isFetchNextPageError,
    fetchNextPage,
    rows: [...rows, ...more.filter(({ bounced_at }) => bounced_at !== null)],
  }
}
