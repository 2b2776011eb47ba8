import { storable } from '../../accounts/storable.ts'
import { isTimeZone } from '../../accounts/zoned-time.ts'
import { Problem } from '../../problem.ts'
import type { Database } from '../../storage/schema.ts'
import { type Campaign, type CampaignText, MAX_NAME, type Recipients } from '../campaigns/campaigns.ts'
import type { SendWindow } from '../campaigns/send-window.ts'
import { knownSegments } from '../segments/segments.ts'
import { templateById } from '../templates/templates.ts'
import { emailServiceById } from '../ways-out/email-services.ts'
import { isEmail } from './sendportal/email-rule.ts'
import { tagsIn } from './subscriber-form.ts'

const MOST_SEGMENTS = 1000
/** An instant in ISO 8601, with its zone: without one nobody would know which hour is meant. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)$/
const LATEST = Date.UTC(9999, 11, 31)
const HOUR = /^(?:[01]\d|2[0-3]):[0-5]\d$/

/** Whatever was named. */
export interface GivenCampaign {
  text: Partial<CampaignText>
  recipients: Partial<Recipients>
}

/** What stands in a draft of which only the name is known. */
export const BLANK: Omit<CampaignText, 'name'> = {
  subject: '',
  content: null,
  template_id: null,
  email_service_id: null,
  from_name: '',
  from_email: '',
  is_open_tracking: 1,
  is_click_tracking: 1,
  send_to_all: 0,
  save_as_draft: 0,
  scheduled_at: null,
}

/**
 * Reads a body, and gathers all that is wrong with it.
 * @throws Problem `invalid`
 */
export async function readCampaignFields(
  db: Database,
  workspaceId: number,
  body: Record<string, unknown>,
): Promise<GivenCampaign> {
  const form = new CampaignForm(body)
  const text: Partial<CampaignText> = {
    ...form.text('name'),
    ...form.text('subject'),
    ...form.text('preheader'),
    ...form.text('from_name'),
    ...form.email('from_email'),
    ...form.email('reply_to'),
    ...form.content(),
    ...(await form.reference('template_id', id => templateById(db, workspaceId, id))),
    ...(await form.reference('email_service_id', id => emailServiceById(db, workspaceId, id))),
    ...form.truth('is_open_tracking'),
    ...form.truth('is_click_tracking'),
    ...form.truth('send_to_all'),
    ...form.truth('save_as_draft'),
    ...form.schedule(),
  }
  if (text.name === '') form.fault('name', 'is required')
  const recipients = await form.recipients(db, workspaceId)
  form.check()
  return { text, recipients }
}

/** What is said when a campaign is sent; the rest is as the draft has it. @throws Problem `invalid` */
export async function readSending(
  db: Database,
  workspaceId: number,
  body: Record<string, unknown>,
): Promise<GivenCampaign> {
  const form = new CampaignForm(body)
  const { recipients: whom, behaviour } = body
  if (whom !== undefined && whom !== 'all' && whom !== 'chosen')
    form.fault('recipients', 'must be all or chosen')
  if (behaviour !== undefined && behaviour !== 'auto' && behaviour !== 'draft')
    form.fault('behaviour', 'must be auto or draft')
  const text: Partial<CampaignText> = {
    ...form.schedule(),
    ...(whom !== undefined && { send_to_all: whom === 'all' ? 1 : 0 }),
    ...(behaviour !== undefined && { save_as_draft: behaviour === 'draft' ? 1 : 0 }),
  }
  const recipients = await form.recipients(db, workspaceId)
  form.check()
  return { text, recipients }
}

/** Whom a campaign would go to that need not be kept. @throws Problem `invalid` */
export async function readRecipients(
  db: Database,
  workspaceId: number,
  body: Record<string, unknown>,
): Promise<{ send_to_all: 0 | 1 } & Recipients> {
  const form = new CampaignForm(body)
  const { send_to_all = 0 } = form.truth('send_to_all')
  const { tags = [], segments = [] } = await form.recipients(db, workspaceId)
  form.check()
  return { send_to_all, tags, segments }
}

/** The draft as it will be. */
export function merged(
  before: { campaign: Campaign; recipients: Recipients },
  given: GivenCampaign,
): { text: CampaignText; recipients: Recipients } {
  return {
    text: { ...before.campaign, ...given.text },
    recipients: { ...before.recipients, ...given.recipients },
  }
}

class CampaignForm {
  readonly #body: Record<string, unknown>
  readonly #faults: Record<string, string[]> = {}

  constructor(body: Record<string, unknown>) {
    this.#body = body
  }

