import type { Secrets } from '../../accounts/secrets.ts'
import { Problem } from '../../problem.ts'
import type { Database } from '../../storage/schema.ts'
import type { Subscriber } from '../audience/subscribers.ts'

/**
 * Links that let in whoever reads the mail of an address, without a login. No table holds them: they carry id and
 * time, and a signature over these, the workspace and the address. Of an address that was changed or removed they
 * count no more.
 */

const DAY_MS = 86_400_000
export const CONFIRM_DAYS = 7
/** They stand at the end of mails that are kept. */
const PREFERENCES_DAYS = 365

const PURPOSES = { confirm: 'subscription-confirm', preferences: 'subscription-preferences' }

export interface FoundLink {
  subscriber: Subscriber
  /** Of the event `signed_up` that is to be confirmed; of preferences 0. */
  signUpId: number
  /** Genuine, but made too long ago. */
  isOver: boolean
}

/** @param signUpId id of the event that asks for it */
export function confirmToken(
  secrets: Secrets,
  subscriber: Subscriber,
  signUpId: number,
  now = Date.now(),
): string {
  return token(secrets, 'confirm', subscriber, signUpId, now)
}

export function preferencesToken(secrets: Secrets, subscriber: Subscriber, now = Date.now()): string {
  return token(secrets, 'preferences', subscriber, 0, now)
}

/** @throws Problem `absent`: forged, or of an address that is not there any more */
export async function linkOf(
  db: Database,
  secrets: Secrets,
  purpose: keyof typeof PURPOSES,
  text: string,
  now = Date.now(),
): Promise<FoundLink> {
  const [, id = '', signUp = '', made = '', signature = ''] =
    /^(\d{1,15})\.(\d{1,15})\.(\d{1,15})\.([\w-]{43})$/.exec(text) ?? []
  const subscriber = await (id === ''
    ? undefined
    : db.selectFrom('subscribers').selectAll().where('id', '=', Number(id)).executeTakeFirst())
  const signUpId = Number(signUp)
  const at = Number(made)
  if (
    subscriber === undefined ||
    !secrets.verify(PURPOSES[purpose], signed(subscriber, signUpId, at), signature)
  )
    throw new Problem('absent')
  const days = purpose === 'confirm' ? CONFIRM_DAYS : PREFERENCES_DAYS
  return { subscriber, signUpId, isOver: at < now - days * DAY_MS }
}

function token(
  secrets: Secrets,
  purpose: keyof typeof PURPOSES,
  subscriber: Subscriber,
  signUpId: number,
  now: number,
): string {
  const signature = secrets.sign(PURPOSES[purpose], signed(subscriber, signUpId, now))
  return [subscriber.id, signUpId, now, signature].join('.')
}

function signed({ workspace_id, id, email_key }: Subscriber, signUpId: number, at: number): string {
  return [workspace_id, id, signUpId, at, email_key].join(' ')
}
