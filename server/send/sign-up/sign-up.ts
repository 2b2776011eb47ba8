import { holdAudience } from '../../storage/claiming.ts'
import type { Storage } from '../../storage/database.ts'
import { StorageFault } from '../../storage/faults.ts'
import type { Database } from '../../storage/schema.ts'
import { senderOf } from '../audience/audience-settings.ts'
import { countForm, type Form } from './forms.ts'
import { type EventKind, eventsOf, recordEvents, type SignedUp } from '../audience/subscriber-events.ts'
import {
  changeSubscriber,
  createSubscriber,
  setStatus,
  type Subscriber,
  subscriberByEmail,
} from '../audience/subscribers.ts'
import { mailConfirmation, mailPreferences, type Post } from './subscription-letters.ts'
import { suppressionOf } from '../audience/suppressions.ts'
import { addTags, tagsOf } from '../audience/tagging.ts'
import { type Tag, tagsById } from '../audience/tags.ts'

/** Letters to one address in an hour: nobody fills somebody's mailbox from here. */
const LETTERS_PER_HOUR = 3
/** What happens to one person in an hour is less. */
const LOOKED_AT = 200

const THEMSELVES = { userId: null }

export interface SignUp {
  email: string
  answers: SignedUp['answers']
  /** Text of the box that was ticked. */
  consent: string | null
  /** Of the machine it came from. */
  address: string
  locale: string
}

interface Parts extends Post {
  storage: Storage
  mails: boolean
}

/** What is to be mailed once everything is written. */
type Letter = { to: Subscriber } & ({ confirms: number } | { confirms?: undefined })

/**
 * Somebody wants mail, or somebody else wants it in their name: whoever signs up an address learns nothing about
 * it, and changes nothing of somebody who is known, before the mail to that address was answered.
 */
export async function signUp(parts: Parts, form: Form, given: SignUp, now = Date.now()): Promise<void> {
  const write = () =>
    parts.storage.write.transaction().execute(trx => writeSignUp(trx, parts.mails, form, given, now))
  const letter = await write().catch((error: unknown) => {
    // They were added in the same moment: now they are known.
    if (error instanceof StorageFault && error.kind === 'duplicate') return write()
    throw error
  })
  if (letter === undefined) return
  const sender = await senderOf(parts.storage.read, form.workspace_id)
  if (sender === undefined) return
  if (letter.confirms === undefined) await mailPreferences(parts, sender, letter.to, given.locale)
  else await mailConfirmation(parts, sender, letter.to, { id: letter.confirms, locale: given.locale })
}

async function writeSignUp(
  trx: Database,
  mails: boolean,
  form: Form,
  given: SignUp,
  now: number,
): Promise<Letter | undefined> {
  const { workspace_id: workspaceId, settings } = form
  await holdAudience(trx, workspaceId)
  if ((await suppressionOf(trx, workspaceId, given.email)) !== undefined) return undefined
  const tags = [...(await tagsById(trx, workspaceId, settings.tag_ids)).values()]
  const known = await subscriberByEmail(trx, workspaceId, given.email)
  if (known === undefined) {
    const subscriber = await createSubscriber(
      trx,
      workspaceId,
      {
        email: given.email,
        ...given.answers,
        status: settings.double_opt_in ? 'pending' : 'subscribed',
        source: 'form',
      },
      now,
    )
    const event = await remember(trx, subscriber, form, given, now)
    await countForm(trx, form.id, { signedUp: 1 })
    if (settings.double_opt_in) return askFor(trx, subscriber, event, now)
    await addTags(trx, [subscriber.id], tags, THEMSELVES, now)
    await countForm(trx, form.id, { confirmed: 1 })
    return undefined
  }
  // Nothing is sent there, whoever asks.
  if (known.status === 'bounced' || known.status === 'complained') return undefined
  if ((await lettersSince(trx, known, now - 3_600_000)) >= LETTERS_PER_HOUR) return undefined
  if (!settings.double_opt_in && known.status !== 'unsubscribed')
    return withoutAsking(trx, mails, known, tags, form, given, now)

  const lacks = known.status !== 'subscribed' || (await lacksSome(trx, known, tags))
  if (!lacks) {
    if (!mails) return undefined
    await remember(trx, known, form, given, now, { mailed: 'preferences' })
    return { to: known }
  }
  const event = await remember(trx, known, form, given, now)
  // They wait from now on, and are not removed in the meantime.
  if (known.status === 'pending') await setStatus(trx, known, 'pending', null, THEMSELVES, { at: now, now })
  else await countForm(trx, form.id, { signedUp: 1 })
  return mails ? askFor(trx, known, event, now) : undefined
}

/** The form asks for no confirmation, and they have never said that they want no mail. */
async function withoutAsking(
  trx: Database,
  mails: boolean,
  known: Subscriber,
  tags: Tag[],
  form: Form,
  given: SignUp,
  now: number,
): Promise<Letter | undefined> {
  const wasSubscribed = known.status === 'subscribed'
  const mailed = wasSubscribed && mails ? { mailed: 'preferences' as const } : {}
  await remember(trx, known, form, given, now, mailed)
  if (!wasSubscribed) {
    const changed = await changeSubscriber(trx, known, given.answers, THEMSELVES, now)
    await setStatus(trx, changed, 'subscribed', null, THEMSELVES, { now })
    await countForm(trx, form.id, { confirmed: 1 })
  }
  await addTags(trx, [known.id], tags, THEMSELVES, now)
  return wasSubscribed && mails ? { to: known } : undefined
}

async function lacksSome(trx: Database, { id }: Subscriber, tags: Tag[]): Promise<boolean> {
  const present = (await tagsOf(trx, [id])).get(id) ?? []
  return tags.some(tag => !present.some(each => each.id === tag.id))
}

/** @returns the id of the event */
async function remember(
  trx: Database,
  { id }: Subscriber,
  form: Form,
  given: SignUp,
  now: number,
  more: Pick<SignedUp, 'mailed'> = {},
): Promise<number> {
  const detail: SignedUp = {
    form: form.name,
    form_id: form.id,
    ...(given.consent !== null && { consent: given.consent }),
    address: given.address,
    locale: given.locale,
    answers: given.answers,
    ...more,
  }
  await recordEvents(trx, [{ subscriber_id: id, kind: 'signed_up', detail, user_id: null, at: now }])
  const [event] = await eventsOf(trx, id, { limit: 1 })
  return event?.id ?? 0
}

/** Marks that a letter with a link is sent now. */
export async function askFor(
  trx: Database,
  subscriber: Subscriber,
  signUpId: number,
  now: number,
): Promise<{ to: Subscriber; confirms: number }> {
  await recordEvents(trx, [
    { subscriber_id: subscriber.id, kind: 'confirmation_sent', detail: {}, user_id: null, at: now },
  ])
  return { to: subscriber, confirms: signUpId }
}

/** Asked of the database, where every node counts. */
async function lettersSince(trx: Database, { id }: Subscriber, since: number): Promise<number> {
  const events = await eventsOf(trx, id, { limit: LOOKED_AT })
  return events.filter(({ at, kind, detail }) => at > since && isLetter(kind, detail)).length
}

function isLetter(kind: EventKind, detail: object): boolean {
  return kind === 'confirmation_sent' || (kind === 'signed_up' && 'mailed' in detail)
}

export async function mayBeMailed(trx: Database, subscriber: Subscriber, now: number): Promise<boolean> {
  return (await lettersSince(trx, subscriber, now - 3_600_000)) < LETTERS_PER_HOUR
}
