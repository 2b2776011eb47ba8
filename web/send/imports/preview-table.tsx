import type { ImportTarget } from '../../../server/send/api/imports-wire.ts'
import type { FieldWire } from '../../calls/fields.ts'
import { TagChip } from '../tag-chip.tsx'
import { targetName } from './targets.ts'

interface PreviewTableProps {
  rows: string[][]
  mapping: readonly ImportTarget[]
  fields: readonly FieldWire[]
  separator: string
}

const SHOWN = 8

/** The first rows by what their cells become; what is ignored is not there. */
export function PreviewTable({ rows, mapping, fields, separator }: PreviewTableProps) {
  const columns = mapping
    .map((to, index) => ({ to, index }))
    .filter(({ to }) => to !== 'ignore')
    .toSorted((one, other) => Number(other.to === 'email') - Number(one.to === 'email'))
  if (columns.length === 0) return <p className="text-soft">All columns are ignored.</p>
  return (
    <div
      className="overflow-x-auto rounded-card border border-line"
      tabIndex={0}
      role="region"
      aria-label="First rows"
    >
      <table className="w-full border-collapse text-left">
        <thead>
          <tr className="border-b border-line bg-sunk">
            {columns.map(({ to, index }) => (
              <th
                key={index}
                scope="col"
                className="px-3 py-2 text-small font-medium whitespace-nowrap text-soft"
              >
                {targetName(to, fields)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, SHOWN).map((row, at) => (
            <tr key={at} className="border-b border-line last:border-0">
              {columns.map(({ to, index }) => {
                const cell = row[index] ?? ''
                return (
                  <td key={index} className="max-w-60 truncate px-3 py-1.5 whitespace-nowrap" title={cell}>
                    {cell === '' ? (
                      <span className="text-faint">–</span>
                    ) : to === 'tags' ? (
                      <span className="flex gap-1">
                        {cell
                          .split(separator)
                          .map(tag => tag.trim())
                          .filter(Boolean)
                          .map(tag => (
                            <TagChip key={tag} name={tag} />
                          ))}
                      </span>
                    ) : (
                      <bdi>{cell}</bdi>
                    )}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
