import { forwardingComponents, forwardRuleComponent } from './forwarding-wire.ts'
import type { Schema } from '../../http/route-doc.ts'
import {
  instant,
  integer,
  listOf,
  objectOf,
  oneOf,
  optional,
  orNull,
  ref,
  text,
  truth,
} from '../../http/schemas.ts'
import type {
  AttachmentSummary,
  AttachmentWire,
  CompanyWire,
  EnvelopeSummary,
  HtmlRule,
  InboxSettings,
  InboxSummary,
  InboxUserWire,
  InboxWire,
  MessageDetail,
  MessagePage,
  MessageSummary,
  MessageWire,
  PeopleList,
  Person,
  ProjectSummary,
  RateLimit,
  ReachingPerson,
  SharedInboxWire,
  SharedUserWire,
  SpamReportWire,
} from './wire.ts'

// The shapes of wire.ts as JSON Schema, for the published description. The types keep both lists of keys the same.

type Shape<T> = Record<keyof T, Schema>

const inbox: Shape<InboxWire> = {
  id: integer,
  company_id: integer,
  name: text,
  username: text,
  password: orNull(text),
  max_size: integer,
  status: oneOf('active', 'inactive', 'pending'),
  email_username: text,
  email_username_enabled: truth,
  sent_messages_count: integer,
  forwarded_messages_count: integer,
  used: truth,
  forward_from_email_address: text,
  domain: text,
  pop3_domain: text,
  email_domain: text,
  emails_count: integer,
  emails_unread_count: integer,
  last_message_sent_at: orNull(instant),
  smtp_ports: listOf(integer),
  pop3_ports: listOf(integer),
  max_message_size: integer,
  has_inbox_address: truth,
  last_message_sent_at_timestamp: orNull(integer),
}

const company: Shape<CompanyWire> = {
  id: integer,
  name: text,
  is_owner: truth,
  share_link: orNull(text),
  ext_id: orNull(text),
  inboxes: listOf(ref('Inbox')),
}

const message: Shape<MessageWire> = {
  id: integer,
  inbox_id: integer,
  subject: text,
  sent_at: instant,
  from_email: text,
  from_name: text,
  to_email: text,
  to_name: text,
  html_body: orNull(text),
  text_body: orNull(text),
  email_size: integer,
  is_read: truth,
  created_at: instant,
  updated_at: instant,
  html_body_size: integer,
  text_body_size: integer,
  sent_at_timestamp: integer,
  human_size: text,
  html_path: text,
  txt_path: text,
  raw_path: text,
  download_path: text,
  html_source_path: text,
  viruses_report_info: truth,
  blacklists_report_info: {
    oneOf: [
      { const: false },
      objectOf({ result: oneOf('pending', 'error') }),
      objectOf({
        result: { const: 'success' },
        domain: text,
        ip: text,
        report: listOf(objectOf({ name: text, url: text, in_black_list: truth })),
      }),
    ],
  },
  smtp_information: {
    oneOf: [
      objectOf({
        ok: { const: true },
        data: objectOf({ mail_from_addr: text, client_ip: text, rcpt_to_addrs: listOf(text) }),
      }),
      objectOf({ ok: { const: false } }),
    ],
  },
}

const attachment: Shape<AttachmentWire> = {
  id: integer,
  message_id: integer,
  filename: text,
  attachment_type: oneOf('attachment', 'inline'),
  content_type: text,
  content_id: text,
  transfer_encoding: text,
  attachment_size: integer,
  created_at: instant,
  updated_at: instant,
  attachment_human_size: text,
  download_path: text,
}

const spamReport: Shape<SpamReportWire['report']> = {
  ResponseCode: integer,
  ResponseMessage: text,
  ResponseVersion: text,
  Score: { type: 'number' },
  Spam: truth,
  Threshold: { type: 'number' },
  Details: listOf(objectOf({ Pts: text, RuleName: text, Description: text })),
}

const sharedUser: Shape<SharedUserWire> = {
  id: integer,
  user_id: integer,
  role: oneOf('owner', 'admin', 'viewer'),
  is_owner: truth,
  name: text,
  email: text,
}

const inboxUser: Shape<InboxUserWire> = {
  id: integer,
  inbox_id: integer,
  created_at: instant,
  updated_at: instant,
  email: text,
  role: oneOf('admin', 'viewer'),
}

const sharedInbox: Shape<SharedInboxWire> = {
  id: integer,
  company_id: integer,
  name: text,
  domain: text,
  username: text,
  password: orNull(text),
  status: oneOf('active', 'inactive', 'pending'),
  max_size: integer,
  emails_count: integer,
  emails_unread_count: integer,
  last_message_sent_at: orNull(instant),
  sent_messages_count: integer,
  forwarded_messages_count: integer,
  company_name: text,
  last_message_sent_at_timestamp: orNull(integer),
}

const clientGroups = optional({ desktop: listOf(text), mobile: listOf(text), web: listOf(text) })

