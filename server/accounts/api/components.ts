import type { Schema } from '../../http/route-doc.ts'
import { instant, integer, listOf, objectOf, oneOf, orNull, ref, text, truth } from '../../http/schemas.ts'
import type { MailtrapUserWire, NewTokenWire, ServerWire, SessionWire, TokenWire, UserWire } from './wire.ts'

// The shapes of wire.ts as JSON Schema, for the published description. The types keep both lists of keys the same.

type Shape<T> = Record<keyof T, Schema>

const described = (schema: Schema, description: string): Schema => ({ ...schema, description })

const user: Shape<UserWire> = {
  id: integer,
  name: text,
  email: text,
  timezone: described(text, 'A name of the IANA time zone database'),
  has_password: truth,
}

const server: Shape<ServerWire> = {
  version: text,
  public_url: text,
  smtp: objectOf({ host: text, ports: listOf(integer), tls: { const: true } }),
  sandbox_domain: described(text, 'Mail to <email_username>@ this domain reaches that inbox'),
  http_port: integer,
}

const session: Shape<SessionWire> = {
  state: described(
    oneOf('local', 'signed_in', 'signed_out', 'setup'),
    'local: signed in without a password, on this machine only; setup: nobody has a password yet',
  ),
  csrf: described(orNull(text), 'To be sent as X-CSRF-Token with every call that changes something'),
  user: orNull(ref('User')),
  workspace: orNull(objectOf({ id: integer, name: text, role: oneOf('owner', 'admin', 'viewer') })),
  server: ref('Server'),
}

const token: Shape<TokenWire> = {
  id: integer,
  kind: oneOf('user', 'workspace'),
  description: text,
  last_four: text,
  created_at: instant,
}

const newToken: Shape<NewTokenWire> = {
  ...token,
  value: described(text, 'The token itself, shown this once'),
}

export const accountsComponents: Record<string, Schema> = {
  Session: objectOf(session),
  User: objectOf(user),
  Server: objectOf(server),
  Token: objectOf(token),
  NewToken: objectOf(newToken),
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

export const mailtrapUserComponents: Record<string, Schema> = { User: objectOf(mailtrapUser) }
