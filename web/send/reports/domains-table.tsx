import { useState } from 'react'
import type { DomainReportWire } from '../../../server/send/api/reports-wire.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { count } from '../../ui/size.ts'
import { partOf, percent } from '../percent.ts'

const FEW = 8
const HEAD = 'px-3 py-2 text-right font-normal whitespace-nowrap'
const CELL = 'px-3 py-2 text-right whitespace-nowrap tabular-nums'

/** How each mailbox provider took it: one that differs from the others is where to look. */
export function DomainsTable({ domains }: { domains: readonly DomainReportWire[] }) {
  const [all, setAll] = useState(false)
  const shown = all ? domains : domains.slice(0, FEW)
  const hidden = domains.length - shown.length
  return (
    <section aria-label="By domain" className="overflow-hidden rounded-card border border-line">
      <h2 className="flex min-h-11 items-center border-b border-line px-4 font-semibold">By domain</h2>
      {domains.length === 0 ? (
        <p className="p-4 text-soft">Nothing was sent yet.</p>
      ) : (
        <div tabIndex={0} role="region" aria-label="Domains" className="inset-focus relative overflow-x-auto">
          <table className="w-full text-left">
            <caption className="sr-only">Sent, delivered, opened, clicked and bounced by domain</caption>
            <thead className="bg-sunk text-small text-faint">
              <tr className="border-b border-line">
                <th scope="col" className="py-2 pl-4 font-normal">
                  Domain
                </th>
                {['Sent', 'Delivered', 'Opened', 'Clicked', 'Bounced', 'Complaints', 'Put off'].map(name => (
                  <th key={name} scope="col" className={HEAD}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map(row => (
                <tr key={row.domain} className="border-b border-line last:border-0 hover:bg-hover">
                  <th
                    scope="row"
                    className="sticky left-0 max-w-56 truncate bg-ground py-2 pl-4 font-medium sm:static sm:bg-transparent"
                    title={row.domain}
                  >
                    {row.domain === 'others' ? 'All others' : row.domain}
                  </th>
                  <td className={CELL}>{count(row.sent)}</td>
                  <Part some={row.delivered} all={row.sent} />
                  <Part some={row.opened} all={row.sent} />
                  <Part some={row.clicked} all={row.sent} />
                  <Part some={row.bounced} all={row.sent} bad={0.05} />
                  <Part some={row.complained} all={row.sent} bad={0.003} />
                  <td className={classes(CELL, row.deferred === 0 && 'text-faint')}>{count(row.deferred)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {(hidden > 0 || all) && domains.length > FEW && (
        <div className="border-t border-line p-2 print:hidden">
          <Button look="quiet" onClick={() => setAll(!all)} aria-expanded={all}>
            {all ? 'Show fewer' : `Show ${count(hidden)} more`}
          </Button>
        </div>
      )}
    </section>
  )
}

/** The part, and quieter how many that are. */
function Part({ some, all, bad }: { some: number; all: number; bad?: number }) {
  const part = partOf(some, all)
  return (
    <td
      className={classes(
        CELL,
        some === 0 && 'text-faint',
        bad !== undefined && part >= bad && some > 0 && 'font-medium text-danger',
      )}
      title={count(some)}
    >
      {percent(part)}
      <span className="sr-only">, {count(some)}</span>
    </td>
  )
}