export const mailtrapComponents: Record<string, Schema> = {
  ...forwardRuleComponent,
  Company: objectOf(company),
  Inbox: objectOf(inbox),
  Message: objectOf(message),
  Attachment: objectOf(attachment),
  SpamReport: objectOf({ report: objectOf(spamReport) }),
  ClientGroups: clientGroups,
  HtmlAnalysis: objectOf({
    report: {
      oneOf: [
        {
          ...objectOf({
            status: { const: 'success' },
            errors: listOf(
              objectOf({ error_line: integer, rule_name: text, email_clients: ref('ClientGroups') }),
            ),
          }),
          description: 'msg says why something is left out',
        },
        objectOf({ status: { const: 'error' }, msg: text }),
      ],
    },
  }),
  SharedUser: objectOf(sharedUser),
  InboxUser: objectOf(inboxUser),
  SharedInbox: objectOf(sharedInbox),
}

const person: Shape<Person> = { name: text, email: text }
const people = listOf(ref('Person'))

const inboxSummary: Shape<InboxSummary> = {
  id: integer,
  project_id: integer,
  name: text,
  emails_count: integer,
  emails_unread_count: integer,
  last_message_at: orNull(instant),
  max_size: integer,
  status: inbox.status,
  version: integer,
  role: oneOf('owner', 'admin', 'viewer'),
}

const role = oneOf('owner', 'admin', 'viewer')
const rate: Shape<RateLimit> = { count: integer, seconds: integer }

/** Those of the settings of an inbox that can be changed. */
export const inboxSettingsChanges = {
  name: text,
  status: oneOf('active', 'inactive'),
  email_username: text,
  email_username_enabled: truth,
  max_size: integer,
  max_message_size: integer,
  rate: orNull(objectOf(rate)),
  retention_days: orNull(integer),
}

const inboxSettings: Shape<InboxSettings> = {
  ...inboxSettingsChanges,
  id: integer,
  project_id: integer,
  status: inbox.status,
  email_domain: text,
  server: objectOf({ max_message_size: integer, rate: orNull(objectOf(rate)) }),
  emails_count: integer,
  sent_messages_count: integer,
  role,
}

const projectSummary: Shape<ProjectSummary> = {
  id: integer,
  name: text,
  is_owner: truth,
  role: orNull(role),
  workspace: objectOf({ id: integer, name: text }),
  inboxes: listOf(ref('InboxSummary')),
}

const reachingPerson: Shape<ReachingPerson> = {
  id: orNull(integer),
  user_id: integer,
  name: text,
  email: text,
  role,
  through: oneOf('workspace', 'project', 'inbox'),
  is_owner: truth,
  is_you: truth,
}

const peopleList: Shape<PeopleList> = { people: listOf(ref('ReachingPerson')), may_manage: truth }

const messageSummary: Shape<MessageSummary> = {
  id: integer,
  subject: text,
  from: ref('Person'),
  to: people,
  sent_at: instant,
  created_at: instant,
  size: integer,
  is_read: truth,
  attachments_count: integer,
  snippet: text,
  has_html: truth,
  has_text: truth,
}

const messagePage: Shape<MessagePage> = {
  messages: listOf(ref('MessageSummary')),
  has_more: truth,
  inbox: ref('InboxSummary'),
}

const envelope: Shape<EnvelopeSummary> = {
  mail_from: text,
  rcpt_to: listOf(text),
  client_ip: text,
  helo: text,
  tls: orNull(text),
  login: orNull(text),
  received_at: instant,
  source: oneOf('smtp', 'api', 'import'),
}

const attachmentSummary: Shape<AttachmentSummary> = {
  id: integer,
  filename: text,
  content_type: text,
  size: integer,
  attachment_type: oneOf('attachment', 'inline'),
  content_id: text,
  download_url: text,
}

const messageDetail: Shape<MessageDetail> = {
  ...messageSummary,
  cc: people,
  bcc: listOf(text),
  reply_to: people,
  message_id: orNull(text),
  envelope: objectOf(envelope),
  notes: listOf(objectOf({ code: text, text })),
  attachments: listOf(objectOf(attachmentSummary)),
  remote_content: integer,
  html_url: text,
  raw_url: text,
  eml_url: text,
}

const htmlRule: Shape<HtmlRule> = {
  title: text,
  url: text,
  none: ref('ClientGroups'),
  partial: ref('ClientGroups'),
  lines: listOf(integer),
  count: integer,
}

export const webComponents: Record<string, Schema> = {
  ClientGroups: clientGroups,
  HtmlRule: objectOf(htmlRule),
  ...forwardingComponents,
  ProjectSummary: objectOf(projectSummary),
  InboxSummary: objectOf(inboxSummary),
  InboxSettings: objectOf(inboxSettings),
  ReachingPerson: objectOf(reachingPerson),
  PeopleList: objectOf(peopleList),
  Person: objectOf(person),
  MessageSummary: objectOf(messageSummary),
  MessagePage: objectOf(messagePage),
  MessageDetail: objectOf(messageDetail),
}
