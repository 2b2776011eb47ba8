import { closeSync, openSync, readSync } from 'node:fs'
import { markLength } from './csv-encoding.ts'
import type { Encoding } from './import-options.ts'

const CHUNK = 256 << 10

/** A piece of a file, in bytes that the scanner understands. */
interface FileChunk {
  bytes: Buffer
  /** Bytes of the file that have been read by now. */
  read: number
}

/**
 * The bytes of a file from `position` on, without its byte order mark. UTF-16 is turned into UTF-8: there the position
 * counts the bytes of that, and what comes before is read and thrown away. Synchronous: for threads, and for heads.
 * @param position 0: behind the mark
 * @param size bytes read at a time; those of a chunk are overwritten by the next
 */
export function* fileChunks(
  path: string,
  encoding: Encoding,
  position: number,
  size = CHUNK,
): Generator<FileChunk> {
  const file = openSync(path, 'r')
  try {
    const head = Buffer.alloc(3)
    const mark = markLength(head.subarray(0, readSync(file, head, 0, 3, 0)), encoding)
    const wide = encoding.startsWith('utf-16') ? new TextDecoder(encoding) : undefined
    const buffer = Buffer.allocUnsafe(size)
    let at = wide ? mark : Math.max(mark, position)
    let toSkip = wide ? position : 0
    for (;;) {
      const count = readSync(file, buffer, 0, size, at)
      at += count
      if (wide === undefined) {
        if (count === 0) return
        yield { bytes: buffer.subarray(0, count), read: at }
        continue
      }
      const bytes = Buffer.from(wide.decode(buffer.subarray(0, count), { stream: count > 0 }))
      const skipped = Math.min(toSkip, bytes.length)
      toSkip -= skipped
      if (bytes.length > skipped) yield { bytes: bytes.subarray(skipped), read: at }
      if (count === 0) return
    }
  } finally {
    closeSync(file)
  }
}

/** Where the first row begins. */
export function beginningOf(path: string, encoding: Encoding): number {
  if (encoding.startsWith('utf-16')) return 0
  const file = openSync(path, 'r')
  try {
    const head = Buffer.alloc(3)
    return markLength(head.subarray(0, readSync(file, head, 0, 3, 0)), encoding)
  } finally {
    closeSync(file)
  }
}
