import type { Database } from '../../../storage/schema.ts'
import {
  type Campaign,
  type CampaignText,
  CAMPAIGN_STATUS,
  type Recipients,
} from '../../campaigns/campaigns.ts'
import { emailServiceById } from '../../ways-out/email-services.ts'
import { knownSegments } from '../../segments/segments.ts'
import { templateById } from '../../templates/templates.ts'
import { tagsById } from '../../audience/tags.ts'
import { Form, type GivenId } from './form.ts'
import type { Words } from './generation.ts'
import { groupKey } from './ids.ts'
import type { Input } from './input.ts'

export interface GivenCampaign {
  text: CampaignText
  recipients: Recipients
}

/**
 * @param before the draft that is changed: what may be left out stays as it is there
 * @throws Problem `invalid` (contract, section 4.6)
 */
export async function readCampaign(
  db: Database,
  workspaceId: number,
  input: Input,
  words: Words,
  before?: { campaign: Campaign; recipients: Recipients },
): Promise<GivenCampaign> {
  const form = new Form(input)
  const old = before?.campaign
  const required = (field: string) => (form.required(field) ? (form.looseText(field) ?? '') : '')
  const name = required('name')
  const subject = required('subject')
  const from_name = required('from_name')
  const from_email = required('from_email')
  if (from_email !== '') form.email('from_email')

  const service = form.required('email_service_id') ? form.integer('email_service_id') : null
  if (form.value('email_service_id') !== null && !(await hasService(db, workspaceId, service)))
    form.fault('email_service_id', 'The selected email service id is invalid.')
  const hasTemplate = form.value('template_id') !== null
  const template = hasTemplate ? idIn(form.value('template_id')) : null
  if (hasTemplate && !(await hasTemplateOf(db, workspaceId, template)))
    form.fault('template_id', 'The selected template id is invalid.')
  // Asked for where nothing else says what would be sent.
  const content =
    hasTemplate || form.required('content') ? form.text('content', Number.POSITIVE_INFINITY) : null

  const opens = form.truth('is_open_tracking')
  const clicks = form.truth('is_click_tracking')
  const toAll = form.required('send_to_all') ? form.truth('send_to_all') : null
  const recipients = await readRecipients(db, workspaceId, form, words, toAll === true)
  const scheduled_at = form.required('scheduled_at') ? form.date('scheduled_at') : null
  const draft = form.truth('save_as_draft')
  if (old !== undefined && old.status_id !== CAMPAIGN_STATUS.draft)
    form.fault('status_id', 'A campaign cannot be updated if its status is not draft')
  form.check()

  return {
    text: {
      name,
      subject,
      content: form.has('content') ? content : (old?.content ?? null),
      template_id: form.has('template_id') ? template : (old?.template_id ?? null),
      email_service_id: service,
      from_name,
      from_email,
      is_open_tracking: truth(opens, old?.is_open_tracking ?? 1),
      is_click_tracking: truth(clicks, old?.is_click_tracking ?? 1),
      send_to_all: toAll ? 1 : 0,
      save_as_draft: truth(draft, old?.save_as_draft ?? 0),
      scheduled_at,
      // What this API does not speak of stays as it is.
      ...(old && {
        preheader: old.preheader,
        reply_to: old.reply_to,
        schedule_zone: old.schedule_zone,
        in_recipient_zone: old.in_recipient_zone,
        send_window: old.send_window,
      }),
    },
    recipients: {
      // What goes to all without naming tags is for nobody in particular any more.
      tags: recipients.tags ?? [],
      segments: recipients.segments ?? before?.recipients.segments ?? [],
    },
  }
}

function truth(given: boolean | null, present: 0 | 1): 0 | 1 {
  return given === null ? present : given ? 1 : 0
}

/** Null: not given. */
async function readRecipients(
  db: Database,
  workspaceId: number,
  form: Form,
  words: Words,
  toAll: boolean,
): Promise<{ tags: number[] | null; segments: number[] | null }> {
  const segmentIds = form.ids('segment_ids', true)
  const segments = segmentIds && (await existingSegments(db, workspaceId, segmentIds))
  if (segments !== null && segments.length < idsOf(segmentIds).length)
    form.fault('segment_ids', 'One or more of the segment ids is invalid.')

  const key = groupKey(form, words)
  const isNeeded = !toAll && idsOf(segmentIds).length === 0
  const isThere = !isNeeded || form.required(key, `The ${key} field is required unless send to all is in 1.`)
  const given = isThere ? form.ids(key, true) : null
  const tags = given && (await existingTags(db, workspaceId, given))
  if (tags !== null && tags.length < idsOf(given).length)
    form.fault(key, `One or more of the ${key} is invalid.`)
  return { tags, segments }
}

/** Each once; one that no row can have among them counts as one that is not there. */
function idsOf(given: readonly GivenId[] | null): (number | undefined)[] {
  return [...new Set(given?.map(({ id }) => id))]
}

async function existingTags(db: Database, workspaceId: number, given: GivenId[]): Promise<number[]> {
  return existing(given, async ids => [...(await tagsById(db, workspaceId, ids)).keys()])
}

async function existingSegments(db: Database, workspaceId: number, given: GivenId[]): Promise<number[]> {
  return existing(given, ids => knownSegments(db, workspaceId, ids))
}

/** Ids of one statement. */
const PORTION = 500

async function existing(
  given: readonly GivenId[],
  lookUp: (ids: number[]) => Promise<number[]>,
): Promise<number[]> {
  const ids = idsOf(given).filter(id => id !== undefined)
  const found: number[] = []
  for (let from = 0; from < ids.length; from += PORTION)
    found.push(...(await lookUp(ids.slice(from, from + PORTION))))
  return found
}

async function hasService(db: Database, workspaceId: number, id: number | null): Promise<boolean> {
  return id !== null && (await emailServiceById(db, workspaceId, id)) !== undefined
}

async function hasTemplateOf(db: Database, workspaceId: number, id: number | null): Promise<boolean> {
  return id !== null && (await templateById(db, workspaceId, id)) !== undefined
}

function idIn(value: unknown): number | null {
  return /^[1-9]\d{0,14}$/.test(String(value)) ? Number(value) : null
}
