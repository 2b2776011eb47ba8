import type { OutgoingMail, Outcome } from '../ways-out/way-out.ts'
import type { ProgramSetting, ProgramSources } from '../mails/program.ts'

/** What the doors ask of whatever sends. The process has one. */
export interface Sending {
  /** Something was queued, resumed, scheduled: look now. */
  wake(): void
  /**
   * When this resolves, no hand-over to these people begins any more, nor any of these campaigns. Call it after the
   * commit that unsubscribed, suppressed, removed or cancelled, and before that is answered.
   */
  stop(whom: { subscriberIds?: readonly number[]; campaignIds?: readonly number[] }): Promise<void>
  /** What this process does for a campaign at this moment. */
  progressOf(campaignId: number): CampaignProgress
  /** One mail through an email service, at once: tests. Counts against no ledger. */
  handOver(emailServiceId: number, mail: OutgoingMail): Promise<Outcome>
}

export interface CampaignProgress {
  /** Hand-overs answered in the last ten seconds, per second. */
  perSecond: number
  /** What it waits for, in words for people; null: nothing, or it is not being sent. */
  waitsFor: string | null
}

/** Gathers what a campaign's mails are made of (mails/program-sources.ts). */
export interface Gathered {
  sources: ProgramSources
  setting: ProgramSetting
}
