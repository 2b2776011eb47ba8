import type { Guard } from '../../guard.ts'
import type { SettingValues } from './email-service-types.ts'
import { fileWayOut } from './file.ts'
import { inboxWayOut } from './inbox.ts'
import { mailgunWayOut } from './mailgun.ts'
import { mailjetWayOut } from './mailjet.ts'
import { postalWayOut } from './postal.ts'
import { postmarkWayOut } from './postmark.ts'
import type { ProviderTools } from './provider.ts'
import { sendgridWayOut } from './sendgrid.ts'
import { sesWayOut } from './ses.ts'
import { smtpWayOut } from './smtp.ts'
import type { Answer, OutgoingMail, WayOut } from './way-out.ts'

export interface WayOutTools {
  guard: Guard
  /** Puts a mail into one of our own inboxes; null: it is kept. */
  deliver: (inboxId: number, mail: OutgoingMail) => Promise<Answer | null>
  dataDir: string
  /** What we call ourselves: a domain or an address literal. */
  heloName: string
  /** 1; a test waits less. */
  timeoutScale: number
  /** A certificate to trust besides those of the system, PEM. */
  ca?: string
  /** Where providers are instead, by type: for tests. */
  providersAt?: Readonly<Record<number, string>>
}

interface Service {
  id: number
  typeId: number
  settings: SettingValues
}

const BY_TYPE: Readonly<Record<number, (service: Service, tools: WayOutTools) => WayOut>> = {
  1: (service, tools) => sesWayOut(service.settings, at(service, tools)),
  2: (service, tools) => sendgridWayOut(service.settings, at(service, tools)),
  3: (service, tools) => mailgunWayOut(service.settings, at(service, tools)),
  4: (service, tools) => postmarkWayOut(service.settings, at(service, tools)),
  5: (service, tools) => mailjetWayOut(service.settings, at(service, tools)),
  6: ({ settings }, tools) => smtpWayOut(settings, tools),
  7: ({ settings }, tools) => postalWayOut(settings, tools),
  8: ({ settings }, tools) => inboxWayOut(settings, tools),
  9: ({ id }, { dataDir }) => fileWayOut(id, dataDir),
}

function at({ typeId }: Service, tools: WayOutTools): ProviderTools {
  const baseUrl = tools.providersAt?.[typeId]
  return { guard: tools.guard, timeoutScale: tools.timeoutScale, ...(baseUrl !== undefined && { baseUrl }) }
}

/** @throws Error if nothing is known of the type */
export function openWayOut(service: Service, tools: WayOutTools): WayOut {
  const open = BY_TYPE[service.typeId]
  if (open === undefined) throw new Error(`there is no way out of type ${service.typeId}`)
  return open(service, tools)
}
