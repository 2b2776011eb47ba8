import { existsSync, readFileSync } from 'node:fs'
import { isIPv4, isIPv6 } from 'node:net'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import type { PrivateTargets } from './guard.ts'
import type { LogLevel } from './log.ts'
import { type RelayServer, relayServer } from './relay/relay-url.ts'
import {
  dnsList,
  domain,
  hostAndPort,
  list,
  nameServer,
  oneOf,
  port,
  privateTargets,
  type Rate,
  rate,
  readableFile,
  switchedOn,
  type Throttle,
  throttle,
  token,
  whole,
} from './setting-values.ts'
import type { Location } from './storage/location.ts'

/** A setting that cannot be used as given; the text is the one line the operator sees. */
export class WrongSetting extends Error {}

export interface Settings {
  host: string
  httpPort: number
  smtpPorts: number[]
  pop3Ports: number[]
  publicUrl: string
  dataDir: string
  databaseUrl: string
  adminEmail: string
  adminPassword: string
  adminApiToken: string
  workspaceApiToken: string
  inboxCredentials: { username: string; password: string } | undefined
  smtpAnonymous: 'first-inbox' | 'off'
  sandboxDomain: string
  /** Undefined = off. */
  apiRateLimit: Rate | undefined
  throttle: Throttle | undefined
  smtpRateLimit: Rate | undefined
  smtpIdleTimeout: number
  smtpMaxConnections: number
  smtpMaxConnectionsPerAddress: number
  maxMessageSize: number
  inboxMaxMessages: number
  tlsCert: string
  tlsKey: string
  https: boolean
  smtpHost: string
  trustedProxies: string[]
  /** Undefined: nothing goes out. */
  relayUrl: RelayServer | undefined
  registration: boolean
  passwordReset: boolean
  /** '' = not given. */
  forwardDomain: string
  forwardName: string
  /** '' = bounces go to the sender, and nobody reads them. */
  bounceDomain: string
  /** Name servers; none = those of the system. */
  dns: string[]
  /** Undefined: no spam reports. */
  spamd: { host: string; port: number } | undefined
  /** None: nobody is asked. */
  blacklists: { name: string; zone: string }[]
  retryScale: number
  privateTargets: PrivateTargets
  secretKey: string
  maxBodySize: number
  maxImportSize: number
  log: LogLevel
}

interface Setting<K extends keyof Settings> {
  /** Environment variable; the flag is the same in kebab case without the prefix. */
  name: string
  /** Other names it is read from. */
  also?: string[]
  /** As the table shows it; the default itself may depend on other settings. */
  shown: string
  meaning: string
  /** @throws Error whose message completes "<name> …" */
  read(text: string | undefined, others: Partial<Settings>): Settings[K]
  secret?: boolean
  /** Given as nothing it says something; other settings are then as if they were not given. */
  mayBeEmpty?: boolean
}

const LOOPBACK_NAMES = new Set(['localhost', '::1'])

export function isLoopback(host: string): boolean {
  return LOOPBACK_NAMES.has(host) || (isIPv4(host) && host.startsWith('127.'))
}

