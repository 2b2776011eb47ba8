import { storable } from '../../accounts/storable.ts'
import { Problem } from '../../problem.ts'
import type { Database } from '../../storage/schema.ts'
import { listFields } from '../audience/custom-fields.ts'
import { checkFields, type FieldValue } from '../audience/field-values.ts'
import { SUBSCRIBER_STATUSES } from '../audience/subscriber-filter.ts'
import type { Subscriber, SubscriberStatus } from '../audience/subscribers.ts'
import { type Tag, tagsById } from '../audience/tags.ts'
import { isEmail } from './sendportal/email-rule.ts'

const MAX_TEXT = 255
const MAX_TAGS = 1000

/** Whatever was named. */
interface GivenSubscriber {
  email?: string
  first_name?: string | null
  last_name?: string | null
  status?: SubscriberStatus
  tags?: Tag[]
  fields?: Record<string, FieldValue | null>
}

/** Why somebody has a status that another person gave them. */
export const REASONS: Record<SubscriberStatus, Subscriber['status_reason']> = {
  subscribed: null,
  pending: null,
  unsubscribed: 'by_admin',
  bounced: 'bounce',
  complained: 'complaint',
}

/**
 * Reads a body, and gathers all that is wrong with it.
 * @param who of somebody new there must be an address
 * @throws Problem `invalid`
 */
export async function readSubscriber(
  db: Database,
  workspaceId: number,
  body: Record<string, unknown>,
  who: 'new' | 'known',
): Promise<GivenSubscriber> {
  const { email, status, tag_ids, fields } = body
  const given: GivenSubscriber = {}
  const faults: Record<string, string[]> = {}
  if (email !== undefined || who === 'new') {
    const text = typeof email === 'string' ? storable(email).trim() : ''
    if (text === '') faults.email = ['is required']
    else if (!isEmail(text)) faults.email = ['must be an e-mail address']
    given.email = text
  }
  for (const name of ['first_name', 'last_name'] as const) {
    const value = body[name]
    if (value === undefined) continue
    if (value !== null && typeof value !== 'string') faults[name] = ['must be text']
    else if ((value ?? '').length > MAX_TEXT)
      faults[name] = [`must not be longer than ${MAX_TEXT} characters`]
    else given[name] = value?.trim() || null
  }
  if (status !== undefined) {
    const known = SUBSCRIBER_STATUSES.find(each => each === status)
    if (known === undefined) faults.status = [`must be one of ${SUBSCRIBER_STATUSES.join(', ')}`]
    else given.status = known
  }
  if (tag_ids !== undefined) {
    const tags = await tagsIn(db, workspaceId, tag_ids)
    if (tags === undefined) faults.tag_ids = ['must be a list of ids of tags that exist']
    else given.tags = tags
  }
  if (fields !== undefined) {
    const checked = checkFields(await listFields(db, workspaceId), fields)
    Object.assign(faults, checked.faults)
    given.fields = checked.values
  }
  if (Object.keys(faults).length > 0) throw new Problem('invalid', '', { fields: faults })
  return given
}

/** Undefined: it is no list, or one of them is no tag of the workspace. */
export async function tagsIn(db: Database, workspaceId: number, given: unknown): Promise<Tag[] | undefined> {
  if (!Array.isArray(given) || given.length > MAX_TAGS || !given.every(id => Number.isSafeInteger(id)))
    return undefined
  const tags = await tagsById(db, workspaceId, given as number[])
  return new Set(given).size === tags.size ? [...tags.values()] : undefined
}
