/** One of the settings that a kind of email service has. */
interface ServiceSetting {
  key: string
  /** For people. */
  label: string
  /** Whether there is no sending without it. */
  required?: true
  /** Is encrypted like the rest, and shown to nobody any more. */
  secret?: true
  /** Ours: shown only where it is set, for those who know SendPortal know no such key. */
  extra?: true
  choices?: readonly string[]
  /** `target`: a host or an address of the web that we connect to. */
  kind?: 'port' | 'inbox' | 'number' | 'target'
  /** Of a number. */
  most?: number
}

export interface ServiceType {
  name: string
  settings: readonly ServiceSetting[]
}

const key = { key: 'key', label: 'API key', required: true, secret: true } as const
const secret = { key: 'secret', label: 'Secret key', required: true, secret: true } as const

/** Of those who can sign nothing: what stands before the host in the address of the webhook. */
const webhookPassword = {
  key: 'webhook_key',
  label: 'User and password of the webhook, as user:password',
  secret: true,
  extra: true,
} as const

/**
 * The ways out by their `type_id`: 1 to 7 are SendPortal's, and what they need is what SendPortal asks for
 * (contract, section 6.1); 8 puts mail into an inbox of our own, 9 into files.
 */
export const SERVICE_TYPES: Readonly<Record<number, ServiceType>> = {
  1: {
    name: 'AWS',
    settings: [
      { ...key, label: 'Access key' },
      secret,
      { key: 'region', label: 'Region', required: true },
      { key: 'configuration_set_name', label: 'Configuration set name', required: true },
    ],
  },
  2: {
    name: 'Sendgrid',
    settings: [key, { key: 'webhook_key', label: 'Verification key of the event webhook', extra: true }],
  },
  3: {
    name: 'Mailgun',
    settings: [
      key,
      { key: 'domain', label: 'Domain', required: true },
      { key: 'zone', label: 'Zone', required: true, choices: ['US', 'EU'] },
      { key: 'webhook_key', label: 'Webhook signing key', secret: true },
    ],
  },
  4: {
    name: 'Postmark',
    settings: [
      { ...key, label: 'Server token' },
      { key: 'message_stream', label: 'Message stream' },
      webhookPassword,
    ],
  },
  5: {
    name: 'Mailjet',
    settings: [
      key,
      secret,
      { key: 'zone', label: 'Zone', required: true, choices: ['Default', 'US'] },
      webhookPassword,
    ],
  },
  6: {
    name: 'SMTP',
    settings: [
      { key: 'host', label: 'Host', required: true, kind: 'target' },
      { key: 'port', label: 'Port', required: true, kind: 'port' },
      { key: 'encryption', label: 'Encryption', choices: ['tls', 'ssl'] },
      { key: 'username', label: 'Username' },
      { key: 'password', label: 'Password', secret: true },
      { key: 'auth', label: 'Login by', extra: true, choices: ['plain', 'login', 'cram-md5', 'xoauth2'] },
      { key: 'access_token', label: 'Access token', extra: true, secret: true },
      { key: 'refresh_token', label: 'Refresh token', extra: true, secret: true },
      { key: 'token_url', label: 'Token URL', extra: true, kind: 'target' },
      { key: 'client_id', label: 'Client ID', extra: true },
      { key: 'client_secret', label: 'Client secret', extra: true, secret: true },
      { key: 'connections', label: 'Connections at once', extra: true, kind: 'number', most: 200 },
      {
        key: 'messages_per_connection',
        label: 'Mails per connection',
        extra: true,
        kind: 'number',
        most: 100_000,
      },
    ],
  },
  7: {
    name: 'Postal',
    settings: [
      { key: 'postal_host', label: 'Postal host', kind: 'target' },
      { key: 'key', label: 'API key', secret: true },
      { key: 'webhook_key', label: 'Public key of the webhooks', extra: true },
    ],
  },
  8: { name: 'Inbox', settings: [{ key: 'inbox_id', label: 'Inbox', required: true, kind: 'inbox' }] },
  9: { name: 'File', settings: [] },
}

