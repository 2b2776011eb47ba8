import { constants, zstdCompressSync, zstdDecompress } from 'node:zlib'
import { promisify } from 'node:util'
import type { Database, Tables } from '../storage/schema.ts'

type Stored = Pick<Tables['raw_messages'], 'codec' | 'bytes'>

/** Below this a frame's own header and tables cost more than they save. */
const WORTH_COMPRESSING = 512

const decompress = promisify(zstdDecompress)

/** The bytes as they are stored: compressed where that makes them smaller. For the writing thread. */
export function packRaw(raw: Buffer): Stored {
  if (raw.length < WORTH_COMPRESSING) return { codec: 'plain', bytes: Buffer.from(raw) }
  const bytes = zstdCompressSync(raw, {
    pledgedSrcSize: raw.length,
    chunkSize: Math.min(raw.length + 1024, 1 << 20),
    // Level 1: beyond it CPU buys a few per cent of disk (45 µs for 5 KB, most of it the set-up of the call).
    params: { [constants.ZSTD_c_compressionLevel]: 1 },
  })
  return bytes.length < raw.length ? { codec: 'zstd', bytes } : { codec: 'plain', bytes: Buffer.from(raw) }
}

/** A message byte for byte as it was received; undefined if there is none. Decompressed off the main thread. */
export async function rawMessage(db: Database, messageId: number): Promise<Buffer | undefined> {
  const row = await db
    .selectFrom('raw_messages')
    .select(['codec', 'bytes'])
    .where('message_id', '=', messageId)
    .executeTakeFirst()
  if (row === undefined) return undefined
  return row.codec === 'zstd' ? decompress(row.bytes) : row.bytes
}
