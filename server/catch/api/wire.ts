// Every shape that leaves this folder, and nothing else: the web app imports its types from here.
// The order of the fields is the order in which they are sent.

/** A project in Mailtrap's words (contract, section 5). */
export interface CompanyWire {
  id: number
  name: string
  is_owner: boolean
  share_link: string | null
  ext_id: string | null
  inboxes: InboxWire[]
}

/** Contract, section 6. */
export interface InboxWire {
  id: number
  company_id: number
  name: string
  username: string
  /** Null for those who may only look. */
  password: string | null
  /** Messages kept, oldest out first; 0 = no limit. */
  max_size: number
  status: 'active' | 'inactive' | 'pending'
  email_username: string
  email_username_enabled: boolean
  /** In this calendar month. */
  sent_messages_count: number
  forwarded_messages_count: number
  used: boolean
  forward_from_email_address: string
  domain: string
  pop3_domain: string
  email_domain: string
  emails_count: number
  emails_unread_count: number
  last_message_sent_at: string | null
  smtp_ports: number[]
  pop3_ports: number[]
  /** Bytes. */
  max_message_size: number
  has_inbox_address: boolean
  last_message_sent_at_timestamp: number | null
}

/** Contract, section 8.1. */
export interface MessageWire {
  id: number
  inbox_id: number
  subject: string
  sent_at: string
  from_email: string
  from_name: string
  to_email: string
  to_name: string
  /** Null when too long to come along. */
  html_body: string | null
  text_body: string | null
  email_size: number
  is_read: boolean
  created_at: string
  updated_at: string
  html_body_size: number
  text_body_size: number
  sent_at_timestamp: number
  human_size: string
  html_path: string
  txt_path: string
  raw_path: string
  download_path: string
  html_source_path: string
  viruses_report_info: boolean
  blacklists_report_info: BlacklistsWire
  smtp_information:
    | { ok: true; data: { mail_from_addr: string; client_ip: string; rcpt_to_addrs: string[] } }
    | { ok: false }
}

/** Contract, section 8.5; false: nobody was asked. */
export type BlacklistsWire =
  | false
  | { result: 'pending' | 'error' }
  | {
      result: 'success'
      domain: string
      ip: string
      report: { name: string; url: string; in_black_list: boolean }[]
    }

/** Contract, section 8.8. */
export interface AttachmentWire {
  id: number
  message_id: number
  filename: string
  attachment_type: 'attachment' | 'inline'
  content_type: string
  content_id: string
  transfer_encoding: string
  attachment_size: number
  created_at: string
  updated_at: string
  attachment_human_size: string
  download_path: string
}

/** Contract, section 8.6. */
export interface SpamReportWire {
  report: {
    ResponseCode: number
    ResponseMessage: string
    ResponseVersion: string
    Score: number
    Spam: boolean
    Threshold: number
    Details: { Pts: string; RuleName: string; Description: string }[]
  }
}

/** Somebody who reaches a project (contract, section 5.1). */
export interface SharedUserWire {
  /** Twice the id of what was given, or twice the id of the membership of the workspace and one more. */
  id: number
  user_id: number
  role: 'owner' | 'admin' | 'viewer'
  is_owner: boolean
  name: string
  email: string
}

/** Somebody who was given this one inbox (contract, section 6.1). */
export interface InboxUserWire {
  id: number
  inbox_id: number
  created_at: string
  updated_at: string
  email: string
  role: 'admin' | 'viewer'
}

/** An inbox that was given to the user, and its project was not (contract, section 7). */
export interface SharedInboxWire {
  id: number
  company_id: number
  name: string
  domain: string
  username: string
  /** Null for those who may only look. */
  password: string | null
  status: 'active' | 'inactive' | 'pending'
  max_size: number
  emails_count: number
  emails_unread_count: number
  last_message_sent_at: string | null
  sent_messages_count: number
  forwarded_messages_count: number
  company_name: string
  last_message_sent_at_timestamp: number | null
}

/** Contract, section 6.2. */
export interface ForwardRuleWire {
  id: number
  inbox_id: number
  forward_type: 'email' | 'domain'
  forward_value: string
  /** Pending until its address is confirmed or its domain proved, and as long as there is no relay. */
  status: 'active' | 'pending'
}

/** Contract, section 8.7. */
export interface AnalyzeWire {
  report:
    | {
        status: 'success'
        /** Ours: why something is left out. */
        msg?: string
        errors: { error_line: number; rule_name: string; email_clients: ClientGroups }[]
      }
    | { status: 'error'; msg: string }
}

/** A list that would be empty is left out. */
export interface ClientGroups {
  desktop?: string[]
  mobile?: string[]
  web?: string[]
}

// From here on: /api/posthorn, for the web app. Instants are ISO strings in UTC.

export interface ProjectSummary {
  id: number
  name: string
  is_owner: boolean
  /** Of whoever asks; null: only the inboxes listed here were given to them. */
  role: 'owner' | 'admin' | 'viewer' | null
  workspace: { id: number; name: string }
  inboxes: InboxSummary[]
}

export interface InboxSummary {
  id: number
  project_id: number
  name: string
  emails_count: number
  emails_unread_count: number
  last_message_at: string | null
  max_size: number
  status: 'active' | 'inactive' | 'pending'
  version: number
  /** Of whoever asks. */
  role: 'owner' | 'admin' | 'viewer'
}

