import { randomBytes } from 'node:crypto'
import { createWriteStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Problem } from '../../problem.ts'
import { EncodingWatch } from './csv-encoding.ts'
import type { Encoding } from './import-options.ts'

/** What is left to the database and to the mail that comes in. */
const MUST_STAY_FREE = 64 << 20
const ABANDONED_AFTER_MS = 86_400_000

/** A file on its way in, not yet of any import. */
export interface ReceivedFile {
  path: string
  size: number
  encoding: Encoding
}

/** The files that are imported, in the data directory of this node. */
export class ImportFiles {
  readonly #folder: string
  readonly #maxSize: number

  /** @param maxSize bytes of one file */
  constructor(dataDir: string, maxSize: number) {
    this.#folder = join(dataDir, 'imports')
    this.#maxSize = maxSize
  }

  path(importId: number): string {
    return join(this.#folder, `${importId}.csv`)
  }

  has(importId: number): boolean {
    return existsSync(this.path(importId))
  }

  /**
   * Writes it to the disk as it comes. Of one that does not come whole nothing is kept.
   * @param announced bytes, where the sender said how many
   * @throws Problem `too_large`, `unavailable`: there is no room
   */
  async receive(source: Readable, announced: number | undefined): Promise<ReceivedFile> {
    if (announced !== undefined && announced > this.#maxSize) throw tooLarge(this.#maxSize)
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    await this.#insistOnRoom(announced ?? 0)
    const path = join(this.#folder, `${randomBytes(9).toString('base64url')}.part`)
    const watch = new EncodingWatch()
    const maxSize = this.#maxSize
    let size = 0
    try {
      await pipeline(
        source,
        async function* (chunks: AsyncIterable<Buffer>) {
          for await (const chunk of chunks) {
            size += chunk.length
            if (size > maxSize) throw tooLarge(maxSize)
            watch.see(chunk)
            yield chunk
          }
        },
        createWriteStream(path, { mode: 0o600, flush: true }),
      )
    } catch (error) {
      rmSync(path, { force: true })
      throw fullDisk(error) ?? error
    }
    return { path, size, encoding: watch.found() }
  }

  /** From here on it is that import's. */
  keep({ path }: ReceivedFile, importId: number): void {
    renameSync(path, this.path(importId))
  }

  discard({ path }: ReceivedFile): void {
    rmSync(path, { force: true })
  }

  remove(importId: number): void {
    rmSync(this.path(importId), { force: true })
  }

  /** Whose files are here. */
  ids(): number[] {
    if (!existsSync(this.#folder)) return []
    return readdirSync(this.#folder).flatMap(name => {
      const [, id] = /^(\d{1,15})\.csv$/.exec(name) ?? []
      return id === undefined ? [] : [Number(id)]
    })
  }

  /** What was cut off while it came in. */
  removeAbandoned(now = Date.now()): void {
    if (!existsSync(this.#folder)) return
    for (const name of readdirSync(this.#folder)) {
      const path = join(this.#folder, name)
      if (!name.endsWith('.part')) continue
      const { mtimeMs = now } = statSync(path, { throwIfNoEntry: false }) ?? {}
      if (mtimeMs < now - ABANDONED_AFTER_MS) rmSync(path, { force: true })
    }
  }

  async #insistOnRoom(size: number): Promise<void> {
    const { bavail, bsize } = await statfs(this.#folder)
    if (bavail * bsize < size + MUST_STAY_FREE) throw noRoom()
  }
}

function tooLarge(maxSize: number): Problem {
  return new Problem('too_large', `A file to import has no more than ${maxSize} bytes`)
}

function noRoom(cause?: unknown): Problem {
  return new Problem('unavailable', 'The disk of the data directory has no room for this file', { cause })
}

function fullDisk(error: unknown): Problem | undefined {
  const code = (error as NodeJS.ErrnoException).code
  return code === 'ENOSPC' || code === 'EDQUOT' ? noRoom(error) : undefined
}
