import type { Selectable } from 'kysely'
import { randomBytes } from 'node:crypto'
import type { Secrets } from '../accounts/secrets.ts'
import { Problem } from '../problem.ts'
import type { Database, Tables } from '../storage/schema.ts'
import { addressKey, domainKey } from './forward-copy.ts'

/** An address or a domain outside whose owner may agree to be sent mail from a workspace. */
export type ForwardTarget = Selectable<Tables['forward_targets']>

/** Links count for so long after they were sent. */
const LINK_COUNTS_FOR_MS = 7 * 86_400_000
const ASK_AGAIN_AFTER_MS = 60_000
/** Nobody is to write to half the world from here by asking it for confirmation. */
const ASKED_PER_HOUR = 30

const MAX_TARGETS = 1000
const PURPOSE = 'forward-target'

/** @throws Problem `invalid`, about `field` */
export function targetValue(kind: ForwardTarget['kind'], given: string, field: string): string {
  const value = kind === 'email' ? addressKey(given.trim()) : domainKey(given)
  if (value === undefined)
    throw new Problem('invalid', '', {
      fields: { [field]: [given.trim() === '' ? "can't be blank" : 'is invalid'] },
    })
  return value
}

/** By ascending id. */
export function targetsOf(db: Database, workspaceId: number): Promise<ForwardTarget[]> {
  return db
    .selectFrom('forward_targets')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .orderBy('id')
    .execute()
}

export function findTarget(
  db: Database,
  workspaceId: number,
  id: number,
): Promise<ForwardTarget | undefined> {
  return db
    .selectFrom('forward_targets')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** The target that is there already, or a new one that waits for its proof. */
export async function ensureTarget(
  db: Database,
  workspaceId: number,
  kind: ForwardTarget['kind'],
  value: string,
): Promise<ForwardTarget> {
  const here = db
    .selectFrom('forward_targets')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('kind', '=', kind)
    .where('value', '=', value)
  const known = await here.executeTakeFirst()
  if (known !== undefined) return known
  const { count } = await db
    .selectFrom('forward_targets')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirstOrThrow()
  if (count >= MAX_TARGETS)
    throw new Problem('invalid', '', {
      fields: { base: [`has too many addresses (maximum is ${MAX_TARGETS})`] },
    })
  const row = {
    workspace_id: workspaceId,
    kind,
    value,
    status: 'pending' as const,
    proof: randomBytes(16).toString('hex'),
    created_at: Date.now(),
    asked_at: null,
    confirmed_at: null,
  }
  await db
    .insertInto('forward_targets')
    .values(row)
    .onConflict(conflict => conflict.columns(['workspace_id', 'kind', 'value']).doNothing())
    .execute()
  return here.executeTakeFirstOrThrow()
}

export async function deleteTarget(db: Database, target: Pick<ForwardTarget, 'id'>): Promise<void> {
  await db.deleteFrom('forward_targets').where('id', '=', target.id).execute()
}

/**
 * Marks that its owner is asked now, if that may be: once a minute, and not too many of one workspace in an hour.
 * @throws Problem `too_many`
 */
export async function markAsked(db: Database, target: ForwardTarget, now = Date.now()): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('forward_targets')
    .set({ asked_at: now })
    .where('id', '=', target.id)
    .where(({ or, eb }) => or([eb('asked_at', 'is', null), eb('asked_at', '<=', now - ASK_AGAIN_AFTER_MS)]))
    .where(({ selectFrom, val }) =>
      // Counted in the same statement: two requests at once do not both get the last one.
      selectFrom('forward_targets as others')
        .select(({ fn, eb }) => eb(fn.countAll<number>(), '<', val(ASKED_PER_HOUR)).as('few'))
        .where('others.workspace_id', '=', target.workspace_id)
        .where('others.kind', '=', 'email')
        .where('others.asked_at', '>', now - 3_600_000)
        .$castTo<{ few: boolean }>(),
    )
    .executeTakeFirst()
  if (Number(numUpdatedRows) === 0)
    throw new Problem('too_many', 'Its owner has just been asked; try again later', { retryAfter: 60 })
}

