import { holdAudience } from '../../storage/claiming.ts'
import type { Storage } from '../../storage/database.ts'
import type { Database } from '../../storage/schema.ts'
import { senderOf } from '../audience/audience-settings.ts'
import { countForm, formById } from './forms.ts'
import { askFor, mayBeMailed } from './sign-up.ts'
import { type EventDetails, recordEvents, type SignedUp } from '../audience/subscriber-events.ts'
import { changeSubscriber, setStatus, type Subscriber, subscriberById } from '../audience/subscribers.ts'
import { mailConfirmation, mailPreferences, type Post } from './subscription-letters.ts'
import type { FoundLink } from './subscription-links.ts'
import { suppressionOf } from '../audience/suppressions.ts'
import { addTags } from '../audience/tagging.ts'
import { tagsById } from '../audience/tags.ts'

const THEMSELVES = { userId: null }

/**
 * `open`: it waits for the button; `done`: it was pressed, and they are subscribed; `used`: it was pressed, and
 * they unsubscribed since; `refused`: nothing may be sent there.
 */
export type Confirmation = 'open' | 'done' | 'used' | 'refused'

export async function confirmationOf(
  db: Database,
  { subscriber, signUpId }: FoundLink,
): Promise<Confirmation> {
  if (await isRefused(db, subscriber)) return 'refused'
  if (!(await wasConfirmed(db, subscriber, signUpId))) return 'open'
  return subscriber.status === 'subscribed' ? 'done' : 'used'
}

/** The button was pressed: what they signed up for is theirs now. A second time changes nothing. */
export function confirm(
  write: Database,
  { subscriber: { id, workspace_id: workspaceId }, signUpId }: FoundLink,
  address: string,
  now = Date.now(),
): Promise<Confirmation> {
  return write.transaction().execute(async trx => {
    await holdAudience(trx, workspaceId)
    const subscriber = await subscriberById(trx, workspaceId, id)
    const wanted = await signUpOf(trx, id, signUpId)
    if (subscriber === undefined || wanted === undefined) return 'used'
    const before = await confirmationOf(trx, { subscriber, signUpId, isOver: false })
    if (before !== 'open') return before
    const { answers } = wanted
    const changed = await changeSubscriber(trx, subscriber, answers, THEMSELVES, now)
    await setStatus(trx, changed, 'subscribed', null, THEMSELVES, { now })
    await recordEvents(trx, [
      {
        subscriber_id: id,
        kind: 'confirmed',
        detail: { form: wanted.form, address, sign_up: signUpId },
        user_id: null,
        at: now,
      },
    ])
    const form = await formById(trx, workspaceId, wanted.form_id)
    if (form !== undefined) {
      const tags = await tagsById(trx, workspaceId, form.settings.tag_ids)
      await addTags(trx, [id], [...tags.values()], THEMSELVES, now)
      await countForm(trx, form.id, { confirmed: 1 })
    }
    return 'done'
  })
}

interface Parts extends Post {
  storage: Storage
}

/** A link that is too old is made anew, and goes where the old one went. Too often: nothing happens. */
export async function sendAgain(
  parts: Parts,
  purpose: 'confirm' | 'preferences',
  { subscriber, signUpId }: FoundLink,
  locale: string,
  now = Date.now(),
): Promise<void> {
  const { workspace_id: workspaceId } = subscriber
  const isDue = await parts.storage.write.transaction().execute(async trx => {
    await holdAudience(trx, workspaceId)
    const isOpen =
      purpose === 'confirm'
        ? (await confirmationOf(trx, { subscriber, signUpId, isOver: true })) === 'open'
        : !(await isRefused(trx, subscriber))
    if (!isOpen || !(await mayBeMailed(trx, subscriber, now))) return false
    await askFor(trx, subscriber, signUpId, now)
    if (subscriber.status === 'pending')
      await setStatus(trx, subscriber, 'pending', null, THEMSELVES, { at: now, now })
    return true
  })
  const sender = await senderOf(parts.storage.read, workspaceId)
  if (!isDue || sender === undefined) return
  if (purpose === 'confirm') await mailConfirmation(parts, sender, subscriber, { id: signUpId, locale })
  else await mailPreferences(parts, sender, subscriber, locale)
}

async function isRefused(db: Database, { workspace_id, email, status }: Subscriber): Promise<boolean> {
  return (
    status === 'bounced' ||
    status === 'complained' ||
    (await suppressionOf(db, workspace_id, email)) !== undefined
  )
}

async function signUpOf(db: Database, subscriberId: number, id: number): Promise<SignedUp | undefined> {
  const row = await db
    .selectFrom('subscriber_events')
    .select('detail')
    .where('subscriber_id', '=', subscriberId)
    .where('id', '=', id)
    .where('kind', '=', 'signed_up')
    .executeTakeFirst()
  return row && (JSON.parse(row.detail) as SignedUp)
}

async function wasConfirmed(db: Database, { id }: Subscriber, signUpId: number): Promise<boolean> {
  const rows = await db
    .selectFrom('subscriber_events')
    .select('detail')
    .where('subscriber_id', '=', id)
    .where('id', '>', signUpId)
    .where('kind', '=', 'confirmed')
    .execute()
  return rows.some(({ detail }) => (JSON.parse(detail) as EventDetails['confirmed']).sign_up === signUpId)
}
