import { IncomingContent } from './content.ts'
import type { Conversation } from './conversation.ts'
import { DataReader } from './data.ts'
import type { Answer, Envelope, Reply } from './door.ts'
import * as say from './replies.ts'

/** A BDAT chunk on its way. With a refusal its bytes are read all the same, and dropped. */
interface Chunk {
  readonly octets: number
  readonly last: boolean
  readonly refusal: Reply | undefined
  left: number
}

/** The bytes of one transaction's message, by DATA (RFC 5321) or in chunks (RFC 3030), and their way to the door. */
export class Transfer<L> {
  private readonly conversation: Conversation<L>
  /** Ends the transaction; a message has been delivered, or cannot be any more. */
  private readonly over: () => void
  private data: { readonly reader: DataReader; readonly content: IncomingContent } | undefined
  /** What the chunks so far have brought, and the one under way. */
  private chunked: IncomingContent | undefined
  private chunk: Chunk | undefined

  constructor(conversation: Conversation<L>, over: () => void) {
    this.conversation = conversation
    this.over = over
  }

  /** True while what comes is message bytes. */
  get receiving(): boolean {
    return this.data !== undefined || this.chunk !== undefined
  }

  /** True between the first chunk and the last. */
  get inChunks(): boolean {
    return this.chunked !== undefined
  }

  startData(): void {
    const { wire, rules } = this.conversation
    this.data = { reader: new DataReader(), content: new IncomingContent(rules.content) }
    wire.beginReceiving()
    wire.reply(say.GO_AHEAD)
  }

  startChunk(
    size: { octets: number; last: boolean },
    refusal: Reply | undefined,
    envelope: Envelope | undefined,
  ): void {
    const { wire, rules } = this.conversation
    if (!refusal) this.chunked ??= new IncomingContent(rules.content)
    this.chunk = { ...size, left: size.octets, refusal }
    wire.beginReceiving()
    if (size.octets === 0) this.endChunk(this.chunk, envelope)
  }

  /** Takes bytes from `start` on; answers the index of the first one not taken. */
  receive(input: Buffer, start: number, envelope: Envelope | undefined): number {
    if (this.data) {
      const { reader, content } = this.data
      const next = reader.read(input, start, content)
      if (reader.ended) this.deliver(content, envelope)
      else if (content.writing)
        this.conversation.ask(
          () => content.writing,
          () => {},
        )
      return next
    }
    const { chunk, chunked } = this
    if (!chunk) return start
    const next = Math.min(start + chunk.left, input.length)
    chunk.left -= next - start
    if (!chunk.refusal) chunked?.append(input, start, next)
    this.conversation.ask(
      () => chunked?.writing,
      () => {
        if (chunk.left === 0) this.endChunk(chunk, envelope)
      },
    )
    return next
  }

  reset(): void {
    this.data?.content.dispose()
    this.chunked?.dispose()
    this.data = this.chunked = this.chunk = undefined
  }

  private endChunk(chunk: Chunk, envelope: Envelope | undefined): void {
    const { chunked } = this
    this.chunk = undefined
    if (chunk.refusal || !chunked) return this.conversation.answer(chunk.refusal ?? say.NEED_MAIL)
    if (chunk.last) return this.deliver(chunked, envelope)
    const refusal = this.notKept(chunked)
    // RFC 3030 section 2: after a failed chunk the transaction is over
    if (refusal) this.over()
    this.conversation.answer(refusal ?? say.chunkReceived(chunk.octets))
  }

  private deliver(content: IncomingContent, envelope: Envelope | undefined): void {
    const { conversation } = this
    const { door } = conversation.rules
    // from here on the door has it, whatever becomes of the connection
    this.data = this.chunked = undefined
    if (!envelope) return
    const hand = (): Answer<Reply> =>
      this.notKept(content) ?? door.message(conversation.peer, envelope, content)
    conversation.ask(
      () => content.finish()?.then(hand) ?? hand(),
      reply => {
        content.dispose()
        this.over()
        conversation.answer(reply)
      },
    )
  }

  private notKept(content: IncomingContent): Reply | undefined {
    if (content.tooBig) return say.TOO_BIG
    if (content.failure === undefined) return undefined
    this.conversation.failed(content.failure)
    return say.NO_STORAGE
  }
}