/** Every setting, in the order of the help text. Those that lean on another come after it. */
const TABLE: { [K in keyof Settings]: Setting<K> } = {
  host: {
    name: 'POSTHORN_HOST',
    shown: '127.0.0.1',
    meaning: 'address of all listeners; any but loopback needs an owner with a password',
    read: (text = '127.0.0.1') => {
      if (text !== 'localhost' && !isIPv4(text) && !isIPv6(text))
        throw new Error(`must be an IP address, not "${text}"`)
      return text
    },
  },
  httpPort: {
    name: 'POSTHORN_HTTP_PORT',
    shown: '8025',
    meaning: 'web app and APIs',
    read: text => port(text ?? '8025'),
  },
  smtpPorts: {
    name: 'POSTHORN_SMTP_PORTS',
    shown: '2525',
    meaning: 'SMTP ports, a comma list; on 465 TLS is detected',
    read: text => list(text ?? '2525').map(port),
  },
  pop3Ports: {
    name: 'POSTHORN_POP3_PORTS',
    shown: '1100',
    meaning: 'POP3 ports, a comma list, empty = off; TLS is detected on each',
    mayBeEmpty: true,
    read: text => list(text ?? '1100').map(port),
  },
  https: {
    name: 'POSTHORN_HTTPS',
    shown: 'off',
    meaning: 'on = the web listener speaks TLS',
    read: text => oneOf(text ?? 'off', ['on', 'off']) === 'on',
  },
  publicUrl: {
    name: 'POSTHORN_PUBLIC_URL',
    also: ['APP_URL'],
    shown: 'http://localhost:<port>',
    meaning: 'where people reach the web app; used in links',
    read: (text, { httpPort, https }) => {
      if (text === undefined) return `${https ? 'https' : 'http'}://localhost:${httpPort}`
      if (!/^https?:\/\/[^/]+/.test(text) || !URL.canParse(text))
        throw new Error(`must be an http(s) URL, not "${text}"`)
      return text.replace(/\/+$/, '')
    },
  },
  dataDir: {
    name: 'POSTHORN_DATA_DIR',
    shown: './data',
    meaning: 'SQLite file, keys, certificate',
    read: (text = './data') => resolve(text),
  },
  databaseUrl: {
    name: 'DATABASE_URL',
    shown: '',
    meaning: 'postgres://… to keep everything in PostgreSQL instead of SQLite',
    secret: true,
    read: (text = '') => {
      if (text !== '' && !/^postgres(ql)?:\/\//.test(text)) throw new Error('must begin with postgres://')
      return text
    },
  },
  adminEmail: {
    name: 'POSTHORN_ADMIN_EMAIL',
    shown: '',
    meaning: 'e-mail address of the first owner, made at first start',
    read: (text = '') => {
      if (text !== '' && !/^[^\s@]+@[^\s@]+$/.test(text))
        throw new Error(`must be an e-mail address, not "${text}"`)
      return text
    },
  },
  adminPassword: {
    name: 'POSTHORN_ADMIN_PASSWORD',
    shown: '',
    meaning: 'password of the first owner, made at first start',
    secret: true,
    read: (text = '') => {
      if (text !== '' && text.length < 8) throw new Error('must have at least 8 characters')
      return text
    },
  },
  adminApiToken: {
    name: 'POSTHORN_ADMIN_API_TOKEN',
    shown: 'random',
    meaning: "API token of the owner (Mailtrap's dialect), at first start",
    secret: true,
    read: text => token(text),
  },
  workspaceApiToken: {
    name: 'POSTHORN_WORKSPACE_API_TOKEN',
    shown: 'random',
    meaning: "API token of the first workspace (SendPortal's dialect), at first start",
    secret: true,
    read: text => token(text),
  },
  inboxCredentials: {
    name: 'POSTHORN_INBOX_CREDENTIALS',
    shown: 'random',
    meaning: 'username:password of the first inbox, at first start',
    secret: true,
    read: text => {
      if (text === undefined) return undefined
      const [, username, password] = /^([^\s:]+):(\S+)$/.exec(text) ?? []
      if (username === undefined || password === undefined) throw new Error('must be username:password')
      return { username, password }
    },
  },
  smtpAnonymous: {
    name: 'POSTHORN_SMTP_ANONYMOUS',
    shown: 'first-inbox on loopback, else off',
    meaning: 'where mail without AUTH goes: first-inbox or off',
    read: (text, { host = '' }) =>
      oneOf(text ?? (isLoopback(host) ? 'first-inbox' : 'off'), ['first-inbox', 'off']),
  },
  sandboxDomain: {
    name: 'POSTHORN_SANDBOX_DOMAIN',
    shown: 'inbox.localhost',
    meaning: 'mail to <email_username>@… reaches that inbox',
    read: (text = 'inbox.localhost') => domain(text),
  },
  apiRateLimit: {
    name: 'POSTHORN_API_RATE_LIMIT',
    shown: '150/10',
    meaning: "Mailtrap's dialect: requests/seconds for each token; 0 = off",
    read: text => rate(text ?? '150/10'),
  },
  throttle: {
    name: 'POSTHORN_THROTTLE',
    also: ['LARAVELMAIL_THROTTLE_MIDDLEWARE', 'SENDPORTAL_THROTTLE_MIDDLEWARE'],
    shown: '60,1',
    meaning: "SendPortal's dialect: requests,minutes for each token; 0 = off",
    read: text => throttle(text ?? '60,1'),
  },
  smtpRateLimit: {
    name: 'POSTHORN_SMTP_RATE_LIMIT',
    shown: 'off',
    meaning: 'messages/seconds for each inbox; 0 = off',
    read: text => rate(text ?? '0'),
  },
  smtpIdleTimeout: {
    name: 'POSTHORN_SMTP_IDLE_TIMEOUT',
    shown: '300',
    meaning: 'seconds without a command before an SMTP connection is closed',
    read: text => whole(text ?? '300', 1),
  },
  smtpMaxConnections: {
    name: 'POSTHORN_SMTP_MAX_CONNECTIONS',
    shown: '1000',
    meaning: 'SMTP connections open at once',
    read: text => whole(text ?? '1000', 1),
  },
  smtpMaxConnectionsPerAddress: {
    name: 'POSTHORN_SMTP_MAX_CONNECTIONS_PER_ADDRESS',
    shown: '250',
    meaning: 'the same, from one address',
    read: text => whole(text ?? '250', 1),
  },
  maxMessageSize: {
    name: 'POSTHORN_MAX_MESSAGE_SIZE',
    shown: '26214400',
    meaning: 'bytes of the greatest message taken',
    read: text => whole(text ?? '26214400', 1024),
  },
  inboxMaxMessages: {
    name: 'POSTHORN_INBOX_MAX_MESSAGES',
    shown: '1000',
    meaning: 'messages a new inbox keeps, oldest out first; 0 = no limit',
    read: text => whole(text ?? '1000', 0),
  },
  tlsCert: {
    name: 'POSTHORN_TLS_CERT',
    shown: 'self-signed, made once',
    meaning: 'PEM file: certificate for STARTTLS and HTTPS',
    read: text => readableFile(text),
  },
  tlsKey: {
    name: 'POSTHORN_TLS_KEY',
    shown: 'self-signed, made once',
    meaning: 'PEM file: key of the certificate',
    read: (text, { tlsCert = '' }) => {
      const file = readableFile(text)
      if ((file === '') !== (tlsCert === '')) throw new Error('and POSTHORN_TLS_CERT go together')
      return file
    },
  },
  smtpHost: {
    name: 'POSTHORN_SMTP_HOST',
    shown: 'host of the public URL',
    meaning: "what is given as an inbox's SMTP host",
    read: (text, { publicUrl = '' }) => text ?? new URL(publicUrl).hostname,
  },
  trustedProxies: {
    name: 'POSTHORN_TRUSTED_PROXIES',
    shown: '',
    meaning: 'addresses or networks whose X-Forwarded-* count, a comma list',
    read: (text = '') => list(text),
  },
  relayUrl: {
    name: 'POSTHORN_RELAY_URL',
    shown: '',
    meaning: 'smtp(s)://user:password@host:port, the way out for forwards and system mail',
    secret: true,
    read: text => (text === undefined ? undefined : relayServer(text)),
  },
  registration: {
    name: 'POSTHORN_REGISTRATION',
    also: ['LARAVEL_MAIL_REGISTER', 'SENDPORTAL_REGISTER'],
    shown: 'off',
    meaning: 'on = strangers may sign up at /register; their addresses are proved through the relay',
    // Without proof anybody could sign up with the address of somebody who is invited here one day.
    read: (text, { relayUrl }) => {
      const on = switchedOn(text ?? 'off')
      if (on && relayUrl === undefined)
        throw new Error('is on, but addresses are proved by mail: set POSTHORN_RELAY_URL too')
      return on
    },
  },
  passwordReset: {
    name: 'POSTHORN_PASSWORD_RESET',
    also: ['LARAVEL_MAIL_PASSWORD_RESET', 'SENDPORTAL_PASSWORD_RESET'],
    shown: 'on',
    meaning: 'off = nobody is mailed a link to a new password; without a relay nobody is anyway',
    read: text => switchedOn(text ?? 'on'),
  },
  forwardDomain: {
    name: 'POSTHORN_FORWARD_DOMAIN',
    shown: 'the sandbox domain',
    meaning: 'domain that forwards are sent from',
    read: text => (text === undefined ? '' : domain(text)),
  },
  forwardName: {
    name: 'POSTHORN_FORWARD_NAME',
    shown: 'Posthorn Forward',
    meaning: 'name that forwards are sent from',
    read: (text = 'Posthorn Forward') => text,
  },
  bounceDomain: {
    name: 'POSTHORN_BOUNCE_DOMAIN',
    shown: '',
    meaning: 'domain whose mail comes to the SMTP door: bounces, complaints and unsubscribes of campaigns',
    read: (text, { sandboxDomain }) => {
      const given = text === undefined ? '' : domain(text)
      if (given !== '' && given === sandboxDomain)
        throw new Error('must be another domain than POSTHORN_SANDBOX_DOMAIN')
      return given
    },
  },
  dns: {
    name: 'POSTHORN_DNS',
    shown: 'those of the system',
    meaning: 'name servers to ask, a comma list of address or address:port',
    read: (text = '') => list(text).map(nameServer),
  },
  spamd: {
    name: 'POSTHORN_SPAMD',
    shown: '',
    meaning: 'host:port of a SpamAssassin spamd, for spam reports',
    read: text => (text === undefined ? undefined : hostAndPort(text)),
  },
  retryScale: {
    name: 'POSTHORN_RETRY_SCALE',
    shown: '1',
    meaning: 'of all waits between attempts at a campaign’s mails: 0.1 makes them ten times shorter',
    read: (text = '1') => {
      const scale = Number(text)
      if (!/^\d*\.?\d+$/.test(text) || scale <= 0 || scale > 100)
        throw new Error(`must be a number above 0 and up to 100, not "${text}"`)
      return scale
    },
  },
  blacklists: {
    name: 'POSTHORN_BLACKLISTS',
    shown: 'off',
    meaning: 'DNS blacklists to ask about senders, a comma list of NAME=zone',
    read: (text = 'off') => (text === 'off' ? [] : list(text).map(dnsList)),
  },
  privateTargets: {
    name: 'POSTHORN_PRIVATE_TARGETS',
    shown: 'allow on loopback, else deny',
    meaning:
      'may users point requests at private addresses: allow, deny, or a comma list of hosts and networks',
    read: (text, { host = '' }) => privateTargets(text ?? (isLoopback(host) ? 'allow' : 'deny')),
  },
  secretKey: {
    name: 'POSTHORN_SECRET_KEY',
    shown: 'a file in the data directory',
    meaning: 'key of the encrypted secrets, the same on every node',
    secret: true,
    read: (text = '') => {
      if (text !== '' && text.length < 16) throw new Error('must have at least 16 characters')
      return text
    },
  },
  maxBodySize: {
    name: 'POSTHORN_MAX_BODY_SIZE',
    shown: '10485760',
    meaning: 'bytes of the greatest API body; `/api/send` takes any message that fits, `/api/batch` 50 MB',
    read: text => whole(text ?? '10485760', 1024),
  },
  maxImportSize: {
    name: 'POSTHORN_MAX_IMPORT_SIZE',
    shown: '2147483648',
    meaning: 'bytes of the greatest file of subscribers that is taken to be imported',
    read: text => whole(text ?? '2147483648', 1024),
  },
  log: {
    name: 'POSTHORN_LOG',
    shown: 'info',
    meaning: 'silent, error, warn, info or debug; JSON lines when not a terminal',
    read: text => oneOf(text ?? 'info', ['silent', 'error', 'warn', 'info', 'debug']),
  },
}

/** The flags that stand for settings: `http-port` for POSTHORN_HTTP_PORT. */
export function settingFlags(): Record<string, { type: 'string' }> {
  return Object.fromEntries(
    Object.values(TABLE).map(setting => [flagOf(setting.name), { type: 'string' as const }]),
  )
}

/**
 * Reads the settings: a flag wins over the environment, the environment over `.env` in the working directory.
 * @throws WrongSetting
 */
export function readSettings(
  flags: Record<string, unknown> = {},
  environment: NodeJS.ProcessEnv = process.env,
  directory: string = process.cwd(),
): Settings {
  const envFile = join(directory, '.env')
  const file = existsSync(envFile) ? parseEnv(readFileSync(envFile, 'utf8')) : {}
  const settings: Partial<Settings> = {}
  for (const [key, setting] of Object.entries(TABLE) as [keyof Settings, Setting<keyof Settings>][]) {
    const names = [setting.name, ...(setting.also ?? [])]
    const given =
      flags[flagOf(setting.name)] ??
      names
        .flatMap(name => [environment[name], file[name]])
        .find(value => value !== undefined && (value !== '' || setting.mayBeEmpty))
    const text = typeof given === 'string' ? given.trim() : undefined
    try {
      Object.assign(settings, { [key]: setting.read(text, settings) })
    } catch (error) {
      throw new WrongSetting(`${setting.name} ${(error as Error).message}`, { cause: error })
    }
  }
  return settings as Settings
}

export function databaseLocation(settings: Pick<Settings, 'databaseUrl' | 'dataDir'>): Location {
  return settings.databaseUrl === ''
    ? { engine: 'sqlite', file: join(settings.dataDir, 'posthorn.db') }
    : { engine: 'postgres', url: settings.databaseUrl }
}

/** The settings as `--help` prints them and the documentation repeats them. */
export function describeSettings(): { name: string; flag: string; shown: string; meaning: string }[] {
  return Object.values(TABLE).map(({ name, shown, meaning }) => ({
    name,
    flag: `--${flagOf(name)}`,
    shown,
    meaning,
  }))
}

function flagOf(name: string): string {
  return name
    .replace(/^POSTHORN_/, '')
    .toLowerCase()
    .replaceAll('_', '-')
}
