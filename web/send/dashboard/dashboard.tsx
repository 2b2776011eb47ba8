import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Send } from 'lucide-react'
import { type DashboardWire, dashboardQuery } from '../../calls/reports.ts'
import { mayChange, useSession } from '../../calls/session.ts'
import { Page } from '../../frame/page.tsx'
import { Button, buttonClasses } from '../../ui/button.tsx'
import { useDocumentTitle } from '../../ui/document-title.ts'
import { count } from '../../ui/size.ts'
import { State } from '../../ui/state.tsx'
import { Attention } from './attention.tsx'
import { Growth } from './growth.tsx'
import { Recent } from './recent.tsx'
import { Running } from './running.tsx'

/** The sending half at a glance: what needs somebody, what is going on, how the last ones went. */
export function Dashboard() {
  useDocumentTitle('Dashboard')
  const change = mayChange(useSession().workspace?.role)
  const query = useQuery(dashboardQuery)
  const data = query.data
  return (
    <Page title="Dashboard" wide>
      {query.isPending && <Loading />}
      {query.isError && !data && (
        <State
          urgent
          title="The dashboard could not be loaded"
          actions={<Button onClick={() => void query.refetch()}>Try again</Button>}
        >
          {query.error.message}
        </State>
      )}
      {data && (
        <div className="-mt-3 flex flex-col gap-5">
          <Attention items={data.attention} />
          <Counts counts={data.counts} />
          {data.running.length > 0 && <Running campaigns={data.running} />}
          {data.recent.length === 0 && data.running.length === 0 ? (
            <State
              picture={<Send size={32} strokeWidth={1.5} aria-hidden />}
              title="No campaign was sent yet"
              actions={
                change && (
                  <Link to="/campaigns/new" className={buttonClasses('primary')}>
                    New campaign
                  </Link>
                )
              }
            >
              {data.counts.subscribers === 0
                ? 'Bring your subscribers, choose a way out, and write the first one.'
                : 'Your subscribers are here. Write them something.'}
            </State>
          ) : (
            <Recent recent={data.recent} />
          )}
          <Growth days={data.growth} />
        </div>
      )}
    </Page>
  )
}

function Counts({ counts }: { counts: DashboardWire['counts'] }) {
  const tiles = [
    { label: 'Subscribers', value: counts.subscribers, about: 'who can be written to' },
    { label: 'Campaigns', value: counts.campaigns_sent_30d, about: 'sent in 30 days' },
    { label: 'Mails', value: counts.mails_sent_30d, about: 'sent in 30 days' },
    { label: 'Mails today', value: counts.mails_sent_today, about: 'since midnight, UTC' },
  ]
  return (
    <dl
      aria-label="Numbers"
      className="grid grid-cols-2 gap-px overflow-hidden rounded-card border border-line bg-line lg:grid-cols-4"
    >
      {tiles.map(({ label, value, about }) => (
        <div key={label} className="flex flex-col gap-0.5 bg-ground px-4 py-3">
          <dt className="text-small text-soft">{label}</dt>
          <dd className="flex flex-col">
            <span className="text-display font-semibold tabular-nums">{count(value)}</span>
            <span className="text-small text-faint">{about}</span>
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Loading() {
  return (
    <div aria-busy="true" className="flex animate-breathe flex-col gap-5">
      <span className="sr-only" role="status">
        Loading the dashboard
      </span>
      <div className="h-24 rounded-card bg-sunk" />
      <div className="h-64 rounded-card bg-sunk" />
    </div>
  )
}
