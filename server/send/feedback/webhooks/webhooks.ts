import type { Secrets } from '../../../accounts/secrets.ts'
import type { Guard } from '../../../guard.ts'
import type { Log } from '../../../log.ts'
import { holdAudience } from '../../../storage/claiming.ts'
import type { Storage } from '../../../storage/database.ts'
import { asFault } from '../../../storage/faults.ts'
import type { Sending } from '../../sending/sending.ts'
import { applyFeedback, holdDeliveries } from '../delivery-feedback.ts'
import { aws } from './aws.ts'
import { mailgun } from './mailgun.ts'
import { mailjet } from './mailjet.ts'
import { postal } from './postal.ts'
import { postmark } from './postmark.ts'
import { sendgrid } from './sendgrid.ts'
import { toldDeliveries, type ToldBy } from './told-deliveries.ts'
import type { Telling, WebhookPost, WebhookProvider } from './webhook.ts'

/** By their names in addresses. */
export const WEBHOOK_PROVIDERS = { aws, mailgun, postmark, sendgrid, mailjet, postal } as const
export type WebhookProviderName = keyof typeof WEBHOOK_PROVIDERS

interface Parts {
  storage: Storage
  secrets: Secrets
  guard: Guard
  log: Log
  sending: Pick<Sending, 'stop'>
  /** When what nobody knew is looked for again; in ms, for tests. */
  lookAgainAfter?: readonly number[]
}

export interface Webhooks {
  /**
   * Takes in what a provider told. It is committed, and nobody who left is written to any more, when this resolves.
   * @param serviceId the email service that the address names; undefined: whichever of that type it was
   * @returns what is said to the provider
   * @throws StorageFault, or Error of the network: it should be told again
   */
  receive(
    name: WebhookProviderName,
    post: WebhookPost,
    serviceId: number | undefined,
    now?: number,
  ): Promise<string>
  /** Looks a last time for what nobody knew. */
  close(): Promise<void>
}

const OK = 'OK'
/** More are not told at once by anybody. */
const MOST_TELLINGS = 10_000
/** Of those that providers give. */
const LONGEST_ID = 1_000
/** In one transaction: others wait meanwhile. */
const PORTION = 100
/** A provider may tell of a mail before its answer is written down here: confirmations are committed in batches. */
const LOOK_AGAIN_AFTER = [1_000, 5_000, 20_000, 60_000]
const MOST_WAITING = 10_000
const WARN_EVERY_MS = 60_000

interface Waiting {
  by: ToldBy
  tellings: Telling[]
  isTrusted: Parameters<typeof toldDeliveries>[4]
  tries: number
  timer: NodeJS.Timeout
}

/** The one way in for what providers tell (contract, section 6.2). */
export function createWebhooks(parts: Parts): Webhooks {
  const { storage, secrets, guard, log, lookAgainAfter = LOOK_AGAIN_AFTER } = parts
  const waiting = new Set<Waiting>()
  const warned = new Map<string, number>()
  const underWay = new Set<Promise<void>>()

  /** Anybody can post: what is not believed is said once a minute, not each time. */
  function distrust(provider: string, why: string, service: string | undefined, now: number): void {
    const key = `${provider} ${service ?? ''}`
    if ((warned.get(key) ?? 0) > now - WARN_EVERY_MS) return
    if (warned.size > 1_000) warned.clear()
    warned.set(key, now)
    log.warn('A webhook was not believed', { provider, service, why })
  }

  async function settle(wait: Omit<Waiting, 'timer'>, now: number): Promise<void> {
    const { by, tellings, isTrusted } = wait
    const { matched, unknown } = await toldDeliveries(storage.read, secrets, by, tellings, isTrusted)
    for (const [workspaceId, theirs] of Map.groupBy(matched, ({ delivery }) => delivery.workspace_id)) {
      // By campaign, whose totals one transaction at a time can move: all take them in the same order.
      const ordered = theirs.toSorted((a, b) => (a.delivery.campaign_id ?? 0) - (b.delivery.campaign_id ?? 0))
      for (let from = 0; from < ordered.length; from += PORTION) {
        const portion = ordered.slice(from, from + PORTION)
        const told = portion.map(({ telling, delivery }) => ({ id: delivery.id, event: telling.event }))
        await again(() => apply(workspaceId, told, now))
      }
    }
    if (unknown.length > 0) later({ ...wait, tellings: unknown })
  }

  async function apply(
    workspaceId: number,
    told: { id: number; event: Telling['event'] }[],
    now: number,
  ): Promise<void> {
    const stopped = await storage.write.transaction().execute(async trx => {
      await holdAudience(trx, workspaceId)
      const held = await holdDeliveries(trx, [...new Set(told.map(({ id }) => id))])
      const ids: number[] = []
      for (const { id, event } of told) {
        const delivery = held.get(id)
        if (delivery === undefined) continue
        const { subscriberStopped, subscriberId } = await applyFeedback(trx, delivery, event, now)
        if (subscriberStopped && subscriberId !== null) ids.push(subscriberId)
      }
      return ids
    })
    if (stopped.length > 0) await parts.sending.stop({ subscriberIds: stopped })
  }

  function later(wait: Omit<Waiting, 'timer'>): void {
    const after = lookAgainAfter[wait.tries]
    const held = [...waiting].reduce((sum, { tellings }) => sum + tellings.length, 0)
    if (after === undefined || held + wait.tellings.length > MOST_WAITING) return
    const entry: Waiting = {
      ...wait,
      tries: wait.tries + 1,
      timer: setTimeout(() => lookAgain(entry), after),
    }
    entry.timer.unref()
    waiting.add(entry)
  }

  function lookAgain(entry: Waiting): void {
    waiting.delete(entry)
    const looking = settle(entry, Date.now())
      .catch(error => log.warn('What a webhook told was lost', { error }))
      .finally(() => underWay.delete(looking))
    underWay.add(looking)
  }

  return {
    async receive(name, post, serviceId, now = Date.now()) {
      const provider: WebhookProvider = WEBHOOK_PROVIDERS[name]
      const distrusted = (why: string) => distrust(name, why, undefined, now)
      const tellings = await provider.read(post, { guard, now, distrusted })
      if (tellings === null) return provider.unprocessed
      const answers = new Map<number, boolean>()
      await settle(
        {
          by: { typeId: provider.typeId, serviceId },
          tellings: tellings
            .filter(({ providerId }) => providerId.length <= LONGEST_ID)
            .slice(0, MOST_TELLINGS),
          isTrusted(service, webhookKey) {
            const known = answers.get(service.id)
            if (known !== undefined) return known
            const isGenuine = provider.isGenuine(post, webhookKey, now)
            if (!isGenuine) distrust(name, 'its signature or password is wrong', service.name, now)
            answers.set(service.id, isGenuine)
            return isGenuine
          },
          tries: 0,
        },
        now,
      )
      return OK
    },
    async close() {
      for (const entry of waiting) {
        clearTimeout(entry.timer)
        lookAgain({ ...entry, tries: lookAgainAfter.length })
      }
      waiting.clear()
      await Promise.all(underWay)
    },
  }
}

/** Two transactions that met are told so, one of them: it tries again. */
async function again(work: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (error) {
      if (tries === 3 || asFault(error).kind !== 'locked') throw error
    }
  }
}
