// Durable ingest: 5 KB mails answered 250 when they are on disk, in the list and searchable. Beside it, in the same
// run: smtp-sink, which throws them away, and MailDev, which keeps them in memory. Needs Debian's package postfix
// (smtp-source and smtp-sink; its daemon is not started) and PostgreSQL.
// Usage: node bench/ingest.ts [--quick] [--save] [names of contestants …]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import {
  type Contestant,
  startMailDev,
  startOurs,
  startOursOnPostgres,
  startSink,
} from './stand/contestants.ts'
import { syncedAppends } from './stand/disk.ts'
import { shopMail } from './stand/mails.ts'
import { chosen, readOptions } from './stand/options.ts'
import { Probe, type Seen } from './stand/probe.ts'
import { Report } from './stand/report.ts'
import { smtpLoad } from './stand/smtp-load.ts'
import { postfixIsHere, smtpSource } from './stand/smtp-source.ts'
import { median, quantile } from './stand/statistics.ts'

const options = readOptions()
const runs = options.quick ? 1 : 5
const seconds = options.quick ? 0.2 : 3
const sustained = options.quick ? 0.5 : 60
const connectionCounts = options.quick ? [10] : [1, 10, 50]

const mails = Array.from({ length: options.quick ? 50 : 3000 }, (_, index) => shopMail(index))
const folder = mkdtempSync(join(tmpdir(), 'posthorn-bench-'))
const file = join(folder, 'mail')
writeFileSync(file, mails[0]?.toString().replaceAll('\r\n', '\n') ?? '')

interface Round {
  rate: number
  cpu: number
}

/** So many messages as take about the time wanted; smtp-source is told a number, not a time. */
const pace = new Map<Contestant, number>()

async function round(contestant: Contestant, connections: number): Promise<Round> {
  const messages = Math.max(100, Math.ceil((pace.get(contestant) ?? 500) * seconds))
  const cpu = contestant.cpuSeconds()
  const rate = await smtpSource(contestant.smtpPort, { connections, messages, file })
  pace.set(contestant, rate)
  return { rate, cpu: ((contestant.cpuSeconds() - cpu) / messages) * 1000 }
}

async function throughput(report: Report, contestants: Contestant[], connections: number): Promise<void> {
  const rounds = contestants.map(() => [] as Round[])
  for (const contestant of contestants) await round(contestant, connections)
  for (let run = 0; run < runs; run++)
    for (const [at, contestant] of contestants.entries())
      rounds[at]?.push(await round(contestant, connections))
  const rates = rounds.map(some => median(some.map(({ rate }) => rate)))
  report.table(
    [`smtp-source, ${connections} connections`, 'messages/s', '× smtp-sink', 'CPU-s per 1000'],
    contestants.map(({ name }, at) => [
      name,
      (rates[at] ?? 0).toFixed(0),
      ratio(rates[at], rates[0]),
      median(rounds[at]?.map(({ cpu }) => cpu) ?? []).toFixed(3),
    ]),
  )
}

async function latency(report: Report, contestants: Contestant[], connections: number): Promise<void> {
  const rates = contestants.map(() => [] as number[])
  const latencies = contestants.map(() => [] as number[])
  const cpus = contestants.map(() => [] as number[])
  for (let run = 0; run < runs; run++)
    for (const [at, contestant] of contestants.entries()) {
      const cpu = contestant.cpuSeconds()
      const load = await smtpLoad(contestant.smtpPort, { connections, seconds, mails })
      rates[at]?.push(load.messages / load.seconds)
      cpus[at]?.push(((contestant.cpuSeconds() - cpu) / load.messages) * 1000)
      latencies[at]?.push(...load.latencies)
    }
  const medians = rates.map(median)
  report.table(
    [
      `no two mails alike, ${connections} connections`,
      'messages/s',
      '× smtp-sink',
      'p50 to 250, ms',
      'p99, ms',
      'CPU-s per 1000',
    ],
    contestants.map(({ name }, at) => [
      name,
      (medians[at] ?? 0).toFixed(0),
      ratio(medians[at], medians[0]),
      quantile(latencies[at] ?? [], 0.5).toFixed(2),
      quantile(latencies[at] ?? [], 0.99).toFixed(2),
      median(cpus[at] ?? []).toFixed(3),
    ]),
  )
}

