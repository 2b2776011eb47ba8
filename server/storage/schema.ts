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
  project_members: ProjectMembers
  inbox_members: InboxMembers
  invitations: Invitations
  cors_domains: CorsDomains
  forward_rules: ForwardRules
  forward_targets: ForwardTargets
  forward_cursors: ForwardCursors
  outgoing: Outgoing
  message_reports: MessageReports
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
  /** Messages older than this are thrown away; null: age does not matter. */
  retention_days: number | null
  /** Messages taken in so many seconds; null: what the server allows every inbox. */
  rate_count: number | null
  rate_seconds: number | null
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

/** People who are given one project. */
interface ProjectMembers {
  id: Generated<number>
  project_id: number
  user_id: number
  role: 'admin' | 'viewer'
  created_at: number
  updated_at: number
}

/** People who are given one inbox. */
interface InboxMembers {
  id: Generated<number>
  inbox_id: number
  user_id: number
  role: 'admin' | 'viewer'
  created_at: number
  updated_at: number
}

/** To the whole workspace, or to the one project or inbox that is named. */
interface Invitations {
  id: Generated<number>
  workspace_id: number
  project_id: number | null
  inbox_id: number | null
  /** Lower case. */
  email: string
  role: 'admin' | 'viewer'
  /** SHA-256 of the secret in the link, hex. */
  hash: string
  invited_by: number
  created_at: number
  expires_at: number
}

/** Where pages may stand that call the API with that user's token. */
interface CorsDomains {
  id: Generated<number>
  user_id: number
  /** Lower case, without scheme and port. */
  domain: string
  created_at: number
}

/** Sends on by itself what comes in for an address or a domain, once that is proved (see forward_targets). */
interface ForwardRules {
  id: Generated<number>
  inbox_id: number
  forward_type: 'email' | 'domain'
  /** Lower case. */
  forward_value: string
  created_at: number
  updated_at: number
}

/** Addresses and domains outside, and whether their owner agreed to be sent mail from here. */
interface ForwardTargets {
  id: Generated<number>
  workspace_id: number
  kind: 'email' | 'domain'
  /** Lower case. */
  value: string
  status: 'pending' | 'active'
  /** What the link in the mail, or the TXT record, must say. */
  proof: string
  created_at: number
  /** When the last mail with the link was handed over, or DNS was last asked. */
  asked_at: number | null
  confirmed_at: number | null
}

interface ForwardCursors {
  inbox_id: number
  /** The rules have been asked about every message up to this one. */
  message_id: number
}

/** Mail on its way out through the relay, and what became of it. */
interface Outgoing {
  id: Generated<number>
  kind: 'forward' | 'rule' | 'system'
  workspace_id: number | null
  inbox_id: number | null
  message_id: number | null
  reverse_path: string
  forward_path: string
  subject: string
  /** The whole message; null once it is done with. */
  bytes: Buffer | null
  status: 'queued' | 'sent' | 'failed'
  attempts: number
  /** Not before this instant. */
  next_at: number
  /** Somebody is at it until then; null: nobody. */
  leased_until: number | null
  /** The relay's last word, or why it could not be asked. */
  reply: string
  created_at: number
  updated_at: number
}

/** What the checkers said about a message, as JSON. */
interface MessageReports {
  id: Generated<number>
  message_id: number
  kind: 'spam' | 'html' | 'blacklists'
  report: string
  created_at: number
}
