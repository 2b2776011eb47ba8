import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Totals } from '../../calls/campaigns.ts'
import { count } from '../../ui/size.ts'

/** Each number that somebody may want to look behind leads to its list. */
export function SendingNumbers({ id, totals }: { id: number; totals: Totals }) {
  const waiting = totals.pending + totals.claimed
  return (
    <dl className="grid grid-cols-2 gap-x-6 gap-y-4 sm:grid-cols-4 lg:grid-cols-6">
      <Figure name="Sent" value={totals.sent} />
      <Figure name="Waiting" value={waiting} />
      {totals.draft > 0 && (
        <Figure name="Drafts" value={totals.draft}>
          <Link to="/messages" search={{ drafts: true, campaign: id }} className={LIST}>
            Look at them
          </Link>
        </Figure>
      )}
      <Figure name="Failed" value={totals.failed} bad>
        {totals.failed > 0 && (
          <Link to="/messages" search={{ campaign: id, status: 'failed' }} className={LIST}>
            Who and why
          </Link>
        )}
      </Figure>
      <Figure name="Uncertain" value={totals.ambiguous} bad>
        {totals.ambiguous > 0 && (
          <Link to="/messages" search={{ campaign: id, status: 'ambiguous' }} className={LIST}>
            Decide
          </Link>
        )}
      </Figure>
      <Figure name="Skipped" value={totals.skipped}>
        {totals.skipped > 0 && (
          <Link to="/messages" search={{ campaign: id, status: 'skipped' }} className={LIST}>
            Who and why
          </Link>
        )}
      </Figure>
    </dl>
  )
}

const LIST = 'self-start rounded-tight text-small underline'

interface FigureProps {
  name: string
  value: number
  /** Not good, if there are any. */
  bad?: boolean
  children?: ReactNode
}

function Figure({ name, value, bad = false, children }: FigureProps) {
  return (
    <div className="flex flex-col">
      <dt className="order-2 text-small text-soft">{name}</dt>
      <dd
        className={`order-1 text-title font-semibold tabular-nums ${bad && value > 0 ? 'text-danger' : ''}`}
      >
        {count(value)}
      </dd>
      {children && <dd className="order-3 flex">{children}</dd>}
    </div>
  )
}
