import type { Schema } from '../../../http/route-doc.ts'
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
} from '../../../http/schemas.ts'
import { mailtrapComponents } from '../components.ts'
import type {
  AccountAccessWire,
  AccountWire,
  InboxWire,
  MessageWire,
  PermissionsWire,
  ProjectWire,
  ResourceWire,
  SentWire,
} from './wire.ts'

// The shapes of wire.ts as JSON Schema, for the published description. The types keep both lists of keys the same.

type Shape<T> = Record<keyof T, Schema>

const SHARED = ['Attachment', 'SpamReport', 'ClientGroups', 'HtmlAnalysis']

const level: Schema = {
  type: 'integer',
  enum: [1000, 100, 10],
  description: '1000 owner, 100 admin, 10 viewer',
}

const account: Shape<AccountWire> = { id: integer, name: text, access_levels: listOf(level) }

const permissions: Shape<PermissionsWire> = {
  can_read: truth,
  can_update: truth,
  can_destroy: truth,
  can_leave: truth,
}

const project: Shape<Omit<ProjectWire, 'share_links'>> = {
  id: integer,
  name: text,
  inboxes: listOf(ref('Inbox')),
  permissions: ref('Permissions'),
}

const shareLinks: Schema = {
  ...objectOf({ admin: text, viewer: text }),
  description: 'Left out for those who may not share. Whoever comes by either of them may look.',
}

const inbox: Shape<InboxWire> = {
  id: integer,
  name: text,
  username: text,
  status: oneOf('active', 'inactive', 'pending'),
  email_username: text,
  email_username_enabled: truth,
  used: truth,
  forward_from_email_address: text,
  project_id: integer,
  password: orNull(text),
  domain: text,
  pop3_domain: text,
  email_domain: text,
  smtp_ports: listOf(integer),
  pop3_ports: listOf(integer),
  api_domain: text,
  sent_messages_count: integer,
  forwarded_messages_count: integer,
  emails_count: integer,
  emails_unread_count: integer,
  last_message_sent_at: orNull(instant),
  max_size: integer,
  max_message_size: integer,
  permissions: ref('Permissions'),
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
  email_size: integer,
  is_read: truth,
  created_at: instant,
  updated_at: instant,
  template_id: { const: 0 },
  template_variables: orNull({ type: 'object' }),
  html_body_size: integer,
  text_body_size: integer,
  human_size: text,
  html_path: text,
  txt_path: text,
  raw_path: text,
  download_path: text,
  html_source_path: text,
  blacklists_report_info: sameAsV1('Message', 'blacklists_report_info'),
  smtp_information: sameAsV1('Message', 'smtp_information'),
}

const resource = oneOf('account', 'project', 'inbox', 'sandbox')

const access: Shape<AccountAccessWire> = {
  id: integer,
  specifier_type: oneOf('User', 'Invite'),
  resources: listOf(objectOf({ resource_type: resource, resource_id: integer, access_level: level })),
  specifier: {
    oneOf: [
      objectOf({ id: integer, email: text, name: text, two_factor_authentication_enabled: truth }),
      objectOf({ id: integer, email: text }),
    ],
  },
  permissions: ref('Permissions'),
}

const resourceNode: Shape<ResourceWire> = {
  id: integer,
  name: text,
  type: resource,
  access_level: level,
  resources: listOf(ref('Resource')),
}

const mailbox: Schema = {
  ...optional({ name: text }),
  properties: { email: text, name: text },
  required: ['email'],
}
const mailboxes: Schema = { ...listOf(mailbox), maxItems: 1000 }
const textByName: Schema = { type: 'object', additionalProperties: text }

const mail: Record<string, Schema> = {
  from: mailbox,
  to: mailboxes,
  cc: mailboxes,
  bcc: mailboxes,
  reply_to: mailbox,
  subject: text,
  text,
  html: text,
  attachments: listOf({
    type: 'object',
    required: ['content', 'filename'],
    properties: {
      content: { type: 'string', contentEncoding: 'base64' },
      filename: text,
      type: text,
      disposition: oneOf('attachment', 'inline'),
      content_id: text,
    },
  }),
  headers: textByName,
  category: { type: 'string', maxLength: 255 },
  custom_variables: { type: 'object', description: 'At most 1000 bytes as JSON' },
  template_uuid: {
    type: 'string',
    format: 'uuid',
    description: 'Instead of subject, text, html and category; the mail shows what was asked for',
  },
  template_variables: { type: 'object' },
}

const sent: Shape<SentWire> = { success: { const: true }, message_ids: listOf(text) }
const refused = objectOf({ success: { const: false }, errors: listOf(text) })

export const mailtrapV2Components: Record<string, Schema> = {
  ...Object.fromEntries(Object.entries(mailtrapComponents).filter(([name]) => SHARED.includes(name))),
  Account: objectOf(account),
  Permissions: objectOf(permissions),
  Project: withShareLinks(project),
  SandboxProject: withShareLinks(renamed(project, 'inboxes', 'sandboxes')),
  Inbox: objectOf(inbox),
  Message: objectOf(message),
  SandboxMessage: objectOf(renamed(message, 'inbox_id', 'sandbox_id')),
  Deleted: objectOf({ id: integer }),
  AccountAccess: objectOf(access),
  Resource: objectOf(resourceNode),
  Mail: optional(mail),
  Sent: objectOf(sent),
  Refused: refused,
  Batch: objectOf({ success: { const: true }, responses: listOf({ oneOf: [ref('Sent'), ref('Refused')] }) }),
}

function sameAsV1(component: string, property: string): Schema {
  const { properties } = mailtrapComponents[component] as { properties: Record<string, Schema> }
  return properties[property] ?? {}
}

function withShareLinks(shape: Record<string, Schema>): Schema {
  const { id = {}, name = {}, ...others } = shape
  return { ...objectOf(shape), properties: { id, name, share_links: shareLinks, ...others } }
}

function renamed(shape: Record<string, Schema>, from: string, to: string): Record<string, Schema> {
  return Object.fromEntries(Object.entries(shape).map(([key, schema]) => [key === from ? to : key, schema]))
}
