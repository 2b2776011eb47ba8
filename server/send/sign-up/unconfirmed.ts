import { sql } from 'kysely'
import { holdAudience } from '../../storage/claiming.ts'
import type { Storage } from '../../storage/database.ts'
import { removeSubscribers } from '../audience/subscribers.ts'

/** Who signed up and did not confirm for so long is forgotten: nobody agreed that we know them. */
const FORGOTTEN_AFTER_MS = 30 * 86_400_000
const LOOK_EVERY_MS = 3_600_000
const PORTION = 200

interface Options {
  storage: Pick<Storage, 'read' | 'write'>
  onError(error: unknown): void
  now?: () => number
}

export interface Upkeep {
  /** Looks now. @returns how many went */
  sweep(): Promise<number>
  close(): Promise<void>
}

/** Looks at the start and every hour. Those who were imported or added as pending were not asked by us, and stay. */
export function forgetUnconfirmed({ storage, onError, now = Date.now }: Options): Upkeep {
  let closed = false
  let last: Promise<number> = Promise.resolve(0)

  const sweep = async () => {
    let gone = 0
    for (;;) {
      const found = await unconfirmedSince(storage.read, now() - FORGOTTEN_AFTER_MS)
      const [first] = found
      if (closed || first === undefined) return gone
      const { workspace_id } = first
      const removed = await storage.write.transaction().execute(async trx => {
        await holdAudience(trx, workspace_id)
        // Asked again where nobody else writes: one of them may have confirmed just now.
        const still = await unconfirmedSince(trx, now() - FORGOTTEN_AFTER_MS)
        const ids = still.filter(each => each.workspace_id === workspace_id).map(({ id }) => id)
        return removeSubscribers(trx, workspace_id, ids)
      })
      if (removed === 0) return gone
      gone += removed
    }
  }
  // One after the other, however long one takes.
  const look = () => {
    last = last.then(sweep).catch((error: unknown) => {
      onError(error)
      return 0
    })
    return last
  }
  const timer = setInterval(look, LOOK_EVERY_MS)
  void look()
  return {
    sweep: look,
    async close() {
      closed = true
      clearInterval(timer)
      await last
    },
  }
}

/** By an index of their own, which is used only where the status is written out. */
function unconfirmedSince(db: Storage['read'], instant: number) {
  return db
    .selectFrom('subscribers')
    .select(['id', 'workspace_id'])
    .where('status', '=', sql.lit<'pending'>('pending'))
    .where('status_at', '<', instant)
    .where('source', '=', 'form')
    .orderBy('status_at')
    .limit(PORTION)
    .execute()
}
