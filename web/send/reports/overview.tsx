import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { isMoving, reportQuery } from '../../calls/reports.ts'
import { buttonClasses } from '../../ui/button.tsx'
import { State } from '../../ui/state.tsx'
import { exactTime, readableTime } from '../../ui/time.ts'
import { BouncesTable } from './bounces-table.tsx'
import { DomainsTable } from './domains-table.tsx'
import { LinksSection } from './links-section.tsx'
import { LiveStrip } from './live-strip.tsx'
import { OverTimeSection } from './over-time-section.tsx'
import { ReceiptSection } from './receipt-section.tsx'
import { type Counting, Tiles } from './tiles.tsx'

export function Overview() {
  const { campaignId } = useParams({ from: '/frame/campaigns/$campaignId/report' })
  const { data: report } = useQuery(reportQuery(campaignId))
  const [counting, setCounting] = useState<Counting>('people')
  if (!report) return null
  const { campaign, totals } = report
  if (campaign.status === 'draft')
    return (
      <State
        title="Nothing was sent yet"
        actions={
          <Link to="/campaigns/$campaignId" params={{ campaignId }} className={buttonClasses('primary')}>
            Back to the draft
          </Link>
        }
      >
        The report begins with the first mail that leaves.
      </State>
    )
  const moving = isMoving(campaign.status)
  const done = campaign.finished_at ?? campaign.sent_at
  return (
    <div
      // Scrolled by keyboard, too.
      tabIndex={0}
      role="region"
      aria-label="Overview"
      className="inset-focus relative min-h-0 grow overflow-y-auto print:overflow-visible"
    >
      <div className="mx-auto flex max-w-7xl flex-col gap-5 px-4 pt-5 pb-16 lg:px-8 print:p-0 print:pt-4">
        {(moving || campaign.status === 'paused') && <LiveStrip report={report} />}
        <Tiles report={report} counting={counting} onCounting={setCounting} />
        <OverTimeSection report={report} />
        <div className="grid items-start gap-5 lg:grid-cols-2 print:grid-cols-2">
          <ReceiptSection report={report} />
          <BouncesTable report={report} />
        </div>
        <DomainsTable domains={report.domains} />
        <LinksSection report={report} />
        <p className="text-small text-faint">
          {campaign.from_name} &lt;{campaign.from_email}&gt;
          {done && (
            <>
              {' '}
              · {campaign.status === 'cancelled' ? 'cancelled' : 'sent'}{' '}
              <time dateTime={done} title={exactTime(done)}>
                {readableTime(done)}
              </time>
            </>
          )}{' '}
          · numbers as of{' '}
          <time dateTime={report.generated_at} title={exactTime(report.generated_at)}>
            {readableTime(report.generated_at)}
          </time>
          {totals.total === 0 && ' · no recipients'}
        </p>
      </div>
    </div>
  )
}
