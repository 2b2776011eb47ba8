import { useInfiniteQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import type { ImportWire } from '../../../server/send/api/imports-wire.ts'
import { faultsPath, faultsQuery } from '../../calls/imports.ts'
import { Button } from '../../ui/button.tsx'
import { count, counted } from '../../ui/size.ts'
import { download } from '../download.ts'

/** The rows that could not be imported: where they are, why, and what stands there. */
export function FaultsTable({ one }: { one: ImportWire }) {
  const { id, failed, status } = one
  // Not while it runs: what is read then is old at once.
  const query = useInfiniteQuery({ ...faultsQuery(id), enabled: failed > 0 && status !== 'running' })
  const faults = query.data?.pages.flatMap(page => page.faults) ?? []
  if (faults.length === 0) return null
  const total = query.data?.pages[0]?.total ?? faults.length
  return (
    <section aria-label="Bad rows" className="flex flex-col gap-3">
      <div className="flex items-center gap-3">
        <h2 className="grow text-body font-semibold">{counted(total, 'bad row')}</h2>
        <Button onClick={() => download(faultsPath(id))}>
          <Download size={14} aria-hidden />
          Download as CSV
        </Button>
      </div>
      <div
        className="overflow-x-auto rounded-card border border-line"
        tabIndex={0}
        role="group"
        aria-label="Bad rows"
      >
        <table className="w-full border-collapse text-left">
          <thead>
            <tr className="border-b border-line bg-sunk text-small text-soft">
              <th scope="col" className="w-16 px-3 py-2 text-right font-medium">
                Line
              </th>
              <th scope="col" className="px-3 py-2 font-medium">
                Reason
              </th>
              <th scope="col" className="px-3 py-2 font-medium">
                Row
              </th>
            </tr>
          </thead>
          <tbody>
            {faults.map(fault => (
              <tr key={fault.id} className="border-b border-line align-top last:border-0">
                <td className="px-3 py-2 text-right text-soft tabular-nums">{count(fault.line)}</td>
                <td className="min-w-44 px-3 py-2 first-letter:uppercase">{fault.reason}</td>
                <td className="min-w-56 px-3 py-2 font-mono text-small break-all text-soft">{fault.row}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {query.hasNextPage && (
        <Button
          className="self-start"
          busy={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </section>
  )
}
