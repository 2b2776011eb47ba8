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
  blacklists_report_info: false
  smtp_information:
    | { ok: true; data: { mail_from_addr: string; client_ip: string; rcpt_to_addrs: string[] } }
    | { ok: false }
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
  version: number
  /** Of whoever asks. */
  role: 'owner' | 'admin' | 'viewer'
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
