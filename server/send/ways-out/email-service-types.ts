/** One of the settings that a kind of email service has. */
interface ServiceSetting {
  key: string
  /** Whether there is no sending without it. */
  required?: true
  /** Is encrypted like the rest, and shown to nobody any more. */
  secret?: true
  choices?: readonly string[]
  kind?: 'port' | 'inbox'
}

export interface ServiceType {
  name: string
  settings: readonly ServiceSetting[]
}

const key = { key: 'key', required: true, secret: true } as const
const secret = { key: 'secret', required: true, secret: true } as const

/**
 * The ways out by their `type_id`: 1 to 7 are SendPortal's, and what they need is what SendPortal asks for
 * (contract, section 6.1); 8 puts mail into an inbox of our own, 9 into files.
 */
export const SERVICE_TYPES: Readonly<Record<number, ServiceType>> = {
  1: {
    name: 'AWS',
    settings: [
      key,
      secret,
      { key: 'region', required: true },
      { key: 'configuration_set_name', required: true },
    ],
  },
  2: { name: 'Sendgrid', settings: [key] },
  3: {
    name: 'Mailgun',
    settings: [
      key,
      { key: 'domain', required: true },
      { key: 'zone', required: true, choices: ['US', 'EU'] },
      { key: 'webhook_key', secret: true },
    ],
  },
  4: { name: 'Postmark', settings: [key, { key: 'message_stream' }] },
  5: {
    name: 'Mailjet',
    settings: [key, secret, { key: 'zone', required: true, choices: ['Default', 'US'] }],
  },
  6: {
    name: 'SMTP',
    settings: [
      { key: 'host', required: true },
      { key: 'port', required: true, kind: 'port' },
      { key: 'encryption', choices: ['tls', 'ssl'] },
      { key: 'username' },
      { key: 'password', secret: true },
    ],
  },
  7: { name: 'Postal', settings: [{ key: 'postal_host' }, { key: 'key', secret: true }] },
  8: { name: 'Inbox', settings: [{ key: 'inbox_id', required: true, kind: 'inbox' }] },
  9: { name: 'File', settings: [] },
}

export type SettingValues = Record<string, string | number | null>

/** What stands where a secret is; sent back, it leaves the secret as it is. */
const MASK = '********'

const MAX_LENGTH = 2000

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
    const named = setting.key.replaceAll('_', ' ')
    let value = given[setting.key] ?? null
    if (setting.secret && value === MASK) value = before[setting.key] ?? null
    if (value === null || value === '') {
      settings[setting.key] = null
      if (setting.required)
        faults[setting.key] = [`The ${type.name} Email Service requires you to enter a ${named}`]
      continue
    }
    const read = readSetting(setting, value)
    if (read === undefined) faults[setting.key] = [faultOf(setting, named)]
    else settings[setting.key] = read
  }
  return { settings, faults }
}

function readSetting({ kind, choices }: ServiceSetting, value: unknown): string | number | undefined {
  if (kind !== undefined) {
    const number = /^[1-9]\d{0,14}$/.test(String(value)) ? Number(value) : Number.NaN
    return number >= 1 && (kind === 'inbox' || number <= 65_535) ? number : undefined
  }
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const text = String(value)
  if (choices !== undefined) return choices.find(choice => choice === text)
  // Some of them become header fields or arguments of commands.
  return text.length > MAX_LENGTH || /[\r\n\0]/.test(text) ? undefined : text
}

function faultOf({ kind, choices }: ServiceSetting, named: string): string {
  if (kind === 'port') return `The ${named} field must be an integer between 1 and 65535.`
  if (kind === 'inbox' || choices !== undefined) return `The selected ${named} is invalid.`
  return `The ${named} field must be a string.`
}

/** As they may be shown: which secrets are there, and not what they are. */
export function maskedSettings(type: ServiceType, settings: SettingValues): SettingValues {
  return Object.fromEntries(
    type.settings.map(({ key: name, secret: isSecret }) => {
      const value = settings[name] ?? null
      return [name, isSecret && value !== null ? MASK : value]
    }),
  )
}
