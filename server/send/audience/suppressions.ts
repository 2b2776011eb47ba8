import { type RawBuilder, type Selectable, sql, type SqlBool } from 'kysely'
import { storable } from '../../accounts/storable.ts'
import { Problem } from '../../problem.ts'
import { insertRows } from '../../storage/bulk.ts'
import type { Database, Tables } from '../../storage/schema.ts'
import { domainOf, emailKey, type By } from './subscribers.ts'

/** An address, or a whole domain, that a workspace writes to no more, whoever is or will be its subscriber. */
export type Suppression = Selectable<Tables['suppressions']>

export interface Target {
  kind: Suppression['kind']
  /** Lower case. */
  value: string
}

const PORTION = 500
const MAX_EVIDENCE = 1000

/** With an @ before something it is an address; undefined: it is neither that nor a domain. */
export function targetIn(text: string): Target | undefined {
  const value = emailKey(text).replace(/^@/, '')
  if (value.length > 320 || !/^[^\s@<>(),;:"\\]+(@[^\s@<>(),;:"\\]+)?$/.test(value)) return undefined
  if (value.includes('@')) return { kind: 'address', value }
  return /^[^.]+(\.[^.]+)+$/.test(value) ? { kind: 'domain', value } : undefined
}

/**
 * Puts them on the list; those that are there stay as they are.
 * @returns how many are new
 */
export async function addSuppressions(
  trx: Database,
  workspaceId: number,
  targets: readonly Target[],
  why: { reason: Suppression['reason']; evidence: string },
  { userId }: By,
  now = Date.now(),
): Promise<number> {
  const evidence = storable(why.evidence).slice(0, MAX_EVIDENCE)
  let added = 0
  for (let from = 0; from < targets.length; from += PORTION) {
    const portion = targets.slice(from, from + PORTION)
    const known = await among(trx, workspaceId, portion)
    const fresh = new Map(portion.map(target => [`${target.kind} ${target.value}`, target]))
    for (const { kind, value } of known) fresh.delete(`${kind} ${value}`)
    await insertRows(
      trx,
      'suppressions',
      [...fresh.values()].map(({ kind, value }) => ({
        workspace_id: workspaceId,
        kind,
        value,
        reason: why.reason,
        evidence,
        user_id: userId,
        created_at: now,
      })),
    )
    added += fresh.size
  }
  return added
}

function among(db: Database, workspaceId: number, targets: readonly Target[]): Promise<Suppression[]> {
  return db
    .selectFrom('suppressions')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where(({ eb, or }) =>
      or(
        (['address', 'domain'] as const).map(kind => {
          const values = targets.filter(target => target.kind === kind).map(({ value }) => value)
          return values.length === 0
            ? sql<SqlBool>`1 = 0`
            : eb.and([eb('kind', '=', kind), eb('value', 'in', values)])
        }),
      ),
    )
    .execute()
}

/** @throws Problem `absent` */
export async function removeSuppression(
  trx: Database,
  workspaceId: number,
  id: number,
): Promise<Suppression> {
  const gone = await trx
    .deleteFrom('suppressions')
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  if (gone === undefined) throw new Problem('absent')
  return gone
}

export function suppressionById(
  db: Database,
  workspaceId: number,
  id: number,
): Promise<Suppression | undefined> {
  return db
    .selectFrom('suppressions')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
}

interface Wish {
  search?: string | undefined
  kind?: Suppression['kind'] | undefined
  /** Only this one. */
  exactly?: Target | undefined
}

/** Newest first, with the name of whoever put them there. */
export function listSuppressions(
  db: Database,
  workspaceId: number,
  wish: Wish & { before?: number | undefined; limit: number },
): Promise<(Suppression & { user_name: string | null })[]> {
  let query = db
    .selectFrom('suppressions')
    .leftJoin('users', 'users.id', 'suppressions.user_id')
    .selectAll('suppressions')
    .select('users.name as user_name')
    .where(fits(workspaceId, wish))
    .orderBy('suppressions.id', 'desc')
    .limit(wish.limit)
  if (wish.before !== undefined) query = query.where('suppressions.id', '<', wish.before)
  return query.execute()
}

export async function countSuppressions(db: Database, workspaceId: number, wish: Wish): Promise<number> {
  const { count } = await db
    .selectFrom('suppressions')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where(fits(workspaceId, wish))
    .executeTakeFirstOrThrow()
  return count
}

function fits(workspaceId: number, { search = '', kind, exactly }: Wish): RawBuilder<SqlBool> {
  const like = `%${emailKey(search).replace(/[\\%_]/g, '\\$&')}%`
  return sql<SqlBool>`suppressions.workspace_id = ${workspaceId}
    ${kind === undefined ? sql`` : sql`and suppressions.kind = ${kind}`}
    ${exactly === undefined ? sql`` : sql`and suppressions.kind = ${exactly.kind} and suppressions.value = ${exactly.value}`}
    ${search === '' ? sql`` : sql`and suppressions.value like ${like} escape '\\'`}`
}

/** What keeps mail from this address; its own entry comes before that of its domain. */
export async function suppressionOf(
  db: Database,
  workspaceId: number,
  email: string,
): Promise<Suppression | undefined> {
  const key = emailKey(email)
  return (await suppressedAmong(db, workspaceId, [key])).get(key)
}

/**
 * Those of the addresses, in lower case, that are not to be written to, and why. A domain is exactly that domain:
 * those below it are others, often other people's.
 */
export async function suppressedAmong(
  db: Database,
  workspaceId: number,
  emailKeys: readonly string[],
): Promise<Map<string, Suppression>> {
  const found = new Map<string, Suppression>()
  for (let from = 0; from < emailKeys.length; from += PORTION) {
    const keys = emailKeys.slice(from, from + PORTION)
    const rows = await among(db, workspaceId, [
      ...keys.map(value => ({ kind: 'address' as const, value })),
      ...[...new Set(keys.map(domainOf))].map(value => ({ kind: 'domain' as const, value })),
    ])
    const by = new Map(rows.map(row => [`${row.kind} ${row.value}`, row]))
    for (const key of keys) {
      const row = by.get(`address ${key}`) ?? by.get(`domain ${domainOf(key)}`)
      if (row !== undefined) found.set(key, row)
    }
  }
  return found
}
