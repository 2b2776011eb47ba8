import { generateKeyPair } from 'node:crypto'
import type { Selectable } from 'kysely'
import { domainToASCII } from 'node:url'
import { promisify } from 'node:util'
import type { Secrets } from '../../accounts/secrets.ts'
import { Problem } from '../../problem.ts'
import type { Database, Tables } from '../../storage/schema.ts'
import { StorageFault } from '../../storage/faults.ts'
import type { ProgramSetting } from '../mails/program.ts'
import type { Findings } from './domain-records.ts'

/** A domain in whose name a workspace's mail is signed. */
export type SendingDomain = Selectable<Tables['sending_domains']>

export const DEFAULT_SELECTOR = 'posthorn'

/** With the `e` of the Ed25519 key's it is still one label (RFC 1035, section 2.3.4). */
const SELECTOR = /^[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?$/
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
/** Behind `selector._domainkey.` a name of 255 bytes must hold it. */
const MAX_DOMAIN = 180

const generate = promisify(generateKeyPair)

export function listSendingDomains(db: Database, workspaceId: number): Promise<SendingDomain[]> {
  return db
    .selectFrom('sending_domains')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .orderBy('domain')
    .execute()
}

export function sendingDomainById(
  db: Database,
  workspaceId: number,
  id: number,
): Promise<SendingDomain | undefined> {
  return db
    .selectFrom('sending_domains')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/**
 * With two new keys of its own.
 * @throws Problem `invalid`: no domain, no selector, or it is there already
 */
export async function createSendingDomain(
  db: Database,
  secrets: Secrets,
  workspaceId: number,
  given: { domain: string; selector: string },
  now = Date.now(),
): Promise<SendingDomain> {
  const domain = domainToASCII(given.domain.trim().replace(/\.$/, ''))
  const selector = given.selector.trim().toLowerCase()
  const labels = domain.split('.')
  if (labels.length < 2 || domain.length > MAX_DOMAIN || !labels.every(label => LABEL.test(label)))
    throw new Problem('invalid', '', { fields: { domain: ['must be a domain, as example.com'] } })
  if (!SELECTOR.test(selector))
    throw new Problem('invalid', '', {
      fields: { selector: ['must be of letters, digits and hyphens, at most 62'] },
    })
  const [rsa, ed25519] = await Promise.all([generate('rsa', { modulusLength: 2048 }), generate('ed25519')])
  const pem = { type: 'pkcs8', format: 'pem' } as const
  const der = { type: 'spki', format: 'der' } as const
  try {
    return await db
      .insertInto('sending_domains')
      .values({
        workspace_id: workspaceId,
        domain,
        selector,
        rsa_private: secrets.seal(rsa.privateKey.export(pem).toString()),
        rsa_public: rsa.publicKey.export(der).toString('base64'),
        ed25519_private: secrets.seal(ed25519.privateKey.export(pem).toString()),
        // RFC 8463, section 4: the bare key of 32 bytes.
        ed25519_public: ed25519.publicKey.export(der).subarray(-32).toString('base64'),
        findings: null,
        checked_at: null,
        created_at: now,
      })
      .returningAll()
      .executeTakeFirstOrThrow()
  } catch (error) {
    if (error instanceof StorageFault && error.kind === 'duplicate')
      throw new Problem('invalid', '', { fields: { domain: ['is there already'] }, cause: error })
    throw error
  }
}

/** Mail that is signed already stays valid as long as the records stand in DNS. */
export async function deleteSendingDomain(db: Database, { id }: Pick<SendingDomain, 'id'>): Promise<void> {
  await db.deleteFrom('sending_domains').where('id', '=', id).execute()
}

/** @returns undefined: it was deleted meanwhile */
export function keepFindings(
  db: Database,
  { id }: Pick<SendingDomain, 'id'>,
  findings: Findings,
  now = Date.now(),
): Promise<SendingDomain | undefined> {
  return db
    .updateTable('sending_domains')
    .set({ findings: JSON.stringify(findings), checked_at: now })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
}

/**
 * What mail from a domain is signed with: its own keys, or those of the nearest domain above, which DMARC takes as well
 * (RFC 7489, section 3.1.1).
 * @param fromDomain of the From address, in any spelling
 * @returns null: there are none
 */
export async function signingKeyFor(
  db: Database,
  secrets: Secrets,
  workspaceId: number,
  fromDomain: string,
): Promise<ProgramSetting['dkim']> {
  const labels = domainToASCII(fromDomain).split('.')
  const names = labels.slice(0, -1).map((_, at) => labels.slice(at).join('.'))
  if (names.length === 0) return null
  const found = await db
    .selectFrom('sending_domains')
    .select(['domain', 'selector', 'rsa_private', 'ed25519_private'])
    .where('workspace_id', '=', workspaceId)
    .where('domain', 'in', names)
    .execute()
  const nearest = found.toSorted((a, b) => b.domain.length - a.domain.length)[0]
  if (nearest === undefined) return null
  return {
    domain: nearest.domain,
    selector: nearest.selector,
    rsaPrivate: secrets.open(nearest.rsa_private),
    ed25519Private: secrets.open(nearest.ed25519_private),
  }
}
