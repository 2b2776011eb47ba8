// Searching a million messages, half of them in one inbox, newest first: over HTTP, and the same queries in this
// process. No text is searched for twice, so that no answer comes out of a cache.
// Usage: node bench/search.ts [--quick] [--save]
import { join } from 'node:path'
import { findByHead, findByText } from '../server/catch/messages.ts'
import { openStorage } from '../server/storage/database.ts'
import type { Database } from '../server/storage/schema.ts'
import { startOurs } from './stand/contestants.ts'
import { fullStorage } from './stand/full-storage.ts'
import { type HttpLoad, httpLoad } from './stand/http-load.ts'
import { subjectWords } from './stand/mails.ts'
import { readOptions } from './stand/options.ts'
import { Report } from './stand/report.ts'
import { median, quantile } from './stand/statistics.ts'

const options = readOptions()
const stored = options.quick ? 600 : 1_000_000
const runs = options.quick ? 1 : 5
const seconds = options.quick ? 0.1 : 3
const ROUNDS = options.quick ? 10 : 300

interface Search {
  name: string
  /** A text, and below which id. */
  wish(random: number): { text: string; before?: number }
}

const anyIndex = (random: number) => Math.floor(random * (stored / 2)) * 2
const below = (random: number, share: number) => Math.ceil(stored * (1 - random * share))

const SEARCHES: Search[] = [
  { name: 'one message', wish: random => ({ text: `order ${anyIndex(random)} ` }) },
  { name: 'a word of 1 in 500', wish: random => ({ text: subjectWords(anyIndex(random))[0] }) },
  { name: 'what all have', wish: random => ({ text: 'confirmed', before: below(random, 0.05) }) },
  { name: 'what all have, anywhere', wish: random => ({ text: 'confirmed', before: below(random, 1) }) },
  { name: 'two words', wish: random => ({ text: subjectWords(anyIndex(random)).join(' ') }) },
  { name: 'nothing', wish: random => ({ text: `zyx${Math.floor(random * 1e9)}` }) },
]

async function overHttp(report: Report, dataDir: string): Promise<void> {
  const ours = await startOurs('Posthorn', { POSTHORN_DATA_DIR: dataDir })
  try {
    const calls = [
      {
        name: 'API V1, substring: ',
        path: ({ text, before }: ReturnType<Search['wish']>) =>
          `/api/v1/inboxes/1/messages?search=${encodeURIComponent(text)}${before ? `&last_id=${before}` : ''}`,
      },
      {
        name: 'web app, words or substring: ',
        path: ({ text, before }: ReturnType<Search['wish']>) =>
          `/api/posthorn/inboxes/1/messages?search=${encodeURIComponent(text)}${before ? `&before=${before}` : ''}`,
      },
    ]
    const rows: string[][] = []
    for (const call of calls)
      for (const search of SEARCHES) {
        const loads: HttpLoad[] = []
        for (let run = 0; run < runs; run++) {
          const paths = Array.from({ length: options.quick ? 50 : 20_000 }, () =>
            call.path(search.wish(Math.random())),
          )
          loads.push(await httpLoad(ours.posthorn.url, { paths, connections: 1, seconds }))
        }
        const of = (figure: keyof HttpLoad) => median(loads.map(load => load[figure]))
        rows.push([
          call.name + search.name,
          of('rate').toFixed(0),
          of('p50').toFixed(2),
          of('p99').toFixed(2),
        ])
      }
    report.table(['over HTTP, one by one', 'requests/s', 'p50 ms', 'p99 ms'], rows)
  } catch (error) {
    console.error(ours.posthorn.output())
    throw error
  } finally {
    await ours.stop()
  }
}

async function inProcess(report: Report, dataDir: string): Promise<void> {
  const storage = await openStorage(
    { engine: 'sqlite', file: join(dataDir, 'posthorn.db') },
    new URL('../server/catch/keep.ts', import.meta.url),
    error => console.error(error),
  )
  try {
    const rows: string[][] = []
    for (const [name, find] of [
      ['substring: ', findByHead],
      ['words or substring: ', findByText],
    ] as const)
      for (const search of SEARCHES) {
        const { took, found } = await time(storage.read, search, find)
        rows.push([
          name + search.name,
          found.toFixed(1),
          quantile(took, 0.5).toFixed(3),
          quantile(took, 0.99).toFixed(3),
        ])
      }
    report.table(['in process, one by one', 'found, of 30', 'p50 ms', 'p99 ms'], rows)
  } finally {
    await storage.close()
  }
}

async function time(
  db: Database,
  { wish }: Search,
  find: typeof findByHead,
): Promise<{ took: number[]; found: number }> {
  const took: number[] = []
  let found = 0
  for (let round = 0; round < ROUNDS; round++) {
    const { text, before } = wish(Math.random())
    const begun = performance.now()
    found += (await find(db, 1, text, { before, limit: 30 })).length
    took.push(performance.now() - begun)
  }
  return { took, found: found / ROUNDS }
}

const report = new Report('search')
const dataDir = await fullStorage(stored)
report.say(
  `${stored} messages generated, half of them in this inbox; HTTP: medians of ${runs} runs of ${seconds} s`,
)
await overHttp(report, dataDir)
await inProcess(report, dataDir)
report.end(options.save)
