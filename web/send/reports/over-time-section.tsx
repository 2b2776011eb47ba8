import { useQueries } from '@tanstack/react-query'
import { useState } from 'react'
import {
  type Hours,
  isMoving,
  type OverTimeKind,
  overTimeQuery,
  type ReportWire,
} from '../../calls/reports.ts'
import { dates } from '../../ui/locale.ts'
import { count } from '../../ui/size.ts'
import type { Series } from '../charts/bar-chart.tsx'
import { Charted } from '../charts/charted.tsx'
import { duration } from '../duration.ts'
import { ListFailed } from '../list-failed.tsx'
import { Segments } from '../templates/editor/segments.tsx'
import { alongOneLine } from './time-line.ts'

type Shown = 'response' | 'delivery'

const KINDS: Record<Shown, readonly (Omit<Series, 'points'> & { kind: OverTimeKind })[]> = {
  response: [
    { kind: 'opened', name: 'Opened', fill: 'fill-brass-mark', swatch: 'bg-brass-mark' },
    { kind: 'clicked', name: 'Clicked', fill: 'fill-ink', swatch: 'bg-ink', narrow: true },
  ],
  delivery: [
    { kind: 'sent', name: 'Sent', fill: 'fill-line-strong', swatch: 'bg-line-strong' },
    { kind: 'delivered', name: 'Delivered', fill: 'fill-good', swatch: 'bg-good', narrow: true },
    { kind: 'bounced', name: 'Bounced', fill: 'fill-danger', swatch: 'bg-danger', below: true },
  ],
}

const CLOCK = { hour: '2-digit', minute: '2-digit' } as const
const DAY = { day: 'numeric', month: 'short' } as const
const DAY_AND_CLOCK = { weekday: 'short', ...DAY, ...CLOCK } as const

/** When it was opened and clicked, each person once. */
export function OverTimeSection({ report }: { report: ReportWire }) {
  const { campaign, average_seconds_to_open: toOpen, average_seconds_to_click: toClick } = report
  const [hours, setHours] = useState<Hours>('24')
  const [shown, setShown] = useState<Shown>('response')
  const kinds = KINDS[shown]
  const live = isMoving(campaign.status)
  const answers = useQueries({
    queries: kinds.map(({ kind }) => overTimeQuery(campaign.id, kind, hours, live)),
  })
  const failed = answers.find(({ error, data }) => error && !data)
  const data = answers.flatMap(answer => answer.data ?? [])
  const line = data.length === kinds.length ? alongOneLine(data) : undefined
  const series = kinds.map((look, at) => ({ ...look, points: line?.series[at] ?? [] }))
  const startOf = (index: number) => (line?.from ?? 0) + index * (line?.bucket ?? 0)
  const long = line !== undefined && line.bucket * (line.series[0]?.length ?? 0) > 172_800_000
  const averages = [
    toOpen !== null && `opened after ${duration(toOpen)} on average`,
    toClick !== null && `clicked after ${duration(toClick)}`,
  ].filter(Boolean)
  const said = series
    .map(
      ({ name, points }) => `${count(points.reduce((sum, value) => sum + value, 0))} ${name.toLowerCase()}`,
    )
    .join(', ')

  return (
    <Charted
      title="Over time"
      about={
        averages.length > 0 ? sentence(averages.join(', ')) : 'Each person counts once, at the first time.'
      }
      label={
        line
          ? `People over time, from ${dates(DAY_AND_CLOCK).format(line.from)}: ${said}`
          : 'People over time'
      }
      series={series}
      nameOf={index => `${dates(DAY_AND_CLOCK).format(startOf(index))}`}
      tickOf={index => dates(long ? DAY : CLOCK).format(startOf(index))}
      ticks={8}
      choices={
        <>
          <Segments
            label="What"
            value={shown}
            onChange={setShown}
            choices={[
              { value: 'response', label: 'Opens and clicks' },
              { value: 'delivery', label: 'Delivery' },
            ]}
          />
          <Segments
            label="How long"
            value={hours}
            onChange={setHours}
            choices={[
              { value: '12', label: '12 h' },
              { value: '24', label: '24 h' },
              { value: '48', label: '48 h' },
              { value: 'all', label: 'All' },
            ]}
          />
        </>
      }
      instead={
        failed?.error ? (
          <ListFailed what="The chart" error={failed.error} onRetry={() => void failed.refetch()} />
        ) : data.length < kinds.length ? (
          <div aria-busy="true" className="h-56 animate-breathe rounded-control bg-sunk" />
        ) : line === undefined ? (
          <p className="flex h-32 items-center justify-center text-soft">
            {shown === 'response' ? 'No person has opened or clicked yet.' : 'Nothing has left yet.'}
          </p>
        ) : undefined
      }
    />
  )
}

function sentence(text: string): string {
  return `${text[0]?.toUpperCase()}${text.slice(1)}.`
}
