import { offsetIn, timeIn } from '../zoned-time.ts'
import type { Caller } from '../caller.ts'
import type { CorsDomain } from '../cors-domains.ts'
import { type Invitation, scopeOf } from '../invitations.ts'
import type { Member } from '../members.ts'
import type { Role } from '../permissions.ts'
import type { Token, TokenKind } from '../tokens.ts'
import type { User } from '../users.ts'
import type { Workspace } from '../workspaces.ts'

/** Instants are ISO strings in UTC. */

export interface SessionWire {
  /**
   * `setup`: nobody has a password yet, and this is not local mode; `unverified`: signed in, and nothing else before
   * the link was opened that was mailed at signing up.
   */
  state: 'local' | 'signed_in' | 'unverified' | 'signed_out' | 'setup'
  csrf: string | null
  user: UserWire | null
  workspace: { id: number; name: string; role: Role } | null
  server: ServerWire
}

export interface UserWire {
  id: number
  name: string
  email: string
  /** Has been mailed a link, and counts once that is opened. */
  pending_email: string | null
  /** `Etc/UTC`: none was chosen. */
  timezone: string
  locale: string
  has_password: boolean
}

export interface ServerWire {
  version: string
  public_url: string
  smtp: { host: string; ports: number[]; tls: true }
  sandbox_domain: string
  http_port: number
  /** Whether a relay is configured, so that invitations and confirmations can be mailed. */
  mails: boolean
  /** Whether strangers may sign up. */
  registration: boolean
  /** Whether a forgotten password can be replaced by mail. */
  password_reset: boolean
  /** Those that people may choose from. */
  locales: readonly string[]
}

export interface TokenWire {
  id: number
  kind: TokenKind
  description: string
  last_four: string
  created_at: string
  /** To the minute; null: never. */
  last_used_at: string | null
}

export interface NewTokenWire extends TokenWire {
  /** In clear, this once. */
  value: string
}

export interface WorkspaceWire {
  id: number
  name: string
  /** Of whoever asks. */
  role: Role
  is_current: boolean
  members_count: number
}

export interface MemberWire {
  /** Of the membership. */
  id: number
  user_id: number
  name: string
  email: string
  role: Role
  created_at: string
  is_you: boolean
}

export interface InvitationWire {
  id: number
  email: string
  role: 'admin' | 'viewer'
  scope: { kind: 'workspace' | 'project' | 'inbox'; id: number; name: string }
  invited_by: { name: string }
  created_at: string
  /** Past ones can be sent again. */
  expires_at: string
}

export interface InviteReply {
  /** Null: they have an account, and joined at once. */
  invitation: InvitationWire | null
  /** In clear, this once. */
  link: string | null
  mailed: boolean
  joined: boolean
}

/** What whoever holds the link is shown. */
export interface OpenInvitationWire {
  email: string
  role: 'admin' | 'viewer'
  scope: { kind: 'workspace' | 'project' | 'inbox'; name: string }
  workspace_name: string
  invited_by: { name: string }
  expires_at: string
  /** Whether somebody has this address here already: they sign in first. */
  has_account: boolean
}

export function userWire(user: User): UserWire {
  const { id, name, email, pending_email, timezone, locale } = user
  return { id, name, email, pending_email, timezone, locale, has_password: user.password_hash !== null }
}

export function memberWire(member: Member, askedBy: number): MemberWire {
  const { id, user_id, name, email, role, created_at } = member
  return {
    id,
    user_id,
    name,
    email,
    role,
    created_at: new Date(created_at).toISOString(),
    is_you: user_id === askedBy,
  }
}

export function workspaceWire({ id, name }: Workspace, role: Role): SessionWire['workspace'] {
  return { id, name, role }
}

/** @param usedSince what is known of its uses and not stored yet */
export function tokenWire(token: Token, usedSince: number | null = null): TokenWire {
  const { id, kind, description, last_four, created_at, last_used_at } = token
  const used = Math.max(last_used_at ?? 0, usedSince ?? 0)
  return {
    id,
    kind,
    description,
    last_four,
    created_at: new Date(created_at).toISOString(),
    last_used_at: used === 0 ? null : new Date(used).toISOString(),
  }
}

/** The user of Mailtrap's V1 (contract, section 4): the union of what all its generations had. */
export interface MailtrapUserWire {
  id: number
  name: string
  email: string
  api_token: string | null
  gravatar_img: string
  gravatar_icon: string
  gravatar_little_icon: string
  created_at: string
  created_at_int: number
  timezone: string
  timezone_in_int: number
  pending_email: string | null
}

export function mailtrapUserWire(user: User, caller: Pick<Caller, 'token'>): MailtrapUserWire {
  const { id, name, email, timezone } = user
  return {
    id,
    name,
    email,
    api_token: caller.token ?? null,
    gravatar_img: `/avatars/${id}?s=100`,
    gravatar_icon: `/avatars/${id}?s=100`,
    gravatar_little_icon: `/avatars/${id}?s=30`,
    created_at: timeIn(timezone, user.created_at),
    created_at_int: Math.floor(user.created_at / 1000),
    timezone,
    timezone_in_int: offsetIn(timezone, Date.now()) ?? 0,
    pending_email: user.pending_email,
  }
}

export function invitationWire(
  invitation: Invitation,
  scopeName: string,
  inviterName: string,
): InvitationWire {
  const { id, email, role, created_at, expires_at } = invitation
  return {
    id,
    email,
    role,
    scope: { ...scopeOf(invitation), name: scopeName },
    invited_by: { name: inviterName },
    created_at: new Date(created_at).toISOString(),
    expires_at: new Date(expires_at).toISOString(),
  }
}

/** Contract, section 10.4. */
export interface CorsDomainWire {
  id: number
  user_id: number
  domain: string
}

export function corsDomainWire({ id, user_id, domain }: CorsDomain): CorsDomainWire {
  return { id, user_id, domain }
}
