import { isUtf8 } from 'node:buffer'
import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import type { SecureContext } from 'node:tls'
import { type Clock, Connection, type Reader } from '../connection.ts'
import { Authentication } from './authentication.ts'
import { Conversation, type OwnPeer, type SessionRules } from './conversation.ts'
import type { Listed } from './door.ts'
import { Maildrop } from './maildrop.ts'
import * as say from './replies.ts'
import { Transmission } from './transmission.ts'

/** After the login (RFC 1939 section 5). */
interface Transaction<L> {
  readonly login: L
  readonly maildrop: Maildrop
}

/** One peer's commands and states (RFC 1939), and what the door is asked about them. */
export class Session<L> implements Reader {
  /** POP3 clients send lines only. */
  readonly receiving = false
  readonly wire: Connection<string>
  private readonly conversation: Conversation<L>
  private readonly authentication: Authentication<L>
  private readonly rules: SessionRules<L>
  private readonly peer: OwnPeer
  private readonly timestamp: string
  private greeted = false
  private transaction: Transaction<L> | undefined
  private transmission: Transmission<L> | undefined

  constructor(rules: SessionRules<L>, peer: OwnPeer, socket: Socket, clock: Clock) {
    this.rules = rules
    this.peer = peer
    this.timestamp = `<${randomBytes(12).toString('hex')}.${Date.now()}@${rules.hostname}>`
    this.wire = new Connection(socket, this, clock, say.wireForm)
    this.conversation = new Conversation(rules, peer, this.wire)
    this.authentication = new Authentication(this.conversation, this.timestamp, login => this.open(login))
  }

  get expectsResponse(): boolean {
    return this.authentication.underWay
  }

  greet(): void {
    this.greeted = true
    this.wire.send(say.greeting(this.timestamp))
  }

  leave(): void {
    this.conversation.leave()
  }

  /** RFC 1939 section 3: no reply, and nothing is deleted. */
  timedOut(): void {
    this.wire.destroy()
  }

  stalled(): void {
    this.transmission?.letGo()
  }

  /** Without QUIT: nothing is deleted (RFC 1939 section 6). */
  gone(): void {
    this.transmission?.abandon()
  }

  receive(chunk: Buffer): number {
    return chunk.length
  }

  line(bytes: Buffer): void {
    if (!isUtf8(bytes)) return this.conversation.mistake(say.BAD_CHARACTER)
    const line = bytes.toString()
    // a NUL or a bare CR means different things to different readers
    if (line.includes('\0') || line.includes('\r')) return this.conversation.mistake(say.BAD_CHARACTER)
    if (this.authentication.underWay) return this.authentication.response(line)
    const blank = line.indexOf(' ')
    const verb = (blank < 0 ? line : line.slice(0, blank)).toUpperCase()
    const argument = blank < 0 ? '' : line.slice(blank + 1)
    // the one argument that may begin or end with blanks
    if (verb === 'PASS') this.command(verb, argument)
    else this.command(verb, argument.trim())
  }

  /** No client means it: what comes now is no POP3. */
  lineTooLong(): void {
    this.wire.farewell(say.LINE_TOO_LONG)
  }

  private command(verb: string, argument: string): void {
    if (argument !== '' && TAKES_NOTHING.has(verb)) return this.conversation.mistake(say.NO_ARGUMENT)
    if (verb === 'CAPA') return this.capabilities()
    if (verb === 'QUIT') return this.quit()
    if (BEFORE_LOGIN.has(verb)) {
      if (this.transaction) this.conversation.mistake(say.LOGGED_IN)
      else this.logIn(verb, argument)
    } else if (AFTER_LOGIN.has(verb)) {
      if (this.transaction) this.transact(this.transaction, verb, argument)
      else this.conversation.mistake(say.NEED_LOGIN)
    } else this.conversation.mistake(say.UNKNOWN_COMMAND)
  }

  private logIn(verb: string, argument: string): void {
    switch (verb) {
      case 'USER':
        return this.authentication.user(argument)
      case 'PASS':
        return this.authentication.pass(argument)
      case 'APOP':
        return this.authentication.apop(argument)
      case 'AUTH':
        return this.authentication.start(argument)
      case 'STLS':
        return this.startTls()
    }
  }

