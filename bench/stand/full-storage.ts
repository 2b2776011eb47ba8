import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Keeping } from '../../server/catch/keep.ts'
import { openStorage, type Storage } from '../../server/storage/database.ts'
import { startOurs } from './contestants.ts'
import { shopMail } from './mails.ts'

/** Lines of text in each of these mails: lists and searches do not depend on it, disk and patience do. */
const LINES = 4
const OTHER_INBOXES = 9
const AT_ONCE = 512

/** Moves with what is stored and how, so that a data directory of before is made anew. */
const EDITION = 1

/**
 * A data directory with so many messages, half of them in inbox 1, the others in nine more. It is made once, by
 * the operation that keeps mail, and stays in the folder for temporary files.
 */
export async function fullStorage(messages: number): Promise<string> {
  const folder = join(tmpdir(), `posthorn-bench-${messages}`)
  const dataDir = join(folder, 'data')
  const stamp = join(folder, 'edition')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === String(EDITION)) return dataDir
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  await (await startOurs('', { POSTHORN_DATA_DIR: dataDir })).stop()
  const storage = await openStorage(
    { engine: 'sqlite', file: join(dataDir, 'posthorn.db') },
    new URL('../../server/catch/keep.ts', import.meta.url),
    error => {
      throw error
    },
  )
  await fill(storage, messages)
  await storage.close()
  writeFileSync(stamp, String(EDITION))
  return dataDir
}

async function fill(storage: Storage, messages: number): Promise<void> {
  const inboxIds = await otherInboxes(storage)
  const begun = Date.now()
  for (let at = 0; at < messages; at += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, messages - at) }, (_, i) => at + i)
    await Promise.all(
      some.map(index => {
        const inboxId = index % 2 === 0 ? 1 : (inboxIds[(index >> 1) % inboxIds.length] ?? 1)
        return storage.perform('keep', keeping(inboxId, index), shopMail(index, LINES))
      }),
    )
    if (at % (AT_ONCE * 200) === 0 && at > 0)
      console.error(`storing ${at} of ${messages} messages, ${Math.round((Date.now() - begun) / 1000)} s`)
  }
}

function keeping(inboxId: number, index: number): Keeping {
  return {
    inboxIds: [inboxId],
    arrival: {
      source: 'smtp',
      mail_from: 'app@shop.test',
      rcpt_to: [`customer${index}@example.org`],
      client_ip: '127.0.0.1',
      helo: 'shop.test',
      tls: null,
      login: null,
    },
    receivedAt: Date.now(),
  }
}

/** Copies of the first one, which the first start has made. */
async function otherInboxes(storage: Storage): Promise<number[]> {
  const { id: _id, ...first } = await storage.read
    .selectFrom('inboxes')
    .selectAll()
    .where('id', '=', 1)
    .executeTakeFirstOrThrow()
  const rows = Array.from({ length: OTHER_INBOXES }, (_, at) => ({
    ...first,
    username: `other-${at}`,
    email_username: `other-${at}`,
  }))
  const made = await storage.write.insertInto('inboxes').values(rows).returning('id').execute()
  return made.map(({ id }) => id)
}
