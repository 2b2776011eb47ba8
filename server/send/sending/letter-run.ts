import { sql } from 'kysely'
import type { ProgramSetting } from '../mails/program.ts'
import type { RunParts } from './campaign-run.ts'
import type { Ended } from './thread-messages.ts'

const AT_ONCE = 200
const WINDOW = 400

/** Mails by themselves: receipts, new passwords. They are looked for at once, and go ahead of every campaign. */
export class LetterRun {
  readonly #parts: RunParts
  readonly #settingOf: (workspaceId: number) => Promise<ProgramSetting>
  /** Claimed, and not ended. */
  #outstanding = 0

  constructor(parts: RunParts, settingOf: (workspaceId: number) => Promise<ProgramSetting>) {
    this.#parts = parts
    this.#settingOf = settingOf
  }

  get isBusy(): boolean {
    return this.#outstanding > 0
  }

  async look(): Promise<void> {
    const { rows } = await sql<{ id: number }>`
      select distinct email_service_id as id from deliveries
      where campaign_id is null and status = 'pending' and next_at <= ${Date.now()}
        and email_service_id is not null`.execute(this.#parts.storage.read)
    for (const { id } of rows) await this.#send(id)
  }

  ended(rows: readonly Ended[]): void {
    this.#outstanding -= rows.length
  }

  /** The thread that had them is gone. */
  lost(): void {
    this.#outstanding = 0
  }

  async #send(wantedId: number): Promise<void> {
    const { book, claim, heldDomains, isOnTrial, worker } = this.#parts
    const now = Date.now()
    const { service } = await book.inTurn(wantedId, now)
    if (service === undefined) return
    const thread = await worker()
    const free = WINDOW - this.#outstanding
    const limit = Math.min(isOnTrial(service.row) ? 1 : AT_ONCE, free)
    if (limit <= 0) return
    thread.post({ do: 'service', service: book.orderOf(service, thread.nodes) })
    const claimedAt = performance.now()
    const { rows } = await claim({
      campaignId: null,
      emailServiceId: wantedId,
      node: thread.node,
      limit,
      now,
      toSubscribersOnly: false,
      heldDomains: heldDomains(service.row.id),
      quotas: service.quotas,
    })
    if (rows.length === 0) return
    this.#outstanding += rows.length
    const setting = await this.#settingOf(service.row.workspace_id)
    thread.hand({
      emailServiceId: service.row.id,
      campaignId: null,
      rows,
      claimedAt,
      setting,
    })
  }
}
