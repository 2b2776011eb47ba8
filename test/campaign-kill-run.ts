// Nobody lost, nobody twice: a campaign held against real processes that are killed, and a server that misbehaves.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { queueCampaign } from '../server/send/campaigns/campaign-states.ts'
import { campaignById } from '../server/send/campaigns/campaigns.ts'
import { subscriberRow } from '../server/send/audience/subscribers.ts'
import { insertRows } from '../server/storage/bulk.ts'
import { openDatabase } from '../server/storage/database.ts'
import { parseLocation } from '../server/storage/location.ts'
import type { Database } from '../server/storage/schema.ts'
import { type Posthorn, type PosthornOptions, startPosthorn, WORKSPACE_API_TOKEN } from './posthorn.ts'
import { randomFrom } from './random.ts'
import { recorded, type SinkMode } from './smtp-sink.ts'
import { startSinkProcess, type SinkProcess } from './smtp-sink-process.ts'

export interface CampaignKillRun {
  recipients: number
  kills: number
  seed: number
  signal?: 'SIGKILL' | 'SIGTERM'
  /** What the sink does between two kills, in turn; `hang` and `drop` for a moment only, or nothing would go on. */
  modes?: readonly SinkMode[]
  ambiguous?: 'ask' | 'retry'
  /** Processes on the one database; the first is killed. */
  nodes?: 1 | 2
  options: PosthornOptions
}

export interface CampaignKillCount {
  kills: number
  /** How many had been sent at each kill. */
  stood: number[]
  taken: number
  /** Recipients whom nobody has handed anything, though the ledger does not say so. */
  lost: string[]
  /** Recipients to whom it was handed twice. */
  twice: string[]
  /** Those of them that the ledger does not list as ambiguous. */
  unlisted: string[]
  ambiguous: number
  wrong: string[]
}

const MOMENT_MS = 400

/** What servers do to those who hand mail over. */
export const MISBEHAVIOUR: readonly SinkMode[] = [
  { messagesEach: 20 },
  { greylist: true },
  { drop: true },
  { dieAfterDot: 0.005 },
  { hang: true },
]

