import type { Schema } from '../../http/route-doc.ts'
import { instant, integer, listOf, objectOf, oneOf, orNull, ref, text, truth } from '../../http/schemas.ts'
import type {
  CorsDomainWire,
  InvitationWire,
  InviteReply,
  MailtrapUserWire,
  MemberWire,
  NewTokenWire,
  OpenInvitationWire,
  ServerWire,
  SessionWire,
  TokenWire,
  UserWire,
  WorkspaceWire,
} from './wire.ts'

// The shapes of wire.ts as JSON Schema, for the published description. The types keep both lists of keys the same.

type Shape<T> = Record<keyof T, Schema>

const described = (schema: Schema, description: string): Schema => ({ ...schema, description })

const role = oneOf('owner', 'admin', 'viewer')
const givenRole = oneOf('admin', 'viewer')
const scopeKind = oneOf('workspace', 'project', 'inbox')

const user: Shape<UserWire> = {
  id: integer,
  name: text,
  email: text,
  pending_email: described(orNull(text), 'Counts once the link that was mailed to it is opened'),
  timezone: described(text, 'A name of the IANA time zone database; Etc/UTC until one is chosen'),
  locale: described(text, 'Whose way of writing dates and numbers, as BCP 47 names it'),
  has_password: truth,
}

const server: Shape<ServerWire> = {
  version: text,
  public_url: text,
  smtp: objectOf({ host: text, ports: listOf(integer), tls: { const: true } }),
  sandbox_domain: described(text, 'Mail to <email_username>@ this domain reaches that inbox'),
  http_port: integer,
  mails: described(truth, 'Whether invitations and confirmations can be mailed'),
  registration: described(truth, 'Whether strangers may sign up'),
  password_reset: described(truth, 'Whether a forgotten password can be replaced by mail'),
  locales: described(listOf(text), 'Those that people may choose from'),
}

const session: Shape<SessionWire> = {
  state: described(
    oneOf('local', 'signed_in', 'unverified', 'signed_out', 'setup'),
    'local: signed in without a password, on this machine only; unverified: signed up, and has to open the link ' +
      'that was mailed; setup: nobody has a password yet',
  ),
  csrf: described(orNull(text), 'To be sent as X-CSRF-Token with every call that changes something'),
  user: orNull(ref('User')),
  workspace: orNull(objectOf({ id: integer, name: text, role })),
  server: ref('Server'),
}

const token: Shape<TokenWire> = {
  id: integer,
  kind: oneOf('user', 'workspace'),
  description: text,
  last_four: text,
  created_at: instant,
  last_used_at: described(orNull(instant), 'To the minute; null: never'),
}

const newToken: Shape<NewTokenWire> = {
  ...token,
  value: described(text, 'The token itself, shown this once'),
}

const workspace: Shape<WorkspaceWire> = {
  id: integer,
  name: text,
  role,
  is_current: truth,
  members_count: integer,
}

const member: Shape<MemberWire> = {
  id: described(integer, 'Of the membership'),
  user_id: integer,
  name: text,
  email: text,
  role,
  created_at: instant,
  is_you: truth,
}

const invitation: Shape<InvitationWire> = {
  id: integer,
  email: text,
  role: givenRole,
  scope: objectOf({ kind: scopeKind, id: integer, name: text }),
  invited_by: objectOf({ name: text }),
  created_at: instant,
  expires_at: described(instant, 'Past ones can be sent again'),
}

const inviteReply: Shape<InviteReply> = {
  invitation: described(
    orNull(ref('Invitation')),
    'Null: somebody has this address here already, and joined at once',
  ),
  link: described(orNull(text), 'Shown this once'),
  mailed: truth,
  joined: truth,
}

const openInvitation: Shape<OpenInvitationWire> = {
  email: text,
  role: givenRole,
  scope: objectOf({ kind: scopeKind, name: text }),
  workspace_name: text,
  invited_by: objectOf({ name: text }),
  expires_at: instant,
  has_account: described(truth, 'Whoever has this address here signs in first'),
}

export const accountsComponents: Record<string, Schema> = {
  Session: objectOf(session),
  User: objectOf(user),
  Server: objectOf(server),
  Token: objectOf(token),
  NewToken: objectOf(newToken),
  Workspace: objectOf(workspace),
  Member: objectOf(member),
  Invitation: objectOf(invitation),
  InviteReply: objectOf(inviteReply),
  OpenInvitation: objectOf(openInvitation),
}

const mailtrapUser: Shape<MailtrapUserWire> = {
  id: integer,
  name: text,
  email: text,
  api_token: described(orNull(text), 'The token of this very request; null with a JWT or a browser session'),
  gravatar_img: text,
  gravatar_icon: text,
  gravatar_little_icon: text,
  created_at: instant,
  created_at_int: integer,
  timezone: text,
  timezone_in_int: described(integer, 'Seconds east of UTC, now'),
  pending_email: orNull(text),
}

const corsDomain: Shape<CorsDomainWire> = { id: integer, user_id: integer, domain: text }

export const mailtrapUserComponents: Record<string, Schema> = {
  User: objectOf(mailtrapUser),
  CorsDomain: objectOf(corsDomain),
}
