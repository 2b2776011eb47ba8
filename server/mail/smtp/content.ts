import type { FileHandle } from 'node:fs/promises'
import type { Budget } from '../budget.ts'
import type { Answer, Content } from './door.ts'
import { LineEnds } from './line-ends.ts'
import { openSpill } from './spill.ts'

/** A message beyond this goes to a file. */
const SPILL_AT = 128 * 1024
const WRITE_AT = 64 * 1024
/** What a range costs besides its bytes: without it a peer sending single bytes would hold a hundred times its message. */
const RANGE_COST = 256

export interface ContentLimits {
  readonly maxSize: number
  readonly memory: Budget
  /** Spilled messages in the hands of the door, which reads them whole. */
  readonly handover: Budget
  readonly directory: string
}

/** A message as it comes in: ranges in memory, beyond a limit in a file, beyond another nowhere. */
export class IncomingContent implements Content {
  size = 0
  readonly lineEnds = new LineEnds()
  /** Set while bytes are on their way to the file: wait for it before giving more. Never rejects. */
  writing: Promise<void> | undefined
  /** Why the bytes could not be kept. They are dropped, the rest is only counted. */
  failure: unknown
  tooBig = false
  private readonly limits: ContentLimits
  private ranges: Buffer[] = []
  /** Bytes and range costs taken from the memory budget. */
  private held = 0
  private handedOver = 0
  private file: FileHandle | undefined
  private written = 0
  private disposed = false

  constructor(limits: ContentLimits) {
    this.limits = limits
  }

  append(chunk: Buffer, from: number, to: number): void {
    this.size += to - from
    if (this.tooBig || this.failure !== undefined) return
    if (this.size > this.limits.maxSize) {
      this.tooBig = true
      this.forget()
      return
    }
    this.lineEnds.read(chunk, from, to)
    this.ranges.push(from === 0 && to === chunk.length ? chunk : chunk.subarray(from, to))
    const cost = to - from + RANGE_COST
    this.held += cost
    this.limits.memory.take(cost)
    const spilled = this.file !== undefined || this.writing !== undefined
    if (this.held >= (spilled ? WRITE_AT : SPILL_AT) || this.limits.memory.full) this.writing ??= this.write()
  }

  /** After the last byte. Answers when the door may have the message: at once, unless it was spilled. */
  finish(): Promise<void> | undefined {
    this.lineEnds.finish()
    return this.writing || this.file ? this.awaitTurn() : undefined
  }

  bytes(): Answer<Buffer> {
    if (this.file) return this.readBack(this.file)
    const [only, second] = this.ranges
    if (only && !second) return only
    const joined = Buffer.concat(this.ranges)
    this.ranges = [joined]
    return joined
  }

  dispose(): void {
    this.disposed = true
    this.forget()
  }

  private async awaitTurn(): Promise<void> {
    await this.writing
    if (this.failure !== undefined || this.tooBig || this.disposed) return
    await this.limits.handover.wait(this.size)
    this.handedOver = this.size
    if (this.disposed) this.forget()
  }

  private async write(): Promise<void> {
    try {
      this.file ??= await openSpill(this.limits.directory)
      const bytes = Buffer.concat(this.ranges)
      const { held } = this
      this.ranges = []
      this.held = 0
      await writeWhole(this.file, bytes, this.written).finally(() => this.limits.memory.give(held))
      this.written += bytes.length
    } catch (error) {
      this.failure = error
    }
    this.writing = undefined
    if (this.failure !== undefined || this.tooBig || this.disposed) this.forget()
  }

  private async readBack(file: FileHandle): Promise<Buffer> {
    const whole = Buffer.allocUnsafeSlow(this.size)
    let at = 0
    while (at < this.written) {
      const { bytesRead } = await file.read(whole, at, this.written - at, at)
      if (bytesRead === 0) throw new Error(`spilled message is ${this.written - at} bytes short`)
      at += bytesRead
    }
    for (const range of this.ranges) at += range.copy(whole, at)
    return whole
  }

  private forget(): void {
    this.ranges = []
    this.limits.memory.give(this.held)
    this.held = 0
    if (this.handedOver > 0) this.limits.handover.give(this.handedOver)
    this.handedOver = 0
    // a write under way still needs the file; it calls back here when it is done
    if (this.writing) return
    this.file?.close().catch(() => {})
    this.file = undefined
  }
}

async function writeWhole(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  let at = 0
  while (at < bytes.length) at += (await file.write(bytes, at, bytes.length - at, position + at)).bytesWritten
}