export type SettingValues = Record<string, string | number | null>

/** The hosts and addresses of the web that they name, by key. */
export function targetsOf(type: ServiceType, settings: SettingValues): [key: string, target: string][] {
  return type.settings.flatMap(({ key: name, kind }) => {
    const value = settings[name]
    return kind === 'target' && typeof value === 'string' ? [[name, value] as [string, string]] : []
  })
}

/** What stands where a secret is; sent back, it leaves the secret as it is. */
const MASK = '********'

/** Access tokens of Microsoft are as long as that. */
const MAX_LENGTH = 8000

const MOST = { port: 65_535, inbox: Number.MAX_SAFE_INTEGER, number: 10_000 }

/**
 * Reads the settings of a service, whole: what is not named is not set.
 * @param before what a masked secret stands for
 * @returns faults by key, in the words of the people who know SendPortal
 */
export function readServiceSettings(
  type: ServiceType,
  given: Record<string, unknown>,
  before: SettingValues = {},
): { settings: SettingValues; faults: Record<string, string[]> } {
  const settings: SettingValues = {}
  const faults: Record<string, string[]> = {}
  for (const setting of type.settings) {
    let value = given[setting.key] ?? null
    if (setting.secret && value === MASK) value = before[setting.key] ?? null
    if (value === null || value === '') {
      settings[setting.key] = null
      if (setting.required) faults[setting.key] = [wantedText(type.name, setting.key)]
      continue
    }
    const read = readSetting(setting, value)
    if (read === undefined) faults[setting.key] = [faultOf(setting)]
    else settings[setting.key] = read
  }
  if (settings.auth === 'xoauth2') Object.assign(faults, tokenFaults(settings))
  return { settings, faults }
}

/** Without them the server would be asked for nothing, or with nothing. */
function tokenFaults(settings: SettingValues): Record<string, string[]> {
  const isSet = (name: string) => (settings[name] ?? null) !== null
  const missing = [
    ...(isSet('username') ? [] : ['username']),
    ...(isSet('access_token') || isSet('refresh_token') ? [] : ['refresh_token']),
    ...(isSet('refresh_token') && !isSet('token_url') ? ['token_url'] : []),
  ]
  return Object.fromEntries(missing.map(name => [name, [wantedText('SMTP', name)]]))
}

function wantedText(type: string, name: string): string {
  return `The ${type} Email Service requires you to enter a ${name.replaceAll('_', ' ')}`
}

function readSetting({ kind, choices, most }: ServiceSetting, value: unknown): string | number | undefined {
  if (kind !== undefined && kind !== 'target') {
    const number = /^[1-9]\d{0,14}$/.test(String(value)) ? Number(value) : Number.NaN
    return number >= 1 && number <= (most ?? MOST[kind]) ? number : undefined
  }
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const text = String(value)
  if (choices !== undefined) return choices.find(choice => choice === text)
  // Some of them become header fields or arguments of commands.
  return text.length > MAX_LENGTH || /[\r\n\0]/.test(text) ? undefined : text
}

function faultOf({ key: name, kind, choices, most }: ServiceSetting): string {
  const named = name.replaceAll('_', ' ')
  if (kind === 'port' || kind === 'number')
    return `The ${named} field must be an integer between 1 and ${most ?? MOST[kind]}.`
  if (kind === 'inbox' || choices !== undefined) return `The selected ${named} is invalid.`
  return `The ${named} field must be a string.`
}

/** As they may be shown: which secrets are there, and not what they are. */
export function maskedSettings(type: ServiceType, settings: SettingValues): SettingValues {
  return Object.fromEntries(
    type.settings
      .filter(({ key: name, extra }) => !extra || (settings[name] ?? null) !== null)
      .map(({ key: name, secret: isSecret }) => {
        const value = settings[name] ?? null
        return [name, isSecret && value !== null ? MASK : value]
      }),
  )
}
