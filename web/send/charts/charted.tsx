import { BarChart3, Table2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { classes } from '../../ui/classes.ts'
import { count } from '../../ui/size.ts'
import { Segments } from '../templates/editor/segments.tsx'
import { BarChart, Legend, type Series } from './bar-chart.tsx'

interface ChartedProps {
  title: string
  about?: ReactNode
  /** The whole in a sentence. */
  label: string
  series: readonly Series[]
  nameOf: (index: number) => string
  tickOf: (index: number) => string
  ticks?: number
  /** What else there is to choose. */
  choices?: ReactNode
  /** In place of both while there is nothing to be drawn. */
  instead?: ReactNode
}

/** A chart, and the same as a table: for whoever hears it, and whoever wants the numbers. */
export function Charted(props: ChartedProps) {
  const { title, about, label, series, nameOf, tickOf, ticks, choices, instead } = props
  const [as, setAs] = useState<'chart' | 'table'>('chart')
  const length = Math.max(0, ...series.map(({ points }) => points.length))
  const rows = Array.from({ length }, (_, index) => index)
  return (
    <section aria-label={title} className="flex flex-col gap-3 rounded-card border border-line p-4">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="flex min-w-40 grow flex-col gap-0.5">
          <h2 className="text-body font-semibold">{title}</h2>
          {about && <p className="text-small text-soft">{about}</p>}
        </div>
        <div className="flex flex-wrap items-center gap-2 print:hidden">
          {choices}
          {!instead && (
            <Segments
              label="Show as"
              value={as}
              onChange={setAs}
              choices={[
                { value: 'chart', label: 'Chart', icon: BarChart3 },
                { value: 'table', label: 'Table', icon: Table2 },
              ]}
            />
          )}
        </div>
      </div>
      {instead ?? (
        <>
          {as === 'chart' && (
            <>
              <Legend series={series} />
              <BarChart
                label={label}
                series={series}
                nameOf={nameOf}
                tickOf={tickOf}
                {...(ticks && { ticks })}
              />
            </>
          )}
          <div
            {...(as === 'table' && { tabIndex: 0, role: 'region', 'aria-label': `${title}, as a table` })}
            className={classes(
              as === 'chart'
                ? 'relative -mt-3 h-0 overflow-hidden'
                : 'inset-focus relative max-h-72 overflow-y-auto',
            )}
          >
            <table className={as === 'chart' ? 'sr-only' : 'w-full text-left'}>
              <caption className="sr-only">{label}</caption>
              <thead className="sticky top-0 bg-ground text-small text-faint">
                <tr className="border-b border-line">
                  <th scope="col" className="py-1.5 pr-3 font-normal">
                    When
                  </th>
                  {series.map(({ name }) => (
                    <th key={name} scope="col" className="px-3 py-1.5 text-right font-normal">
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map(index => (
                  <tr key={index} className="border-b border-line last:border-0">
                    <th scope="row" className="py-1.5 pr-3 font-normal">
                      {nameOf(index)}
                    </th>
                    {series.map(({ name, points }) => (
                      <td key={name} className="px-3 py-1.5 text-right tabular-nums">
                        {count(points[index] ?? 0)}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </section>
  )
}
