import { storable } from '../../accounts/storable.ts'
import { fold } from '../../storage/search-terms.ts'
import type { CustomField } from '../audience/custom-fields.ts'
import { readFieldText } from '../audience/field-values.ts'
import { domainOf, type FieldValues, type SubscriberStatus } from '../audience/subscribers.ts'
import type { ImportOptions, ImportTarget } from './import-options.ts'

/** What one row says; what it does not say is not there. */
export interface ImportRow {
  line: number
  id?: number
  email: string
  key: string
  domain: string
  first?: string
  last?: string
  /** Of a new subscriber. */
  search: string
  fields?: FieldValues
  tags?: string[]
  status?: SubscriberStatus
  statusAt?: number
  createdAt?: number
  /** Of a dry run: an earlier row of the file has that address. */
  seen?: true
  /** As it stands in the file, for the report. */
  row: string
}

export interface RowFault {
  line: number
  reason: string
  row: string
}

/** How many characters of a row the report shows. */
export const MAX_SHOWN = 2000
const MAX_NAME = 255
const MAX_EMAIL = 254
const MAX_TAGS = 100

/** As listmonk, Mailchimp, Mailcoach and others say it too. */
const STATUSES: Record<string, SubscriberStatus> = {
  subscribed: 'subscribed',
  active: 'subscribed',
  enabled: 'subscribed',
  confirmed: 'subscribed',
  true: 'subscribed',
  yes: 'subscribed',
  '1': 'subscribed',
  unsubscribed: 'unsubscribed',
  inactive: 'unsubscribed',
  disabled: 'unsubscribed',
  blocklisted: 'unsubscribed',
  blacklisted: 'unsubscribed',
  false: 'unsubscribed',
  no: 'unsubscribed',
  '0': 'unsubscribed',
  pending: 'pending',
  unconfirmed: 'pending',
  bounced: 'bounced',
  cleaned: 'bounced',
  complained: 'complained',
}

/**
 * Makes the function that reads the rows of a file.
 * @param fields those of the workspace, with those that the import makes
 * @returns what the row says, or what is wrong with it
 */
export function rowReader(
  options: Pick<ImportOptions, 'mapping' | 'tags_separator' | 'status'>,
  fields: readonly CustomField[],
): (cells: readonly string[]) => Omit<ImportRow, 'line' | 'row'> | { fault: string } {
  const byKey = new Map(fields.map(field => [field.key, field]))
  const columns = options.mapping
    .map((to, at) => ({ at, ...target(to, byKey) }))
    .filter(({ to }) => to !== 'ignore')

  return cells => {
    let id: number | undefined
    let email = ''
    let first: string | undefined
    let last: string | undefined
    let values: FieldValues | undefined
    let tags: string[] | undefined
    let status: SubscriberStatus | undefined
    let statusAt: number | undefined
    let createdAt: number | undefined
    for (const { at, to, field } of columns) {
      const cell = cells[at]
      if (cell === undefined || cell === '') continue
      const text = unescaped(cell).trim()
      if (text === '') continue
      switch (to) {
        case 'email':
          email = text
          break
        case 'first_name':
        case 'last_name': {
          if (text.length > MAX_NAME) return { fault: `${to} must not be longer than ${MAX_NAME} characters` }
          if (to === 'first_name') first = storable(text)
          else last = storable(text)
          break
        }
        case 'name': {
          if (text.length > MAX_NAME) return { fault: `name must not be longer than ${MAX_NAME} characters` }
          const [, given = '', family] = /^(\S+)\s*(.*)$/s.exec(storable(text)) ?? []
          if (given !== '') first = given
          if (family) last = family
          break
        }
        case 'field': {
          if (field === undefined) break
          const read = readFieldText(field, text)
          if ('fault' in read) return { fault: `${field.label} ${read.fault}` }
          if (read.value !== null) (values ??= {})[field.key] = read.value
          break
        }
        case 'attributes': {
          const read = attributesIn(text, byKey)
          if (typeof read === 'string') return { fault: read }
          values = { ...values, ...read }
          break
        }
        case 'tags': {
          const read = tagsIn(text, options.tags_separator)
          if (typeof read === 'string') return { fault: read }
          tags = tags === undefined ? read : [...tags, ...read]
          break
        }
        case 'id':
          if (!/^\d{1,15}$/.test(text)) return { fault: 'id must be an integer' }
          id = Number(text)
          break
        case 'status':
          status = STATUSES[text.toLowerCase()]
          if (status === undefined) return { fault: `status "${shortened(text)}" is not known` }
          break
        case 'unsubscribed_at':
          statusAt = instantIn(text)
          if (statusAt === undefined) return { fault: 'unsubscribed_at must be a date' }
          break
        case 'created_at':
          createdAt = instantIn(text)
          if (createdAt === undefined) return { fault: 'created_at must be a date' }
      }
    }
    if (email === '') return { fault: 'email is required' }
    email = storable(email)
    if (!isAddress(email)) return { fault: 'email must be a valid email address' }
    // Whoever has left at some time and is not said to be back is away.
    if (statusAt !== undefined && status === undefined)
      status = options.status === 'bounced' ? 'bounced' : 'unsubscribed'
    if (status === 'subscribed') statusAt = undefined
    const key = email.toLowerCase()
    return {
      ...(id !== undefined && { id }),
      email,
      key,
      domain: domainOf(key),
      ...(first !== undefined && { first }),
      ...(last !== undefined && { last }),
      search: fold(
        first === undefined
          ? last === undefined
            ? email
            : `${last} ${email}`
          : last === undefined
            ? `${first} ${email}`
            : `${first} ${last} ${email}`,
      ),
      ...(values !== undefined && { fields: values }),
      ...(tags !== undefined && { tags }),
      ...(status !== undefined && { status }),
      ...(statusAt !== undefined && { statusAt }),
      ...(createdAt !== undefined && { createdAt }),
    }
  }
}

