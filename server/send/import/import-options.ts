import type { CustomField } from '../audience/custom-fields.ts'

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'
export type ImportFormat = 'csv' | 'listmonk' | 'sendportal' | 'mailchimp' | 'mailcoach'
export type ImportPolicy = 'create_and_update' | 'create_only' | 'update_only'

/** How the bytes of a file become rows of cells. */
export interface Reading {
  /** One character of ASCII, as the quote is. */
  delimiter: string
  quote: '"' | "'"
  encoding: Encoding
  has_header: boolean
}

/** How a file is read and what becomes of its rows. */
export interface ImportOptions extends Reading {
  format: ImportFormat
  /** For each column what becomes of it; columns beyond these are ignored. */
  mapping: ImportTarget[]
  /** Between the tags of one cell. */
  tags_separator: string
  /** Everybody in the file gets these. */
  tag_ids: number[]
  policy: ImportPolicy
  /** Of new subscribers whose row does not say. */
  status: 'subscribed' | 'pending' | 'unsubscribed' | 'bounced'
  /** Those who had unsubscribed are subscribed again, unless their row says otherwise. */
  resubscribe: boolean
  /** Everything but the writing. */
  dry_run: boolean
}

const PLAIN_TARGETS = [
  'ignore',
  'id',
  'email',
  'first_name',
  'last_name',
  'name',
  'tags',
  'status',
  'unsubscribed_at',
  'created_at',
  'attributes',
] as const

export type ImportTarget =
  | (typeof PLAIN_TARGETS)[number]
  | `field:${string}`
  /** Kind, then label. */
  | `new_field:${string}:${string}`

export const FORMATS: readonly ImportFormat[] = ['csv', 'listmonk', 'sendportal', 'mailchimp', 'mailcoach']
export const ENCODINGS: readonly Encoding[] = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252']
export const POLICIES: readonly ImportPolicy[] = ['create_and_update', 'create_only', 'update_only']
export const STATUSES_OF_NEW: readonly ImportOptions['status'][] = [
  'subscribed',
  'pending',
  'unsubscribed',
  'bounced',
]

/** Whose options are not in a file: they are made first. */
const KINDS_FROM_FILES: readonly CustomField['kind'][] = ['text', 'number', 'boolean', 'date']

export function isTarget(given: unknown): given is ImportTarget {
  if (typeof given !== 'string') return false
  return (
    (PLAIN_TARGETS as readonly string[]).includes(given) ||
    /^field:[a-z][a-z0-9_]{0,39}$/.test(given) ||
    newFieldOf(given) !== undefined
  )
}

/** What a target asks to be made. */
export function newFieldOf(target: string): { kind: CustomField['kind']; label: string } | undefined {
  const [, kind, label] = /^new_field:(\w+):(.{1,255})$/s.exec(target) ?? []
  const known = KINDS_FROM_FILES.find(each => each === kind)
  return known === undefined || label === undefined || label.trim() === ''
    ? undefined
    : { kind: known, label: label.trim() }
}
