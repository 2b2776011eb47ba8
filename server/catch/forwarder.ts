import type { Log } from '../log.ts'
import type { Storage } from '../storage/database.ts'
import type { Database } from '../storage/schema.ts'
import { forward, type Forward } from './forward.ts'
import { addressees, forwardable, wasForwarded } from './forward-copy.ts'
import { type ForwardRule, rulesOf } from './forward-rules.ts'
import { holdInbox, type Message } from './messages.ts'
import { rawMessages } from './raw.ts'
import type { WayOut } from './way-out.ts'

/** Asked about in one transaction. */
const MESSAGES_PER_STEP = 50
const BYTES_PER_STEP = 8 << 20
/** Of one message, by all rules together: a copy for each is stored until it is sent. */
const MAX_RECIPIENTS = 50
/** Copies of one inbox by its rules in an hour. Past that they wait: a loop that our mark does not end costs no more. */
const COPIES_PER_HOUR = 1000
const HOUR_MS = 3_600_000
/** Should a sign from the watch ever be missed. */
const LOOK_EVERY_MS = 30_000

interface Options {
  storage: Pick<Storage, 'read' | 'write'>
  wayOut: WayOut
  log: Log
  copiesPerHour?: number
}

interface Behind {
  inbox_id: number
  workspace_id: number
  /** Asked about already. */
  message_id: number
}

/**
 * Asks the forward rules about every message that was kept since it last asked, wherever and by whom it was kept, so
 * that nothing between the 250 and the queue depends on this process. Inboxes without rules cost nothing.
 */
export class Forwarder {
  readonly #options: Options
  /** Inboxes that have had their share, and until when. */
  readonly #held = new Map<number, number>()
  readonly #timer: NodeJS.Timeout
  #running: Promise<void> | undefined
  #again = false
  #closed = false

  constructor(options: Options) {
    this.#options = options
    this.#timer = setInterval(() => this.look(), LOOK_EVERY_MS)
    this.look()
  }

