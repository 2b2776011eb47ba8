import type { Caller } from '../../accounts/caller.ts'
import { may } from '../../accounts/permissions.ts'
import type { ReachedInbox, ReachedProject } from '../access.ts'
import { timeIn } from '../../accounts/zoned-time.ts'
import type { Arrival } from '../arrival.ts'
import type { Attachment } from '../attachments.ts'
import type { BlacklistsState } from '../checks/blacklists.ts'
import { countedThisMonth } from '../inboxes.ts'
import type { Message } from '../messages.ts'
import { forwardAddress } from '../way-out.ts'
import { humanSize } from './human-size.ts'
import type { Sandbox } from './sandbox.ts'
import type { AttachmentWire, BlacklistsWire, CompanyWire, InboxWire, MessageWire } from './wire.ts'

const API = '/api/v1'

export function companyWire(
  sandbox: Pick<Sandbox, 'secrets' | 'advertised' | 'wayOut'>,
  caller: Caller,
  project: ReachedProject,
  inboxes: ReachedInbox[],
): CompanyWire {
  const mayShare = may(project.role, 'manage_people')
  return {
    id: project.id,
    name: project.name,
    is_owner: ownsProject(caller, project),
    share_link: mayShare ? shareLink(sandbox.advertised, project) : null,
    ext_id: mayShare ? project.ext_id : null,
    inboxes: inboxes.map(inbox => inboxWire(sandbox, caller, inbox)),
  }
}

export function shareLink(
  { publicUrl }: Sandbox['advertised'],
  { id, ext_id }: Pick<ReachedProject, 'id' | 'ext_id'>,
): string {
  return `${publicUrl}/share/${id}/${ext_id}`
}

/** Its maker, unless they may only look by now, or an owner of the workspace: they may also delete it (contract, section 16). */
export function ownsProject(caller: Caller, project: ReachedProject): boolean {
  const isMaker = caller.as === 'user' && project.owner_id === caller.user.id
  return (isMaker && may(project.role, 'manage_project')) || may(project.role, 'delete_any_project')
}

export function inboxWire(
  { secrets, advertised, wayOut }: Pick<Sandbox, 'secrets' | 'advertised' | 'wayOut'>,
  caller: Caller,
  inbox: ReachedInbox,
): InboxWire {
  const counted = countedThisMonth(inbox, Date.now())
  const last = inbox.last_message_at
  return {
    id: inbox.id,
    company_id: inbox.project_id,
    name: inbox.name,
    username: inbox.username,
    password: may(inbox.role, 'see_secrets') ? secrets.open(inbox.password) : null,
    max_size: inbox.max_size,
    status: inbox.status,
    email_username: inbox.email_username,
    email_username_enabled: inbox.email_username_enabled === 1,
    sent_messages_count: counted.sent,
    forwarded_messages_count: counted.forwarded,
    used: last !== null,
    forward_from_email_address: forwardAddress(wayOut.domain, inbox.workspace_id, inbox.id),
    domain: advertised.smtpHost,
    pop3_domain: advertised.smtpHost,
    email_domain: advertised.sandboxDomain,
    emails_count: inbox.emails_count,
    emails_unread_count: inbox.emails_unread_count,
    last_message_sent_at: last === null ? null : timeIn(caller.user.timezone, last),
    smtp_ports: advertised.smtpPorts.toSorted((a, b) => a - b),
    pop3_ports: advertised.pop3Ports.toSorted((a, b) => a - b),
    max_message_size: inbox.max_message_size,
    has_inbox_address: true,
    last_message_sent_at_timestamp: last === null ? null : secondsOf(last),
  }
}

/** @param bodies null: too long to come along, or not wanted */
export function messageWire(
  timezone: string,
  message: Message,
  bodies: { html: string | null; text: string | null },
  blacklists?: BlacklistsState,
): MessageWire {
  const arrival = JSON.parse(message.arrival) as Arrival
  const body = `${API}/inboxes/${message.inbox_id}/messages/${message.id}/body`
  return {
    id: message.id,
    inbox_id: message.inbox_id,
    subject: message.subject,
    sent_at: timeIn(timezone, message.sent_at),
    from_email: message.from_email,
    from_name: message.from_name,
    to_email: message.to_email,
    to_name: message.to_name,
    html_body: bodies.html,
    text_body: bodies.text,
    email_size: message.size,
    is_read: message.is_read === 1,
    created_at: timeIn(timezone, message.created_at),
    updated_at: timeIn(timezone, message.updated_at),
    html_body_size: message.html_size,
    text_body_size: message.text_size,
    sent_at_timestamp: secondsOf(message.sent_at),
    human_size: humanSize(message.size),
    html_path: `${body}.html`,
    txt_path: `${body}.txt`,
    raw_path: `${body}.raw`,
    download_path: `${body}.eml`,
    html_source_path: `${body}.htmlsource`,
    viruses_report_info: false,
    blacklists_report_info: blacklistsWire(blacklists),
    smtp_information:
      arrival.source === 'smtp'
        ? {
            ok: true,
            data: {
              mail_from_addr: arrival.mail_from,
              client_ip: arrival.client_ip,
              rcpt_to_addrs: arrival.rcpt_to,
            },
          }
        : { ok: false },
  }
}

function blacklistsWire(state: BlacklistsState): BlacklistsWire {
  if (state === undefined) return false
  if (state === 'pending' || state === 'error') return { result: state }
  const report = state.lists.map(({ name, zone, listed }) => ({
    name,
    url: `http://${zone}`,
    in_black_list: listed,
  }))
  return { result: 'success', domain: state.domain, ip: state.ip, report }
}

/** @param messagePath of the message, from the API's root */
export function attachmentWire(
  timezone: string,
  messagePath: string,
  attachment: Attachment,
): AttachmentWire {
  const at = timeIn(timezone, attachment.created_at)
  return {
    id: attachment.id,
    message_id: attachment.message_id,
    filename: attachment.filename,
    attachment_type: attachment.attachment_type,
    content_type: attachment.content_type,
    content_id: attachment.content_id,
    transfer_encoding: attachment.transfer_encoding,
    attachment_size: attachment.size,
    created_at: at,
    updated_at: at,
    attachment_human_size: humanSize(attachment.size),
    download_path: `${messagePath}/attachments/${attachment.id}/download`,
  }
}

export function downloadPath(inboxId: number, { id, message_id }: Attachment): string {
  return `${API}/inboxes/${inboxId}/messages/${message_id}/attachments/${id}/download`
}

/** Unix time. */
function secondsOf(instant: number): number {
  return Math.floor(instant / 1000)
}