  private transact(transaction: Transaction<L>, verb: string, argument: string): void {
    const { conversation } = this
    const { maildrop } = transaction
    switch (verb) {
      case 'STAT':
        return conversation.answer(`+OK ${maildrop.count} ${maildrop.octets}`)
      case 'LIST':
        return this.list(maildrop, argument, message => message.size)
      case 'UIDL':
        return this.list(maildrop, argument, message => message.id)
      case 'RETR':
        return this.send(transaction, argument)
      case 'TOP': {
        const [, number = '', lines] = /^(\d+) +(\d{1,10})$/.exec(argument) ?? []
        if (lines === undefined) return conversation.mistake(say.BAD_ARGUMENT)
        return this.send(transaction, number, Number(lines))
      }
      case 'DELE': {
        const message = maildrop.find(argument)
        if (!message) return conversation.answer(say.NO_SUCH_MESSAGE)
        maildrop.mark(message)
        return conversation.answer(say.deleted(Number(argument)))
      }
      case 'RSET':
        maildrop.unmarkAll()
        return conversation.answer(say.opened(maildrop.count, maildrop.octets))
      case 'NOOP':
        return conversation.answer(say.NOTHING_DONE)
    }
  }

  private open(login: L): void {
    this.conversation.ask(
      () => this.rules.door.list(login),
      messages => {
        const maildrop = new Maildrop(messages)
        this.transaction = { login, maildrop }
        this.conversation.answer(say.opened(maildrop.count, maildrop.octets))
      },
    )
  }

  private list(maildrop: Maildrop, number: string, show: (message: Listed) => number): void {
    if (number === '')
      return this.conversation.list(say.opened(maildrop.count, maildrop.octets), maildrop.lines(show))
    const message = maildrop.find(number)
    this.conversation.answer(message ? `+OK ${Number(number)} ${show(message)}` : say.NO_SUCH_MESSAGE)
  }

  private send({ login, maildrop }: Transaction<L>, number: string, lines?: number): void {
    const message = maildrop.find(number)
    if (!message) return this.conversation.answer(say.NO_SUCH_MESSAGE)
    this.transmission = new Transmission(this.conversation, login, message, lines)
    this.transmission.start()
  }

  private capabilities(): void {
    const startTls = this.rules.tls !== undefined && this.peer.secure === undefined
    this.conversation.list(say.CAPABLE, say.capabilities(startTls).values())
  }

  /** RFC 1939 section 6: only now is anything deleted. */
  private quit(): void {
    const { transaction, wire } = this
    const ids = transaction?.maildrop.markedIds ?? []
    if (!transaction || ids.length === 0) return wire.farewell(say.BYE)
    this.conversation.ask(
      () => this.rules.door.remove(transaction.login, ids),
      () => wire.farewell(say.BYE),
      () => wire.farewell(say.NOT_REMOVED),
    )
  }

  private startTls(): void {
    if (this.peer.secure) return this.conversation.mistake(say.TLS_ACTIVE)
    const context = this.secureContext()
    if (context) this.wire.startTls(context, say.START_TLS)
    else this.conversation.answer(say.TLS_UNAVAILABLE)
  }

  /** A ClientHello in place of a command: TLS from the first byte on (RFC 8314 section 3.3). */
  startImplicitTls(hello: Buffer): void {
    const context = this.secureContext()
    if (context) this.wire.startTls(context, undefined, hello)
    else this.wire.destroy()
  }

  private secureContext(): SecureContext | undefined {
    try {
      return this.rules.tls?.()
    } catch (error) {
      this.rules.onError(error, this.peer)
      return undefined
    }
  }

  /** RFC 2595 section 4: nothing said in the clear is kept, such as the name of USER. */
  secured(protocol: string, cipher: string): void {
    this.peer.secure = { protocol, cipher }
    this.authentication.reset()
    if (!this.greeted) this.greet()
  }
}

const BEFORE_LOGIN = new Set(['USER', 'PASS', 'APOP', 'AUTH', 'STLS'])
const AFTER_LOGIN = new Set(['STAT', 'LIST', 'UIDL', 'RETR', 'TOP', 'DELE', 'RSET', 'NOOP'])
const TAKES_NOTHING = new Set(['STLS', 'CAPA', 'STAT', 'RSET', 'NOOP', 'QUIT'])
