import { offsetIn, timeIn } from '../zoned-time.ts'
import type { Caller } from '../caller.ts'
import type { Role } from '../permissions.ts'
import type { Token, TokenKind } from '../tokens.ts'
import type { User } from '../users.ts'
import type { Workspace } from '../workspaces.ts'

/** Instants are ISO strings in UTC. */

export interface SessionWire {
  /** `setup`: nobody has a password yet, and this is not local mode. */
  state: 'local' | 'signed_in' | 'signed_out' | 'setup'
  csrf: string | null
  user: UserWire | null
  workspace: { id: number; name: string; role: Role } | null
  server: ServerWire
}

export interface UserWire {
  id: number
  name: string
  email: string
  timezone: string
  has_password: boolean
}

export interface ServerWire {
  version: string
  public_url: string
  smtp: { host: string; ports: number[]; tls: true }
  sandbox_domain: string
  http_port: number
}

export interface TokenWire {
  id: number
  kind: TokenKind
  description: string
  last_four: string
  created_at: string
}

export interface NewTokenWire extends TokenWire {
  /** In clear, this once. */
  value: string
}

export function userWire(user: User): UserWire {
  const { id, name, email, timezone } = user
  return { id, name, email, timezone, has_password: user.password_hash !== null }
}

export function workspaceWire({ id, name }: Workspace, role: Role): SessionWire['workspace'] {
  return { id, name, role }
}

export function tokenWire({ id, kind, description, last_four, created_at }: Token): TokenWire {
  return { id, kind, description, last_four, created_at: new Date(created_at).toISOString() }
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
