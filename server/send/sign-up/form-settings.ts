import type { Secrets } from '../../accounts/secrets.ts'
import { storable } from '../../accounts/storable.ts'
import { Problem } from '../../problem.ts'
import type { Database } from '../../storage/schema.ts'
import type { CaptchaKind } from './captcha.ts'
import { listFields } from '../audience/custom-fields.ts'
import { tagsById } from '../audience/tags.ts'

/** What a form asks, says and does. */
export interface StoredSettings {
  title: string
  text: string
  /** Empty: the usual word in the language of the page. */
  button: string
  ask: { key: string; label: string; required: boolean }[]
  tag_ids: number[]
  double_opt_in: boolean
  consent: string | null
  /** Empty: the usual words. */
  thanks: string
  redirect_url: string | null
  allowed_origins: string[]
  /** The secret sealed; empty: there is none. */
  captcha: { kind: CaptchaKind | 'none'; site_key: string; secret: string }
}

export const NEW_FORM: StoredSettings = {
  title: '',
  text: '',
  button: '',
  ask: [],
  tag_ids: [],
  double_opt_in: true,
  consent: null,
  thanks: '',
  redirect_url: null,
  allowed_origins: [],
  captcha: { kind: 'none', site_key: '', secret: '' },
}

/** How a secret is shown; sent back like that it stays. */
export const MASKED = '********'

const CAPTCHAS = ['none', 'hcaptcha', 'turnstile', 'recaptcha'] as const
/** Hosts may hold semicolons and quotes (WHATWG URL, section 3.1), and stand in a Content-Security-Policy here. */
const ORIGIN = /^https?:\/\/([a-z0-9._-]+|\[[0-9a-f:]+\])(:\d+)?$/
const MAX_SHORT = 255
const MAX_TEXT = 4000
const MAX_LIST = 50

/**
 * What was given, laid over what was there. What the workspace does not have any more falls out of `before`.
 * @throws Problem `invalid`, by the names of the settings; `malformed`
 */
export async function checkedSettings(
  db: Database,
  secrets: Secrets,
  workspaceId: number,
  given: unknown,
  before: StoredSettings = NEW_FORM,
): Promise<StoredSettings> {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new Problem('malformed', 'The settings must be an object')
  const read = new Reading(given as Record<string, unknown>)
  const captcha = new Reading(read.object('captcha'))
  const present = await presentSettings(db, workspaceId, before)

  const settings: StoredSettings = {
    title: read.text('title', MAX_SHORT) ?? present.title,
    text: read.text('text', MAX_TEXT) ?? present.text,
    button: read.text('button', MAX_SHORT) ?? present.button,
    ask: read.has('ask') ? asked(read) : present.ask,
    tag_ids: read.has('tag_ids') ? [...new Set(read.list('tag_ids', isId))] : present.tag_ids,
    double_opt_in: read.truth('double_opt_in') ?? present.double_opt_in,
    consent: read.has('consent') ? read.text('consent', MAX_TEXT) || null : present.consent,
    thanks: read.text('thanks', MAX_TEXT) ?? present.thanks,
    redirect_url: read.has('redirect_url') ? redirect(read) : present.redirect_url,
    allowed_origins: read.has('allowed_origins') ? origins(read) : present.allowed_origins,
    captcha: {
      kind: captcha.oneOf('kind', CAPTCHAS) ?? present.captcha.kind,
      site_key: captcha.text('site_key', MAX_SHORT) ?? present.captcha.site_key,
      secret: sealed(secrets, captcha.text('secret', MAX_SHORT)) ?? present.captcha.secret,
    },
  }
  const tags = await tagsById(db, workspaceId, settings.tag_ids)
  if (tags.size < settings.tag_ids.length) read.fault('tag_ids', 'are not all tags of this workspace')
  const askable = await askableKeys(db, workspaceId)
  if (settings.ask.some(({ key }) => !askable.has(key)))
    read.fault('ask', 'asks for something that is no field of this workspace')
  if (settings.captcha.kind !== 'none') {
    if (settings.captcha.site_key === '') captcha.fault('site_key', 'must not be blank')
    if (settings.captcha.secret === '') captcha.fault('secret', 'must not be blank')
  }
  const fields = { ...read.faults, ...captcha.faults }
  if (Object.keys(fields).length > 0) throw new Problem('invalid', '', { fields })
  return settings
}

