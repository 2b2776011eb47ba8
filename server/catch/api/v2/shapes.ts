import type { Caller } from '../../../accounts/caller.ts'
import { may } from '../../../accounts/permissions.ts'
import type { ReachedInbox, ReachedProject } from '../../access.ts'
import type { Arrival } from '../../arrival.ts'
import type { BlacklistsState } from '../../checks/blacklists.ts'
import type { Message } from '../../messages.ts'
import { inboxWire, messageWire, ownsProject, shareLink } from '../mailtrap-wire.ts'
import type { Sandbox } from '../sandbox.ts'
import type { Given } from './given.ts'
import type { InboxWire, MessageWire, ProjectWire } from './wire.ts'

// Both APIs show the same things: what V1 says of one is said again in V2's order and words.

export function projectShape(
  sandbox: Sandbox,
  caller: Caller,
  project: ReachedProject,
  inboxes: ReachedInbox[],
  given: Given,
): ProjectWire {
  const link = shareLink(sandbox.advertised, project)
  return {
    id: project.id,
    name: project.name,
    // There is one link, and who comes by it may look; an admin is made of them afterwards.
    ...(may(project.role, 'manage_people') && { share_links: { admin: link, viewer: link } }),
    inboxes: inboxes.map(inbox => inboxShape(sandbox, caller, inbox, given)),
    permissions: {
      can_read: true,
      can_update: may(project.role, 'manage_project'),
      can_destroy: ownsProject(caller, project),
      can_leave: given.projects.has(project.id),
    },
  }
}

export function inboxShape(sandbox: Sandbox, caller: Caller, inbox: ReachedInbox, given: Given): InboxWire {
  const v1 = inboxWire(sandbox, caller, inbox)
  const mayManage = may(inbox.role, 'manage_inbox')
  return {
    id: v1.id,
    name: v1.name,
    username: v1.username,
    status: v1.status,
    email_username: v1.email_username,
    email_username_enabled: v1.email_username_enabled,
    used: v1.used,
    forward_from_email_address: v1.forward_from_email_address,
    project_id: v1.company_id,
    password: v1.password,
    domain: v1.domain,
    pop3_domain: v1.pop3_domain,
    email_domain: v1.email_domain,
    smtp_ports: v1.smtp_ports,
    pop3_ports: v1.pop3_ports,
    api_domain: new URL(sandbox.advertised.publicUrl).host,
    sent_messages_count: v1.sent_messages_count,
    forwarded_messages_count: v1.forwarded_messages_count,
    emails_count: v1.emails_count,
    emails_unread_count: v1.emails_unread_count,
    last_message_sent_at: v1.last_message_sent_at,
    max_size: v1.max_size,
    max_message_size: v1.max_message_size,
    permissions: {
      can_read: true,
      can_update: mayManage,
      can_destroy: mayManage,
      can_leave: given.inboxes.has(inbox.id),
    },
  }
}

/** @param inboxes the path of all inboxes that this one is listed under */
export function messageShape(
  timezone: string,
  inboxes: string,
  message: Message,
  blacklists?: BlacklistsState,
): MessageWire {
  const v1 = messageWire(timezone, message, { html: null, text: null }, blacklists)
  const { template } = JSON.parse(message.arrival) as Arrival
  const body = `${inboxes}/${message.inbox_id}/messages/${message.id}/body`
  return {
    id: v1.id,
    inbox_id: v1.inbox_id,
    subject: v1.subject,
    sent_at: v1.sent_at,
    from_email: v1.from_email,
    from_name: v1.from_name,
    to_email: v1.to_email,
    to_name: v1.to_name,
    email_size: v1.email_size,
    is_read: v1.is_read,
    created_at: v1.created_at,
    updated_at: v1.updated_at,
    template_id: 0,
    template_variables: template?.variables ?? null,
    html_body_size: v1.html_body_size,
    text_body_size: v1.text_body_size,
    human_size: v1.human_size,
    html_path: `${body}.html`,
    txt_path: `${body}.txt`,
    raw_path: `${body}.raw`,
    download_path: `${body}.eml`,
    html_source_path: `${body}.htmlsource`,
    blacklists_report_info: v1.blacklists_report_info,
    smtp_information: v1.smtp_information,
  }
}
