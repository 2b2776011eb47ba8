import type { Selectable } from 'kysely'
import type { Secrets } from '../../accounts/secrets.ts'
import { storable } from '../../accounts/storable.ts'
import { Problem } from '../../problem.ts'
import { hold } from '../../storage/claiming.ts'
import type { Database, Tables } from '../../storage/schema.ts'
import type { SettingValues } from './email-service-types.ts'

export type EmailService = Selectable<Tables['email_services']>

export function emailServiceById(
  db: Database,
  workspaceId: number,
  id: number,
): Promise<EmailService | undefined> {
  return db
    .selectFrom('email_services')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** The oldest first. */
export function listEmailServices(
  db: Database,
  workspaceId: number,
  { limit, offset = 0 }: { limit: number; offset?: number },
): Promise<EmailService[]> {
  return db
    .selectFrom('email_services')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .orderBy('id')
    .limit(limit)
    .offset(offset)
    .execute()
}

export async function countEmailServices(db: Database, workspaceId: number): Promise<number> {
  const { count } = await db
    .selectFrom('email_services')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** @throws Error if they were sealed with another key */
export function serviceSettings(secrets: Secrets, { settings }: EmailService): SettingValues {
  return JSON.parse(secrets.open(settings))
}

export function createEmailService(
  db: Database,
  secrets: Secrets,
  workspaceId: number,
  { name, typeId, settings }: { name: string; typeId: number; settings: SettingValues },
  now = Date.now(),
): Promise<EmailService> {
  return db
    .insertInto('email_services')
    .values({
      workspace_id: workspaceId,
      name: storable(name),
      type_id: typeId,
      settings: secrets.seal(JSON.stringify(settings)),
      created_at: now,
      updated_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/**
 * @param changes settings absent: as they are
 * @throws Problem `absent`: it is gone
 */
export async function changeEmailService(
  db: Database,
  secrets: Secrets,
  { id }: Pick<EmailService, 'id'>,
  { name, settings }: { name: string; settings: SettingValues | undefined },
  now = Date.now(),
): Promise<EmailService> {
  const changed = await db
    .updateTable('email_services')
    .set({
      name: storable(name),
      ...(settings && { settings: secrets.seal(JSON.stringify(settings)) }),
      updated_at: now,
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  if (changed === undefined) throw new Problem('absent')
  return changed
}

/** @throws Problem `invalid`: a campaign uses it */
export async function deleteEmailService(trx: Database, { id }: Pick<EmailService, 'id'>): Promise<void> {
  // A campaign that is being given this service waits, and then finds it gone.
  await hold(trx, trx.selectFrom('email_services').select('id').where('id', '=', id))
  const user = await trx
    .selectFrom('campaigns')
    .select('id')
    .where('email_service_id', '=', id)
    .limit(1)
    .executeTakeFirst()
  if (user !== undefined)
    throw new Problem('invalid', '', {
      fields: {
        email_service: [
          'You cannot delete an email service that is currently used by a campaign or automation.',
        ],
      },
    })
  await trx.deleteFrom('email_services').where('id', '=', id).execute()
}
