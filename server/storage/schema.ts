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
  audiences: Audiences
  audience_counts: AudienceCounts
  subscribers: Subscribers
  tags: Tags
  subscriber_tags: SubscriberTags
  custom_fields: CustomFields
  subscriber_events: SubscriberEvents
  suppressions: Suppressions
  segments: Segments
  imports: Imports
  import_faults: ImportFaults
  audience_jobs: AudienceJobs
  forms: Forms
  templates: Templates
  template_versions: TemplateVersions
  media: Media
  media_files: MediaFiles
  email_services: EmailServices
  campaigns: Campaigns
  campaign_tags: CampaignTags
  campaign_segments: CampaignSegments
  deliveries: Deliveries
  delivery_events: DeliveryEvents
  campaign_attachments: CampaignAttachments
  campaign_links: CampaignLinks
  campaign_totals: CampaignTotals
  service_usage: ServiceUsage
  sending_nodes: SendingNodes
  sending_settings: SendingSettings
  sending_domains: SendingDomains
  transactional_mails: TransactionalMails
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
  /** As BCP 47 has it. */
  locale: Generated<string>
  /** When the address was proved; null: whoever signed up has still to open the link. */
  verified_at: number | null
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
  /** To the minute; null: never. */
  last_used_at: number | null
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

/** How a workspace shows itself to its subscribers; absent until somebody says so. */
interface Audiences {
  workspace_id: number
  /** Empty: the workspace's own name. */
  public_name: string
  /** As `#3355aa`. */
  colour: string
  /** Of public pages and their mails. */
  locale: string
  updated_at: number
}

/** Moved by the database itself (see audience-counters.ts). */
interface AudienceCounts {
  workspace_id: number
  status: Subscribers['status']
  count: number
}

interface Subscribers {
  id: Generated<number>
  workspace_id: number
  /** As it was written first. */
  email: string
  /** Lower case, unique in the workspace. */
  email_key: string
  /** What follows the last @ of the key. */
  domain: string
  first_name: string | null
  last_name: string | null
  /** Folded names and address: what the search looks through. */
  search: string
  /** Only `subscribed` is written to. */
  status: 'subscribed' | 'unsubscribed' | 'pending' | 'bounced' | 'complained'
  /** Why it is not `subscribed`; null: nobody said. */
  status_reason: 'bounce' | 'complaint' | 'by_admin' | 'by_subscriber' | null
  /** Since when it has this status; of one that was always subscribed null. */
  status_at: number | null
  /** JSON object: values of the workspace's custom fields by key. */
  fields: string
  source: 'api' | 'web' | 'form' | 'import'
  /** Which import brought them. */
  import_id: number | null
  created_at: number
  updated_at: number
}

interface Tags {
  id: Generated<number>
  workspace_id: number
  name: string
  /** Lower case, unique in the workspace; lists are ordered by it. */
  name_key: string
  /** Moved by the database itself. */
  subscribers_count: number
  created_at: number
  updated_at: number
}

interface SubscriberTags {
  tag_id: number
  subscriber_id: number
}

interface CustomFields {
  id: Generated<number>
  workspace_id: number
  /** Lower case letters, digits and underscores: the name in merge tags, segments and files. Never changes. */
  key: string
  label: string
  kind: 'text' | 'number' | 'boolean' | 'date' | 'one_of' | 'many_of'
  /** JSON array of the values that may be chosen. */
  options: string
  position: number
  created_at: number
  updated_at: number
}

/** What happened to a person, the notes about them among it. That they came is in their own row. */
interface SubscriberEvents {
  id: Generated<number>
  subscriber_id: number
  kind: string
  /** JSON object. */
  detail: string
  /** Who did it; null: they themselves, or a program. */
  user_id: number | null
  at: number
}

/** Nobody there is written to, whoever asks. */
interface Suppressions {
  id: Generated<number>
  workspace_id: number
  kind: 'address' | 'domain'
  /** Lower case. */
  value: string
  reason: 'hard_bounce' | 'complaint' | 'manual' | 'import'
  /** What the other side said, or who asked for it. */
  evidence: string
  user_id: number | null
  created_at: number
}

interface Segments {
  id: Generated<number>
  workspace_id: number
  name: string
  name_key: string
  /** JSON (see send/segments/segment-definition.ts). */
  definition: string
  created_at: number
  updated_at: number
}

interface Imports {
  id: Generated<number>
  workspace_id: number
  user_id: number | null
  /** Of the file. */
  name: string
  /** Bytes. */
  size: number
  status: 'waiting' | 'running' | 'paused' | 'done' | 'cancelled' | 'failed'
  /** JSON: how the file is read and what becomes of its rows. */
  options: string
  /** Where in the file the window begins whose rows are being stored; moves in the same transaction as they do. */
  position: number
  /** Of the file, at that position; the first is 1. */
  line: number
  /** Rows of the window that are stored, in the order in which it is sorted. */
  ahead: Generated<number>
  /** Bytes of the file that are done with, for whoever watches. */
  reached: Generated<number>
  rows_count: number
  created_count: number
  updated_count: number
  skipped_count: number
  failed_count: number
  /** Why it failed as a whole. */
  error: string | null
  leased_until: number | null
  created_at: number
  updated_at: number
  finished_at: number | null
}

