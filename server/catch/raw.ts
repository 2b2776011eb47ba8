import type { Selectable } from 'kysely'
import { promisify } from 'node:util'
import { constants, zstdCompressSync, zstdDecompress } from 'node:zlib'
import { insertRows, reserveIds } from '../storage/bulk.ts'
import { StorageFault } from '../storage/faults.ts'
import type { Database, Tables } from '../storage/schema.ts'

/**
 * Raw bytes of one pack, before compression. 45 µs of a 5 KB message went into setting the compressor up; with
 * a dozen messages in one go it is 15, and mail of one sender shares most of its bytes. Opening one message
 * unpacks all of its pack, which at this size is 60 µs.
 */
const PACK_SIZE = 64 << 10

/** Below this a frame's own header and tables cost more than they save. */
const WORTH_COMPRESSING = 512

const decompress = promisify(zstdDecompress)

interface RawCopy {
  id: number
  inboxId: number
  bytes: Buffer
}

/** Stores the bytes of messages. A pack holds those of one inbox only, so that what is deleted together lies together. */
export async function storeRaw(db: Database, copies: readonly RawCopy[]): Promise<void> {
  const packs = [...Map.groupBy(copies, copy => copy.inboxId).values()].flatMap(intoPacks)
  const ids = await reserveIds(db, 'raw_packs', packs.length)
  await insertRows(
    db,
    'raw_packs',
    packs.map((pack, i) => ({ id: ids[i], ...packed(pack) })),
  )
  await insertRows(
    db,
    'raw_messages',
    packs.flatMap((pack, i) => {
      let start = 0
      return pack.map(({ id, bytes }) => {
        const row = { message_id: id, pack_id: ids[i], start, size: bytes.length }
        start += bytes.length
        return row
      })
    }),
  )
}

/**
 * A message byte for byte as it was received; undefined if there is none. Unpacked off the main thread.
 * @throws StorageFault if it cannot be read, or is not what was stored
 */
export async function rawMessage(db: Database, messageId: number): Promise<Buffer | undefined> {
  return (await readRaw(db, [messageId])).get(messageId)
}

/** Several at once. Those that a damaged page has made unreadable are left out: a list must show the others. */
export async function rawMessages(db: Database, messageIds: readonly number[]): Promise<Map<number, Buffer>> {
  try {
    return await readRaw(db, messageIds)
  } catch (error) {
    if (!isDamage(error)) throw error
    const readable = new Map<number, Buffer>()
    for (const id of messageIds)
      try {
        for (const [found, raw] of await readRaw(db, [id])) readable.set(found, raw)
      } catch (one) {
        if (!isDamage(one)) throw one
      }
    return readable
  }
}

function isDamage(error: unknown): boolean {
  return error instanceof StorageFault && error.kind === 'damaged'
}

/** Each pack is unpacked once. */
async function readRaw(db: Database, messageIds: readonly number[]): Promise<Map<number, Buffer>> {
  if (messageIds.length === 0) return new Map()
  const places = await db
    .selectFrom('raw_messages')
    .selectAll()
    .where('message_id', 'in', messageIds)
    .execute()
  const packIds = [...new Set(places.map(place => place.pack_id))]
  if (packIds.length === 0) return new Map()
  const packs = await db.selectFrom('raw_packs').selectAll().where('id', 'in', packIds).execute()
  const unpacked = new Map(await Promise.all(packs.map(async pack => [pack.id, await unpack(pack)] as const)))
  return new Map(
    places.flatMap(({ message_id, pack_id, start, size }) => {
      // Without its pack it was deleted between the two queries.
      const pack = unpacked.get(pack_id)
      return pack ? [[message_id, pack.subarray(start, start + size)] as const] : []
    }),
  )
}

/** @throws StorageFault if the bytes are not those that were stored: the frame carries their checksum */
async function unpack(pack: Selectable<Tables['raw_packs']>): Promise<Buffer> {
  if (pack.codec === 'plain') return pack.bytes
  try {
    return await decompress(pack.bytes)
  } catch (cause) {
    throw new StorageFault('damaged', `raw pack ${pack.id} is damaged`, 'DAMAGED', { cause })
  }
}

/** Forgets the bytes of deleted messages. A pack goes with the last message in it. */
export async function removeRaw(db: Database, messageIds: readonly number[]): Promise<void> {
  const gone = await db
    .deleteFrom('raw_messages')
    .where('message_id', 'in', messageIds)
    .returning('pack_id')
    .execute()
  const packIds = [...new Set(gone.map(row => row.pack_id))]
  if (packIds.length === 0) return
  await db
    .deleteFrom('raw_packs')
    .where('id', 'in', packIds)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('raw_messages').select('message_id').whereRef('pack_id', '=', 'raw_packs.id'))),
    )
    .execute()
}

function intoPacks(copies: readonly RawCopy[]): RawCopy[][] {
  const packs: RawCopy[][] = []
  let size = Number.POSITIVE_INFINITY
  for (const copy of copies) {
    if (size + copy.bytes.length > PACK_SIZE) {
      packs.push([])
      size = 0
    }
    packs.at(-1)?.push(copy)
    size += copy.bytes.length
  }
  return packs
}

function packed(pack: RawCopy[]): { codec: 'zstd' | 'plain'; bytes: Buffer } {
  const raw = Buffer.concat(pack.map(copy => copy.bytes))
  if (raw.length < WORTH_COMPRESSING) return { codec: 'plain', bytes: raw }
  const bytes = zstdCompressSync(raw, {
    pledgedSrcSize: raw.length,
    chunkSize: Math.min(raw.length + 1024, 1 << 20),
    // Beyond level 1 CPU buys a few per cent of disk.
    params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
  })
  // Also where it saves nothing: the frame's checksum is what tells a damaged disk from the bytes received.
  return { codec: 'zstd', bytes }
}
