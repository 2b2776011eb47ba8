import { isUtf8 } from 'node:buffer'
import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import type { SecureContext } from 'node:tls'
import { type AuthStep, decodeResponse, type Exchange, startExchange } from './auth.ts'
import { isHttp, type OpenEnvelope, readBdat, readMail, readRcpt, splitCommand } from './commands.ts'
import { type Clock, Connection, type Reader } from './connection.ts'
import { type ContentLimits, IncomingContent } from './content.ts'
import { DataReader } from './data.ts'
import type { Answer, Door, Peer, Reply } from './door.ts'
import * as say from './replies.ts'

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

const NOBODYS_PASSWORD = randomUUID()

export type OwnPeer<L> = { -readonly [K in keyof Peer<L>]: Peer<L>[K] }

/** A BDAT chunk on its way (RFC 3030). With a refusal its bytes are read all the same, and dropped. */
interface Chunk {
  readonly octets: number
  left: number
  readonly last: boolean
  readonly refusal: Reply | undefined
}

/** One dialogue (RFC 5321 section 4.1): states and commands, and the questions to the door. */
export class Session<L> implements Reader {
  readonly peer: OwnPeer<L>
  private readonly rules: SessionRules<L>
  readonly wire: Connection
  private greeted = false
  private leaving = false
  private errors = 0
  /** Since the last message. */
  private commands = 0
  private exchange: Exchange | undefined
  private envelope: OpenEnvelope | undefined
  /** The last refusal of a recipient in this transaction. */
  private refused: Reply | undefined
  /** DATA under way. */
  private data: { readonly reader: DataReader; readonly content: IncomingContent } | undefined
  /** What the chunks of this transaction have brought, and the chunk under way. */
  private chunked: IncomingContent | undefined
  private chunk: Chunk | undefined

  constructor(rules: SessionRules<L>, peer: OwnPeer<L>, socket: Socket, clock: Clock) {
    this.rules = rules
    this.peer = peer
    this.wire = new Connection(socket, this, clock)
  }

  get receiving(): boolean {
    return this.data !== undefined || this.chunk !== undefined
  }

  get expectsResponse(): boolean {
    return this.exchange !== undefined
  }

  greet(): void {
    this.greeted = true
    this.wire.send(say.greeting(this.rules.hostname))
  }

  line(bytes: Buffer): void {
    if (++this.commands > this.rules.maxCommands) return this.wire.farewell(say.TOO_MANY_COMMANDS)
    if (!isUtf8(bytes)) return this.mistake(say.BAD_CHARACTER)
    const line = bytes.toString()
    // a NUL or a bare CR means different things to different readers
    if (line.includes('\0') || line.includes('\r')) return this.mistake(say.BAD_CHARACTER)
    if (this.exchange) this.authResponse(this.exchange, line)
    else this.command(line)
  }

  lineTooLong(): void {
    this.exchange = undefined
    this.mistake(say.LINE_TOO_LONG)
  }

  private command(line: string): void {
    const { verb, argument } = splitCommand(line)
    switch (verb) {
      case 'MAIL':
        return this.mail(argument)
      case 'RCPT':
        return this.rcpt(argument)
      case 'DATA':
        return argument === '' ? this.startData() : this.mistake(say.NO_ARGUMENT)
      case 'BDAT':
        return this.bdat(argument)
      case 'EHLO':
      case 'HELO':
        return this.hello(verb === 'EHLO', argument)
      case 'RSET':
        if (argument !== '') return this.mistake(say.NO_ARGUMENT)
        this.reset()
        return this.wire.reply(say.OK)
      case 'NOOP':
        return this.wire.reply(say.OK)
      case 'QUIT':
        return this.wire.farewell(say.BYE)
      case 'AUTH':
        return this.auth(argument)
      case 'STARTTLS':
        return this.startTls(argument)
      case 'VRFY':
        return this.wire.reply(say.CANNOT_VRFY)
      case 'EXPN':
        return this.wire.reply(say.NOT_IMPLEMENTED)
      case 'HELP':
        return this.wire.reply(say.HELP)
      default:
        if (isHttp(verb, argument)) this.wire.farewell(say.NOT_HTTP)
        else this.mistake(say.UNKNOWN_COMMAND)
    }
  }

  private hello(esmtp: boolean, name: string): void {
    if (name === '') return this.mistake(say.GREETING_SYNTAX)
    // RFC 5321 section 4.1.4: a new greeting is also a reset
    this.reset()
    this.peer.greeting = name
    this.peer.esmtp = esmtp
    const { hostname, content, tls } = this.rules
    const startTls = tls !== undefined && this.peer.secure === undefined
    this.wire.reply(esmtp ? say.ehlo(hostname, content.maxSize, startTls) : say.helo(hostname))
  }