/** Rows that were not imported. */
interface ImportFaults {
  id: Generated<number>
  import_id: number
  line: number
  reason: string
  /** As it stands in the file. */
  row: string
}

/** Something done to many subscribers, in portions. */
interface AudienceJobs {
  id: Generated<number>
  workspace_id: number
  user_id: number | null
  kind: string
  /** JSON: whom it is done to. */
  selection: string
  /** JSON. */
  argument: string
  status: 'running' | 'done' | 'cancelled' | 'failed'
  /** Everybody up to this id is done with. */
  last_id: number
  done_count: number
  total_count: number
  error: string | null
  leased_until: number | null
  created_at: number
  updated_at: number
}

/** Where strangers sign up. */
interface Forms {
  id: Generated<number>
  workspace_id: number
  /** In its address. */
  public_id: string
  name: string
  /** JSON. */
  settings: string
  shown_count: number
  signed_up_count: number
  confirmed_count: number
  created_at: number
  updated_at: number
}

interface Templates {
  id: Generated<number>
  workspace_id: number
  name: string
  name_key: string
  /** What `source` is written in. */
  kind: 'html' | 'mjml' | 'markdown' | 'blocks'
  /** What its merge tags are read by. */
  language: 'tags' | 'liquid'
  source: string
  /** HTML made from it, placeholder and merge tags still in. */
  content: string
  /** The number of its newest version. */
  version: number
  created_at: number
  updated_at: number
}

interface TemplateVersions {
  id: Generated<number>
  template_id: number
  number: number
  name: string
  kind: Templates['kind']
  language: Templates['language']
  source: string
  content: string
  user_id: number | null
  created_at: number
}

interface Media {
  id: Generated<number>
  workspace_id: number
  /** In its address: whoever reads a mail may see its pictures. */
  public_id: string
  /** SHA-256 of the file as it was uploaded, hex. */
  hash: string
  name: string
  alt: string
  content_type: string
  /** Bytes as uploaded. */
  size: number
  /** Pixels. */
  width: number
  height: number
  user_id: number | null
  created_at: number
}

/** One picture in several widths. */
interface MediaFiles {
  id: Generated<number>
  media_id: number
  width: number
  content_type: string
  bytes: Buffer
}

interface EmailServices {
  id: Generated<number>
  workspace_id: number
  name: string
  type_id: number
  /** Encrypted JSON. */
  settings: string
  created_at: number
  updated_at: number
  /** JSON of ServiceLimits (sending/limits.ts); null: none. */
  limits: string | null
  /** Takes over while this one is down. */
  next_service_id: number | null
  /** It takes nothing; the next try is due then. */
  down_until: number | null
  down_reason: string | null
  down_since: number | null
}

interface Campaigns {
  id: Generated<number>
  workspace_id: number
  name: string
  subject: string
  content: string | null
  /** 1 draft, 2 queued, 3 sending, 4 sent, 5 cancelled. */
  status_id: number
  template_id: number | null
  email_service_id: number | null
  from_name: string
  from_email: string
  is_open_tracking: Truth
  is_click_tracking: Truth
  send_to_all: Truth
  save_as_draft: Truth
  scheduled_at: number | null
  sent_at: number | null
  created_at: number
  updated_at: number
  preheader: Generated<string>
  reply_to: Generated<string>
  /** In which `scheduled_at` was meant, where each recipient has it at that hour of their own. */
  schedule_zone: Generated<string>
  /** Whether the hour of `scheduled_at` and of the window is that of each recipient. */
  in_recipient_zone: Generated<Truth>
  /** JSON of a SendWindow (campaigns/send-window.ts); null: at any time. */
  send_window: string | null
  /** Why it was paused, in words for people; null: somebody did it. */
  pause_reason: string | null
  /** JSON of an AudienceReceipt (campaigns/freezing.ts). */
  receipt: string | null
  /** JSON of what is being sent, as it was when the audience was frozen: templates change meanwhile. */
  snapshot: string | null
  queued_at: number | null
  /** Until then it can be taken back, and nothing leaves. */
  undo_until: number | null
  /** The last subscriber who was looked at while the audience is being frozen. */
  frozen_through: number | null
  frozen_at: number | null
  paused_at: number | null
  /** Nothing is left to be sent. */
  finished_at: number | null
}

interface CampaignAttachments {
  id: Generated<number>
  campaign_id: number
  name: string
  content_type: string
  /** Of an inline picture, as in `cid:logo`. */
  content_id: string | null
  size: number
  bytes: Uint8Array
}

