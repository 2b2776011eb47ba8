import { type PointerEvent, useState } from 'react'
import { classes } from '../../ui/classes.ts'
import { count } from '../../ui/size.ts'
import { spread, ticksUpTo } from './scale.ts'

export interface Series {
  name: string
  points: readonly number[]
  /** As of Tailwind: `fill-…` and `bg-…`. */
  fill: string
  swatch: string
  /** Narrower, so that what is behind stays in sight. */
  narrow?: boolean
  /** Drawn downwards from the line of zero. */
  below?: boolean
}

interface BarChartProps {
  /** The whole in a sentence, for the ear. */
  label: string
  series: readonly Series[]
  /** What a place is called, in full and along the axis. */
  nameOf: (index: number) => string
  tickOf: (index: number) => string
  /** Names along the axis. */
  ticks?: number
}

/** Counts over time. A drawing that stretches with its place, on paper too; nothing is measured. */
export function BarChart({ label, series, nameOf, tickOf, ticks = 6 }: BarChartProps) {
  const [at, setAt] = useState<number>()
  const length = Math.max(1, ...series.map(({ points }) => points.length))
  const most = (below: boolean) =>
    Math.max(0, ...series.filter(one => Boolean(one.below) === below).flatMap(({ points }) => points))
  const up = ticksUpTo(most(false))
  const deepest = most(true)
  const step = up[1] ?? 1
  const top = up.at(-1) ?? 1
  // A few below many get no line of their own, and no room that would stay empty.
  const bottom = deepest < step ? deepest : Math.ceil(deepest / step) * step
  const whole = top + bottom
  const heightOf = (value: number) => ((top - value) / whole) * 100
  const lines = deepest < step ? up : [...up, -bottom]
  const point = (event: PointerEvent<HTMLDivElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect()
    const index = Math.floor(((event.clientX - left) / width) * length)
    setAt(index >= 0 && index < length ? index : undefined)
  }
  return (
    <div className="flex flex-col gap-1">
      <div className="flex gap-2">
        <div className="relative w-9 shrink-0 text-right text-micro text-faint tabular-nums" aria-hidden>
          {lines.map(value => (
            <span
              key={value}
              className="absolute right-0 -translate-y-1/2"
              style={{ top: `${heightOf(value)}%` }}
            >
              {count(Math.abs(value))}
            </span>
          ))}
        </div>
        <div
          className="relative h-48 min-w-0 grow"
          onPointerMove={point}
          onPointerDown={point}
          onPointerLeave={() => setAt(undefined)}
        >
          {lines.map(value => (
            <span
              key={value}
              aria-hidden
              className={classes('absolute inset-x-0 h-px', value === 0 ? 'bg-control' : 'bg-line')}
              style={{ top: `${heightOf(value)}%` }}
            />
          ))}
          {at !== undefined && (
            <span
              aria-hidden
              className="absolute inset-y-0 bg-hover"
              style={{ left: `${(at / length) * 100}%`, width: `${100 / length}%` }}
            />
          )}
          <svg
            role="img"
            aria-label={label}
            viewBox={`0 0 ${length} ${whole}`}
            preserveAspectRatio="none"
            className="absolute inset-0 size-full overflow-visible"
          >
            {series.map(({ name, points, fill, narrow, below }) => (
              <g key={name} className={fill}>
                {points.map((value, index) =>
                  value === 0 ? null : (
                    <rect
                      key={index}
                      x={index + (narrow ? 0.32 : 0.12)}
                      y={below ? top : top - value}
                      width={narrow ? 0.36 : 0.76}
                      height={value}
                    />
                  ),
                )}
              </g>
            ))}
          </svg>
          {at !== undefined && (
            <div
              aria-hidden
              className={classes(
                'pointer-events-none absolute top-0 z-5 rounded-control border border-line-strong bg-raised px-2.5 py-1.5 text-small whitespace-nowrap shadow-menu',
                at > length / 2 && '-translate-x-full',
              )}
              style={{ left: `${((at + (at > length / 2 ? 0 : 1)) / length) * 100}%` }}
            >
              <div className="text-faint">{nameOf(at)}</div>
              {series.map(({ name, points, swatch }) => (
                <div key={name} className="flex items-center gap-1.5">
                  <span className={classes('size-2 rounded-[2px]', swatch)} />
                  <span className="grow text-soft">{name}</span>
                  <span className="pl-3 font-medium tabular-nums">{count(points[at] ?? 0)}</span>
                </div>
              ))}
            </div>
          )}
        </div>
      </div>
      <div className="relative ml-11 h-4 text-micro text-faint tabular-nums" aria-hidden>
        {spread(length, ticks).map((index, nth, all) => (
          <span
            key={index}
            className={classes(
              'absolute whitespace-nowrap',
              // On a narrow screen every other one.
              nth % 2 === 1 && 'max-sm:hidden',
              nth === all.length - 1 && index > length * 0.93 && '-translate-x-full',
            )}
            style={{ left: `${(index / length) * 100}%` }}
          >
            {tickOf(index)}
          </span>
        ))}
      </div>
    </div>
  )
}

export function Legend({ series }: { series: readonly Pick<Series, 'name' | 'swatch'>[] }) {
  return (
    <ul aria-label="Legend" className="flex flex-wrap gap-x-4 gap-y-1 text-small text-soft">
      {series.map(({ name, swatch }) => (
        <li key={name} className="flex items-center gap-1.5">
          <span className={classes('size-2.5 rounded-[2px]', swatch)} aria-hidden />
          {name}
        </li>
      ))}
    </ul>
  )
}
