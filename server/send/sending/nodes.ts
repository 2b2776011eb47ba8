import { sql } from 'kysely'
import { databaseClock } from '../../storage/clock.ts'
import type { Database } from '../../storage/schema.ts'

/** A node holds what it has claimed for so long without being heard of; it stops handing over after half of it. */
export const LEASE_MS = 60_000

/** @param name for people: machine and process */
export async function registerNode(db: Database, name: string): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into sending_nodes (name, seen_at) values (${name}, ${databaseClock(db)}) returning id`.execute(db)
  return rows[0]?.id ?? 0
}

/** @returns how many nodes are at work, this one included */
export async function sayAlive(db: Database, node: number): Promise<number> {
  await sql`update sending_nodes set seen_at = ${databaseClock(db)} where id = ${node}`.execute(db)
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from sending_nodes where seen_at > ${databaseClock(db)} - ${LEASE_MS / 4}`.execute(
    db,
  )
  return Math.max(1, Number(rows[0]?.count))
}

export async function removeNode(db: Database, node: number): Promise<void> {
  await db.deleteFrom('sending_nodes').where('id', '=', node).execute()
}

export async function isHeardOf(db: Database, node: number): Promise<boolean> {
  const { rows } = await sql`select 1 from sending_nodes
    where id = ${node} and seen_at > ${databaseClock(db)} - ${LEASE_MS}`.execute(db)
  return rows.length > 0
}

/** Those that hold rows and fell silent, or that nobody knows. */
export async function silentNodes(db: Database): Promise<number[]> {
  const { rows } = await sql<{ node: number }>`
    select distinct claimed_by as node from deliveries where status = 'claimed' and not exists (
      select 1 from sending_nodes where sending_nodes.id = claimed_by
      and seen_at > ${databaseClock(db)} - ${LEASE_MS})`.execute(db)
  return rows.map(({ node }) => node)
}

/** Of long ago. */
export async function forgetNodes(db: Database): Promise<void> {
  await sql`delete from sending_nodes where seen_at < ${databaseClock(db)} - ${10 * LEASE_MS}
    and not exists (select 1 from deliveries where claimed_by = sending_nodes.id and status = 'claimed')`.execute(
    db,
  )
}
