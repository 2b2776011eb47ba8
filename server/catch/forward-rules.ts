import type { Selectable } from 'kysely'
import { Problem } from '../problem.ts'
import type { Database, Tables } from '../storage/schema.ts'
import { StorageFault } from '../storage/faults.ts'
import { provedIn } from './forward-targets.ts'

type ForwardRuleRow = Selectable<Tables['forward_rules']>

export interface ForwardRule extends ForwardRuleRow {
  /** Only what comes in from then on is forwarded; null: its address or domain is not proved. */
  active_since: number | null
}

export type RuleContent = Pick<ForwardRule, 'forward_type' | 'forward_value'>

/** Per workspace (contract, section 6.2). */
const MAX_RULES = 300

/** By ascending id. */
export async function rulesOf(db: Database, workspaceId: number, inboxId: number): Promise<ForwardRule[]> {
  const rows = await db
    .selectFrom('forward_rules')
    .selectAll()
    .where('inbox_id', '=', inboxId)
    .orderBy('id')
    .execute()
  const provedSince = await provedIn(
    db,
    workspaceId,
    rows.map(row => ({ kind: row.forward_type, value: row.forward_value })),
  )
  return rows.map(row => {
    const proved = provedSince(row.forward_type, row.forward_value)
    return { ...row, active_since: proved === undefined ? null : Math.max(proved, row.updated_at) }
  })
}

/** @throws Problem `invalid` */
export async function createRule(
  db: Database,
  workspaceId: number,
  inboxId: number,
  content: RuleContent,
  now = Date.now(),
): Promise<number> {
  return once(() =>
    db.transaction().execute(async trx => {
      const { count } = await trx
        .selectFrom('forward_rules')
        .innerJoin('inboxes', 'inboxes.id', 'forward_rules.inbox_id')
        .innerJoin('projects', 'projects.id', 'inboxes.project_id')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('projects.workspace_id', '=', workspaceId)
        .executeTakeFirstOrThrow()
      if (count >= MAX_RULES)
        throw new Problem('invalid', '', {
          fields: { base: [`has too many forward rules (maximum is ${MAX_RULES})`] },
        })
      const { id } = await trx
        .insertInto('forward_rules')
        .values({ inbox_id: inboxId, ...content, created_at: now, updated_at: now })
        .returning('id')
        .executeTakeFirstOrThrow()
      await startCursor(trx, inboxId)
      return id
    }),
  )
}

/** A changed rule is a new one: what came in before is none of its business. */
export async function changeRule(
  db: Database,
  id: number,
  content: RuleContent,
  now = Date.now(),
): Promise<void> {
  await once(() =>
    db
      .updateTable('forward_rules')
      .set({ ...content, updated_at: now })
      .where('id', '=', id)
      .execute(),
  )
}

export async function deleteRule(db: Database, id: number): Promise<void> {
  await db.deleteFrom('forward_rules').where('id', '=', id).execute()
}

/** What is in the inbox already was asked for by nobody. */
async function startCursor(db: Database, inboxId: number): Promise<void> {
  const newest = await db
    .selectFrom('messages')
    .select('id')
    .where('inbox_id', '=', inboxId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  await db
    .insertInto('forward_cursors')
    .values({ inbox_id: inboxId, message_id: newest?.id ?? 0 })
    .onConflict(conflict => conflict.column('inbox_id').doNothing())
    .execute()
}

async function once<T>(change: () => Promise<T>): Promise<T> {
  try {
    return await change()
  } catch (error) {
    if (!(error instanceof StorageFault) || error.kind !== 'duplicate') throw error
    throw new Problem('invalid', '', { fields: { forward_value: ['has already been taken'] } })
  }
}
