import type { PrivateTargets } from '../../guard.ts'
import type { Claimed } from '../deliveries/ledger.ts'
import type { Program, ProgramSetting } from '../mails/program.ts'
import type { SettingValues } from '../ways-out/email-service-types.ts'
import type { Answer, OutgoingMail, Outcome } from '../ways-out/way-out.ts'

/** What the main thread and the sending thread say to each other. */
export interface SendingThreadData {
  node: number
  /** Where the journal is kept. */
  folder: string
  dataDir: string
  privateTargets: PrivateTargets
  heloName: string
  /** Of waits and of time limits. */
  scale: number
  /** Of providers that are elsewhere, by type: for tests. */
  providersAt?: Readonly<Record<number, string>>
}

export interface ServiceOrder {
  id: number
  workspaceId: number
  typeId: number
  settings: SettingValues
  /** This process's part of what the service takes per second. */
  perSecond: number | undefined
  /** Per minute, by recipient domain; `*` for all others. */
  domains: readonly { domain: string; per_minute: number }[]
}

export type ToThread =
  | { do: 'service'; service: ServiceOrder }
  /** `subject` as it was written: of mails that have another one theirs is kept. */
  | { do: 'program'; campaignId: number; subject: string; program: Program; setting: ProgramSetting }
  | { do: 'forget'; campaignId: number }
  | {
      do: 'mails'
      emailServiceId: number
      campaignId: number | null
      rows: Claimed[]
      /** When the claim was begun, by the main thread's `performance.now()`. */
      claimedAt: number
      /** Of mails by themselves, which have no program. */
      setting: ProgramSetting | undefined
    }
  | { do: 'stop'; ask: number; at: number; subscriberIds: readonly number[]; campaignIds: readonly number[] }
  | { do: 'hand over'; ask: number; service: ServiceOrder; mail: OutgoingMail }
  /** Nothing is handed over once that many milliseconds have passed without the next of these. */
  | { do: 'lease'; ms: number }
  | { do: 'settled'; report: number }
  | { do: 'delivered'; ask: number; refusal: Answer | null }
  | { do: 'close'; graceMs: number }

export type FromThread =
  /** Its journal is there: rows may be claimed. */
  | { is: 'ready' }
  | { is: 'report'; report: number; rows: Ended[] }
  | { is: 'stopped'; ask: number }
  | { is: 'handed over'; ask: number; outcome: Outcome }
  /** For one of our own inboxes. */
  | {
      is: 'deliver'
      ask: number
      workspaceId: number
      inboxId: number
      reversePath: string
      forwardPath: string
      bytes: Uint8Array
    }
  | { is: 'trouble'; message: string }
  | { is: 'closed' }

/** How the work at one claimed row ended. */
export interface Ended {
  id: number
  campaignId: number | null
  emailServiceId: number
  attempts: number
  domain: string
  at: number
  /**
   * `stopped`: its hand-over was not begun, for no fault of its own; `held`: its domain takes nothing for `waitMs`;
   * `unfit`: its mail could not be written.
   */
  is: Outcome['is'] | 'held' | 'unfit'
  scope: 'mail' | 'domain' | 'service' | null
  /** Whether the point of no return was passed. */
  begun: boolean
  answer: Answer
  providerId: string | null
  subject: string | null
  waitMs: number
}
