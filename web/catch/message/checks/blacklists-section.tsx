import { useQuery } from '@tanstack/react-query'
import type { BlacklistsCheck } from '../../../../server/catch/api/wire.ts'
import { blacklistsQuery } from '../../../calls/checks.ts'
import { counted } from '../../../ui/size.ts'
import { useInboxPlace } from '../../inbox-place.ts'
import { Checking, CheckSection, NotChecked } from './check-section.tsx'

/** Nothing at all where nobody has switched it on. */
export function BlacklistsSection({ id }: { id: number }) {
  const { inboxId } = useInboxPlace()
  const check = useQuery(blacklistsQuery(inboxId, id))
  const { data } = check
  if (data?.state === 'off' || check.isPending) return null
  const reason = check.error?.message ?? 'No list has answered.'
  return (
    <CheckSection title="Blacklists" verdict={data?.state === 'done' && verdict(data)}>
      {data?.state === 'private' ? (
        <p className="text-body text-soft">It came from a private address, which no list knows.</p>
      ) : data?.state === 'pending' ? (
        <Checking />
      ) : data?.state === 'done' ? (
        <ul className="grid gap-x-6 gap-y-1 sm:grid-cols-2">
          {data.lists.map(({ name, zone, listed }) => (
            <li key={zone} className="flex items-baseline gap-2">
              <span className="min-w-0 truncate font-medium" title={zone}>
                {name}
              </span>
              <span className={listed ? 'text-danger' : 'text-soft'}>{listed ? 'listed' : 'not listed'}</span>
            </li>
          ))}
        </ul>
      ) : (
        <NotChecked reason={reason} busy={check.isFetching} onRetry={() => void check.refetch()} />
      )}
    </CheckSection>
  )
}

function verdict({ ip, lists }: Extract<BlacklistsCheck, { state: 'done' }>): string {
  const on = lists.filter(({ listed }) => listed).length
  return `${ip} is on ${on === 0 ? 'none' : on} of ${counted(lists.length, 'list')}`
}
