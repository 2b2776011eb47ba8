import { domainToASCII } from 'node:url'
import type { Selectable } from 'kysely'
import { Problem } from '../problem.ts'
import { StorageFault } from '../storage/faults.ts'
import type { Database, Tables } from '../storage/schema.ts'

export type CorsDomain = Selectable<Tables['cors_domains']>

/** Where pages may stand that call the API with the user's token; by ascending id. */
export function corsDomainsOf(db: Database, userId: number): Promise<CorsDomain[]> {
  return db.selectFrom('cors_domains').selectAll().where('user_id', '=', userId).orderBy('id').execute()
}

/** @throws Problem `absent` */
export async function corsDomain(db: Database, userId: number, id: number): Promise<CorsDomain> {
  const found = await db
    .selectFrom('cors_domains')
    .selectAll()
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .executeTakeFirst()
  if (found === undefined) throw new Problem('absent')
  return found
}

/** @throws Problem `invalid` */
export function createCorsDomain(db: Database, userId: number, given: string): Promise<CorsDomain> {
  const domain = domainFrom(given)
  return onceOnly(() =>
    db
      .insertInto('cors_domains')
      .values({ user_id: userId, domain, created_at: Date.now() })
      .returningAll()
      .executeTakeFirstOrThrow(),
  )
}

/** @throws Problem `invalid`, `absent`: deleted meanwhile */
export async function changeCorsDomain(db: Database, id: number, given: string): Promise<CorsDomain> {
  const domain = domainFrom(given)
  const changed = await onceOnly(() =>
    db.updateTable('cors_domains').set({ domain }).where('id', '=', id).returningAll().executeTakeFirst(),
  )
  if (changed === undefined) throw new Problem('absent')
  return changed
}

export async function deleteCorsDomain(db: Database, id: number): Promise<void> {
  await db.deleteFrom('cors_domains').where('id', '=', id).execute()
}

/** @param userId absent: whether anybody has it */
export async function corsDomainIsKnown(db: Database, domain: string, userId?: number): Promise<boolean> {
  const found = await db
    .selectFrom('cors_domains')
    .select('id')
    .where('domain', '=', domain)
    .$if(userId !== undefined, query => query.where('user_id', '=', userId ?? 0))
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}

/** A host name alone, in the form in which browsers write it in Origin: lower case, ASCII. */
function domainFrom(given: string): string {
  const text = given.trim()
  if (text === '') throw invalid("can't be blank")
  const domain = /[/:@?#[\]\\%\s]/.test(text) ? '' : domainToASCII(text)
  const labels = domain.split('.')
  if (domain.length > 253 || !labels.every(label => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label)))
    throw invalid('is invalid')
  return domain
}

async function onceOnly<T>(change: () => Promise<T>): Promise<T> {
  try {
    return await change()
  } catch (error) {
    if (error instanceof StorageFault && error.kind === 'duplicate') throw invalid('has already been taken')
    throw error
  }
}

function invalid(message: string): Problem {
  return new Problem('invalid', '', { fields: { domain: [message] } })
}