/** A minute without a pause: does it keep the pace, does memory stay, and can what was kept be seen meanwhile? */
async function endure(report: Report, contestants: Contestant[], idle: number[]): Promise<void> {
  const rows: string[][] = []
  for (const [at, contestant] of contestants.entries()) {
    const memory: number[] = []
    const seen: Seen[] = []
    const probe = contestant.posthorn && (await Probe.into(contestant.posthorn))
    const over = new AbortController()
    const watching = repeat(over.signal, 250, () => memory.push(contestant.residentMegabytes()))
    const probing = probe && repeat(over.signal, 50, async () => seen.push(await probe.send()))
    const load = await smtpLoad(contestant.smtpPort, { connections: 50, seconds: sustained, mails })
    over.abort()
    await Promise.all([watching, probing])
    const third = Math.ceil(memory.length / 3)
    rows.push([
      contestant.name,
      (load.messages / load.seconds).toFixed(0),
      quantile(load.latencies, 0.99).toFixed(1),
      (idle[at] ?? 0).toFixed(0),
      median(memory.slice(0, third)).toFixed(0),
      median(memory.slice(-third)).toFixed(0),
      Math.max(...memory).toFixed(0),
      spread(seen.map(({ listed }) => listed)),
      spread(seen.map(({ found }) => found)),
    ])
  }
  report.table(
    [
      `${sustained} s, 50 connections`,
      'messages/s',
      'p99 to 250, ms',
      'MB idle',
      'first third',
      'last third',
      'peak',
      'listed after 250, p50/p99 ms',
      'found by search, p50/p99 ms',
    ],
    rows,
  )
}

async function repeat(over: AbortSignal, pauseMs: number, work: () => unknown): Promise<void> {
  while (!over.aborted) {
    await work()
    await pause(pauseMs)
  }
}

function ratio(value = 0, base = 0): string {
  return (value / base).toFixed(2)
}

function spread(values: number[]): string {
  return values.length === 0
    ? '–'
    : `${quantile(values, 0.5).toFixed(1)} / ${quantile(values, 0.99).toFixed(1)}`
}

async function main(): Promise<void> {
  const report = new Report('ingest')
  const bytes = mails.reduce((sum, mail) => sum + mail.length, 0) / mails.length
  report.say(
    `multipart/alternative of ${bytes.toFixed(0)} bytes on average, loopback, generator on the same machine; medians of ${runs} runs of ${seconds} s`,
  )
  report.say('')
  const contestants: Contestant[] = []
  try {
    contestants.push(await startSink())
    if (chosen(options, 'posthorn')) contestants.push(await startOurs('Posthorn'))
    if (chosen(options, 'postgresql') && !options.quick)
      contestants.push(await startOursOnPostgres('Posthorn, PostgreSQL'))
    if (chosen(options, 'maildev') && !options.quick) contestants.push(await startMailDev())
    await pause(options.quick ? 0 : 2000)
    const idle = contestants.map(contestant => contestant.residentMegabytes())
    for (const connections of connectionCounts) {
      const disk = syncedAppends(folder, seconds)
      report.say(
        `the disk before it: append 5 KB + fdatasync ${disk.rate.toFixed(0)}/s, p99 ${disk.p99.toFixed(2)} ms`,
      )
      await throughput(report, contestants, connections)
      await latency(report, contestants, connections)
    }
    await endure(report, contestants, idle)
    report.end(options.save)
  } finally {
    for (const contestant of contestants) await contestant.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

if (postfixIsHere) await main()
else {
  console.error('bench/ingest needs smtp-source and smtp-sink: apt-get install postfix')
  process.exitCode = 1
}
