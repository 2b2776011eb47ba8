import { createHash, randomUUID } from 'node:crypto'
import { type AuthStep, decodeResponse, type Exchange, same, startExchange } from '../sasl.ts'
import type { Conversation } from './conversation.ts'
import * as say from './replies.ts'

/** Compared in the place of a password that does not exist: an unknown name costs the same steps as a wrong password. */
const NOBODYS_PASSWORD = randomUUID()

/** The ways to log in: USER and PASS, APOP (RFC 1939 section 7), AUTH and the lines that follow it (RFC 5034). */
export class Authentication<L> {
  private readonly conversation: Conversation<L>
  /** As in the greeting. */
  private readonly timestamp: string
  private readonly opened: (login: L) => void
  private exchange: Exchange | undefined
  private username: string | undefined
  private failures = 0

  constructor(conversation: Conversation<L>, timestamp: string, opened: (login: L) => void) {
    this.conversation = conversation
    this.timestamp = timestamp
    this.opened = opened
  }

  /** True while the next line is a response and no command. */
  get underWay(): boolean {
    return this.exchange !== undefined
  }

  /** Forgets what was said so far. */
  reset(): void {
    this.exchange = this.username = undefined
  }

  user(name: string): void {
    if (name === '') return this.conversation.mistake(say.NEED_NAME)
    this.username = name
    this.conversation.answer(say.USER_OK)
  }

  pass(password: string): void {
    const { username } = this
    if (username === undefined) return this.conversation.mistake(say.NEED_USER)
    this.claim(username, secret => same(password, secret))
  }

  apop(argument: string): void {
    const [, username, digest] = /^(\S+) ([0-9a-f]{32})$/i.exec(argument) ?? []
    if (username === undefined || digest === undefined) return this.conversation.mistake(say.APOP_SYNTAX)
    this.claim(username, secret =>
      same(
        digest.toLowerCase(),
        createHash('md5')
          .update(this.timestamp + secret)
          .digest('hex'),
      ),
    )
  }

  start(argument: string): void {
    const [mechanism, initial, more] = argument.split(' ')
    if (!mechanism || more !== undefined) return this.conversation.mistake(say.AUTH_SYNTAX)
    const exchange = startExchange(mechanism, this.conversation.rules.hostname)
    if (!exchange) return this.conversation.mistake(say.AUTH_UNKNOWN)
    this.exchange = exchange
    if (initial === undefined) this.step(exchange, exchange.next(undefined))
    else this.response(initial)
  }

  response(line: string): void {
    const { exchange } = this
    this.reset()
    if (line === '*') return this.conversation.mistake(say.AUTH_CANCELLED)
    const response = decodeResponse(line)
    if (!exchange || response === undefined) return this.conversation.mistake(say.AUTH_MALFORMED)
    this.step(exchange, exchange.next(response))
  }

  private step(exchange: Exchange, step: AuthStep): void {
    if (step.kind === 'malformed') {
      this.reset()
      return this.conversation.mistake(say.AUTH_MALFORMED)
    }
    if (step.kind === 'claim') return this.claim(step.username, step.proves)
    this.exchange = exchange
    this.conversation.answer(say.challenge(step.text))
  }

  private claim(username: string, proves: (password: string) => boolean): void {
    const { conversation } = this
    this.reset()
    conversation.ask(
      () => conversation.rules.door.login(username, conversation.peer),
      found => {
        const proved = proves(found?.password ?? NOBODYS_PASSWORD)
        if (found && proved) this.opened(found.login)
        else this.refuse()
      },
    )
  }

  /** Late, and a few times only: who guesses needs a new connection, and of those an address has so many. */
  private refuse(): void {
    const { wire, rules } = this.conversation
    wire.hold()
    setTimeout(() => {
      wire.release(() => {
        if (++this.failures >= rules.maxFailedLogins) wire.farewell(say.AUTH_BAD)
        else this.conversation.answer(say.AUTH_BAD)
      })
    }, rules.failedLoginDelay * 1000)
  }
}
