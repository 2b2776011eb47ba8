import type { SecureContext } from 'node:tls'
import type { Budget } from '../budget.ts'
import type { Connection } from '../connection.ts'
import type { Answer, Door, Peer } from './door.ts'
import { FAULT, SHUTTING_DOWN, TOO_MANY_ERRORS } from './replies.ts'

/** What the sessions of one server share. */
export interface SessionRules<L> {
  readonly hostname: string
  readonly door: Door<L>
  /** Bytes of messages on their way out. */
  readonly memory: Budget
  readonly maxErrors: number
  readonly maxFailedLogins: number
  /** Seconds before a failed login is answered. */
  readonly failedLoginDelay: number
  readonly tls: (() => SecureContext) | undefined
  readonly onError: (error: unknown, peer: Peer) => void
}

/** A peer of which more becomes known. */
export type OwnPeer = { -readonly [K in keyof Peer]: Peer[K] }

/** Questions to the door and replies to the peer, in step. */
export class Conversation<L> {
  readonly rules: SessionRules<L>
  readonly peer: OwnPeer
  readonly wire: Connection<string>
  private leaving = false
  private errors = 0

  constructor(rules: SessionRules<L>, peer: OwnPeer, wire: Connection<string>) {
    this.rules = rules
    this.peer = peer
    this.wire = wire
  }

  /** Asks, and holds the connection while the answer is not there. What fails is told of. */
  ask<T>(
    question: () => Answer<T>,
    use: (answer: T) => void,
    onFailure: () => void = () => this.answer(FAULT),
  ): void {
    const failed = (error: unknown): void => {
      this.rules.onError(error, this.peer)
      onFailure()
    }
    let answer: Answer<T>
    try {
      answer = question()
    } catch (error) {
      return failed(error)
    }
    if (!(answer instanceof Promise)) return use(answer)
    this.wire.hold()
    answer.then(
      value => this.wire.release(() => use(value)),
      error => this.wire.release(() => failed(error)),
    )
  }

  answer(reply: string): void {
    this.wire.reply(reply)
    this.answered()
  }

  /** A multi-line reply. Of ten thousand lines only those are made that the peer can take now. */
  list(first: string, lines: Iterator<string>): void {
    this.wire.reply(first)
    this.wire.pour(() => {
      let piece = ''
      while (piece.length < PIECE) {
        const { done, value } = lines.next()
        if (done) {
          this.wire.put(`${piece}.\r\n`)
          this.answered()
          return false
        }
        piece += `${value}\r\n`
      }
      this.wire.put(piece)
      return true
    })
  }

  /** Something the client should not have said. */
  mistake(reply: string): void {
    this.wire.reply(reply)
    if (++this.errors >= this.rules.maxErrors) this.wire.farewell(TOO_MANY_ERRORS)
  }

  /** An answer is complete: the moment to go, if the server is closing. */
  answered(): void {
    if (this.leaving) this.wire.farewell(SHUTTING_DOWN)
  }

  /** The server closes: now, or with the next answer. */
  leave(): void {
    this.leaving = true
    if (this.wire.handshaking) this.wire.destroy()
    else if (!this.wire.busy) this.wire.farewell(SHUTTING_DOWN)
  }
}

/** Characters of a listing that are made at once. */
const PIECE = 16 * 1024
