import { createHmac } from 'node:crypto'
import { ClientChannel, type ServerReply, SmtpError, type TlsTrust } from './client-channel.ts'

export type Extensions = ReadonlyMap<string, string>

type Mechanism = 'PLAIN' | 'LOGIN' | 'CRAM-MD5'

/** A password, for the mechanism that is named or the best that is offered; or an access token for XOAUTH2. */
export type Credentials =
  | { readonly username: string; readonly password: string; readonly mechanism?: Mechanism }
  | { readonly username: string; readonly token: string }

export interface SubmitTarget {
  readonly host: string
  /** What to connect to; the host if absent. */
  readonly address?: string
  readonly port: number
  /** `tls` from the first byte; `starttls` or fail; `opportunistic` takes TLS when offered and trusts any certificate (RFC 7435); the default is `opportunistic`. */
  readonly secure?: 'none' | 'opportunistic' | 'starttls' | 'tls'
  readonly auth?: Credentials
  /** The name given with EHLO: a domain or an address literal. */
  readonly heloName: string
  /** A certificate to trust besides those of the system, PEM. */
  readonly ca?: string | Buffer
  /** Seconds to wait for any one reply; 300 by default. */
  readonly timeout?: number
}

export interface Opened {
  channel: ClientChannel
  extensions: Extensions
}

/**
 * A connection that is ready for mail: greeted, secured and logged in. Rejects with SmtpError.
 * @param stop closes the connection while it is being opened
 */
export async function openChannel(target: SubmitTarget, stop?: AbortSignal): Promise<Opened> {
  const seconds = target.timeout ?? 300
  const tls = target.secure === 'tls' ? trust(target) : undefined
  const channel = ClientChannel.open(target.address ?? target.host, target.port, seconds, tls)
  const abort = () => channel.abort(String(stop?.reason))
  stop?.addEventListener('abort', abort)
  if (stop?.aborted === true) abort()
  try {
    return { channel, extensions: await introduce(channel, target, seconds) }
  } catch (error) {
    channel.destroy()
    throw error
  } finally {
    stop?.removeEventListener('abort', abort)
  }
}

async function introduce(channel: ClientChannel, target: SubmitTarget, seconds: number): Promise<Extensions> {
  expect('connect', await channel.reply('connect'), 220)
  let extensions = await hello(channel, target.heloName)
  const secure = target.secure ?? 'opportunistic'
  const upgrade = secure === 'starttls' || (secure === 'opportunistic' && extensions.has('STARTTLS'))
  if (upgrade) {
    expect('STARTTLS', await command(channel, 'STARTTLS'), 220)
    await channel.startTls(trust(target), seconds)
    extensions = await hello(channel, target.heloName)
  }
  if (target.auth) await authenticate(channel, extensions, target.auth, upgrade || secure === 'tls')
  return extensions
}

function trust(target: SubmitTarget): TlsTrust {
  return {
    host: target.host,
    // RFC 6066 section 3: an address is no server name
    servername: /^[\d.]+$|:/.test(target.host) ? '' : target.host,
    rejectUnauthorized: (target.secure ?? 'opportunistic') !== 'opportunistic',
    ...(target.ca === undefined ? {} : { ca: target.ca }),
  }
}

async function hello(channel: ClientChannel, name: string): Promise<Extensions> {
  const reply = await command(channel, `EHLO ${name}`, 'EHLO')
  if (reply.code !== 250) {
    expect('HELO', await command(channel, `HELO ${name}`, 'HELO'), 250)
    return new Map()
  }
  const lines = reply.text.split('\n').slice(1)
  return new Map(
    lines.map(line => {
      const [keyword = '', ...rest] = line.trim().split(' ')
      return [keyword.toUpperCase(), rest.join(' ')]
    }),
  )
}

async function authenticate(
  channel: ClientChannel,
  extensions: Extensions,
  credentials: Credentials,
  secure: boolean,
): Promise<void> {
  if ('token' in credentials) return authenticateByToken(channel, credentials)
  const { username, password } = credentials
  const offered = (extensions.get('AUTH') ?? '').toUpperCase().split(' ')
  // in the clear the one that does not show the password comes first
  const wanted = secure ? ['PLAIN', 'LOGIN', 'CRAM-MD5'] : ['CRAM-MD5', 'PLAIN', 'LOGIN']
  const mechanism = credentials.mechanism ?? wanted.find(name => offered.includes(name))
  let reply: ServerReply
  if (mechanism === 'PLAIN') {
    reply = await command(channel, `AUTH PLAIN ${base64(`\0${username}\0${password}`)}`, 'AUTH')
  } else if (mechanism === 'LOGIN') {
    expect('AUTH', await command(channel, 'AUTH LOGIN', 'AUTH'), 334)
    expect('AUTH', await command(channel, base64(username), 'AUTH'), 334)
    reply = await command(channel, base64(password), 'AUTH')
  } else if (mechanism === 'CRAM-MD5') {
    const asked = expect('AUTH', await command(channel, 'AUTH CRAM-MD5', 'AUTH'), 334)
    const digest = createHmac('md5', password).update(Buffer.from(asked.text, 'base64')).digest('hex')
    reply = await command(channel, base64(`${username} ${digest}`), 'AUTH')
  } else throw new SmtpError('AUTH', 'the server offers no mechanism that we know')
  expect('AUTH', reply, 235)
}

/** Google's and Microsoft's XOAUTH2: a refusal is a challenge, and only an empty answer to it brings the 535. */
async function authenticateByToken(
  channel: ClientChannel,
  { username, token }: { username: string; token: string },
): Promise<void> {
  const response = base64(`user=${username}\u0001auth=Bearer ${token}\u0001\u0001`)
  let reply = await command(channel, `AUTH XOAUTH2 ${response}`, 'AUTH')
  if (reply.code === 334) reply = await command(channel, '', 'AUTH')
  expect('AUTH', reply, 235)
}

export async function command(channel: ClientChannel, line: string, moment = line): Promise<ServerReply> {
  channel.write(moment, `${line}\r\n`)
  return channel.reply(moment)
}

export function expect(moment: string, reply: ServerReply, code: number): ServerReply {
  if (reply.code !== code) throw new SmtpError(moment, reply)
  return reply
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