  private mail(argument: string): void {
    if (this.envelope) return this.mistake(say.NESTED_MAIL)
    const envelope = readMail(argument)
    if ('code' in envelope) return this.mistake(envelope)
    // RFC 1870 section 6.1: no need to send what will be refused
    if ((envelope.size ?? 0) > this.rules.content.maxSize) return this.wire.reply(say.TOO_BIG)
    this.ask(
      () => this.rules.door.sender(this.peer, envelope),
      refusal => {
        if (!refusal) this.envelope = envelope
        this.answer(refusal ?? say.SENDER_OK)
      },
    )
  }

  private rcpt(argument: string): void {
    const { envelope } = this
    if (!envelope) return this.mistake(say.NEED_MAIL)
    if (this.chunked) return this.mistake(say.IN_CHUNKS)
    const recipient = readRcpt(argument)
    if ('code' in recipient) {
      this.refused = recipient
      return this.mistake(recipient)
    }
    if (envelope.recipients.length >= this.rules.maxRecipients)
      return this.wire.reply(say.TOO_MANY_RECIPIENTS)
    this.ask(
      () => this.rules.door.recipient(this.peer, envelope, recipient),
      refusal => {
        if (refusal) this.refused = refusal
        else envelope.recipients.push(recipient)
        this.answer(refusal ?? say.RECIPIENT_OK)
      },
    )
  }

  private startData(): void {
    if (this.chunked) return this.mistake(say.IN_CHUNKS)
    this.admit(refusal => {
      if (refusal) return this.answer(refusal)
      this.data = { reader: new DataReader(), content: new IncomingContent(this.rules.content) }
      this.wire.beginReceiving()
      this.wire.reply(say.GO_AHEAD)
    })
  }

  private bdat(argument: string): void {
    const command = readBdat(argument)
    // how much to skip is unknown, and message bytes must never be read as commands
    if (!command) return this.wire.farewell(say.BDAT_SYNTAX)
    const begin = (refusal: Reply | undefined): void => {
      if (!refusal) this.chunked ??= new IncomingContent(this.rules.content)
      this.chunk = { ...command, left: command.octets, refusal }
      this.wire.beginReceiving()
      if (command.octets === 0) this.endChunk(this.chunk)
    }
    if (this.chunked) begin(undefined)
    else this.admit(begin)
  }

  /** May a message come now? A refusal by the door ends the transaction, so that the next MAIL needs no RSET. */
  private admit(use: (refusal: Reply | undefined) => void): void {
    const { envelope, refused } = this
    if (!envelope) return use(say.NEED_MAIL)
    if (envelope.recipients.length === 0) {
      if (!refused) return use(say.NEED_RCPT)
      return use(refused.code === say.AUTH_REQUIRED.code ? refused : say.NO_RECIPIENTS)
    }
    this.ask(
      () => this.rules.door.content(this.peer, envelope),
      refusal => {
        if (refusal) this.reset()
        use(refusal)
      },
    )
  }

  receive(input: Buffer, start: number): number {
    if (this.data) {
      const { reader, content } = this.data
      const next = reader.read(input, start, content)
      if (reader.ended) this.deliver(content)
      else if (content.writing)
        this.ask(
          () => content.writing,
          () => {},
        )
      return next
    }
    const { chunk, chunked } = this
    if (!chunk) return start
    const next = Math.min(start + chunk.left, input.length)
    chunk.left -= next - start
    if (!chunk.refusal && next > start) chunked?.append(input, start, next)
    this.ask(
      () => chunked?.writing,
      () => {
        if (chunk.left === 0) this.endChunk(chunk)
      },
    )
    return next
  }

  private endChunk(chunk: Chunk): void {
    const { chunked } = this
    this.chunk = undefined
    if (chunk.refusal || !chunked) return this.answer(chunk.refusal ?? say.NEED_MAIL)
    if (chunk.last) return this.deliver(chunked)
    const refusal = this.notKept(chunked)
    // RFC 3030 section 2: after a failed chunk the transaction is over
    if (refusal) this.reset()
    this.answer(refusal ?? say.chunkReceived(chunk.octets))
  }

