import type { Generated, Kysely } from 'kysely'

/**
 * The tables as types. Three conventions keep every query the same on both engines:
 * instants are integer milliseconds since 1970, truth is 0 or 1, JSON is text.
 */
export interface Tables {
  workspaces: Workspaces
  users: Users
  members: Members
  tokens: Tokens
  sessions: Sessions
  settings: Settings
  projects: Projects
  inboxes: Inboxes
  messages: Messages
  raw_packs: RawPacks
  raw_messages: RawMessages
  attachments: Attachments
  search_pending: SearchPending
}

/** What every noun file takes first: a connection, a pool or a transaction. */
export type Database = Kysely<Tables>

export type Truth = 0 | 1

interface Workspaces {
  id: Generated<number>
  name: string
  created_at: number
  updated_at: number
}

interface Users {
  id: Generated<number>
  name: string
  /** Lower case, unique. */
  email: string
  /** Address awaiting confirmation. */
  pending_email: string | null
  /** PHC string; null until a password is set (local mode). */
  password_hash: string | null
  timezone: string
  /** The `jti` of the one JWT that counts. */
  jwt_id: string
  current_workspace_id: number
  created_at: number
  updated_at: number
}

interface Members {
  id: Generated<number>
  workspace_id: number
  user_id: number
  role: 'owner' | 'admin' | 'viewer'
  created_at: number
}

interface Tokens {
  id: Generated<number>
  kind: 'user' | 'workspace'
  /** Whose token it is; of a workspace token, who made it. */
  user_id: number
  workspace_id: number | null
  /** SHA-256 of the token, hex; the token itself is kept nowhere. */
  hash: string
  last_four: string
  description: string
  created_at: number
}

interface Sessions {
  /** SHA-256 of the cookie's value, hex. */
  hash: string
  user_id: number
  /** What a state-changing call must repeat in a header. */
  csrf: string
  created_at: number
  expires_at: number
}

interface Settings {
  key: string
  value: string
}

interface Projects {
  id: Generated<number>
  workspace_id: number
  /** Who made it: with the workspace's owners the only ones who may delete it. */
  owner_id: number
  name: string
  /** Random part of the share link. */
  ext_id: string
  created_at: number
  updated_at: number
}

interface Inboxes {
  id: Generated<number>
  project_id: number
  name: string
  username: string
  /** Encrypted: CRAM-MD5 and the API need it back. */
  password: string
  status: 'active' | 'inactive' | 'pending'
  email_username: string
  email_username_enabled: Truth
  /** Messages kept, oldest out first; 0 = no limit. */
  max_size: number
  max_message_size: number
  emails_count: number
  emails_unread_count: number
  /** Year and month (UTC, as 202611) that the two counters below belong to. */
  counted_month: number
  sent_messages_count: number
  forwarded_messages_count: number
  last_message_at: number | null
  /** Moves with every change of the inbox or of anything in it; cached pages are valid for one version. */
  version: number
  created_at: number
  updated_at: number
}

interface Messages {
  id: Generated<number>
  inbox_id: number
  subject: string
  from_email: string
  from_name: string
  to_email: string
  to_name: string
  /** The Date header, else the arrival. */
  sent_at: number
  is_read: Truth
  /** Bytes exactly as received. */
  size: number
  html_size: number
  text_size: number
  attachments_count: number
  /** First words of the text, for the list. */
  snippet: string
  /** Folded subject and recipients: what the substring search is verified against. */
  search_head: string
  /** JSON: how it came (see catch/arrival.ts). */
  arrival: string
  /** JSON: what was odd about it. */
  notes: string
  created_at: number
  updated_at: number
}

/** Raw messages that arrived together, compressed as one: similar mail costs little, and so does the compressor. */
interface RawPacks {
  id: Generated<number>
  codec: 'zstd' | 'plain'
  bytes: Buffer
}

/** Where in its unpacked pack a message lies, byte for byte as it was received. */
interface RawMessages {
  message_id: number
  pack_id: number
  start: number
  size: number
}

interface Attachments {
  id: Generated<number>
  message_id: number
  /** Path in the MIME tree, as `1.2`. */
  part: string
  filename: string
  attachment_type: 'attachment' | 'inline'
  content_type: string
  content_id: string
  transfer_encoding: string
  size: number
  created_at: number
}

/** Search entries on their way into the index (see search.ts); SQLite only. */
interface SearchPending {
  message_id: number
  inbox_id: number
  head: string
  words: string
}
