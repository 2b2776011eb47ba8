import { Link } from '@tanstack/react-router'
import type { ReportWire } from '../../calls/reports.ts'
import { classes } from '../../ui/classes.ts'
import { count } from '../../ui/size.ts'
import { Card } from '../subscriber/card.tsx'

/** What came back, by why. */
export function BouncesTable({ report: { bounces, campaign, totals } }: { report: ReportWire }) {
  const most = Math.max(1, ...bounces.map(one => one.count))
  return (
    <Card
      title="Bounces by reason"
      action={
        totals.bounced > 0 && (
          <Link
            to="/campaigns/$campaignId/report/$list"
            params={{ campaignId: campaign.id, list: 'bounces' }}
            className="reach rounded-tight px-2 text-soft underline-offset-2 hover:text-ink hover:underline print:hidden"
          >
            Who they are
          </Link>
        )
      }
    >
      {bounces.length === 0 ? (
        <p className="text-soft">No mail came back.</p>
      ) : (
        <table className="-my-1 w-full text-left">
          <caption className="sr-only">Bounces by reason</caption>
          <thead className="sr-only">
            <tr>
              <th scope="col">Reason</th>
              <th scope="col">Kind</th>
              <th scope="col">Recipients</th>
            </tr>
          </thead>
          <tbody>
            {bounces.map(bounce => (
              <tr key={`${bounce.kind} ${bounce.reason}`} className="border-b border-line last:border-0">
                <th scope="row" className="w-full py-2 font-normal [overflow-wrap:anywhere]">
                  {bounce.reason}
                  <span
                    aria-hidden
                    className={classes(
                      'mt-1 block h-1 rounded-full',
                      bounce.kind === 'hard' ? 'bg-danger' : 'bg-control',
                    )}
                    style={{ width: `${Math.max(2, (bounce.count / most) * 100)}%` }}
                  />
                </th>
                <td className="py-2 pl-3 align-top text-small whitespace-nowrap text-soft">
                  {bounce.kind === 'hard' ? 'for good' : 'for now'}
                </td>
                <td className="w-16 py-2 pl-2 text-right align-top font-medium tabular-nums">
                  {count(bounce.count)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  )
}
