import { type NamedImport, optionsOf, progressOf } from '../import/imports.ts'

// What the calls about imports answer, as JSON.

export interface ImportWire {
  id: number
  /** Of the file. */
  name: string
  /** Bytes. */
  size: number
  status: ImportStatus
  dry_run: boolean
  /** From 0 to 1. */
  progress: number
  /** Rows read so far: created, updated, skipped and failed together. */
  rows: number
  created: number
  updated: number
  skipped: number
  failed: number
  /** Rows a second at this moment; null: it is not running here. */
  rate: number | null
  /** Why it failed as a whole. */
  error: string | null
  /** As it was started; null: it has not been. */
  options: ImportOptionsWire | null
  user: { id: number; name: string } | null
  created_at: string
  finished_at: string | null
}

type ImportStatus = 'waiting' | 'running' | 'paused' | 'done' | 'cancelled' | 'failed'
export type ImportFormat = 'csv' | 'listmonk' | 'sendportal' | 'mailchimp' | 'mailcoach'
export type ImportEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'
export type ImportPolicy = 'create_and_update' | 'create_only' | 'update_only'
type ImportedStatus = 'subscribed' | 'pending' | 'unsubscribed' | 'bounced'

export interface ImportOptionsWire {
  format: ImportFormat
  /** One character. */
  delimiter: string
  quote: '"' | "'"
  encoding: ImportEncoding
  has_header: boolean
  /** For each column what becomes of it; columns beyond these are ignored. */
  mapping: ImportTarget[]
  /** Between the tags of one cell. */
  tags_separator: string
  /** Everybody in the file gets these. */
  tag_ids: number[]
  policy: ImportPolicy
  /** Of new subscribers whose row does not say. */
  status: ImportedStatus
  /** Those who had unsubscribed are subscribed again, unless their row says otherwise. */
  resubscribe: boolean
  /** Everything but the writing. */
  dry_run: boolean
}

export type ImportTarget =
  | 'ignore'
  /** Of a subscriber of this workspace, whose address the row may then change. */
  | 'id'
  | 'email'
  | 'first_name'
  | 'last_name'
  /** Both names in one. */
  | 'name'
  | 'tags'
  | 'status'
  | 'unsubscribed_at'
  | 'created_at'
  /** A JSON object: values of custom fields by key. */
  | 'attributes'
  | `field:${string}`
  /** Makes the field at the start: kind, then label. */
  | `new_field:${string}:${string}`

export interface ImportPreviewWire {
  format: ImportFormat
  read: {
    delimiter: string
    quote: '"' | "'"
    encoding: ImportEncoding
    /** A byte order mark begins the file. */
    bom: boolean
    has_header: boolean
  }
  columns: { index: number; name: string; samples: string[]; to: ImportTarget }[]
  /** The first 20, without the header. */
  rows: string[][]
  /** As the start would take them, proposed. */
  options: ImportOptionsWire
}

interface ImportFaultWire {
  id: number
  /** Of the file; the first is 1. */
  line: number
  reason: string
  /** As it stands in the file. */
  row: string
}

export interface ImportFaultsWire {
  faults: ImportFaultWire[]
  next_cursor: string | null
  total: number
}

export function importWire(row: NamedImport, rate: number | undefined): ImportWire {
  const options = optionsOf(row)
  return {
    id: row.id,
    name: row.name,
    size: row.size,
    status: row.status,
    dry_run: options?.dry_run === true,
    progress: progressOf(row),
    rows: row.rows_count,
    created: row.created_count,
    updated: row.updated_count,
    skipped: row.skipped_count,
    failed: row.failed_count,
    rate: row.status === 'running' ? (rate ?? null) : null,
    error: row.error,
    options: options ?? null,
    user: row.user_id === null ? null : { id: row.user_id, name: row.user_name ?? '' },
    created_at: new Date(row.created_at).toISOString(),
    finished_at: row.finished_at === null ? null : new Date(row.finished_at).toISOString(),
  }
}
