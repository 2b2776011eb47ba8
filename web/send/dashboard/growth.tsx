import type { DashboardWire } from '../../calls/reports.ts'
import { dates } from '../../ui/locale.ts'
import { count } from '../../ui/size.ts'
import { Charted } from '../charts/charted.tsx'

/** Days are counted by UTC, so they are written by UTC. */
const DAY = { day: 'numeric', month: 'short', timeZone: 'UTC' } as const
const WHOLE_DAY = { weekday: 'short', ...DAY } as const

/** Who came and who went, day by day. */
export function Growth({ days }: { days: DashboardWire['growth'] }) {
  const came = days.map(({ subscribed }) => subscribed)
  const went = days.map(({ unsubscribed }) => unsubscribed)
  const words = `${count(sum(came))} came and ${count(sum(went))} went in ${days.length} days`
  return (
    <Charted
      title="Growth of the audience"
      about={sum(came) + sum(went) > 0 && `${words}.`}
      label={words}
      series={[
        { name: 'Subscribed', points: came, fill: 'fill-good', swatch: 'bg-good' },
        { name: 'Unsubscribed', points: went, fill: 'fill-danger', swatch: 'bg-danger', below: true },
      ]}
      nameOf={index => dates(WHOLE_DAY).format(Date.parse(days[index]?.day ?? ''))}
      tickOf={index => dates(DAY).format(Date.parse(days[index]?.day ?? ''))}
      ticks={8}
      instead={
        sum(came) + sum(went) === 0 ? (
          <p className="flex h-32 items-center justify-center text-soft">
            Nobody came and nobody went in {days.length} days.
          </p>
        ) : undefined
      }
    />
  )
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
