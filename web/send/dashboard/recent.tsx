import { Link } from '@tanstack/react-router'
import type { DashboardWire } from '../../calls/reports.ts'
import { count } from '../../ui/size.ts'
import { exactTime, shortTime, useNow } from '../../ui/time.ts'
import { classes } from '../../ui/classes.ts'
import { percent } from '../percent.ts'

const HEAD = 'px-3 py-2 text-right font-normal whitespace-nowrap'
const CELL = 'px-3 py-2 text-right whitespace-nowrap tabular-nums'

/** How the last campaigns went, side by side. */
export function Recent({ recent }: { recent: DashboardWire['recent'] }) {
  const now = useNow()
  if (recent.length === 0) return null
  return (
    <section aria-label="Last campaigns" className="overflow-hidden rounded-card border border-line">
      <div className="flex min-h-11 items-center gap-3 border-b border-line pr-2 pl-4">
        <h2 className="grow font-semibold">Last campaigns</h2>
        <Link
          to="/campaigns"
          search={{ sent: true }}
          className="reach rounded-tight px-2 text-soft underline-offset-2 hover:text-ink hover:underline"
        >
          All
        </Link>
      </div>
      <div
        tabIndex={0}
        role="region"
        aria-label="Their rates"
        className="inset-focus relative overflow-x-auto"
      >
        <table className="w-full text-left">
          <caption className="sr-only">The last campaigns and their rates</caption>
          <thead className="bg-sunk text-small text-faint">
            <tr className="border-b border-line">
              <th scope="col" className="w-full py-2 pl-4 font-normal">
                Campaign
              </th>
              {['Sent', 'Opened', 'Clicked', 'Bounced', 'Complaints'].map(name => (
                <th key={name} scope="col" className={HEAD}>
                  {name}
                </th>
              ))}
              <th scope="col" className={classes(HEAD, 'pr-4')}>
                When
              </th>
            </tr>
          </thead>
          <tbody>
            {recent.map(({ campaign, totals, rates }) => {
              const at = campaign.sent_at ?? campaign.finished_at
              return (
                <tr key={campaign.id} className="border-b border-line last:border-0 hover:bg-hover">
                  <th scope="row" className="max-w-0 min-w-44 py-2 pl-4 font-normal">
                    <Link
                      to="/campaigns/$campaignId/report"
                      params={{ campaignId: campaign.id }}
                      dir="auto"
                      className="block truncate rounded-tight text-left font-medium underline-offset-2 hover:underline"
                    >
                      {campaign.name}
                    </Link>
                  </th>
                  <td className={CELL}>{count(totals.sent)}</td>
                  <td className={CELL}>{campaign.is_open_tracking ? percent(rates.opened) : '–'}</td>
                  <td className={CELL}>{campaign.is_click_tracking ? percent(rates.clicked) : '–'}</td>
                  <td className={classes(CELL, rates.bounced >= 0.02 && 'text-danger')}>
                    {percent(rates.bounced)}
                  </td>
                  <td className={classes(CELL, rates.complained >= 0.001 && 'text-danger')}>
                    {percent(rates.complained)}
                  </td>
                  <td className={classes(CELL, 'pr-4 text-faint')}>
                    {at && (
                      <time dateTime={at} title={exactTime(at)}>
                        {shortTime(at, now)}
                      </time>
                    )}
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
    </section>
  )
}
