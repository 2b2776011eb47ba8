import type { InboxWire as InboxV1, MessageWire as MessageV1 } from '../wire.ts'

// Every shape of V2 (contract, section 13), in the form with the account in the path. The order of the fields is the
// order in which they are sent.

/** 1000 owner, 100 admin, 10 viewer. */
export type AccessLevel = 1000 | 100 | 10

export interface AccountWire {
  id: number
  name: string
  access_levels: AccessLevel[]
}

export interface PermissionsWire {
  can_read: boolean
  can_update: boolean
  can_destroy: boolean
  /** Whether it was given to the caller by itself, so that they can give it back. */
  can_leave: boolean
}

export interface ProjectWire {
  id: number
  name: string
  /** Left out for those who may not share. */
  share_links?: { admin: string; viewer: string }
  inboxes: InboxWire[]
  permissions: PermissionsWire
}

export interface InboxWire
  extends Omit<InboxV1, 'company_id' | 'has_inbox_address' | 'last_message_sent_at_timestamp'> {
  project_id: number
  /** Where `/api/send/{inbox_id}` is. */
  api_domain: string
  permissions: PermissionsWire
}

export interface MessageWire
  extends Omit<MessageV1, 'html_body' | 'text_body' | 'sent_at_timestamp' | 'viruses_report_info'> {
  /** There are no templates with an id of their own. */
  template_id: 0
  /** As they were given when the message was sent from a template. */
  template_variables: Record<string, unknown> | null
}

export interface SentWire {
  success: true
  message_ids: string[]
}

export interface RefusedWire {
  success: false
  errors: string[]
}

export interface BatchWire {
  success: true
  responses: (SentWire | RefusedWire)[]
}

/** What a person, or an invitation, has been given in an account. */
export interface AccountAccessWire {
  id: number
  specifier_type: 'User' | 'Invite'
  resources: { resource_type: ResourceType; resource_id: number; access_level: AccessLevel }[]
  specifier:
    | { id: number; email: string; name: string; two_factor_authentication_enabled: boolean }
    | { id: number; email: string }
  permissions: PermissionsWire
}

export type ResourceType = 'account' | 'project' | 'inbox' | 'sandbox'

export interface ResourceWire {
  id: number
  name: string
  type: ResourceType
  access_level: AccessLevel
  resources: ResourceWire[]
}
