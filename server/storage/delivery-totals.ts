import { type Kysely, sql } from 'kysely'
import type { Columns } from './columns.ts'
import type { Database } from './schema.ts'

const STATUSES = ['draft', 'pending', 'claimed', 'sent', 'failed', 'skipped', 'ambiguous'] as const

/** Columns of totals that count deliveries to which something has happened, by the column that says when. */
const MOMENTS = {
  delivered: 'delivered_at',
  opened: 'opened_at',
  machine_opened: 'machine_opened_at',
  clicked: 'clicked_at',
  machine_clicked: 'machine_clicked_at',
  bounced: 'bounced_at',
  complained: 'complained_at',
  unsubscribed: 'unsubscribed_at',
} as const
/** Columns of totals that add up a column. */
const SUMS = { opens: 'open_count', clicks: 'click_count' } as const

/**
 * What became of the deliveries of each campaign. Counting a million of them takes a fifth of a second, and a campaign
 * under way is looked at every second: so the numbers move with every write, in its transaction, and no query can
 * forget them.
 */
export async function totalTheDeliveries(
  db: Kysely<unknown>,
  { engine, integer }: Pick<Columns, 'engine' | 'integer'>,
): Promise<void> {
  let table = db.schema
    .createTable('campaign_totals')
    .addColumn('campaign_id', integer, c =>
      c.primaryKey().notNull().references('campaigns.id').onDelete('cascade'),
    )
  for (const name of ['total', ...STATUSES, ...Object.keys(MOMENTS), ...Object.keys(SUMS)])
    table = table.addColumn(name, integer, c => c.notNull().defaultTo(0))
  await table.execute()
  await sql`insert into campaign_totals (campaign_id) select id from campaigns`.execute(db)
  for (const statement of engine === 'sqlite' ? byRow() : byStatement()) await sql.raw(statement).execute(db)
}

/** For rows that were copied together with what had been counted of them. */
export async function recountDeliveries(db: Database): Promise<void> {
  await sql`delete from campaign_totals`.execute(db)
  await sql`insert into campaign_totals (campaign_id) select id from campaigns`.execute(db)
  const counted = columns().map(([name, of]) => `sum(${of('deliveries')}) as ${name}`)
  await sql`update campaign_totals set ${sql.raw(
    names()
      .map(name => `${name} = counted.${name}`)
      .join(),
  )} from (select campaign_id as id, ${sql.raw(counted.join())} from deliveries
    where campaign_id is not null group by campaign_id) as counted where campaign_id = counted.id`.execute(db)
}

type Counts = (row: string) => string

function columns(): [name: string, of: Counts][] {
  return [['total', () => '1'], ...ofStatus(), ...ofMoments()]
}

function names(): string[] {
  return columns().map(([name]) => name)
}

function ofStatus(): [string, Counts][] {
  return STATUSES.map(status => [status, row => `case when ${row}.status = '${status}' then 1 else 0 end`])
}

function ofMoments(): [string, Counts][] {
  return [
    ...Object.entries(MOMENTS).map(([name, column]): [string, Counts] => [
      name,
      row => `case when ${row}.${column} is null then 0 else 1 end`,
    ]),
    ...Object.entries(SUMS).map(([name, column]): [string, Counts] => [name, row => `${row}.${column}`]),
  ]
}

/** Two triggers for updates: that of a hand-over, a hundred thousand times as frequent, counts its status only. */
function byRow(): string[] {
  const moments = [...Object.values(MOMENTS), ...Object.values(SUMS)]
  return [
    `create trigger deliveries_totalled_in after insert on deliveries begin
       ${moved(columns(), 'new', null)} end`,
    `create trigger deliveries_totalled_out after delete on deliveries begin
       ${moved(columns(), null, 'old')} end`,
    `create trigger deliveries_totalled_status after update of status on deliveries
     when old.status <> new.status begin ${moved(ofStatus(), 'new', 'old')} end`,
    `create trigger deliveries_totalled_moments after update of ${moments.join()} on deliveries begin
       ${moved(ofMoments(), 'new', 'old')} end`,
  ]
}

function moved(some: [string, Counts][], added: string | null, removed: string | null): string {
  const change = ([name, of]: [string, Counts]) =>
    `${name} = ${name}${added === null ? '' : ` + ${of(added)}`}${removed === null ? '' : ` - ${of(removed)}`}`
  return `update campaign_totals set ${some.map(change).join()} where campaign_id = ${added ?? removed}.campaign_id;`
}

/** Once for each statement: a thousand updates of one row would be a thousand dead rows. */
function byStatement(): string[] {
  const seen = { insert: ['added'], delete: ['removed'], update: ['added', 'removed'] } as const
  const move = (event: keyof typeof seen) => {
    const parts = seen[event].map(rows => sums(rows, rows === 'added' ? '' : '-')).join(' union all ')
    return `update campaign_totals as totals set ${names()
      .map(name => `${name} = totals.${name} + moved.${name}`)
      .join()} from (select campaign_id, ${names()
      .map(name => `sum(${name}) as ${name}`)
      .join()} from (${parts}) as parts group by campaign_id order by campaign_id) as moved
      where totals.campaign_id = moved.campaign_id;`
  }
  const reference = {
    insert: 'new table as added',
    delete: 'old table as removed',
    update: 'new table as added old table as removed',
  }
  return (['insert', 'delete', 'update'] as const).flatMap(event => [
    `create function posthorn_total_${event}() returns trigger language plpgsql as $$
     begin ${move(event)} return null; end $$`,
    `create trigger deliveries_totalled_${event} after ${event} on deliveries
     referencing ${reference[event]} for each statement execute function posthorn_total_${event}()`,
  ])
}

function sums(rows: string, sign: '' | '-'): string {
  const counted = columns().map(([name, of]) => `${sign}sum(${of('given')}) as ${name}`)
  return `select campaign_id, ${counted.join()} from ${rows} as given
    where campaign_id is not null group by campaign_id`
}