  fault(field: string, message: string): void {
    ;(this.#faults[field] ??= []).push(message)
  }

  check(): void {
    if (Object.keys(this.#faults).length > 0) throw new Problem('invalid', '', { fields: this.#faults })
  }

  text<K extends string>(field: K): Partial<Record<K, string>> {
    const given = this.#body[field]
    if (given === undefined) return {}
    if (typeof given !== 'string') this.fault(field, 'must be text')
    else if (given.length > MAX_NAME) this.fault(field, `must not be longer than ${MAX_NAME} characters`)
    else return { [field]: storable(given).trim() } as Partial<Record<K, string>>
    return {}
  }

  /** Of a draft it may be blank. */
  email<K extends string>(field: K): Partial<Record<K, string>> {
    const given = this.text(field)
    const email = given[field]
    if (email !== undefined && email !== '' && !isEmail(email)) this.fault(field, 'must be an e-mail address')
    return given
  }

  content(): Pick<Partial<CampaignText>, 'content'> {
    const { content } = this.#body
    if (content === undefined) return {}
    if (content === null || typeof content === 'string') return { content }
    this.fault('content', 'must be text')
    return {}
  }

  truth<K extends string>(field: K): Partial<Record<K, 0 | 1>> {
    const given = this.#body[field]
    if (given === undefined) return {}
    if (typeof given === 'boolean') return { [field]: given ? 1 : 0 } as Partial<Record<K, 0 | 1>>
    this.fault(field, 'must be true or false')
    return {}
  }

  async reference<K extends string>(
    field: K,
    lookUp: (id: number) => Promise<unknown>,
  ): Promise<Partial<Record<K, number | null>>> {
    const id = this.#body[field]
    if (id === undefined) return {}
    const isThere = id === null || (Number.isSafeInteger(id) && (await lookUp(id as number)) !== undefined)
    if (isThere) return { [field]: id } as Partial<Record<K, number | null>>
    this.fault(field, 'must be the id of one that there is')
    return {}
  }

  schedule(): Pick<
    Partial<CampaignText>,
    'scheduled_at' | 'schedule_zone' | 'in_recipient_zone' | 'send_window'
  > {
    const { scheduled_at: at, schedule_zone: zone, send_window: window } = this.#body
    const instant = typeof at === 'string' && INSTANT.test(at) ? Date.parse(at) : Number.NaN
    if (at !== undefined && at !== null && !(instant >= 0 && instant < LATEST))
      this.fault('scheduled_at', 'must be an instant, as 2026-12-24T08:00:00Z')
    if (zone !== undefined && !(typeof zone === 'string' && isTimeZone(zone)))
      this.fault('schedule_zone', 'must be a time zone, as Europe/Berlin')
    return {
      ...(at !== undefined && { scheduled_at: at === null ? null : instant }),
      ...(zone !== undefined && { schedule_zone: zone as string }),
      ...this.truth('in_recipient_zone'),
      ...(window !== undefined && { send_window: this.#window(window) }),
    }
  }

  #window(given: unknown): string | null {
    if (given === null) return null
    const { days, from, to, zone } = (typeof given === 'object' ? given : {}) as Record<string, unknown>
    if (!Array.isArray(days) || days.length === 0 || !days.every(isDay))
      this.fault('send_window', 'must name days of the week, from 1, Monday, to 7')
    else if (!HOUR.test(String(from)) || !(HOUR.test(String(to)) || to === '24:00'))
      this.fault('send_window', 'must be from one hour to another, as 08:00 and 18:00')
    else if (String(from) >= String(to)) this.fault('send_window', 'must begin before it ends')
    else if (typeof zone !== 'string' || !isTimeZone(zone))
      this.fault('send_window', 'must name a time zone, as Europe/Berlin')
    else {
      const sorted = [...new Set(days as number[])].toSorted((a, b) => a - b)
      return JSON.stringify({
        days: sorted,
        from: String(from),
        to: String(to),
        zone,
      } satisfies SendWindow)
    }
    return null
  }

  async recipients(db: Database, workspaceId: number): Promise<Partial<Recipients>> {
    const { tag_ids, segment_ids } = this.#body
    const tags = tag_ids === undefined ? undefined : await tagsIn(db, workspaceId, tag_ids)
    if (tag_ids !== undefined && tags === undefined)
      this.fault('tag_ids', 'must be a list of ids of tags that exist')
    const segments = segment_ids === undefined ? undefined : await segmentsIn(db, workspaceId, segment_ids)
    if (segment_ids !== undefined && segments === undefined)
      this.fault('segment_ids', 'must be a list of ids of segments that exist')
    return { ...(tags && { tags: tags.map(({ id }) => id) }), ...(segments && { segments }) }
  }
}

function isDay(day: unknown): boolean {
  return Number.isInteger(day) && Number(day) >= 1 && Number(day) <= 7
}

async function segmentsIn(db: Database, workspaceId: number, given: unknown): Promise<number[] | undefined> {
  if (!Array.isArray(given) || given.length > MOST_SEGMENTS || !given.every(id => Number.isSafeInteger(id)))
    return undefined
  const known = await knownSegments(db, workspaceId, given as number[])
  return new Set(given).size === known.length ? known : undefined
}
