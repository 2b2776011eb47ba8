import { randomUUID } from 'node:crypto'
import { type AuthStep, decodeResponse, type Exchange, startExchange } from '../sasl.ts'
import type { Conversation } from './conversation.ts'
import * as say from './replies.ts'

/** Compared in the place of a password that does not exist: an unknown name costs the same steps as a wrong password. */
const NOBODYS_PASSWORD = randomUUID()

/** The AUTH command and the lines that follow it (RFC 4954 section 4). */
export class Authentication<L> {
  private readonly conversation: Conversation<L>
  private exchange: Exchange | undefined

  constructor(conversation: Conversation<L>) {
    this.conversation = conversation
  }

  /** True while the next line is a response and no command. */
  get underWay(): boolean {
    return this.exchange !== undefined
  }

  start(argument: string): void {
    const { peer, rules } = this.conversation
    if (peer.login !== undefined) return this.conversation.mistake(say.AUTH_TWICE)
    const [mechanism, initial, more] = argument.split(' ')
    if (!mechanism || more !== undefined) return this.conversation.mistake(say.AUTH_SYNTAX)
    this.exchange = startExchange(mechanism, rules.hostname)
    if (!this.exchange) return this.conversation.mistake(say.AUTH_UNKNOWN)
    if (initial === undefined) this.step(this.exchange, this.exchange.next(undefined))
    else this.response(initial)
  }

  response(line: string): void {
    const { exchange } = this
    this.cancel()
    if (line === '*') return this.conversation.mistake(say.AUTH_CANCELLED)
    const response = decodeResponse(line)
    if (!exchange || response === undefined) return this.conversation.mistake(say.AUTH_MALFORMED)
    this.step(exchange, exchange.next(response))
  }

  cancel(): void {
    this.exchange = undefined
  }

  private step(exchange: Exchange, step: AuthStep): void {
    const { conversation } = this
    this.exchange = step.kind === 'challenge' ? exchange : undefined
    if (step.kind === 'malformed') return conversation.mistake(say.AUTH_MALFORMED)
    if (step.kind === 'challenge') return conversation.wire.reply(say.challenge(step.text))
    conversation.ask(
      () => conversation.rules.door.login(step.username, conversation.peer),
      found => {
        if (found && 'code' in found) return conversation.answer(found)
        const proved = step.proves(found?.password ?? NOBODYS_PASSWORD)
        if (!found || !proved) return conversation.mistake(say.AUTH_BAD)
        conversation.peer.login = found.login
        conversation.answer(say.AUTH_OK)
      },
    )
  }
}
