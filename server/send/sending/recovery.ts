import { unlinkSync } from 'node:fs'
import type { Storage } from '../../storage/database.ts'
import { giveUpOn, heldBy, type Settled, type Settlement } from '../deliveries/ledger.ts'
import type { Answer } from '../ways-out/way-out.ts'
import { type EndingRules, settlementOf } from './endings.ts'
import { type JournalEntry, journalsIn, readJournal } from './hand-over-journal.ts'
import { isHeardOf, removeNode, silentNodes } from './nodes.ts'
import { retryingAmbiguous } from './sending-settings.ts'

const ROWS_AT_ONCE = 1_000

const UNKNOWN: Answer = {
  code: 0,
  enhanced: null,
  text: 'the server stopped while this message was being handed over',
}
const JOURNAL_LOST: Answer = {
  code: 0,
  enhanced: null,
  text: 'the machine stopped, and with it the record of what was handed over',
}

export interface Recovered {
  /** Rows that are sent as if nothing had been, by what is known of them. */
  again: number
  ambiguous: number
  /** Of which the journal knew the answer. */
  known: number
}

interface Parts {
  storage: Storage
  folder: string
  /** Of waits between attempts. */
  scale: number
}

/**
 * Takes up what nodes have left behind that are no more: what their journal shows as answered is settled so, what it
 * shows as begun is ambiguous, all else was only claimed and is sent (the second promise).
 * @param own nodes of this very process that are at work
 */
export async function recover(parts: Parts, own: ReadonlySet<number>): Promise<Recovered> {
  const { storage, folder } = parts
  const sum: Recovered = { again: 0, ambiguous: 0, known: 0 }
  const journals = journalsIn(folder)
  for (const [node, paths] of journals) {
    if (own.has(node)) continue
    const { pid, isWhole, entries } = readJournal(paths)
    // Another process that uses this folder may be at work with it.
    const mayLive = pid !== process.pid && isRunning(pid)
    if (mayLive && (await isHeardOf(storage.write, node))) continue
    await recoverNode(parts, node, isWhole, entries, sum)
    for (const path of paths) unlinkSync(path)
    await removeNode(storage.write, node)
  }
  for (const node of await silentNodes(storage.write))
    if (!own.has(node) && !journals.has(node))
      sum.ambiguous += await storage.write.transaction().execute(trx => giveUpOn(trx, node))
  return sum
}

async function recoverNode(
  { storage, scale }: Parts,
  node: number,
  isWhole: boolean,
  entries: ReadonlyMap<number, JournalEntry>,
  sum: Recovered,
): Promise<void> {
  const held = await heldBy(storage.write, node)
  const retrying = await retryingAmbiguous(
    storage.write,
    held.map(row => row.campaign_id),
  )
  const rules: EndingRules = { scale, retrying }
  const rows = held.map(({ id, attempts, campaign_id }): Settled => {
    const found = entries.get(id)
    // An entry of an earlier attempt says nothing about this one.
    const entry = found?.attempts === attempts ? found : undefined
    const base = { id, attempts, campaignId: campaign_id, emailServiceId: 0, domain: '', at: Date.now() }
    const rest = { scope: null, providerId: null, subject: null, waitMs: 0 } as const
    const lost = !isWhole && entry?.ending === undefined
    if (entry === undefined && !lost) {
      sum.again++
      return settled({ ...base, ...rest, is: 'stopped', begun: false, answer: UNKNOWN }, rules)
    }
    if (entry?.ending === undefined) {
      sum.ambiguous++
      return settled(
        { ...base, ...rest, is: 'ambiguous', begun: true, answer: lost ? JOURNAL_LOST : UNKNOWN },
        rules,
      )
    }
    sum.known++
    const { is, answer, providerId } = entry.ending
    return settled({ ...base, ...rest, is, scope: 'mail', begun: true, answer, providerId }, rules)
  })
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE)
    await storage.perform('settle', {
      node,
      rows: rows.slice(from, from + ROWS_AT_ONCE),
      unused: [],
    } satisfies Settlement)
}

/** The journal does not say which service it was. */
function settled(ended: Parameters<typeof settlementOf>[0], rules: EndingRules): Settled {
  return { ...settlementOf(ended, rules), emailServiceId: null }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