/** Where a campaign's links lead, as written: merge tags stand in some. */
interface CampaignLinks {
  id: Generated<number>
  campaign_id: number
  number: number
  url: string
  /** By people: all, and how many of them. */
  clicks: Generated<number>
  clicked: Generated<number>
  machine_clicks: Generated<number>
}

/** Moved by the database itself (delivery-totals.ts). */
interface CampaignTotals {
  campaign_id: number
  total: Generated<number>
  draft: Generated<number>
  pending: Generated<number>
  claimed: Generated<number>
  sent: Generated<number>
  failed: Generated<number>
  skipped: Generated<number>
  ambiguous: Generated<number>
  delivered: Generated<number>
  /** People who opened and clicked; the machines apart. */
  opened: Generated<number>
  machine_opened: Generated<number>
  clicked: Generated<number>
  machine_clicked: Generated<number>
  bounced: Generated<number>
  complained: Generated<number>
  unsubscribed: Generated<number>
  opens: Generated<number>
  clicks: Generated<number>
}

interface CampaignTags {
  id: Generated<number>
  campaign_id: number
  tag_id: number
}

interface CampaignSegments {
  id: Generated<number>
  campaign_id: number
  segment_id: number
}

/** One mail to one person, of a campaign or (`campaign_id` null) by itself. The rows of a campaign are its ledger. */
interface Deliveries {
  id: Generated<number>
  workspace_id: number
  campaign_id: number | null
  /** Null: a mail by itself to somebody who is no subscriber. */
  subscriber_id: number | null
  /** As it was when the audience was frozen. */
  email: string
  /** As it was sent; null: the campaign's own, or not rendered yet. */
  subject: string | null
  status: 'draft' | 'pending' | 'claimed' | 'sent' | 'failed' | 'skipped' | 'ambiguous'
  /** Why it is not sent: the server's words, or a reason of ours as `unsubscribed`. */
  reason: string | null
  /** Hand-overs that were begun. */
  attempts: Generated<number>
  /** Not before that. */
  next_at: Generated<number>
  /** Id of the node in `sending_nodes`, while claimed and afterwards. */
  claimed_by: number | null
  email_service_id: number | null
  /** The name that the provider gave it. */
  provider_id: string | null
  created_at: number
  sent_at: number | null
  delivered_at: number | null
  /** First by a person, and first by a machine. */
  opened_at: number | null
  machine_opened_at: number | null
  clicked_at: number | null
  machine_clicked_at: number | null
  /** For good. */
  bounced_at: number | null
  complained_at: number | null
  unsubscribed_at: number | null
  /** By people. */
  open_count: Generated<number>
  click_count: Generated<number>
}

/** What happened to a delivery, each thing once. */
interface DeliveryEvents {
  id: Generated<number>
  workspace_id: number
  delivery_id: number
  campaign_id: number | null
  kind:
    | 'delivered'
    | 'opened'
    | 'clicked'
    | 'bounced'
    | 'deferred'
    | 'failed'
    | 'ambiguous'
    | 'complained'
    | 'unsubscribed'
    | 'resubscribed'
  at: number
  /** Of opens and clicks. */
  verdict: 'person' | 'privacy_proxy' | 'scanner' | null
  /** In `campaign_links`. */
  link_id: number | null
  url: string | null
  ip: string | null
  user_agent: string | null
  /** Who told: `smtp`, `pixel`, `link`, `page`, `dsn`, `arf`, or a provider as `sendgrid`. */
  source: string
  /** What tells it from all others of its source, which may tell it again; null: it is told once. */
  event_key: string | null
  /** JSON: reasons of the verdict, diagnostics of a bounce, and the like. */
  detail: string
}

/** How much of its limits an email service has used. */
interface ServiceUsage {
  id: Generated<number>
  email_service_id: number
  span: 'hour' | 'day'
  started_at: number
  used: number
}

/** A process that sends, or sent. */
interface SendingNodes {
  id: Generated<number>
  name: string
  seen_at: number
}

interface SendingSettings {
  workspace_id: number
  /** JSON (sending/sending-settings.ts). */
  settings: string
}

/** A domain in whose name mail is signed. Private keys are sealed, public ones base64 as in DNS. */
interface SendingDomains {
  id: Generated<number>
  workspace_id: number
  domain: string
  selector: string
  rsa_private: string
  rsa_public: string
  ed25519_private: string
  ed25519_public: string
  /** JSON of what DNS said when it was last asked. */
  findings: string | null
  checked_at: number | null
  created_at: number
}

interface TransactionalMails {
  delivery_id: number
  workspace_id: number
  /** Whoever asks twice with the same key gets one mail; of all that was asked for, to tell a repeated request from another. */
  idempotency_key: string | null
  fingerprint: string
  from_email: string
  /** JSON of what it says (deliveries/transactional.ts), attachments with it. */
  content: string
}
