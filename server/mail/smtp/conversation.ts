import type { SecureContext } from 'node:tls'
import type { Connection } from '../connection.ts'
import type { ContentLimits } from './content.ts'
import type { Answer, Door, Peer, Reply } from './door.ts'
import { FAULT, SHUTTING_DOWN, TOO_MANY_ERRORS } from './replies.ts'

/** What the sessions of one server share. */
export interface SessionRules<L> {
  readonly hostname: string
  readonly door: Door<L>
  readonly content: ContentLimits
  readonly maxRecipients: number
  readonly maxErrors: number
  /** Commands without a message between them. */
  readonly maxCommands: number
  readonly tls: (() => SecureContext) | undefined
  readonly onError: (error: unknown, peer: Peer<L>) => void
}

/** A peer of which more becomes known. */
export type OwnPeer<L> = { -readonly [K in keyof Peer<L>]: Peer<L>[K] }

/** Questions to the door and replies to the peer, in step. */
export class Conversation<L> {
  readonly rules: SessionRules<L>
  readonly peer: OwnPeer<L>
  readonly wire: Connection<Reply>
  private leaving = false
  private errors = 0

  constructor(rules: SessionRules<L>, peer: OwnPeer<L>, wire: Connection<Reply>) {
    this.rules = rules
    this.peer = peer
    this.wire = wire
  }

  /** Asks, and holds the connection while the answer is not there. What fails is told of and becomes a 451. */
  ask<T>(question: () => Answer<T>, use: (answer: T | Reply) => void): void {
    let answer: Answer<T>
    try {
      answer = question()
    } catch (error) {
      return use(this.failed(error))
    }
    if (!(answer instanceof Promise)) return use(answer)
    this.wire.hold()
    answer.then(
      value => this.wire.release(() => use(value)),
      error => this.wire.release(() => use(this.failed(error))),
    )
  }

  failed(error: unknown): Reply {
    this.rules.onError(error, this.peer)
    return FAULT
  }

  /** Says what was decided. A 421 also closes (RFC 5321 section 3.8), and a 503 is the client's mistake. */
  answer(reply: Reply): void {
    if (reply.code === 503 && !reply.emulated) return this.mistake(reply)
    if (reply.code === 421 && !reply.emulated) return this.wire.farewell(reply)
    this.wire.reply(reply)
    if (this.leaving) this.wire.farewell(SHUTTING_DOWN)
  }

  mistake(reply: Reply): void {
    this.wire.reply(reply)
    if (++this.errors >= this.rules.maxErrors) this.wire.farewell(TOO_MANY_ERRORS)
  }

  /** The server closes: now, or with the next answer. */
  leave(): void {
    this.leaving = true
    if (this.wire.handshaking) this.wire.destroy()
    else if (!this.wire.busy) this.wire.farewell(SHUTTING_DOWN)
  }
}