  private deliver(content: IncomingContent): void {
    const { envelope } = this
    this.data = this.chunked = undefined
    this.commands = 0
    if (!envelope) return
    const hand = (): Answer<Reply> =>
      this.notKept(content) ?? this.rules.door.message(this.peer, envelope, content)
    this.ask(
      () => content.finish()?.then(hand) ?? hand(),
      reply => {
        content.dispose()
        this.reset()
        this.answer(reply)
      },
    )
  }

  private notKept(content: IncomingContent): Reply | undefined {
    if (content.tooBig) return say.TOO_BIG
    if (content.failure === undefined) return undefined
    this.rules.onError(content.failure, this.peer)
    return say.NO_STORAGE
  }

  private auth(argument: string): void {
    if (this.peer.login !== undefined) return this.mistake(say.AUTH_TWICE)
    // RFC 4954 section 4
    if (this.envelope) return this.mistake(say.AUTH_IN_TRANSACTION)
    const [mechanism, initial, more] = argument.split(' ')
    if (!mechanism || more !== undefined) return this.mistake(say.AUTH_SYNTAX)
    const exchange = startExchange(mechanism, this.rules.hostname)
    if (!exchange) return this.mistake(say.AUTH_UNKNOWN)
    if (initial === undefined) this.authStep(exchange, exchange.next(undefined))
    else this.authResponse(exchange, initial)
  }

  private authResponse(exchange: Exchange, line: string): void {
    this.exchange = undefined
    if (line === '*') return this.mistake(say.AUTH_CANCELLED)
    const response = decodeResponse(line)
    if (response === undefined) return this.mistake(say.AUTH_MALFORMED)
    this.authStep(exchange, exchange.next(response))
  }

  private authStep(exchange: Exchange, step: AuthStep): void {
    if (step.kind === 'malformed') return this.mistake(say.AUTH_MALFORMED)
    if (step.kind === 'challenge') {
      this.exchange = exchange
      return this.wire.reply(say.challenge(step.text))
    }
    this.ask(
      () => this.rules.door.login(step.username, this.peer),
      found => {
        if (found && 'code' in found) return this.answer(found)
        // an unknown name costs the same steps as a wrong password
        const proved = step.proves(found?.password ?? NOBODYS_PASSWORD)
        if (!found || !proved) return this.mistake(say.AUTH_BAD)
        this.peer.login = found.login
        this.answer(say.AUTH_OK)
      },
    )
  }

  private startTls(argument: string): void {
    if (argument !== '') return this.mistake(say.NO_ARGUMENT)
    if (this.peer.secure) return this.mistake(say.TLS_ACTIVE)
    const context = this.secureContext()
    if (context) this.wire.startTls(context, say.START_TLS)
    else this.wire.reply(say.TLS_UNAVAILABLE)
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

  /** RFC 3207 section 4.2: nothing learned in the clear is kept. */
  secured(protocol: string, cipher: string): void {
    this.reset()
    this.peer.secure = { protocol, cipher }
    this.peer.login = undefined
    this.peer.greeting = ''
    this.peer.esmtp = false
    if (!this.greeted) this.greet()
  }

  /** The server closes: now, or after the reply under way. */
  leave(): void {
    this.leaving = true
    if (this.wire.handshaking) this.wire.destroy()
    else if (!this.receiving && !this.wire.held) this.wire.farewell(say.SHUTTING_DOWN)
  }

  gone(): void {
    this.reset()
  }

  private reset(): void {
    this.data?.content.dispose()
    this.chunked?.dispose()
    this.data = this.chunked = this.chunk = undefined
    this.envelope = this.refused = undefined
  }

  private ask<T>(question: () => Answer<T>, use: (answer: T | Reply) => void): void {
    const failed = (error: unknown): Reply => {
      this.rules.onError(error, this.peer)
      return say.FAULT
    }
    let answer: Answer<T>
    try {
      answer = question()
    } catch (error) {
      return use(failed(error))
    }
    if (!(answer instanceof Promise)) return use(answer)
    this.wire.hold()
    answer.then(
      value => this.wire.release(() => use(value)),
      error => this.wire.release(() => use(failed(error))),
    )
  }

  /** A reply that the door may have given: 421 closes (RFC 5321 section 3.8), and 503 is the client's mistake. */
  private answer(reply: Reply): void {
    if (reply.code === 503) return this.mistake(reply)
    if (reply.code === 421) return this.wire.farewell(reply)
    this.wire.reply(reply)
    if (this.leaving && !this.receiving) this.wire.farewell(say.SHUTTING_DOWN)
  }

  private mistake(reply: Reply): void {
    this.wire.reply(reply)
    if (++this.errors >= this.rules.maxErrors) this.wire.farewell(say.TOO_MANY_ERRORS)
  }
}