/** Without the tags and fields that were deleted since. */
export async function presentSettings(
  db: Database,
  workspaceId: number,
  settings: StoredSettings,
): Promise<StoredSettings> {
  const tags = await tagsById(db, workspaceId, settings.tag_ids)
  const askable = await askableKeys(db, workspaceId)
  return {
    ...settings,
    tag_ids: settings.tag_ids.filter(id => tags.has(id)),
    ask: settings.ask.filter(({ key }) => askable.has(key)),
  }
}

async function askableKeys(db: Database, workspaceId: number): Promise<Set<string>> {
  const fields = await listFields(db, workspaceId)
  return new Set(['first_name', 'last_name', ...fields.map(({ key }) => `field:${key}`)])
}

function asked(read: Reading): StoredSettings['ask'] {
  const ask = read.list('ask', isAsked)
  if (new Set(ask.map(({ key }) => key)).size < ask.length) read.fault('ask', 'asks for something twice')
  return ask.map(({ key, label, required }) => ({
    key,
    label: storable(label).trim().slice(0, MAX_SHORT),
    required,
  }))
}

function redirect(read: Reading): string | null {
  const text = read.text('redirect_url', 2000) ?? ''
  if (text === '') return null
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && ORIGIN.test(url.origin)) return url.href
  read.fault('redirect_url', 'must be a web address, as https://example.com/thanks')
  return null
}

/** RFC 6454, section 6.1: scheme, host and port, and nothing after them. */
function origins(read: Reading): string[] {
  const found = new Set<string>()
  for (const text of read.list('allowed_origins', (value): value is string => typeof value === 'string')) {
    const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined
    if (url !== undefined && ORIGIN.test(url.origin) && url.href === `${url.origin}/`) found.add(url.origin)
    else read.fault('allowed_origins', 'must be origins, as https://example.com')
  }
  return [...found]
}

/** Undefined: it stays. */
function sealed(secrets: Secrets, given: string | undefined): string | undefined {
  if (given === undefined || given === MASKED) return undefined
  return given === '' ? '' : secrets.seal(given)
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value)
}

function isAsked(value: unknown): value is StoredSettings['ask'][number] {
  const { key, label, required } = (value ?? {}) as Record<string, unknown>
  return typeof key === 'string' && typeof label === 'string' && typeof required === 'boolean'
}

/** Reads what is there, and gathers everything that is wrong with it. */
class Reading {
  readonly faults: Record<string, string[]> = {}
  readonly #given: Record<string, unknown>

  constructor(given: Record<string, unknown>) {
    this.#given = given
  }

  has(name: string): boolean {
    return this.#given[name] !== undefined
  }

  text(name: string, most: number): string | undefined {
    const value = this.#given[name]
    if (value === undefined) return undefined
    if (value === null) return ''
    if (typeof value !== 'string') this.fault(name, 'must be text')
    else if (value.length > most) this.fault(name, `must not be longer than ${most} characters`)
    else return storable(value).trim()
    return ''
  }

  truth(name: string): boolean | undefined {
    const value = this.#given[name]
    if (value === undefined || typeof value === 'boolean') return value
    this.fault(name, 'must be true or false')
    return undefined
  }

  oneOf<T extends string>(name: string, values: readonly T[]): T | undefined {
    const value = this.#given[name]
    const known = values.find(each => each === value)
    if (value !== undefined && known === undefined) this.fault(name, `must be one of ${values.join(', ')}`)
    return known
  }

  list<T>(name: string, isOne: (value: unknown) => value is T): T[] {
    const value = this.#given[name]
    if (Array.isArray(value) && value.length <= MAX_LIST && value.every(isOne)) return value
    this.fault(name, `must be a list of at most ${MAX_LIST}`)
    return []
  }

  object(name: string): Record<string, unknown> {
    const value = this.#given[name]
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>
    if (value !== undefined) this.fault(name, 'must be an object')
    return {}
  }

  fault(name: string, message: string): void {
    this.faults[name] ??= [message]
  }
}
