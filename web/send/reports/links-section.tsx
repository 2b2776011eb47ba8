import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { clickMapQuery, type ReportWire } from '../../calls/reports.ts'
import { classes } from '../../ui/classes.ts'
import { count } from '../../ui/size.ts'
import { ListFailed } from '../list-failed.tsx'
import { partOf, percent } from '../percent.ts'
import { ClickMap } from './click-map.tsx'

/** Where people clicked: the links with their numbers, and the mail with the numbers on it. */
export function LinksSection({ report: { campaign, links, totals } }: { report: ReportWire }) {
  const map = useQuery({ ...clickMapQuery(campaign.id), enabled: links.length > 0 })
  const [pointed, setPointed] = useState<number>()
  const most = Math.max(1, ...links.map(({ clicked }) => clicked))
  return (
    <section
      aria-label="By link"
      className="overflow-hidden rounded-card border border-line print:break-before-page"
    >
      <h2 className="flex min-h-11 items-center border-b border-line px-4 font-semibold">By link</h2>
      {links.length === 0 ? (
        <p className="p-4 text-soft">
          {campaign.is_click_tracking
            ? 'The mail has no link that is counted. That to unsubscribe and that to the web view never are.'
            : 'Clicks of this campaign are not tracked.'}
        </p>
      ) : (
        <div className="grid grid-cols-[minmax(0,1fr)] lg:grid-cols-2 print:grid-cols-2">
          <ol aria-label="Links, the most clicked first" className="flex flex-col">
            {links.map(link => (
              <li
                key={link.id}
                onPointerEnter={() => setPointed(link.number)}
                onPointerLeave={() => setPointed(undefined)}
                className={classes(
                  'flex flex-col gap-1.5 border-b border-line px-4 py-2.5 lg:last:border-0',
                  pointed === link.number && 'bg-hover',
                )}
              >
                <div className="flex items-start gap-2.5">
                  <button
                    type="button"
                    aria-label={`Link ${link.number}: show it in the mail`}
                    aria-pressed={pointed === link.number}
                    onFocus={() => setPointed(link.number)}
                    onBlur={() => setPointed(undefined)}
                    onClick={() => setPointed(link.number)}
                    className="reach mt-px flex h-5 min-w-5 shrink-0 items-center justify-center rounded-full bg-brass px-1 text-micro font-semibold text-brass-on"
                  >
                    {link.number}
                  </button>
                  <a
                    href={/^https?:/i.test(link.url) ? link.url : undefined}
                    target="_blank"
                    rel="noopener noreferrer"
                    className="min-w-0 grow rounded-tight underline decoration-line-strong underline-offset-3 [overflow-wrap:anywhere] hover:decoration-current"
                  >
                    {link.url}
                  </a>
                  <span className="shrink-0 text-right tabular-nums">
                    <span className="font-medium">{count(link.clicked)}</span>{' '}
                    <span className="text-soft">{link.clicked === 1 ? 'person' : 'people'}</span>
                  </span>
                </div>
                <div className="flex items-center gap-3 pl-7.5 text-small text-faint tabular-nums">
                  <span className="h-1 grow overflow-hidden rounded-full bg-hover" aria-hidden>
                    <span
                      className="block h-full rounded-full bg-brass-mark"
                      style={{ width: `${(link.clicked / most) * 100}%` }}
                    />
                  </span>
                  <span className="shrink-0">
                    {percent(partOf(link.clicked, totals.sent))} of all · {count(link.clicks)} clicks
                    {link.machine_clicks > 0 && ` · ${count(link.machine_clicks)} by machines`}
                  </span>
                </div>
              </li>
            ))}
          </ol>
          <div className="flex min-h-60 min-w-0 flex-col border-line bg-sunk max-lg:border-t lg:border-l">
            {map.isError && !map.data ? (
              <div className="p-4">
                <ListFailed what="The mail" error={map.error} onRetry={() => void map.refetch()} />
              </div>
            ) : map.data ? (
              <ClickMap map={map.data} pointed={pointed} onPointed={setPointed} />
            ) : (
              <div aria-busy="true" className="m-4 grow animate-breathe rounded-control bg-hover" />
            )}
          </div>
        </div>
      )}
    </section>
  )
}
