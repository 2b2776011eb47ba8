import type { Conversation } from './conversation.ts'
import type { Listed } from './door.ts'
import { MESSAGE_GONE, octets, TOP_FOLLOWS } from './replies.ts'
import { ending, stuffed, topLength } from './stuffing.ts'

/** Bytes up to which a message waits for nothing: a large one that somebody reads slowly keeps no small one back. */
const SMALL = 64 * 1024

/**
 * One message on its way out (RETR, TOP). It is written in pieces, as the peer takes them. A peer that stops reading
 * costs no more than one piece: the message is let go, and read again when the peer goes on.
 */
export class Transmission<L> {
  private readonly conversation: Conversation<L>
  private readonly login: L
  private readonly message: Listed
  /** Of the body; undefined: all. */
  private readonly lines: number | undefined
  private bytes: Buffer | undefined
  private at = 0
  private over = false

  constructor(conversation: Conversation<L>, login: L, message: Listed, lines?: number) {
    this.conversation = conversation
    this.login = login
    this.message = message
    this.lines = lines
  }

  start(): void {
    const { conversation } = this
    conversation.ask(
      () => this.read(),
      found => {
        if (!found) return conversation.answer(MESSAGE_GONE)
        conversation.wire.reply(this.lines === undefined ? octets(this.message.size) : TOP_FOLLOWS)
        conversation.wire.pour(() => this.more())
      },
    )
  }

  /** Gives the memory back; `read` has it again. */
  letGo(): void {
    if (!this.bytes) return
    this.bytes = undefined
    this.giveBack()
  }

  /** The peer has gone. */
  abandon(): void {
    this.over = true
    this.letGo()
  }

  private more(): boolean {
    const { conversation, bytes } = this
    const { wire } = conversation
    if (!bytes) {
      // half a message can be followed by nothing but the end of the connection
      conversation.ask(
        () => this.read(),
        found => {
          if (!found) wire.destroy()
        },
        () => wire.destroy(),
      )
      return true
    }
    const { text, next } = stuffed(bytes, this.at)
    this.at = next
    if (next < bytes.length) {
      wire.put(text)
      return true
    }
    wire.put(text + ending(bytes))
    this.letGo()
    conversation.answered()
    return false
  }

  private giveBack(): void {
    const { size } = this.message
    if (size > SMALL) this.conversation.rules.memory.give(size)
  }

  /** Waits until there is memory for it. False if it is gone. */
  private async read(): Promise<boolean> {
    const { memory, door } = this.conversation.rules
    const { id, size } = this.message
    if (size > SMALL) await memory.wait(size)
    let bytes: Buffer | undefined
    try {
      if (!this.over) bytes = await door.message(this.login, id)
    } finally {
      if (!bytes || this.over) this.giveBack()
    }
    if (!bytes || this.over) return false
    this.bytes = this.lines === undefined ? bytes : bytes.subarray(0, topLength(bytes, this.lines))
    return true
  }
}
