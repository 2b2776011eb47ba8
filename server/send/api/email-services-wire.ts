// The shapes of email services as they leave this folder: the web app imports its types from here.
import { limitsOf } from '../sending/limits.ts'
import { maskedSettings, SERVICE_TYPES, type SettingValues } from '../ways-out/email-service-types.ts'
import type { EmailService, ServiceUse } from '../ways-out/email-services.ts'

/** By key of the type's settings. A secret that is there is `********`, and sent back like that it stays. */
type ServiceSettingsWire = Record<string, string | number | null>

/** What is absent has no limit. */
export interface ServiceLimitsWire {
  per_second?: number
  per_hour?: number
  per_day?: number
  /** `*` is every domain that is not named. */
  domains?: { domain: string; per_minute: number }[]
  /** `started_on` as `2026-11-22`; so many on its first day, its second, … */
  warm_up?: { started_on: string; per_day: number[] }
}

export interface EmailServiceWire {
  id: number
  name: string
  type_id: number
  /** The name of the type, as `SMTP`. */
  type: string
  settings: ServiceSettingsWire
  limits: ServiceLimitsWire
  /** Takes over while this one is down. */
  next_service_id: number | null
  state: {
    up: boolean
    down_since: string | null
    /** In the words of the server that takes nothing. */
    down_reason: string | null
    next_try: string | null
  }
  /** Handed over in this hour and on this day, by UTC. */
  used: { hour: number; day: number }
  /** How many campaigns use it; while there are any, it cannot be deleted. */
  campaigns: number
  /** Where its provider reports what became of mails; null: it has nothing to report, or they may not change it. */
  webhook_url: string | null
  created_at: string
}

export interface ServiceSettingWire {
  key: string
  label: string
  required: boolean
  secret: boolean
  /** A fine point that most can leave alone: `settings` has it only where it is set. */
  extra: boolean
  /** Null: anything goes. */
  choices: string[] | null
  /** `port`, `number` and `inbox` (the id of one of our own) are whole numbers. */
  kind: 'text' | 'port' | 'number' | 'inbox'
}

export interface ServiceTypeWire {
  id: number
  name: string
  settings: ServiceSettingWire[]
}

/** The oldest first. There are few: no pages. */
export interface EmailServiceListReply {
  services: EmailServiceWire[]
  types: ServiceTypeWire[]
}

export interface EmailServiceReply {
  service: EmailServiceWire
}

export interface NewEmailServiceWire {
  name: string
  type_id: number
  settings: ServiceSettingsWire
  limits?: ServiceLimitsWire
  next_service_id?: number | null
}

/** Settings are given whole, or not at all; the type stays. */
export type EmailServiceChangesWire = Partial<Omit<NewEmailServiceWire, 'type_id'>>

/** Answered `{}`, or 422 under `response` with `Response: …` in the words of the service. */
export interface ServiceTestWire {
  to: string
  from: string
  /** If absent `Posthorn Test Email`. */
  subject?: string
  body: string
}

export function serviceTypesWire(): ServiceTypeWire[] {
  return Object.entries(SERVICE_TYPES).map(([id, { name, settings }]) => ({
    id: Number(id),
    name,
    settings: settings.map(({ key, label, required, secret, extra, choices, kind = 'target' }) => ({
      key,
      label,
      required: required ?? false,
      secret: secret ?? false,
      extra: extra ?? false,
      choices: choices === undefined ? null : [...choices],
      kind: kind === 'target' ? 'text' : kind,
    })),
  }))
}

export function emailServiceWire(
  service: EmailService,
  settings: SettingValues,
  webhook_url: string | null,
  { campaigns, hour, day }: ServiceUse = { campaigns: 0, hour: 0, day: 0 },
): EmailServiceWire {
  const { id, name, type_id, next_service_id, down_since, down_until, down_reason, created_at } = service
  const type = SERVICE_TYPES[type_id]
  return {
    id,
    name,
    type_id,
    type: type?.name ?? '',
    settings: type ? maskedSettings(type, settings) : {},
    limits: limitsOf(service.limits),
    next_service_id,
    state: {
      up: down_since === null,
      down_since: instant(down_since),
      down_reason,
      next_try: instant(down_until),
    },
    used: { hour, day },
    campaigns,
    webhook_url,
    created_at: new Date(created_at).toISOString(),
  }
}

function instant(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}
