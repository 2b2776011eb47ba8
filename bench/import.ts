// Importing a million subscribers in random order, with tags and two custom fields, on both databases; csv-parse reads
// the same file beside it, before and after. A mail is sent every 50 ms meanwhile: how long it waits for its 250.
// With --kill N a smaller import is killed with SIGKILL at N random moments instead, and counted.
// Usage: node bench/import.ts [--rows 1000000] [--kill 10] [--seed 1] [--quick] [--save] [sqlite|postgres]
import { parse } from 'csv-parse'
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { importKillRun } from '../test/import-kill-run.ts'
import { ADMIN_API_TOKEN } from '../test/posthorn.ts'
import { startPostgres } from '../test/postgres-server.ts'
import { randomFrom } from '../test/random.ts'
import { startOurs, startOursOnPostgres } from './stand/contestants.ts'
import { shopMail } from './stand/mails.ts'
import { residentMegabytes } from './stand/processor.ts'
import { Report } from './stand/report.ts'
import { smtpLoad } from './stand/smtp-load.ts'
import { median, quantile } from './stand/statistics.ts'

const { values, positionals } = parseArgs({
  options: {
    rows: { type: 'string' },
    kill: { type: 'string' },
    seed: { type: 'string', default: '1' },
    quick: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
  },
  allowPositionals: true,
})
const rows = Number(values.rows ?? (values.quick ? 2_000 : values.kill === undefined ? 1_000_000 : 200_000))
const engines = (['sqlite', 'postgres'] as const).filter(
  engine => positionals.length === 0 || positionals.includes(engine),
)

const FIRST =
  'Anna Ben Clara David Emma Finn Greta Hugo Ida Jonas Klara Leon Mia Noah Olga Paul Rosa Sam Tina Uwe'.split(
    ' ',
  )
const LAST = 2_000
const TOWNS = 500

/** Last names as unevenly spread as real ones: the commonest is one in some hundred. */
async function writeFile(path: string): Promise<void> {
  const random = randomFrom(20261121)
  const out = createWriteStream(path)
  const lastName = () => Math.floor(LAST * (random(1_000_000) / 1_000_000) ** 3)
  let text = 'email,first_name,last_name,tags,age,town\n'
  for (let i = 0; i < rows; i++) {
    // Each number below `rows` once, far from its neighbours.
    const person = (i * 1_000_003) % rows
    const first = FIRST[random(FIRST.length)] ?? ''
    text += `${first.toLowerCase()}.${person}@${['mail.test', 'example.org', 'firm.example'][random(3)]},${first},Name${lastName()},"news ${random(20)},shop ${random(20)}",${18 + random(70)},Town ${random(TOWNS)}\n`
    if (text.length < 1 << 20 && i < rows - 1) continue
    if (!out.write(text)) await once(out, 'drain')
    text = ''
  }
  out.end()
  await once(out, 'close')
}

interface Alone {
  seconds: number
  cpu: number
}

/** What csv-parse needs to make objects of the rows, in a process that has nothing else to do. */
async function csvParse(path: string): Promise<Alone> {
  const begun = performance.now()
  const before = process.cpuUsage()
  let count = 0
  for await (const _ of createReadStream(path).pipe(parse({ columns: true }))) count++
  if (count !== rows) throw new Error(`csv-parse read ${count} rows`)
  const { user, system } = process.cpuUsage(before)
  return { seconds: (performance.now() - begun) / 1000, cpu: (user + system) / 1e6 }
}

interface Measured extends Alone {
  peak: number
  before: number
  waits: number[]
}

