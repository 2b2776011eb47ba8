import type { Selectable } from 'kysely'
import type { Secrets } from '../../accounts/secrets.ts'
import { storable } from '../../accounts/storable.ts'
import { Problem } from '../../problem.ts'
import { hold } from '../../storage/claiming.ts'
import type { Database, Tables } from '../../storage/schema.ts'
import type { ServiceLimits } from '../sending/limits.ts'
import type { SettingValues } from './email-service-types.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

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

/** What is told of a service besides what it was given. */
export interface ServiceUse {
  /** Campaigns that name it. */
  campaigns: number
  /** Mails handed over since the hour and the day began, by UTC; counted of what has a limit. */
  hour: number
  day: number
}

/** Of each service of the workspace that is used at all. */
export async function useOfServices(
  db: Database,
  workspaceId: number,
  now = Date.now(),
): Promise<Map<number, ServiceUse>> {
  const uses = new Map<number, ServiceUse>()
  const useOf = (id: number) => {
    const use = uses.get(id) ?? { campaigns: 0, hour: 0, day: 0 }
    uses.set(id, use)
    return use
  }
  const campaigns = await db
    .selectFrom('campaigns')
    .select(({ fn }) => ['email_service_id', fn.countAll<number>().as('count')])
    .where('workspace_id', '=', workspaceId)
    .where('email_service_id', 'is not', null)
    .groupBy('email_service_id')
    .execute()
  for (const row of campaigns) useOf(row.email_service_id ?? 0).campaigns = Number(row.count)
  const spans = await db
    .selectFrom('service_usage')
    .innerJoin('email_services', 'email_services.id', 'service_usage.email_service_id')
    .select(['email_service_id', 'span', 'used'])
    .where('workspace_id', '=', workspaceId)
    .where(({ and, or }) =>
      or([
        and({ span: 'hour', started_at: now - (now % HOUR) }),
        and({ span: 'day', started_at: now - (now % DAY) }),
      ]),
    )
    .execute()
  for (const { email_service_id, span, used } of spans) useOf(email_service_id)[span] = used
  return uses
}

export interface NewEmailService {
  name: string
  typeId: number
  settings: SettingValues
  limits?: ServiceLimits
  nextServiceId?: number | null
}

/** @throws Problem `invalid`: the service that is to take over is none of theirs */
export async function createEmailService(
  trx: Database,
  secrets: Secrets,
  workspaceId: number,
  { name, typeId, settings, limits = {}, nextServiceId = null }: NewEmailService,
  now = Date.now(),
): Promise<EmailService> {
  await checkNext(trx, workspaceId, undefined, nextServiceId)
  return trx
    .insertInto('email_services')
    .values({
      workspace_id: workspaceId,
      name: storable(name),
      type_id: typeId,
      settings: secrets.seal(JSON.stringify(settings)),
      limits: limitsText(limits),
      next_service_id: nextServiceId,
      created_at: now,
      updated_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** What is absent stays as it is. */
export type EmailServiceChanges = Partial<Omit<NewEmailService, 'typeId'>>

/**
 * New settings are another chance for a service that was down.
 * @throws Problem `absent`: it is gone; `invalid`: two would take over from each other
 */
export async function changeEmailService(
  trx: Database,
  secrets: Secrets,
  { id, workspace_id }: Pick<EmailService, 'id' | 'workspace_id'>,
  { name, settings, limits, nextServiceId }: EmailServiceChanges,
  now = Date.now(),
): Promise<EmailService> {
  if (nextServiceId !== undefined) await checkNext(trx, workspace_id, id, nextServiceId)
  const changed = await trx
    .updateTable('email_services')
    .set({
      ...(name !== undefined && { name: storable(name) }),
      ...(settings && {
        settings: secrets.seal(JSON.stringify(settings)),
        down_until: null,
        down_reason: null,
        down_since: null,
      }),
      ...(limits && { limits: limitsText(limits) }),
      ...(nextServiceId !== undefined && { next_service_id: nextServiceId }),
      updated_at: now,
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  if (changed === undefined) throw new Problem('absent')
  return changed
}

/** @throws Problem `invalid`: a campaign uses it, mail waits for it, or it takes over from another */
export async function deleteEmailService(
  trx: Database,
  { id, workspace_id }: Pick<EmailService, 'id' | 'workspace_id'>,
): Promise<void> {
  // A campaign that is being given this service waits, and then finds it gone.
  await hold(trx, servicesOf(trx, workspace_id))
  const campaign = await trx
    .selectFrom('campaigns')
    .select('id')
    .where('email_service_id', '=', id)
    .limit(1)
    .executeTakeFirst()
  if (campaign !== undefined)
    refuse(
      'email_service',
      'You cannot delete an email service that is currently used by a campaign or automation.',
    )
  const mail = await trx
    .selectFrom('deliveries')
    .select('id')
    .where('campaign_id', 'is', null)
    .where('email_service_id', '=', id)
    .where('status', 'in', ['pending', 'claimed'])
    .limit(1)
    .executeTakeFirst()
  if (mail !== undefined)
    refuse('email_service', 'You cannot delete an email service that mail is still waiting for.')
  const other = await trx
    .selectFrom('email_services')
    .select('name')
    .where('next_service_id', '=', id)
    .where('workspace_id', '=', workspace_id)
    .executeTakeFirst()
  if (other !== undefined)
    refuse(
      'email_service',
      `You cannot delete an email service that takes over from another one: ${other.name}.`,
    )
  await trx.deleteFrom('email_services').where('id', '=', id).execute()
}

function limitsText(limits: ServiceLimits): string | null {
  return Object.keys(limits).length === 0 ? null : JSON.stringify(limits)
}

function servicesOf(db: Database, workspaceId: number) {
  return db
    .selectFrom('email_services')
    .select(['id', 'next_service_id'])
    .where('workspace_id', '=', workspaceId)
    .orderBy('id')
}

/** @param id undefined: one that is new, from which nobody leads back */
async function checkNext(
  trx: Database,
  workspaceId: number,
  id: number | undefined,
  nextId: number | null,
): Promise<void> {
  if (nextId === null) return
  // Two that are changed at once could close a circle between them.
  await hold(trx, servicesOf(trx, workspaceId))
  const services = await servicesOf(trx, workspaceId).execute()
  const nextOf = new Map(services.map(service => [service.id, service.next_service_id]))
  if (!nextOf.has(nextId)) refuse('next_service_id', 'The selected next service id is invalid.')
  // No further than there are services: a circle that does not lead here is none of this one's.
  let at: number | null | undefined = nextId
  for (let steps = 0; steps < services.length && at !== null && at !== undefined; steps++) {
    if (at === id) refuse('next_service_id', 'Email services cannot take over from each other in a circle.')
    at = nextOf.get(at)
  }
}

function refuse(field: string, message: string): never {
  throw new Problem('invalid', '', { fields: { [field]: [message] } })
}
