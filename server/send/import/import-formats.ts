import type { CustomField } from '../audience/custom-fields.ts'
import type { ImportFormat, ImportOptions, ImportTarget, Reading } from './import-options.ts'

/** What is known of whoever imports. */
export interface Proposing {
  fields: readonly CustomField[]
  /** Whether a hash that an export writes beside an id is one of ours (see export-hash.ts). */
  isOurHash: (id: number, hash: string) => boolean
}

/** Header names, lower case without anything but letters and digits, that mean the same everywhere. */
const NAMES: Record<string, ImportTarget> = {
  id: 'id',
  email: 'email',
  emailaddress: 'email',
  mail: 'email',
  emails: 'email',
  firstname: 'first_name',
  forename: 'first_name',
  givenname: 'first_name',
  vorname: 'first_name',
  fname: 'first_name',
  lastname: 'last_name',
  surname: 'last_name',
  familyname: 'last_name',
  nachname: 'last_name',
  lname: 'last_name',
  name: 'name',
  fullname: 'name',
  tags: 'tags',
  tag: 'tags',
  segments: 'tags',
  lists: 'tags',
  status: 'status',
  unsubscribedat: 'unsubscribed_at',
  createdat: 'created_at',
  subscribedat: 'created_at',
  attributes: 'attributes',
}

/** Columns that only say how another system keeps its things. */
const NEVER = new Set(
  `hash uuid updatedat statusreason statusat source domain memberrating optintime optinip confirmtime confirmip latitude
  longitude gmtoff dstoff timezone cc region lastchanged leid euid notes unsubtime unsubcampaigntitle unsubcampaignid
  unsubreason unsubreasonother cleantime cleancampaigntitle cleancampaignid`.split(/\s+/),
)

/** How each system's export is known by its header, and what is particular about it. */
const FORMATS: {
  format: ImportFormat
  has: string[]
  also?: Record<string, ImportTarget>
  /** Of columns of lists that are of one status as a whole. */
  statusBy?: Record<string, ImportOptions['status']>
}[] = [
  { format: 'listmonk', has: ['email', 'name', 'attributes'] },
  {
    format: 'mailchimp',
    has: ['emailaddress', 'leid'],
    also: { optintime: 'created_at', unsubtime: 'unsubscribed_at', cleantime: 'unsubscribed_at' },
    statusBy: { unsubtime: 'unsubscribed', cleantime: 'bounced' },
  },
  { format: 'mailcoach', has: ['email', 'subscribedat'], also: { extraattributes: 'attributes' } },
  { format: 'sendportal', has: ['id', 'hash', 'email', 'firstname', 'lastname'] },
]

/** What a start would most probably want, by the header if there is one, else by what the cells look like. */
export function propose(reading: Reading, rows: readonly string[][], known: Proposing): ImportOptions {
  const [first = [], second = []] = rows
  const header = reading.has_header ? first.map(plain) : []
  const found = FORMATS.find(({ has }) => has.every(name => header.includes(name)))
  const mapping = reading.has_header
    ? targetsByName(first, { ...NAMES, ...found?.also }, known, second)
    : targetsByLook(rows)
  if (mapping.includes('id') && header.includes('hash') && !isOurs(header, second, known.isOurHash))
    mapping[mapping.indexOf('id')] = 'ignore'
  const [, status = 'subscribed'] =
    Object.entries(found?.statusBy ?? {}).find(([name]) => header.includes(name)) ?? []
  return {
    format: found?.format ?? 'csv',
    ...reading,
    mapping,
    tags_separator: isOwnExport(header) ? ',' : likelySeparator(mapping, reading, rows),
    tag_ids: [],
    policy: 'create_and_update',
    status: status as ImportOptions['status'],
    resubscribe: false,
    dry_run: false,
  }
}

function targetsByName(
  names: readonly string[],
  meanings: Readonly<Record<string, ImportTarget>>,
  { fields }: Proposing,
  sample: readonly string[],
): ImportTarget[] {
  const taken = new Set<ImportTarget>()
  const once = (to: ImportTarget): ImportTarget => {
    if (taken.has(to)) return 'ignore'
    taken.add(to)
    return to
  }
  return names.map((name, column): ImportTarget => {
    const bare = plain(name)
    const field = fields.find(({ key, label }) => plain(key) === bare || plain(label) === bare)
    if (Object.hasOwn(meanings, bare)) return once(meanings[bare] as ImportTarget)
    if (field !== undefined) return once(`field:${field.key}`)
    if (bare === '' || NEVER.has(bare)) return 'ignore'
    return `new_field:${kindOf(sample[column] ?? '')}:${name.trim().slice(0, 255)}`
  })
}

/** Without a header only an address is known for what it is. */
function targetsByLook(rows: readonly string[][]): ImportTarget[] {
  const columns = Math.max(0, ...rows.map(row => row.length))
  const email = Array.from({ length: columns }, (_, i) => i).find(
    column => rows.filter(row => row[column]?.includes('@')).length > rows.length / 2,
  )
  return Array.from({ length: columns }, (_, column) => (column === email ? 'email' : 'ignore'))
}

function isOurs(header: string[], row: readonly string[], isOurHash: Proposing['isOurHash']): boolean {
  return isOurHash(Number(row[header.indexOf('id')]), row[header.indexOf('hash')] ?? '')
}

function kindOf(sample: string): string {
  if (/^-?\d{1,15}(\.\d+)?$/.test(sample) && !/^0\d/.test(sample)) return 'number'
  if (/^\d{4}-\d{2}-\d{2}$/.test(sample)) return 'date'
  return /^(true|false|yes|no)$/i.test(sample) ? 'boolean' : 'text'
}

function isOwnExport(header: readonly string[]): boolean {
  return ['id', 'hash', 'email', 'status', 'tags', 'createdat'].every(name => header.includes(name))
}

/** Between tags of one cell. */
function likelySeparator(
  mapping: readonly ImportTarget[],
  { has_header }: Reading,
  rows: readonly string[][],
): string {
  const column = mapping.indexOf('tags')
  const cells = column < 0 ? [] : rows.slice(has_header ? 1 : 0).map(row => row[column] ?? '')
  const [most = ','] = [',', ';', '|'].toSorted((a, b) => occurrences(cells, b) - occurrences(cells, a))
  return most
}

function occurrences(cells: readonly string[], separator: string): number {
  return cells.filter(cell => cell.includes(separator)).length
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '')
}
