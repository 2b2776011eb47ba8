import type { Database } from '../../../storage/schema.ts'
import { listFields } from '../../audience/custom-fields.ts'
import { checkFields } from '../../audience/field-values.ts'
import { type By, setStatus, type Subscriber, type SubscriberChanges } from '../../audience/subscribers.ts'
import type { Tag } from '../../audience/tags.ts'
import { Form } from './form.ts'
import type { Words } from './generation.ts'
import { groupKey, knownTags } from './ids.ts'
import type { Input } from './input.ts'
import { unsubscribedSince } from './wire.ts'

/** What a body says about a subscriber. What it does not name is undefined, and stays. */
export interface GivenSubscriber {
  email: string
  changes: Omit<SubscriberChanges, 'email'>
  tags: Tag[] | undefined
  /** Null: they are subscribed. */
  unsubscribedAt: number | null | undefined
}

/** @throws Problem `invalid` (contract, section 4.1) */
export async function readSubscriber(
  db: Database,
  workspaceId: number,
  input: Input,
  words: Words,
): Promise<GivenSubscriber> {
  const form = new Form(input)
  const email = form.required('email') ? form.email('email') : ''
  const changes: GivenSubscriber['changes'] = {}
  for (const name of ['first_name', 'last_name'] as const) {
    const value = form.text(name)
    if (form.has(name)) changes[name] = value
  }
  const given = form.ids(groupKey(form, words), false)
  const tags = given === null ? undefined : await knownTags(db, workspaceId, form, given, words)
  const date = form.date('unsubscribed_at')
  const subscribed = form.truth('subscribed')
  const fields = form.value('fields')
  if (fields !== null) {
    const { values, faults } = checkFields(await listFields(db, workspaceId), fields)
    for (const [name, texts] of Object.entries(faults)) for (const text of texts) form.fault(name, text)
    changes.fields = values
  }
  form.check()
  const unsubscribedAt = form.has('unsubscribed_at')
    ? date
    : subscribed === null
      ? undefined
      : subscribed
        ? null
        : Date.now()
  return { email, changes, tags, unsubscribedAt }
}

/**
 * What was said to be so already changes nothing: whoever sends back what they read neither subscribes those who have
 * still to confirm nor forgets that an address bounced.
 */
export async function applyUnsubscribed(
  trx: Database,
  subscriber: Subscriber,
  { unsubscribedAt }: Pick<GivenSubscriber, 'unsubscribedAt'>,
  by: By,
): Promise<Subscriber> {
  const present = unsubscribedSince(subscriber)
  if (unsubscribedAt === undefined) return subscriber
  if (unsubscribedAt === null)
    return present === null ? subscriber : setStatus(trx, subscriber, 'subscribed', null, by)
  if (present === null)
    return setStatus(trx, subscriber, 'unsubscribed', 'by_admin', by, { at: unsubscribedAt })
  if (Math.floor(present / 1000) === Math.floor(unsubscribedAt / 1000)) return subscriber
  return setStatus(trx, subscriber, subscriber.status, subscriber.status_reason, by, { at: unsubscribedAt })
}
