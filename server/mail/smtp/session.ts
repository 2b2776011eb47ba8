import { isUtf8 } from 'node:buffer'
import type { Socket } from 'node:net'
import type { SecureContext } from 'node:tls'
import { type Clock, Connection, type Reader } from '../connection.ts'
import { Authentication } from './auth.ts'
import { isHttp, type OpenEnvelope, readBdat, readMail, readRcpt, splitCommand } from './commands.ts'
import { Conversation, type OwnPeer, type SessionRules } from './conversation.ts'
import type { Reply } from './door.ts'
import * as say from './replies.ts'
import { Transfer } from './transfer.ts'

/** One peer's commands and states (RFC 5321 section 4.1), and what the door is asked about them. */
export class Session<L> implements Reader {
  readonly wire: Connection<Reply>
  private readonly conversation: Conversation<L>
  private readonly authentication: Authentication<L>
  private readonly transfer: Transfer<L>
  private readonly rules: SessionRules<L>
  private readonly peer: OwnPeer<L>
  private greeted = false
  /** Since the last message. */
  private commands = 0
  private envelope: OpenEnvelope | undefined
  /** The last refusal of a recipient in this transaction. */
  private refused: Reply | undefined

  constructor(rules: SessionRules<L>, peer: OwnPeer<L>, socket: Socket, clock: Clock) {
    this.rules = rules
    this.peer = peer
    this.wire = new Connection(socket, this, clock, say.wireForm)
    this.conversation = new Conversation(rules, peer, this.wire)
    this.authentication = new Authentication(this.conversation)
    this.transfer = new Transfer(this.conversation, () => {
      this.commands = 0
      this.reset()
    })
  }

  get receiving(): boolean {
    return this.transfer.receiving
  }

  get expectsResponse(): boolean {
    return this.authentication.underWay
  }

  greet(): void {
    this.greeted = true
    this.wire.send(say.greeting(this.rules.hostname))
  }

  leave(): void {
    this.conversation.leave()
  }

  timedOut(): void {
    this.wire.farewell(say.TIMEOUT)
  }

  gone(): void {
    this.reset()
  }

  receive(input: Buffer, start: number): number {
    return this.transfer.receive(input, start, this.envelope)
  }

  line(bytes: Buffer): void {
    if (++this.commands > this.rules.maxCommands) return this.wire.farewell(say.TOO_MANY_COMMANDS)
    if (!isUtf8(bytes)) return this.conversation.mistake(say.BAD_CHARACTER)
    const line = bytes.toString()
    // a NUL or a bare CR means different things to different readers
    if (line.includes('\0') || line.includes('\r')) return this.conversation.mistake(say.BAD_CHARACTER)
    if (this.authentication.underWay) this.authentication.response(line)
    else this.command(line)
  }

  lineTooLong(): void {
    this.authentication.cancel()
    this.conversation.mistake(say.LINE_TOO_LONG)
  }

  private command(line: string): void {
    const { verb, argument } = splitCommand(line)
    switch (verb) {
      case 'MAIL':
        return this.mail(argument)
      case 'RCPT':
        return this.rcpt(argument)
      case 'DATA':
        return argument === '' ? this.startData() : this.conversation.mistake(say.NO_ARGUMENT)
      case 'BDAT':
        return this.bdat(argument)
      case 'EHLO':
      case 'HELO':
        return this.hello(verb === 'EHLO', argument)
      case 'RSET':
        if (argument !== '') return this.conversation.mistake(say.NO_ARGUMENT)
        this.reset()
        return this.wire.reply(say.OK)
      case 'NOOP':
        return this.wire.reply(say.OK)
      case 'QUIT':
        return this.wire.farewell(say.BYE)
      case 'AUTH':
        // RFC 4954 section 4
        return this.envelope
          ? this.conversation.mistake(say.AUTH_IN_TRANSACTION)
          : this.authentication.start(argument)
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
        else this.conversation.mistake(say.UNKNOWN_COMMAND)
    }
  }

  private hello(esmtp: boolean, name: string): void {
    if (name === '') return this.conversation.mistake(say.GREETING_SYNTAX)
    // RFC 5321 section 4.1.4: a new greeting is also a reset
    this.reset()
    this.peer.greeting = name
    this.peer.esmtp = esmtp
    const { hostname, content, tls } = this.rules
    const startTls = tls !== undefined && this.peer.secure === undefined
    this.wire.reply(esmtp ? say.ehlo(hostname, content.maxSize, startTls) : say.helo(hostname))
  }

  private mail(argument: string): void {
    if (this.envelope) return this.conversation.mistake(say.NESTED_MAIL)
    const envelope = readMail(argument)
    if ('code' in envelope) return this.conversation.mistake(envelope)
    // RFC 1870 section 6.1: no need to send what will be refused
    if ((envelope.size ?? 0) > this.rules.content.maxSize) return this.wire.reply(say.TOO_BIG)
    this.conversation.ask(
      () => this.rules.door.sender(this.peer, envelope),
      refusal => {
        if (!refusal) this.envelope = envelope
        this.conversation.answer(refusal ?? say.SENDER_OK)
      },
    )
  }

  private rcpt(argument: string): void {
    const { envelope } = this
    if (!envelope) return this.conversation.mistake(say.NEED_MAIL)
    if (this.transfer.inChunks) return this.conversation.mistake(say.IN_CHUNKS)
    const recipient = readRcpt(argument)
    if ('code' in recipient) {
      this.refused = recipient
      return this.conversation.mistake(recipient)
    }
    if (envelope.recipients.length >= this.rules.maxRecipients)
      return this.wire.reply(say.TOO_MANY_RECIPIENTS)
    this.conversation.ask(
      () => this.rules.door.recipient(this.peer, envelope, recipient),
      refusal => {
        if (refusal) this.refused = refusal
        else envelope.recipients.push(recipient)
        this.conversation.answer(refusal ?? say.RECIPIENT_OK)
      },
    )
  }

  private startData(): void {
    if (this.transfer.inChunks) return this.conversation.mistake(say.IN_CHUNKS)
    this.admit(refusal => {
      if (refusal) this.conversation.answer(refusal)
      else this.transfer.startData()
    })
  }

  private bdat(argument: string): void {
    const size = readBdat(argument)
    // how much to skip is unknown, and message bytes must never be read as commands
    if (!size) return this.wire.farewell(say.BDAT_SYNTAX)
    if (this.transfer.inChunks) this.transfer.startChunk(size, undefined, this.envelope)
    else this.admit(refusal => this.transfer.startChunk(size, refusal, this.envelope))
  }

  /** May a message come now? A refusal by the door ends the transaction, so that the next MAIL needs no RSET. */
  private admit(use: (refusal: Reply | undefined) => void): void {
    const { envelope, refused } = this
    if (!envelope) return use(say.NEED_MAIL)
    if (envelope.recipients.length === 0) {
      if (!refused) return use(say.NEED_RCPT)
      return use(refused.code === say.AUTH_REQUIRED.code ? refused : say.NO_RECIPIENTS)
    }
    this.conversation.ask(
      () => this.rules.door.content(this.peer, envelope),
      refusal => {
        if (refusal) this.reset()
        use(refusal)
      },
    )
  }

  private startTls(argument: string): void {
    if (argument !== '') return this.conversation.mistake(say.NO_ARGUMENT)
    if (this.peer.secure) return this.conversation.mistake(say.TLS_ACTIVE)
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
      this.conversation.failed(error)
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

  private reset(): void {
    this.transfer.reset()
    this.envelope = this.refused = undefined
  }
}
