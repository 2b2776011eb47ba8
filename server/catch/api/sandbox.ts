import type { Secrets } from '../../accounts/secrets.ts'
import type { Storage } from '../../storage/database.ts'
import type { Checks } from '../checks/checks.ts'
import type { MessageReader } from '../reader.ts'
import type { RateLimit } from './wire.ts'
import type { WayOut } from '../way-out.ts'

/** What the routes of this folder work with. */
export interface Sandbox {
  storage: Storage
  secrets: Secrets
  reader: MessageReader
  checks: Checks
  advertised: Advertised
  /** What new inboxes are given. */
  inboxLimits: { maxSize: number; maxMessageSize: number }
  /** For inboxes without a limit of their own. */
  smtpRateLimit: RateLimit | undefined
  /** Whether messages carry their bodies along, as the dialect had it until 2017. */
  legacyBodies: boolean
  /** Called when a change is stored, for those who watch. */
  changed(): void
  wayOut: WayOut
}

/** How this server is reached from outside. */
interface Advertised {
  publicUrl: string
  smtpHost: string
  smtpPorts: number[]
  pop3Ports: number[]
  sandboxDomain: string
}