/** What whoever manages an inbox can set. Names are those of InboxWire. */
export interface InboxSettings {
  id: number
  project_id: number
  name: string
  /** Inactive: takes no mail, and what is in it is only read. */
  status: 'active' | 'inactive' | 'pending'
  /** Alias and hash; sent alone, the alias is changed and the hash stays. */
  email_username: string
  email_domain: string
  email_username_enabled: boolean
  /** Messages kept, oldest out first; 0 = no limit. */
  max_size: number
  /** Bytes. */
  max_message_size: number
  /** Messages taken in so many seconds; null: the server's own limit counts. */
  rate: RateLimit | null
  /** Older messages are deleted; null: age does not matter. */
  retention_days: number | null
  server: { max_message_size: number; rate: RateLimit | null }
  emails_count: number
  sent_messages_count: number
  role: 'owner' | 'admin' | 'viewer'
}

export interface RateLimit {
  count: number
  seconds: number
}

/** Somebody who reaches a project or an inbox, and through what. */
export interface ReachingPerson {
  /** Of what they were given by itself; null: they reach it through the workspace, or an inbox through its project. */
  id: number | null
  user_id: number
  name: string
  email: string
  role: 'owner' | 'admin' | 'viewer'
  through: 'workspace' | 'project' | 'inbox'
  is_owner: boolean
  is_you: boolean
}

export interface PeopleList {
  people: ReachingPerson[]
  /** Whether whoever asks may invite, change and remove. */
  may_manage: boolean
}

export interface Person {
  name: string
  email: string
}

export interface MessageSummary {
  id: number
  subject: string
  from: Person
  to: Person[]
  sent_at: string
  created_at: string
  size: number
  is_read: boolean
  attachments_count: number
  snippet: string
  has_html: boolean
  has_text: boolean
}

export interface MessagePage {
  /** Newest first. */
  messages: MessageSummary[]
  has_more: boolean
  inbox: InboxSummary
}

export interface MessageDetail extends MessageSummary {
  cc: Person[]
  /** Envelope recipients that are in neither To nor Cc. */
  bcc: string[]
  reply_to: Person[]
  message_id: string | null
  envelope: EnvelopeSummary
  /** What was odd about it. */
  notes: { code: string; text: string }[]
  attachments: AttachmentSummary[]
  /** How many remote resources the HTML would load. */
  remote_content: number
  html_url: string
  raw_url: string
  eml_url: string
}

export interface EnvelopeSummary {
  mail_from: string
  rcpt_to: string[]
  client_ip: string
  helo: string
  tls: string | null
  login: string | null
  received_at: string
  source: 'smtp' | 'api' | 'import'
}

export interface AttachmentSummary {
  id: number
  filename: string
  content_type: string
  size: number
  attachment_type: 'attachment' | 'inline'
  content_id: string
  download_url: string
}

export interface HeaderList {
  headers: { name: string; value: string; raw: string }[]
}

export interface BulkRequest {
  ids?: number[]
  all?: true
  action: 'read' | 'unread' | 'delete'
}

export interface BulkReply {
  changed: number
  inbox: InboxSummary
}

export interface ForwardingOverview {
  /** Whether there is a relay to forward through. */
  relay: boolean
  /** What forwards come from. */
  from: Person
  rules: ForwardRuleWire[]
  /** Empty for those who may not manage the inbox. */
  targets: ForwardTarget[]
  /** Whether whoever asks may take a target from the workspace. */
  may_forget: boolean
}

/** An address or a domain that mail may be forwarded to, once it is active. */
export interface ForwardTarget {
  id: number
  kind: 'email' | 'domain'
  value: string
  status: 'active' | 'pending'
  created_at: string
  /** When the last mail with the link was sent. */
  asked_at: string | null
  confirmed_at: string | null
  /** Of a domain: the TXT record that proves it, at either name. */
  record: { names: string[]; value: string } | null
}

export interface OutgoingPage {
  /** Newest first. */
  outgoing: OutgoingSummary[]
  has_more: boolean
}

/** One copy to one recipient, on its way or past it. */
export interface OutgoingSummary {
  id: number
  /** By hand, or by a rule. */
  kind: 'forward' | 'rule' | 'system'
  message_id: number | null
  to: string
  subject: string
  status: 'queued' | 'sending' | 'sent' | 'failed'
  attempts: number
  /** The relay's last word, or why it could not be asked. */
  reply: string
  /** Of one that is queued. */
  next_attempt_at: string | null
  /** Whether it can be sent again by hand. */
  may_retry: boolean
  created_at: string
  updated_at: string
}

/** What the link in a confirmation mail is about. */
export interface Confirmation {
  email: string
  workspace: string
  status: 'active' | 'pending'
}

/** A check that could not be made says why. */
export interface CheckUnavailable {
  available: false
  reason: string
}

export type SpamCheck =
  | {
      available: true
      score: number
      threshold: number
      rules: { points: string; name: string; description: string }[]
    }
  /** Not configured: there is no spamd to ask. */
  | (CheckUnavailable & { configured: boolean })

export type HtmlCheck =
  | {
      available: true
      has_html: boolean
      /** What most mail programs lack comes first. */
      rules: HtmlRule[]
      /** Why something is left out. */
      note: string | null
    }
  | CheckUnavailable

export interface HtmlRule {
  title: string
  /** More about it, at caniemail.com. */
  url: string
  none: ClientGroups
  partial: ClientGroups
  /** Lines of the HTML source, from 1, ascending: the first of them. */
  lines: number[]
  /** In how many lines it occurs. */
  count: number
}

export type BlacklistsCheck =
  | { state: 'off' | 'private' | 'pending' | 'error' }
  | { state: 'done'; ip: string; lists: { name: string; zone: string; listed: boolean }[] }