/** Its owner agreed. Once is enough: a second time changes nothing. */
export async function confirmTarget(db: Database, target: ForwardTarget): Promise<ForwardTarget> {
  const now = Date.now()
  await db
    .updateTable('forward_targets')
    .set({ status: 'active', confirmed_at: now })
    .where('id', '=', target.id)
    .where('status', '=', 'pending')
    .execute()
  return { ...target, status: 'active', confirmed_at: target.confirmed_at ?? now }
}

/** What the link says: nobody who reads the database alone can make one. */
export function confirmationToken(secrets: Secrets, target: Pick<ForwardTarget, 'id' | 'proof'>): string {
  return `${target.id}.${secrets.sign(PURPOSE, `${target.id} ${target.proof}`)}`
}

/** @throws Problem `absent`: forged, of a target that was deleted, or too old */
export async function targetOfToken(
  db: Database,
  secrets: Secrets,
  token: string,
  now = Date.now(),
): Promise<ForwardTarget> {
  const [id = '', signature = ''] = token.split('.')
  const target = /^\d{1,15}$/.test(id)
    ? await db
        .selectFrom('forward_targets')
        .selectAll()
        .where('id', '=', Number(id))
        .where('kind', '=', 'email')
        .executeTakeFirst()
    : undefined
  const isGenuine = target !== undefined && secrets.verify(PURPOSE, `${target.id} ${target.proof}`, signature)
  const isOver =
    target?.status === 'pending' && (target.asked_at === null || target.asked_at < now - LINK_COUNTS_FOR_MS)
  if (!isGenuine || isOver) throw new Problem('absent', 'This link does not count, or not any more')
  return target
}

/** Where the proof of a domain is looked for, and what must stand there. */
export function proofRecord({ value, proof }: Pick<ForwardTarget, 'value' | 'proof'>): {
  names: string[]
  value: string
} {
  return { names: [`_posthorn.${value}`, value], value: `posthorn-verification=${proof}` }
}

/** @param txt rejects if DNS does not answer */
export async function isDomainProved(
  target: ForwardTarget,
  txt: (name: string) => Promise<string[]>,
): Promise<boolean> {
  const record = proofRecord(target)
  const found = await Promise.all(record.names.map(txt))
  return found.flat().some(text => text.trim() === record.value)
}

/**
 * Since when mail may be sent there: the address itself was confirmed, or its domain was proved. Undefined: it may not.
 * @param address as `addressKey` writes it
 */
export async function provedSince(
  db: Database,
  workspaceId: number,
  kind: ForwardTarget['kind'],
  value: string,
): Promise<number | undefined> {
  return (await provedIn(db, workspaceId, [{ kind, value }]))(kind, value)
}

/** The same for many at once. */
export async function provedIn(
  db: Database,
  workspaceId: number,
  wanted: readonly Pick<ForwardTarget, 'kind' | 'value'>[],
): Promise<(kind: ForwardTarget['kind'], value: string) => number | undefined> {
  const values = new Set(wanted.flatMap(({ value }) => [value, domainOf(value)]))
  const rows =
    values.size === 0
      ? []
      : await db
          .selectFrom('forward_targets')
          .select(['kind', 'value', 'confirmed_at'])
          .where('workspace_id', '=', workspaceId)
          .where('status', '=', 'active')
          .where('value', 'in', [...values])
          .execute()
  const since = new Map(rows.map(row => [`${row.kind} ${row.value}`, row.confirmed_at ?? 0]))
  return (kind, value) => {
    const ways = [since.get(`${kind} ${value}`), since.get(`domain ${domainOf(value)}`)]
    const known = ways.filter(way => way !== undefined)
    return known.length === 0 ? undefined : Math.min(...known)
  }
}

function domainOf(value: string): string {
  return value.slice(value.lastIndexOf('@') + 1)
}