  /** Some inbox has changed. */
  look(): void {
    this.#again = true
    if (this.#closed || this.#running !== undefined) return
    this.#running = this.#run().finally(() => {
      this.#running = undefined
      if (this.#again) this.look()
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#timer)
    await this.#running
  }

  async #run(): Promise<void> {
    this.#again = false
    let behind: Behind[] = []
    try {
      behind = await inboxesBehind(this.#options.storage.read)
    } catch (error) {
      this.#options.log.warn('the forward rules could not be asked', { error })
    }
    for (const one of behind) {
      if (this.#closed) return
      if ((this.#held.get(one.inbox_id) ?? 0) > Date.now()) continue
      try {
        if (await this.#step(one)) this.#again = true
      } catch (error) {
        // The others are none the worse for it; this one is asked again with the next look.
        this.#options.log.warn('the forward rules could not be asked', { inbox: one.inbox_id, error })
      }
    }
  }

  /** One transaction's worth of one inbox. True if there may be more. */
  async #step(behind: Behind): Promise<boolean> {
    const { storage, wayOut, log } = this.#options
    const { inbox_id: inboxId, workspace_id: workspaceId } = behind
    // The messages first: a rule that became active after this look has no claim on any of them.
    const messages = await nextMessages(storage.read, behind)
    const last = messages.at(-1)
    if (last === undefined) return false
    const rules = wayOut.configured ? await rulesOf(storage.read, workspaceId, inboxId) : []
    const active = rules.filter(rule => rule.active_since !== null)
    if (active.length > 0 && (await this.#isHeld(inboxId))) return false

    const forwards = active.length === 0 ? [] : await this.#matched(messages, active)
    const isMine = await storage.write.transaction().execute(async trx => {
      // Before the cursor, as whoever deletes the inbox does.
      await holdInbox(trx, inboxId)
      // Ids of one inbox are given in the order of their commits, since keeping a message locks the inbox's row before it
      // takes an id: nothing can appear behind the cursor. And two nodes that saw the same messages do not both move it.
      const { numUpdatedRows } = await trx
        .updateTable('forward_cursors')
        .set({ message_id: last.id })
        .where('inbox_id', '=', inboxId)
        .where('message_id', '=', behind.message_id)
        .executeTakeFirst()
      if (Number(numUpdatedRows) === 0) return false
      await forward(trx, wayOut, { id: inboxId, workspaceId }, forwards)
      return true
    })
    if (isMine && forwards.length > 0) {
      log.debug('forwarded by rule', { inbox: inboxId, messages: forwards.length })
      wayOut.wake()
    }
    return true
  }

  async #matched(messages: Message[], rules: ForwardRule[]): Promise<Forward[]> {
    const { storage, log } = this.#options
    const since = Math.min(...rules.map(rule => rule.active_since ?? Infinity))
    const asked = messages.filter(message => message.created_at >= since)
    const raws = await rawMessages(
      storage.read,
      asked.map(message => message.id),
    )
    return asked.flatMap(message => {
      // Without its bytes it was deleted since.
      const raw = raws.get(message.id)
      if (raw === undefined) return []
      const content = forwardable(raw)
      if (wasForwarded(content)) return []
      const wanted = addressees(content).filter(address =>
        rules.some(rule => (rule.active_since ?? Infinity) <= message.created_at && matches(rule, address)),
      )
      if (wanted.length > MAX_RECIPIENTS)
        log.warn('a message was forwarded to its first recipients only', {
          message: message.id,
          recipients: wanted.length,
        })
      const recipients = wanted.slice(0, MAX_RECIPIENTS)
      return recipients.length === 0 ? [] : [{ kind: 'rule', message, content, recipients }]
    })
  }

  async #isHeld(inboxId: number): Promise<boolean> {
    const { storage, log, copiesPerHour = COPIES_PER_HOUR } = this.#options
    const nth = await storage.read
      .selectFrom('outgoing')
      .select('created_at')
      .where('inbox_id', '=', inboxId)
      .where('kind', '=', 'rule')
      .orderBy('id', 'desc')
      .offset(copiesPerHour - 1)
      .limit(1)
      .executeTakeFirst()
    const until = (nth?.created_at ?? 0) + HOUR_MS
    if (until <= Date.now()) return false
    this.#held.set(inboxId, until)
    log.warn('an inbox forwards too much; the rest waits', { inbox: inboxId, until: new Date(until) })
    return true
  }
}

function matches({ forward_type, forward_value }: ForwardRule, address: string): boolean {
  return forward_type === 'email' ? address === forward_value : address.endsWith(`@${forward_value}`)
}

/** Inboxes with rules that have not been asked about everything. */
function inboxesBehind(db: Database): Promise<Behind[]> {
  return db
    .selectFrom('forward_cursors')
    .innerJoin('inboxes', 'inboxes.id', 'forward_cursors.inbox_id')
    .innerJoin('projects', 'projects.id', 'inboxes.project_id')
    .select(['forward_cursors.inbox_id', 'forward_cursors.message_id', 'projects.workspace_id'])
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('forward_rules')
          .select('id')
          .whereRef('forward_rules.inbox_id', '=', 'forward_cursors.inbox_id'),
      ),
    )
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('messages')
          .select('id')
          .whereRef('messages.inbox_id', '=', 'forward_cursors.inbox_id')
          .whereRef('messages.id', '>', 'forward_cursors.message_id'),
      ),
    )
    .execute()
}

/** Oldest first. */
async function nextMessages(db: Database, { inbox_id, message_id }: Behind): Promise<Message[]> {
  const messages = await db
    .selectFrom('messages')
    .selectAll()
    .where('inbox_id', '=', inbox_id)
    .where('id', '>', message_id)
    .orderBy('id')
    .limit(MESSAGES_PER_STEP)
    .execute()
  let size = 0
  return messages.filter((message, i) => (size += message.size) <= BYTES_PER_STEP || i === 0)
}