function target(
  to: ImportTarget,
  byKey: ReadonlyMap<string, CustomField>,
): { to: Exclude<ImportTarget, `field:${string}` | `new_field:${string}`> | 'field'; field?: CustomField } {
  if (!/^(new_)?field:/.test(to)) return { to: to as 'ignore' }
  // Of a dry run the fields that would be made are known by the whole target.
  const field = byKey.get(to.startsWith('field:') ? to.slice('field:'.length) : to)
  return field === undefined ? { to: 'ignore' } : { to: 'field', field }
}

/** What exports put before a cell that a spreadsheet would take for a formula (see export-rows.ts). */
function unescaped(cell: string): string {
  return cell.startsWith("'") && /^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell
}

/** An address as mail systems take it: no quotes, no comments, a domain with a dot or one of one word. */
const ADDRESS =
  /^[^\s@"(),:;<>[\\\]\x00-\x1f\x7f]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?$/u
/** The same, of ASCII: most are, and it takes a third of the time. */
const ASCII_ADDRESS =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/

function isAddress(text: string): boolean {
  if (text.length > MAX_EMAIL || text.startsWith('.') || text.includes('..') || text.includes('.@'))
    return false
  return ASCII_ADDRESS.test(text) || ADDRESS.test(text)
}

function attributesIn(text: string, byKey: ReadonlyMap<string, CustomField>): FieldValues | string {
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch {
    return 'attributes must be a JSON object'
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return 'attributes must be a JSON object'
  const values: FieldValues = {}
  for (const [key, value] of Object.entries(given)) {
    const field = byKey.get(key)
    if (field === undefined || value === null) continue
    const read = readFieldText(field, typeof value === 'object' ? JSON.stringify(value) : String(value))
    if ('fault' in read) return `${key} ${read.fault}`
    if (read.value !== null) values[key] = read.value
  }
  return values
}

/** Mailchimp encloses each in quotes: `"one","two, three"`. */
function tagsIn(text: string, separator: string): string[] | string {
  const pieces =
    separator === ',' && text.startsWith('"') && text.endsWith('"')
      ? text.slice(1, -1).split(/"\s*,\s*"/)
      : text.split(separator)
  const names: string[] = []
  for (const piece of pieces) {
    const name = storable(piece).trim()
    if (name === '') continue
    if (name.length > MAX_NAME) return `tags must not be longer than ${MAX_NAME} characters`
    names.push(name)
  }
  return names.length > MAX_TAGS ? `tags must not be more than ${MAX_TAGS}` : names
}

/** ISO 8601 as programs write it, with or without a time; without a zone it is UTC. */
const INSTANT =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:[.,](\d{1,9}))?\s*(Z|UTC|[+-]\d{2}(?::?\d{2})?)?)?$/i

function instantIn(text: string): number | undefined {
  const [, day, time = '00:00', fraction = '', zone = 'Z'] = INSTANT.exec(text) ?? []
  if (day === undefined) return undefined
  const offset = /^[+-]/.test(zone) ? `${zone.replace(':', '')}00`.replace(/^(.\d\d)(\d\d).*/, '$1:$2') : 'Z'
  const millis = fraction === '' ? '' : `.${fraction.slice(0, 3).padEnd(3, '0')}`
  const at = Date.parse(`${day}T${time.length === 5 ? `${time}:00` : time}${millis}${offset}`)
  return Number.isNaN(at) ? undefined : at
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}
