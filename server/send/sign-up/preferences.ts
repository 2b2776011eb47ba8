import { holdAudience } from '../../storage/claiming.ts'
import type { Database } from '../../storage/schema.ts'
import { type CustomField, listFields } from '../audience/custom-fields.ts'
import type { StoredSettings } from './form-settings.ts'
import { listForms } from './forms.ts'
import type { SignedUp } from '../audience/subscriber-events.ts'
import { changeSubscriber, setStatus, type Subscriber, subscriberById } from '../audience/subscribers.ts'

const THEMSELVES = { userId: null, onPreferences: true } as const

/** What somebody may see and change of themselves: what the forms of the workspace ask for, and nothing else. */
export async function askedOfAll(
  db: Database,
  workspaceId: number,
): Promise<{ ask: StoredSettings['ask']; fields: CustomField[] }> {
  const ask = new Map<string, StoredSettings['ask'][number]>([
    ['first_name', { key: 'first_name', label: '', required: false }],
    ['last_name', { key: 'last_name', label: '', required: false }],
  ])
  const forms = await listForms(db, workspaceId)
  for (const { settings } of forms)
    for (const { key, label } of settings.ask) ask.set(key, { key, label, required: false })
  const fields = await listFields(db, workspaceId)
  const known = new Set(fields.map(field => `field:${field.key}`))
  return {
    ask: [...ask.values()].filter(({ key }) => !key.startsWith('field:') || known.has(key)),
    fields,
  }
}

/** What was asked and not answered is taken away. */
export function savePreferences(
  write: Database,
  of: Subscriber,
  ask: StoredSettings['ask'],
  given: SignedUp['answers'],
  now = Date.now(),
): Promise<Subscriber | undefined> {
  return changing(write, of, (trx, subscriber) => {
    const keys = ask.map(({ key }) => key)
    const changes = {
      ...(keys.includes('first_name') && { first_name: given.first_name ?? null }),
      ...(keys.includes('last_name') && { last_name: given.last_name ?? null }),
      fields: Object.fromEntries(
        keys
          .filter(key => key.startsWith('field:'))
          .map(key => [key.slice(6), given.fields?.[key.slice(6)] ?? null]),
      ),
    }
    return changeSubscriber(trx, subscriber, changes, THEMSELVES, now)
  })
}

/** Stops at once whatever has not been handed over. */
export function unsubscribe(
  write: Database,
  of: Subscriber,
  now = Date.now(),
): Promise<Subscriber | undefined> {
  return changing(write, of, async (trx, subscriber) =>
    // Of those nothing is sent to anyway, the reason is worth more.
    subscriber.status === 'bounced' || subscriber.status === 'complained'
      ? subscriber
      : setStatus(trx, subscriber, 'unsubscribed', 'by_subscriber', THEMSELVES, { now }),
  )
}

/** They hold a link that was mailed to the address: that proves as much as a confirmation. */
export function resubscribe(
  write: Database,
  of: Subscriber,
  now = Date.now(),
): Promise<Subscriber | undefined> {
  return changing(write, of, async (trx, subscriber) =>
    subscriber.status === 'unsubscribed' || subscriber.status === 'pending'
      ? setStatus(trx, subscriber, 'subscribed', null, THEMSELVES, { now })
      : subscriber,
  )
}

/** Undefined: they were removed in the meantime. */
function changing(
  write: Database,
  { id, workspace_id: workspaceId }: Subscriber,
  change: (trx: Database, subscriber: Subscriber) => Promise<Subscriber>,
): Promise<Subscriber | undefined> {
  return write.transaction().execute(async trx => {
    await holdAudience(trx, workspaceId)
    const subscriber = await subscriberById(trx, workspaceId, id)
    return subscriber && change(trx, subscriber)
  })
}
