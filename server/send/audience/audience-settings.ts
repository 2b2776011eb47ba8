import { storable } from '../../accounts/storable.ts'
import { Problem } from '../../problem.ts'
import type { Database } from '../../storage/schema.ts'
import { LOCALES } from '../public/texts.ts'

/** How a workspace shows itself to those it writes to. */
export interface AudienceSettings {
  /** Empty: the workspace's own name. */
  public_name: string
  /** As `#3355aa`. */
  colour: string
  /** Of public pages and their mails; empty: whatever the reader's browser asks for. */
  locale: string
}

const DEFAULTS: AudienceSettings = { public_name: '', colour: '#3355aa', locale: '' }
const MAX_NAME = 255

export async function audienceSettings(db: Database, workspaceId: number): Promise<AudienceSettings> {
  const row = await db
    .selectFrom('audiences')
    .select(['public_name', 'colour', 'locale'])
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirst()
  return row ?? DEFAULTS
}

/** @throws Problem `invalid` */
export async function changeAudienceSettings(
  trx: Database,
  workspaceId: number,
  changes: Partial<AudienceSettings>,
  now = Date.now(),
): Promise<AudienceSettings> {
  const before = await audienceSettings(trx, workspaceId)
  const settings = {
    public_name: storable(changes.public_name ?? before.public_name).trim(),
    colour: (changes.colour ?? before.colour).trim().toLowerCase(),
    locale: changes.locale ?? before.locale,
  }
  const faults: Record<string, string[]> = {}
  if (settings.public_name.length > MAX_NAME)
    faults.public_name = [`must not be longer than ${MAX_NAME} characters`]
  if (!/^#[0-9a-f]{6}$/.test(settings.colour)) faults.colour = ['must be a colour as #3355aa']
  if (settings.locale !== '' && !LOCALES.includes(settings.locale as (typeof LOCALES)[number]))
    faults.locale = [`must be one of ${LOCALES.join(', ')}`]
  if (Object.keys(faults).length > 0) throw new Problem('invalid', '', { fields: faults })
  await trx
    .insertInto('audiences')
    .values({ workspace_id: workspaceId, ...settings, updated_at: now })
    .onConflict(conflict => conflict.column('workspace_id').doUpdateSet({ ...settings, updated_at: now }))
    .execute()
  return settings
}

/** What its public pages and mails need to know. */
export interface Sender {
  workspaceId: number
  name: string
  colour: string
  locale: string
}

/** Undefined: the workspace is gone. */
export async function senderOf(db: Database, workspaceId: number): Promise<Sender | undefined> {
  const workspace = await db
    .selectFrom('workspaces')
    .select('name')
    .where('id', '=', workspaceId)
    .executeTakeFirst()
  if (workspace === undefined) return undefined
  const { public_name, colour, locale } = await audienceSettings(db, workspaceId)
  return { workspaceId, name: public_name || workspace.name, colour, locale }
}
