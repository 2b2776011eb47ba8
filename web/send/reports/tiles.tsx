import { Info } from 'lucide-react'
import { useId, useState } from 'react'
import type { ReportWire } from '../../calls/reports.ts'
import { IconButton } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { count } from '../../ui/size.ts'
import { partOf, percent } from '../percent.ts'
import { Segments } from '../templates/editor/segments.tsx'

/** Whose opens and clicks count. */
export type Counting = 'people' | 'machines'

interface TilesProps {
  report: ReportWire
  counting: Counting
  onCounting: (counting: Counting) => void
}

interface Tile {
  label: string
  value: string
  about: string
  bad?: boolean
}

export function Tiles({ report, counting, onCounting }: TilesProps) {
  const { totals, rates, with_machines, campaign } = report
  const id = useId()
  const [explained, setExplained] = useState(false)
  const machines = counting === 'machines'
  const all = (rate: number) => Math.round(rate * totals.sent)
  const opened = machines ? with_machines.opened : rates.opened
  const clicked = machines ? with_machines.clicked : rates.clicked
  const tiles: Tile[] = [
    { label: 'Sent', value: count(totals.sent), about: `of ${count(totals.total)}` },
    { label: 'Delivered', value: percent(rates.delivered), about: count(totals.delivered) },
    campaign.is_open_tracking
      ? {
          label: machines ? 'Opened, with machines' : 'Opened',
          value: percent(opened),
          about: machines ? `${count(all(opened))} mails` : `${count(totals.opened)} people`,
        }
      : { label: 'Opened', value: '–', about: 'not tracked' },
    campaign.is_click_tracking
      ? {
          label: machines ? 'Clicked, with machines' : 'Clicked',
          value: percent(clicked),
          about: machines ? `${count(all(clicked))} mails` : `${count(totals.clicked)} people`,
        }
      : { label: 'Clicked', value: '–', about: 'not tracked' },
    {
      label: 'Bounced',
      value: percent(rates.bounced),
      about: count(totals.bounced),
      bad: rates.bounced >= 0.02,
    },
    {
      label: 'Complaints',
      value: percent(rates.complained),
      about: count(totals.complained),
      bad: rates.complained >= 0.001,
    },
    {
      label: 'Unsubscribed',
      value: percent(rates.unsubscribed),
      about: count(totals.unsubscribed),
    },
  ]
  return (
    <section aria-label="Numbers" className="flex flex-col gap-2.5">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1.5">
        <span className="text-small text-soft print:hidden">Opens and clicks of</span>
        <Segments
          label="Opens and clicks of"
          value={counting}
          onChange={onCounting}
          choices={[
            { value: 'people', label: 'People' },
            { value: 'machines', label: 'With machines' },
          ]}
          className="print:hidden"
        />
        <IconButton
          label="What is the difference?"
          aria-expanded={explained}
          aria-controls={id}
          onClick={() => setExplained(!explained)}
          className="print:hidden"
        >
          <Info size={15} aria-hidden />
        </IconButton>
        {totals.opened > 0 && (
          <span className="ml-auto text-small text-soft tabular-nums max-sm:ml-0 max-sm:w-full">
            {percent(partOf(totals.clicked, totals.opened))} of those who opened clicked
          </span>
        )}
      </div>
      <p id={id} hidden={!explained} className="max-w-[76ch] text-pretty text-soft">
        Not every open is a person. Apple Mail, Gmail and others fetch pictures in advance or for their
        readers, and scanners of mail servers follow every link. They are told apart by who asks, how soon
        after the hand-over, and how many links at once. <b className="font-medium text-ink">People</b> leaves
        them out; <b className="font-medium text-ink">With machines</b> is what other tools call the open
        rate.
      </p>
      <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-card border border-line bg-line sm:grid-cols-4 xl:grid-cols-7 print:grid-cols-7">
        {tiles.map(({ label, value, about, bad }, at) => (
          <div
            key={label}
            className={classes(
              'flex flex-col gap-0.5 bg-ground px-4 py-3',
              at === 0 && 'max-sm:col-span-2 sm:col-span-2 xl:col-span-1 print:col-span-1',
            )}
          >
            <dt className="text-small text-soft">{label}</dt>
            <dd className="flex flex-col">
              <span
                className={classes('text-title font-semibold tabular-nums', bad ? 'text-danger' : 'text-ink')}
              >
                {value}
              </span>
              <span className="text-small text-faint tabular-nums">{about}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
