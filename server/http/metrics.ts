import { monitorEventLoopDelay, performance } from 'node:perf_hooks'

type Labels = Record<string, string>

interface Family {
  name: string
  help: string
  type: 'counter' | 'gauge' | 'histogram'
  lines(): string[]
}

export interface Counter {
  add(amount?: number): void
  /** The same count for one set of labels; to be kept where it is moved often. */
  of(labels: Labels): Counter
}

export interface Histogram {
  /** In the unit that the name says, as a rule seconds. */
  observe(value: number): void
  of(labels: Labels): Histogram
}

/** In seconds: from a cached list to a slow disk. */
const LATENCIES = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Numbers about this process in Prometheus' text format (version 0.0.4). */
export class Metrics {
  readonly contentType = 'text/plain; version=0.0.4; charset=utf-8'
  readonly #families: Family[] = []
  #delay: ReturnType<typeof monitorEventLoopDelay> | undefined

  counter(name: string, help: string): Counter {
    const values = new Map<string, Count>()
    this.#families.push({ name, help, type: 'counter', lines: () => linesOf(name, values) })
    return counterOf(values, '')
  }

  /** Asked when somebody looks. */
  gauge(name: string, help: string, value: () => number): void {
    this.#families.push({ name, help, type: 'gauge', lines: () => [`${name} ${value()}`] })
  }

  /** A count that somebody else keeps, asked when somebody looks. */
  countOf(name: string, help: string, value: () => number): void {
    this.#families.push({ name, help, type: 'counter', lines: () => [`${name} ${value()}`] })
  }

  histogram(name: string, help: string, bounds: readonly number[] = LATENCIES): Histogram {
    const series = new Map<string, Series>()
    this.#families.push({
      name,
      help,
      type: 'histogram',
      lines: () => [...series].flatMap(([labels, one]) => histogramLines(name, labels, bounds, one)),
    })
    return histogramOf(series, bounds, '')
  }

  /** What every process can say of itself, under the names that dashboards know. */
  watchProcess(version: string): void {
    const started = Date.now() / 1000 - process.uptime()
    this.gauge('process_start_time_seconds', 'Start of the process, Unix time.', () => started)
    this.gauge('process_resident_memory_bytes', 'Resident memory.', () => process.memoryUsage.rss())
    this.gauge('nodejs_heap_size_used_bytes', 'Heap in use.', () => process.memoryUsage().heapUsed)
    this.gauge('nodejs_external_memory_bytes', 'Memory of buffers.', () => process.memoryUsage().external)
    this.countOf('process_cpu_seconds_total', 'CPU time, user and system.', () => {
      const { user, system } = process.cpuUsage()
      return (user + system) / 1e6
    })
    this.gauge(
      'nodejs_eventloop_utilization',
      'Share of time the event loop was busy since the start.',
      () => performance.eventLoopUtilization().utilization,
    )
    this.gauge(
      'nodejs_eventloop_lag_p99_seconds',
      'Delay of timers since the last look, 99th percentile.',
      () => this.#lag(),
    )
    this.gauge(`posthorn_info{version="${version}"}`, 'The version that runs.', () => 1)
  }

  text(): string {
    return this.#families
      .flatMap(({ name, help, type, lines }) => {
        const bare = name.replace(/\{.*/, '')
        return [`# HELP ${bare} ${help}`, `# TYPE ${bare} ${type}`, ...lines()]
      })
      .join('\n')
      .concat('\n')
  }

  /** The watch costs a timer, so it starts with the first look. */
  #lag(): number {
    if (this.#delay === undefined) {
      this.#delay = monitorEventLoopDelay({ resolution: 50 })
      this.#delay.enable()
      return 0
    }
    const seconds = this.#delay.percentile(99) / 1e9
    this.#delay.reset()
    return seconds
  }

  close(): void {
    this.#delay?.disable()
  }
}

interface Count {
  value: number
}

function counterOf(values: Map<string, Count>, labels: string): Counter {
  // Made when first moved, so that a family which is used with labels has no line without.
  let count: Count | undefined
  return {
    add(amount = 1) {
      count ??= madeIn(values, labels, () => ({ value: 0 }))
      count.value += amount
    },
    of: more => counterOf(values, written(more)),
  }
}

interface Series {
  counts: number[]
  sum: number
  count: number
}

function histogramOf(series: Map<string, Series>, bounds: readonly number[], labels: string): Histogram {
  let one: Series | undefined
  return {
    observe(value) {
      one ??= madeIn(series, labels, () => ({ counts: bounds.map(() => 0), sum: 0, count: 0 }))
      one.sum += value
      one.count++
      for (let i = 0; i < bounds.length; i++)
        if (value <= (bounds[i] ?? 0)) {
          one.counts[i] = (one.counts[i] ?? 0) + 1
          break
        }
    },
    of: more => histogramOf(series, bounds, written(more)),
  }
}

function madeIn<T>(map: Map<string, T>, key: string, make: () => T): T {
  const found = map.get(key) ?? make()
  map.set(key, found)
  return found
}

function written(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replaceAll(/["\\\n]/g, '_')}"`)
    .join(',')
}

function linesOf(name: string, values: Map<string, Count>): string[] {
  if (values.size === 0) return [`${name} 0`]
  return [...values].map(([labels, { value }]) =>
    labels === '' ? `${name} ${value}` : `${name}{${labels}} ${value}`,
  )
}

function histogramLines(
  name: string,
  labels: string,
  bounds: readonly number[],
  { counts, sum, count }: Series,
): string[] {
  const also = labels === '' ? '' : `,${labels}`
  const set = labels === '' ? '' : `{${labels}}`
  let below = 0
  const buckets = bounds.map((bound, i) => {
    below += counts[i] ?? 0
    return `${name}_bucket{le="${bound}"${also}} ${below}`
  })
  return [
    ...buckets,
    `${name}_bucket{le="+Inf"${also}} ${count}`,
    `${name}_sum${set} ${sum}`,
    `${name}_count${set} ${count}`,
  ]
}