export async function campaignKillRun(run: CampaignKillRun): Promise<CampaignKillCount> {
  const { recipients, kills, seed, signal = 'SIGKILL', modes = [{}], nodes = 1 } = run
  const random = randomFrom(seed)
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-kill-'))
  const record = join(folder, 'taken')
  const sink = await startSinkProcess({ record })
  const options = {
    ...run.options,
    env: {
      POSTHORN_RETRY_SCALE: '0.02',
      POSTHORN_SECRET_KEY: 'the same on every node',
      ...run.options.env,
    },
  }
  const posthorn = await startPosthorn(options)
  const second = nodes === 2 ? await startPosthorn(options) : undefined
  const db = await openDatabase(
    parseLocation(options.databaseUrl ?? `sqlite:${join(posthorn.dataDir, 'posthorn.db')}`),
  )
  const stood: number[] = []
  try {
    await addPeople(db, recipients)
    const id = await begin(posthorn, db, sink.port, run.ambiguous ?? 'ask')
    for (let kill = 1; kill <= kills; kill++) {
      const goal = Math.floor((recipients * (kill - 1 + random(1000) / 1000)) / (kills + 1))
      const at = await untilSent(db, id, goal)
      if (at.isOver) break
      await misbehave(sink, modes[kill % modes.length] ?? {})
      await pause(random(60))
      await posthorn.kill(signal)
      stood.push(at.sent)
      await posthorn.restart()
    }
    await sink.setMode({})
    await untilSent(db, id, Number.POSITIVE_INFINITY)
    const counted = await count(db, id, record, recipients)
    if (counted.wrong.length > 0) counted.wrong.push(...complaints(posthorn))
    return { kills: stood.length, stood, ...counted }
  } finally {
    await db.destroy()
    await second?.stop()
    await posthorn.stop()
    await sink.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What the server itself had to say. */
function complaints(posthorn: Posthorn): string[] {
  return posthorn
    .output()
    .split('\n')
    .filter(line => /"level":"(?:warn|error)"|warn|error/i.test(line))
    .slice(-20)
}

async function misbehave(sink: SinkProcess, mode: SinkMode): Promise<void> {
  await sink.setMode(mode)
  if (mode.hang !== true && mode.drop !== true) return
  await pause(MOMENT_MS)
  await sink.setMode({})
}

const person = (at: number) =>
  subscriberRow(1, { email: `p${at}@kill${at % 7}.test`, first_name: `P${at}`, source: 'import' }, 1_000)

async function addPeople(db: Database, many: number): Promise<void> {
  for (let from = 0; from < many; from += 5_000)
    await db.transaction().execute(trx =>
      insertRows(
        trx,
        'subscribers',
        Array.from({ length: Math.min(5_000, many - from) }, (_, at) => person(from + at)),
      ),
    )
}

async function begin(posthorn: Posthorn, db: Database, port: number, ambiguous: string): Promise<number> {
  await db
    .insertInto('sending_settings')
    .values({ workspace_id: 1, settings: JSON.stringify({ ambiguous, pause_failure_rate: 1 }) })
    .execute()
  const service = await ask<{ id: number }>(posthorn, '/email-services', {
    name: 'sink',
    type_id: 6,
    settings: { host: '127.0.0.1', port, encryption: null },
  })
  const campaign = await ask<{ id: number }>(posthorn, '/campaigns', {
    name: 'Kill',
    subject: 'For {{first_name}}',
    content: '<p>Hello {{first_name}}, <a href="https://example.com/">look</a>.</p>',
    from_name: 'Ours',
    from_email: 'news@example.org',
    email_service_id: service.id,
    send_to_all: 1,
    scheduled_at: '2020-01-01 00:00:00',
  })
  const row = await campaignById(db, 1, campaign.id)
  if (row !== undefined) await queueCampaign(db, row)
  return campaign.id
}

interface Standing {
  sent: number
  isOver: boolean
}

async function untilSent(db: Database, id: number, goal: number): Promise<Standing> {
  for (const deadline = Date.now() + 600_000; Date.now() < deadline; await pause(15)) {
    const row = await db
      .selectFrom('campaigns')
      .innerJoin('campaign_totals', 'campaign_totals.campaign_id', 'campaigns.id')
      .select(['campaigns.status_id', 'campaigns.pause_reason', 'campaign_totals.sent'])
      .where('campaigns.id', '=', id)
      .executeTakeFirstOrThrow()
    if (row.pause_reason !== null) throw new Error(`it paused: ${row.pause_reason}`)
    const isOver = row.status_id === 4
    if (isOver || row.sent >= goal) return { sent: row.sent, isOver }
  }
  throw new Error('the campaign does not end')
}

async function count(
  db: Database,
  id: number,
  record: string,
  recipients: number,
): Promise<Omit<CampaignKillCount, 'kills' | 'stood'>> {
  const rows = await db
    .selectFrom('deliveries')
    .select(['id', 'email', 'status', 'sent_at'])
    .where('campaign_id', '=', id)
    .execute()
  const listed = await sql<{ delivery_id: number }>`select delivery_id from delivery_events
    where campaign_id = ${id} and kind = 'ambiguous'`.execute(db)
  const ambiguous = new Set(listed.rows.map(row => row.delivery_id))
  const handed = new Map<string, number>()
  for (const [key, times] of recorded(record)) {
    const address = key.slice(key.indexOf('\t') + 1)
    handed.set(address, (handed.get(address) ?? 0) + times)
  }
  const of = (status: string) => rows.filter(row => row.status === status)
  const twice = rows.filter(({ email }) => (handed.get(email) ?? 0) > 1)
  const facts: [string, unknown, unknown][] = [
    ['rows', rows.length, recipients],
    ['people', new Set(rows.map(({ email }) => email)).size, recipients],
    ['pending or claimed', of('pending').length + of('claimed').length, 0],
    ['failed or skipped', of('failed').length + of('skipped').length, 0],
    ['ambiguous without a word about it', of('ambiguous').filter(row => !ambiguous.has(row.id)).length, 0],
    ['sent or ambiguous', of('sent').length + of('ambiguous').length, recipients],
  ]
  return {
    taken: [...handed.values()].reduce((sum, times) => sum + times, 0),
    lost: of('sent')
      .filter(({ email }) => !handed.has(email))
      .map(({ email }) => email),
    twice: twice.map(({ email }) => email),
    unlisted: twice.filter(row => !ambiguous.has(row.id)).map(({ email }) => email),
    ambiguous: ambiguous.size,
    wrong: facts
      .filter(([, is, should]) => is !== should)
      .map(([what, is, should]) => `${what}: ${is}, not ${should}`),
  }
}

async function ask<T>(posthorn: Posthorn, path: string, body: unknown): Promise<T> {
  const response = await fetch(`${posthorn.url}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${WORKSPACE_API_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return ((await response.json()) as { data: T }).data
}