async function measure(engine: 'sqlite' | 'postgres', path: string): Promise<Measured> {
  const ours = engine === 'sqlite' ? await startOurs('Posthorn') : await startOursOnPostgres('Posthorn')
  const { posthorn } = ours
  const call = async (method: string, url: string, body?: unknown) => {
    const response = await fetch(`${posthorn.url}/api/posthorn${url}`, {
      method,
      headers: {
        'api-token': ADMIN_API_TOKEN,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(await response.text())
    return response.json() as Promise<{
      import: { id: number; status: string; rows: number; created: number }
    }>
  }
  try {
    const upload = await fetch(`${posthorn.url}/api/posthorn/imports`, {
      method: 'POST',
      headers: {
        'api-token': ADMIN_API_TOKEN,
        'content-type': 'text/csv',
        'content-length': String(statSync(path).size),
      },
      body: createReadStream(path) as never,
      duplex: 'half',
    } as RequestInit)
    const { import: brought } = (await upload.json()) as { import: { id: number } }
    for (const [label, kind] of [
      ['Age', 'number'],
      ['Town', 'text'],
    ])
      await call('POST', '/fields', { label, kind })
    const before = residentMegabytes(posthorn.pid)
    let peak = before
    const memory = setInterval(() => (peak = Math.max(peak, residentMegabytes(posthorn.pid))), 50)
    const mails = { connections: 1, mails: Array.from({ length: 20 }, (_, i) => shopMail(i, 4)), pauseMs: 50 }
    const begun = performance.now()
    const cpuBefore = ours.cpuSeconds()
    await call('POST', `/imports/${brought.id}/start`, {})
    const waits: number[] = []
    for (;;) {
      waits.push(...(await smtpLoad(ours.smtpPort, { ...mails, seconds: values.quick ? 0.2 : 1 })).latencies)
      const { import: found } = await call('GET', `/imports/${brought.id}`)
      if (found.status === 'running') continue
      if (found.status !== 'done' || found.created !== rows) throw new Error(JSON.stringify(found))
      break
    }
    const { import: ended } = (await call('GET', `/imports/${brought.id}`)) as unknown as {
      import: { finished_at: string }
    }
    const seconds = (Date.parse(ended.finished_at) - (Date.now() - (performance.now() - begun))) / 1000
    clearInterval(memory)
    return { seconds, cpu: ours.cpuSeconds() - cpuBefore, peak, before, waits }
  } finally {
    await ours.stop()
  }
}

async function speed(folder: string): Promise<void> {
  const report = new Report('import')
  const path = join(folder, 'subscribers.csv')
  await writeFile(path)
  report.say(`${rows} rows, ${(statSync(path).size / 1e6).toFixed(0)} MB`)
  const parsed = [await csvParse(path)]
  const found: [string, Measured][] = []
  for (const engine of engines) {
    await pause(values.quick ? 0 : 3_000)
    found.push([
      engine === 'sqlite' ? 'Posthorn, SQLite' : 'Posthorn, PostgreSQL',
      await measure(engine, path),
    ])
    parsed.push(await csvParse(path))
  }
  const alone = {
    seconds: median(parsed.map(({ seconds }) => seconds)),
    cpu: median(parsed.map(({ cpu }) => cpu)),
  }
  report.table(
    [
      '',
      'seconds',
      'rows/s',
      '× csv-parse',
      'CPU-s',
      '× csv-parse',
      'MB at rest',
      'MB at most',
      '250 p50 ms',
      '250 p99 ms',
      '250 max ms',
    ],
    [
      [
        'csv-parse alone',
        alone.seconds.toFixed(1),
        (rows / alone.seconds).toFixed(0),
        '1.0',
        alone.cpu.toFixed(1),
        '1.0',
      ],
      ...found.map(([name, { seconds, cpu, before, peak, waits }]) => [
        name,
        seconds.toFixed(1),
        (rows / seconds).toFixed(0),
        (seconds / alone.seconds).toFixed(1),
        cpu.toFixed(1),
        (cpu / alone.cpu).toFixed(1),
        before.toFixed(0),
        peak.toFixed(0),
        quantile(waits, 0.5).toFixed(0),
        quantile(waits, 0.99).toFixed(0),
        Math.max(...waits).toFixed(0),
      ]),
    ],
  )
  report.end(values.save)
}

async function kills(count: number): Promise<void> {
  const report = new Report('import, killed')
  report.say(`${rows} rows, killed at ${count} random moments, seed ${values.seed}`)
  for (const engine of engines) {
    const cluster = engine === 'postgres' ? await startPostgres(true) : undefined
    try {
      const found = await importKillRun({
        rows,
        kills: count,
        seed: Number(values.seed),
        options: { ...(cluster && { databaseUrl: cluster.url }), env: { POSTHORN_LOG: 'warn' } },
      })
      report.say(`${engine}: killed ${found.kills} times, at rows ${found.stood.join(', ')}`)
      report.say(found.wrong.length === 0 ? '  every row exactly once' : `  WRONG: ${found.wrong.join('; ')}`)
      if (found.wrong.length > 0) process.exitCode = 1
    } finally {
      await cluster?.remove()
    }
  }
  report.end(values.save)
}

const folder = mkdtempSync(join(tmpdir(), 'posthorn-bench-import-'))
try {
  if (values.kill === undefined) await speed(folder)
  else await kills(Number(values.kill))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
