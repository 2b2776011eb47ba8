import type { Caller } from '../../accounts/caller.ts'
import type { Role } from '../../accounts/permissions.ts'
import type { Address } from '../../mail/address.ts'
import type { HeaderLine } from '../../mail/message.ts'
import type { Note } from '../../mail/notes.ts'
import type { Arrival } from '../arrival.ts'
import type { Attachment } from '../attachments.ts'
import type { ReachedInbox } from '../access.ts'
import type { Message } from '../messages.ts'
import type { Project } from '../projects.ts'
import { addressesIn, blindCopies } from './mail-headers.ts'
import { downloadPath, ownsProject } from './mailtrap-wire.ts'
import type {
  AttachmentSummary,
  InboxSummary,
  MessageDetail,
  MessageSummary,
  Person,
  ProjectSummary,
} from './wire.ts'

export function projectSummary(
  caller: Caller,
  project: Project & { role: Role | null },
  workspaceName: string,
  inboxes: ReachedInbox[],
): ProjectSummary {
  const { role } = project
  return {
    id: project.id,
    name: project.name,
    is_owner: role !== null && ownsProject(caller, { ...project, role }),
    role,
    workspace: { id: project.workspace_id, name: workspaceName },
    inboxes: inboxes.map(inboxSummary),
  }
}

export function inboxSummary(inbox: ReachedInbox): InboxSummary {
  const last = inbox.last_message_at
  return {
    id: inbox.id,
    project_id: inbox.project_id,
    name: inbox.name,
    emails_count: inbox.emails_count,
    emails_unread_count: inbox.emails_unread_count,
    last_message_at: last === null ? null : iso(last),
    max_size: inbox.max_size,
    status: inbox.status,
    version: inbox.version,
    role: inbox.role,
  }
}

export function messageSummary(message: Message): MessageSummary {
  return {
    id: message.id,
    subject: message.subject,
    from: { name: message.from_name, email: message.from_email },
    to: recipientsOf(message),
    sent_at: iso(message.sent_at),
    created_at: iso(message.created_at),
    size: message.size,
    is_read: message.is_read === 1,
    attachments_count: message.attachments_count,
    snippet: message.snippet,
    has_html: message.html_size > 0,
    has_text: message.text_size > 0,
  }
}

export function messageDetail(
  message: Message,
  headers: HeaderLine[],
  attachments: Attachment[],
  remoteContent: number,
): MessageDetail {
  const arrival = JSON.parse(message.arrival) as Arrival
  const own = `/api/posthorn/inboxes/${message.inbox_id}/messages/${message.id}`
  const to = addressesIn(headers, 'to')
  return {
    ...messageSummary(message),
    ...(to.length > 0 && { to: to.map(person) }),
    cc: addressesIn(headers, 'cc').map(person),
    bcc: blindCopies(headers, arrival.rcpt_to),
    reply_to: addressesIn(headers, 'reply-to').map(person),
    message_id: messageIdIn(headers),
    envelope: {
      mail_from: arrival.mail_from,
      rcpt_to: arrival.rcpt_to,
      client_ip: arrival.client_ip,
      helo: arrival.helo,
      tls: arrival.tls,
      login: arrival.login,
      received_at: iso(message.created_at),
      source: arrival.source,
    },
    notes: (JSON.parse(message.notes) as Note[]).map(({ code, text }) => ({ code, text })),
    attachments: attachments.map(attachment => attachmentSummary(message.inbox_id, attachment)),
    remote_content: remoteContent,
    html_url: `${own}/html`,
    raw_url: `${own}/raw`,
    eml_url: `/api/v1/inboxes/${message.inbox_id}/messages/${message.id}/body.eml`,
  }
}

function attachmentSummary(inboxId: number, attachment: Attachment): AttachmentSummary {
  return {
    id: attachment.id,
    filename: attachment.filename,
    content_type: attachment.content_type,
    size: attachment.size,
    attachment_type: attachment.attachment_type,
    content_id: attachment.content_id,
    download_url: downloadPath(inboxId, attachment),
  }
}

/** Lists know addresses and names apart; they are put together only where that is sure. */
function recipientsOf({ to_email, to_name }: Message): Person[] {
  if (to_email === '') return []
  const emails = to_email.split(', ')
  if (emails.length === 1) return [{ name: to_name, email: to_email }]
  const names = to_name.split(', ')
  const isSure = names.length === emails.length
  return emails.map((email, i) => ({ name: isSure ? (names[i] ?? '') : '', email }))
}

function person({ name, address }: Address): Person {
  return { name, email: address }
}

/** Without the angle brackets. */
function messageIdIn(headers: HeaderLine[]): string | null {
  const value = headers.find(header => header.name.toLowerCase() === 'message-id')?.value.trim() ?? ''
  return value.replace(/^<(.*)>$/, '$1') || null
}

function iso(instant: number): string {
  return new Date(instant).toISOString()
}
