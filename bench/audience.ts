// What people and programs ask of an audience of a million: counts, pages, searches, segments. Beside each engine's
// own walk over the same rows, which a segment cannot beat.
// Usage: node bench/audience.ts [sqlite] [postgresql] [--quick] [--save]
import { sql } from 'kysely'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { reachOf } from '../server/send/segments/segment-reach.ts'
import type { SegmentGroup } from '../server/send/segments/segment-definition.ts'
import type { SubscriberFilter } from '../server/send/audience/subscriber-filter.ts'
import {
  countSubscribers,
  listSubscribers,
  type SubscriberOrder,
} from '../server/send/audience/subscriber-list.ts'
import { addSuppressions } from '../server/send/audience/suppressions.ts'
import { openStorage, type Storage } from '../server/storage/database.ts'
import { parseLocation } from '../server/storage/location.ts'
import { startPostgres } from '../test/postgres-server.ts'
import { fillAudience } from './stand/audience.ts'
import { chosen, readOptions } from './stand/options.ts'
import { Report } from './stand/report.ts'
import { quantile } from './stand/statistics.ts'

const options = readOptions()
const SIZE = options.quick ? 5_000 : 1_000_000
const ROUNDS = options.quick ? 2 : 9
const PAGE = 50
const report = new Report('audience')

if (chosen(options, 'sqlite')) {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-bench-'))
  try {
    await measure('SQLite', `sqlite:${join(folder, 'posthorn.db')}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
if (chosen(options, 'postgresql')) {
  const cluster = await startPostgres(true)
  try {
    await measure('PostgreSQL', cluster.url)
  } finally {
    await cluster.remove()
  }
}
report.end(options.save)

async function measure(engine: string, url: string): Promise<void> {
  const storage = await openStorage(
    parseLocation(url),
    new URL('../server/operations.ts', import.meta.url),
    console.error,
  )
  try {
    const workspace = await storage.write
      .insertInto('workspaces')
      .values({ name: 'bench', created_at: 1, updated_at: 1 })
      .returning('id')
      .executeTakeFirstOrThrow()
    const { tagIds } = await fillAudience(storage, workspace.id, SIZE, { tags: 8, fields: 6 })
    await suppress(storage, workspace.id)
    if (engine === 'PostgreSQL') await sql`vacuum analyze`.execute(storage.write)
    report.say(
      `${engine}, ${SIZE} subscribers with up to 8 tags and 6 fields, 1,000 suppressed; ${ROUNDS} of each`,
    )
    report.say('')
    const bare = await times(() =>
      sql`select count(*) from subscribers where status || '' = 'subscribed'`.execute(storage.survey),
    )
    const rows: string[][] = [line('the walk over all rows, counting', bare, quantile(bare, 0.5))]
    for (const [name, ask] of questions(storage, workspace.id, tagIds))
      rows.push(line(name, await times(ask), quantile(bare, 0.5)))
    report.table(['', 'median ms', 'slowest ms', 'of the walk'], rows)
  } finally {
    await storage.close()
  }
}

type Question = [name: string, ask: () => Promise<unknown>]

function questions(storage: Storage, workspaceId: number, tagIds: number[]): Question[] {
  const [half = 0, fifth = 0, twentieth = 0] = tagIds
  const count = (name: string, filter: SubscriberFilter): Question => [
    `count: ${name}`,
    () => countSubscribers(storage, workspaceId, filter),
  ]
  const list = (name: string, filter: SubscriberFilter, order: SubscriberOrder = 'newest'): Question => [
    `page: ${name}`,
    () => listSubscribers(storage, workspaceId, filter, { order, limit: PAGE }),
  ]
  const segment = (name: string, ...conditions: SegmentGroup['conditions']): Question => [
    `segment: ${name}`,
    () => reachOf(storage, workspaceId, { match: 'all', conditions }),
  ]
  const deep = { id: Math.floor(SIZE / 2), email_key: 'm', last_name: 'Moreau' }
  return [
    count('everybody', {}),
    count('a status', { status: 'unsubscribed' }),
    count('a tag of half of them', { tag_id: half }),
    count('a tag and a status', { tag_id: fifth, status: 'subscribed' }),
    list('newest', {}),
    list('by name', {}, 'name'),
    list('by address', {}, 'email'),
    ...(['newest', 'email', 'name'] as const).map(
      (order): Question => [
        `page: half a million deep, ${order}`,
        () => listSubscribers(storage, workspaceId, {}, { order, after: deep, limit: PAGE }),
      ],
    ),
    list('of a tag', { tag_id: twentieth }),
    list('of a tag, by name', { tag_id: twentieth }, 'name'),
    list('search, one person', { search: 'abramov.1d4' }),
    list('search, a common name', { search: 'schmidt' }),
    list('search, two words', { search: 'zoë nakamura' }),
    list('search, nobody', { search: 'nobodyhasthis' }),
    list('search, two letters', { search: 'xu' }),
    segment('everybody'),
    segment('a tag of half of them', tag('has_any', half)),
    segment('without two tags', tag('has_none', half, fifth)),
    segment('a choice', { on: 'field', key: 'plan', is: 'equals', value: 'team' }),
    segment(
      'a choice, a number and a tag',
      { on: 'field', key: 'plan', is: 'one_of', value: ['team', 'business'] },
      { on: 'field', key: 'age', is: 'greater', value: 40 },
      tag('has_any', fifth),
    ),
    segment('either of four', {
      match: 'any',
      conditions: [
        tag('has_any', twentieth),
        { on: 'email', is: 'ends_with', value: 'shop.test' },
        { on: 'field', key: 'interests', is: 'includes_any', value: ['food'] },
        { on: 'field', key: 'birthday', is: 'before', value: '1980-01-01' },
      ],
    }),
    segment('never clicked', { on: 'activity', is: 'clicked_none', ever: true }),
  ]
}

function tag(is: 'has_any' | 'has_none', ...value: number[]) {
  return { on: 'tag', is, value } as const
}

async function suppress(storage: Storage, workspaceId: number): Promise<void> {
  const some = await storage.read
    .selectFrom('subscribers')
    .select('email_key')
    .orderBy('id')
    .limit(Math.min(1_000, SIZE / 10))
    .execute()
  await addSuppressions(
    storage.write,
    workspaceId,
    some.map(({ email_key }) => ({ kind: 'address', value: email_key })),
    { reason: 'manual', evidence: '' },
    { userId: null },
  )
}

async function times(ask: () => Promise<unknown>): Promise<number[]> {
  const took: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const begun = performance.now()
    await ask()
    took.push(performance.now() - begun)
  }
  return took
}

function line(name: string, took: number[], bare: number): string[] {
  const median = quantile(took, 0.5)
  return [name, median.toFixed(1), Math.max(...took).toFixed(1), (median / bare).toFixed(2)]
}
