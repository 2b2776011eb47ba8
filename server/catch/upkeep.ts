import { sql } from 'kysely'
import type { Database } from '../storage/schema.ts'
import { unindexMessages } from '../storage/search-index.ts'
import { strayEntries } from '../storage/search-upkeep.ts'
import { removeRaw } from './raw.ts'

/** Rows per transaction: new mail gets its turn between two of them. */
const PER_TURN = 500

/** Inboxes whose counters differ from what is in them. */
export async function miscountedInboxes(db: Database): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select i.id from inboxes i left join (
      select inbox_id, count(*) as messages, count(case when is_read = 0 then 1 end) as unread
      from messages group by inbox_id
    ) c on c.inbox_id = i.id
    where i.emails_count <> coalesce(c.messages, 0) or i.emails_unread_count <> coalesce(c.unread, 0)
    order by i.id
  `.execute(db)
  return rows.map(row => row.id)
}

export async function recountInbox(db: Database, id: number): Promise<void> {
  await db.transaction().execute(async trx => {
    // Holds the row first: what is being kept right now is counted before or after, never between.
    await trx.updateTable('inboxes').set({ version: sql`version + 1` }).where('id', '=', id).execute()
    await sql`
      update inboxes set
        emails_count = (select count(*) from messages where inbox_id = ${id}),
        emails_unread_count = (select count(*) from messages where inbox_id = ${id} and is_read = 0)
      where id = ${id}
    `.execute(trx)
  })
}

/** Rows that belong to nothing, by what they are. */
export interface Orphans {
  /** Of inboxes that are gone. */
  messages: number
  /** The others are of messages that are gone. */
  raw: number
  packs: number
  attachments: number
  reports: number
  entries: number
}

const ORPHANS = {
  messages: sql<{ id: number }>`select id from messages where inbox_id not in (select id from inboxes)`,
  raw: sql<{ id: number }>`select message_id as id from raw_messages r
    where not exists (select 1 from messages m where m.id = r.message_id)`,
  packs: sql<{ id: number }>`select id from raw_packs p
    where not exists (select 1 from raw_messages r where r.pack_id = p.id)`,
  attachments: sql<{ id: number }>`select id from attachments a
    where not exists (select 1 from messages m where m.id = a.message_id)`,
  reports: sql<{ id: number }>`select id from message_reports p
    where not exists (select 1 from messages m where m.id = p.message_id)`,
}

export async function countOrphans(db: Database): Promise<Orphans> {
  const count = async (kind: keyof typeof ORPHANS) => {
    const { rows } = await sql<{
      count: number
    }>`select count(*) as count from (${ORPHANS[kind]}) as o`.execute(db)
    return rows[0]?.count ?? 0
  }
  return {
    messages: await count('messages'),
    raw: await count('raw'),
    packs: await count('packs'),
    attachments: await count('attachments'),
    reports: await count('reports'),
    entries: (await strayEntries(db, 10_000)).length,
  }
}

/** Messages whose bytes are not there: nothing here can bring those back. */
export async function countBodiless(db: Database): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from messages m where not exists (
      select 1 from raw_messages r join raw_packs p on p.id = r.pack_id where r.message_id = m.id
    )
  `.execute(db)
  return rows[0]?.count ?? 0
}

export async function removeOrphans(db: Database): Promise<void> {
  await inTurns(db, ORPHANS.messages, async (trx, ids) => {
    await trx.deleteFrom('messages').where('id', 'in', ids).execute()
  })
  await inTurns(db, ORPHANS.raw, removeRaw)
  // A pack that nothing names may hold the very bytes that a message has lost: then they are not thrown away.
  if ((await countBodiless(db)) === 0)
    await inTurns(db, ORPHANS.packs, async (trx, ids) => {
      await trx.deleteFrom('raw_packs').where('id', 'in', ids).execute()
    })
  await inTurns(db, ORPHANS.attachments, async (trx, ids) => {
    await trx.deleteFrom('attachments').where('id', 'in', ids).execute()
  })
  await inTurns(db, ORPHANS.reports, async (trx, ids) => {
    await trx.deleteFrom('message_reports').where('id', 'in', ids).execute()
  })
  for (;;) {
    const gone = await db.transaction().execute(async trx => {
      const ids = await strayEntries(trx, PER_TURN)
      await unindexMessages(trx, ids)
      return ids.length
    })
    if (gone < PER_TURN) return
  }
}

async function inTurns(
  db: Database,
  orphans: (typeof ORPHANS)[keyof typeof ORPHANS],
  remove: (trx: Database, ids: number[]) => Promise<void>,
): Promise<void> {
  for (;;) {
    const gone = await db.transaction().execute(async trx => {
      const { rows } = await sql<{ id: number }>`${orphans} limit ${PER_TURN}`.execute(trx)
      if (rows.length > 0)
        await remove(
          trx,
          rows.map(row => row.id),
        )
      return rows.length
    })
    if (gone < PER_TURN) return
  }
}
