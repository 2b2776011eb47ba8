import { digest } from '../mail/digest.ts'
import type { Database } from '../storage/schema.ts'
import { indexMessages, settleSearch, unindexMessages } from '../storage/search-index.ts'
import { fold } from '../storage/search-terms.ts'
import { countUnindexed, unindexedMessages } from '../storage/search-upkeep.ts'
import { wordsOf } from './keep.ts'
import { rawMessages } from './raw.ts'

/** Messages whose bytes are in memory at once. */
const PER_TURN = 50

/** Gives every message that the search does not know its entry again, out of its bytes. Answers how many. */
export async function reindex(
  db: Database,
  tell: (done: number, total: number) => void = () => {},
): Promise<number> {
  const total = await countUnindexed(db)
  let done = 0
  for (let after = 0; ; ) {
    const turn = (trx: Database) => reindexSome(trx, after)
    const ids = db.isTransaction ? await turn(db) : await db.transaction().execute(turn)
    const last = ids.at(-1)
    if (last === undefined) return done
    done += ids.length
    after = last
    tell(done, total)
  }
}

async function reindexSome(trx: Database, after: number): Promise<number[]> {
  const messages = await unindexedMessages(trx, after, PER_TURN)
  const ids = messages.map(message => message.id)
  const raw = await rawMessages(trx, ids)
  // Half an entry must not stay beside the whole one.
  await unindexMessages(trx, ids)
  await indexMessages(
    trx,
    messages.map(({ id, inbox_id, search_head }) => ({
      id,
      inboxId: inbox_id,
      head: search_head,
      words: fold(wordsOf(digest(raw.get(id) ?? Buffer.alloc(0)))),
    })),
  )
  await settleSearch(trx, PER_TURN)
  return ids
}
