import { isAscii } from 'node:buffer'
import type { Socket } from 'node:net'
import { domainToASCII } from 'node:url'
import type { ServerReply } from './client-channel.ts'
import type { Opened } from './client-opening.ts'
import { stuffed } from './data.ts'
import { ReplyReader } from './reply-reader.ts'

/** One mail to one recipient, and whom to tell how it ended. */
export interface BulkMail {
  /** '' is the null reverse path. No control characters, no angle brackets: `checkEnvelope`. */
  readonly reversePath: string
  readonly forwardPath: string
  /** A whole message with CRLF line ends. */
  readonly bytes: Buffer
  /** Asked when nothing but the message is missing; false, or no answer: it must not go any more. */
  readonly gate: () => Promise<boolean>
  ended(end: BulkEnd): void
  /** Connections that were lost when it was its turn. */
  tries: number
}

export type BulkEnd =
  /** `moment` is the command that was answered: MAIL, RCPT, DATA or message. */
  | { is: 'answered'; moment: string; reply: ServerReply }
  /** @param handedOver whether the message had gone, so that nobody knows what became of it */
  | { is: 'lost'; handedOver: boolean; text: string }
  | { is: 'stopped' }

export interface Lost {
  text: string
  /** A 421, if that was said. */
  reply: ServerReply | undefined
}

/** What a session asks of its pool. */
export interface BulkOwner {
  /** The mail whose turn it is. */
  take(): BulkMail | undefined
  /** It has nothing to do, and is good for more. */
  idle(session: BulkSession): void
  /**
   * It takes nothing any more.
   * @param again was on its way and nothing of it has been handed over; to be tried elsewhere
   * @param why absent: it has done its part
   */
  gone(session: BulkSession, again: BulkMail | undefined, why: Lost | undefined): void
}

interface BulkLimits {
  /** Mails tried over one connection. May change meanwhile. */
  messagesEach: number
  /** Of the time limits of RFC 5321 section 4.5.3.2. */
  timeoutFactor: number
}

type Step = 'idle' | 'RSET' | 'MAIL' | 'RCPT' | 'DATA' | 'gate' | 'message' | 'nobody' | 'closed'

const MINUTE = 60_000
/** RFC 5321 section 4.5.3.2. */
const PATIENCE: Readonly<Record<Step, number>> = {
  idle: Infinity,
  RSET: 5 * MINUTE,
  MAIL: 5 * MINUTE,
  RCPT: 5 * MINUTE,
  DATA: 2 * MINUTE,
  gate: Infinity,
  message: 10 * MINUTE,
  nobody: 10 * MINUTE,
  closed: Infinity,
}
/** A line this slow is still a line: bytes a millisecond. */
const SLOWEST = 10

// oxlint-disable-next-line no-control-regex
const ASCII = /^[\0-\x7f]*$/

/**
 * A connection that carries mail after mail to a server that pipelines (RFC 2920) in one round trip each: behind the
 * final dot of one mail goes the envelope of the next. Driven by what the server says, without a promise but for the
 * gate's: of the processor time of a mail six parts in ten are then the kernel's, for its one write.
 */
export class BulkSession {
  /** Mails tried. */
  tried = 0
  /** Since when it has been idle. */
  idleSince = 0
  readonly #socket: Socket
  readonly #owner: BulkOwner
  readonly #limits: BulkLimits
  readonly #replies = new ReplyReader()
  readonly #pipelines: boolean
  readonly #sizeLimit: number
  readonly #declaresSize: boolean
  readonly #eightBit: boolean
  readonly #utf8: boolean
  #step: Step = 'idle'
  #mail: BulkMail | undefined
  /** Its envelope stands behind the dot of the mail. */
  #ahead: BulkMail | undefined
  /** Of the mail's envelope, the first. */
  #refusal: { moment: string; reply: ServerReply } | undefined
  /** Still to be said, where the server does not pipeline. */
  #commands: string[] = []
  /** A transaction was begun and not ended. */
  #isOpen = false
  #deadline = Infinity

  constructor({ channel, extensions }: Opened, owner: BulkOwner, limits: BulkLimits) {
    this.#owner = owner
    this.#limits = limits
    this.#pipelines = extensions.has('PIPELINING')
    this.#declaresSize = extensions.has('SIZE')
    this.#sizeLimit = Number(extensions.get('SIZE') ?? 0)
    this.#eightBit = extensions.has('8BITMIME')
    this.#utf8 = extensions.has('SMTPUTF8')
    const socket = channel.detach()
    this.#socket = socket
    socket.on('data', chunk => this.#hear(chunk))
    socket.on('error', error => this.#lose(error.message))
    socket.on('end', () => this.#lose('connection closed by the server'))
    socket.on('close', () => this.#lose('connection closed'))
  }

  /** Only while idle. */
  begin(mail: BulkMail): void {
    const envelope = this.#envelopeOf(mail)
    if (envelope === undefined) return this.#next()
    this.#mail = mail
    if (!this.#pipelines) this.#commands = envelope.split(/(?<=\n)/)
    if (!this.#isOpen) return this.#go('MAIL', envelope)
    this.#isOpen = false
    return this.#go('RSET', `RSET\r\n${this.#pipelines ? envelope : ''}`)
  }

  /** @param now as `performance.now()` */
  tick(now: number): void {
    if (now > this.#deadline) this.#lose(`no answer to ${this.#step} in time`)
  }

  quit(): void {
    if (this.#step === 'closed') return
    this.#enter('closed')
    this.#socket.end('QUIT\r\n')
    this.#socket.setTimeout(2000, () => this.#socket.destroy())
  }

  /** What is under way is lost. */
  abort(reason: string): void {
    this.#lose(reason)
  }

  #hear(chunk: Buffer): void {
    this.#replies.push(chunk)
    while (this.#step !== 'closed') {
      const code = this.#replies.next()
      if (code === 0) return
      if (code < 0) return this.#lose(`no SMTP reply: ${this.#replies.nonsense()}`)
      if (code === 421) return this.#lose('closed by the server', this.#replies.reply())
      this.#understand(code)
    }
  }

  #understand(code: number): void {
    switch (this.#step) {
      case 'RSET':
        return code === 250 ? this.#go('MAIL') : this.#lose('RSET refused')
      case 'MAIL':
        if (code === 250) this.#isOpen = true
        else this.#refuse('MAIL')
        return this.#refusal !== undefined && !this.#pipelines ? this.#endRefused() : this.#go('RCPT')
      case 'RCPT':
        if (code !== 250 && code !== 251) this.#refuse('RCPT')
        return this.#refusal !== undefined && !this.#pipelines ? this.#endRefused() : this.#go('DATA')
      case 'DATA':
        return this.#understandGo(code)
      case 'nobody':
        this.#isOpen = false
        return this.#endRefused()
      case 'message':
        // Half an answer: it may have been taken, and may not.
        return code >= 300 && code < 400 ? this.#lose(`said ${code} to the message`) : this.#taken()
      default:
        return this.#lose(`said ${code} and was not asked`)
    }
  }

  #understandGo(code: number): void {
    if (code !== 354) {
      this.#refuse('DATA')
      return this.#endRefused()
    }
    if (this.#refusal === undefined) return this.#pass()
    // A server that wants the message of a sender it has refused is left: the connection is of no more use.
    if (this.#refusal.moment === 'MAIL') {
      this.#tellRefused()
      return this.#lose('went ahead without a sender')
    }
    // RFC 2920 section 3.1: a server that goes ahead without a recipient is sent an empty message.
    this.#enter('nobody')
    this.#socket.write('.\r\n')
  }

  /** The last moment at which the mail can be held back. */
  #pass(): void {
    this.#enter('gate')
    const mail = this.#mail as BulkMail
    void mail.gate().then(
      open => this.#gated(mail, open),
      () => this.#gated(mail, false),
    )
  }

  #gated(mail: BulkMail, open: boolean): void {
    if (this.#step !== 'gate') {
      const text = 'the connection was lost before the message could go'
      return mail.ended(open ? { is: 'lost', handedOver: false, text } : { is: 'stopped' })
    }
    if (!open) {
      // There is no command that takes DATA back.
      this.#lose('held back')
      return mail.ended({ is: 'stopped' })
    }
    this.#enter('message', mail.bytes.length / SLOWEST)
    const envelope = this.#lookAhead()
    const message = stuffed(mail.bytes)
    if (envelope === undefined) return void this.#socket.write(message)
    this.#socket.cork()
    this.#socket.write(message)
    this.#socket.write(envelope)
    this.#socket.uncork()
  }

  /** The envelope of the mail that comes next over this connection, if there is one. */
  #lookAhead(): string | undefined {
    while (this.#pipelines && this.tried < this.#limits.messagesEach) {
      const mail = this.#owner.take()
      if (mail === undefined) return undefined
      const envelope = this.#envelopeOf(mail)
      if (envelope === undefined) continue
      this.#ahead = mail
      return envelope
    }
    return undefined
  }

  #taken(): void {
    const mail = this.#mail
    this.#isOpen = false
    this.#mail = this.#ahead
    this.#ahead = undefined
    if (this.#mail !== undefined) this.#enter('MAIL')
    mail?.ended({ is: 'answered', moment: 'message', reply: this.#replies.reply() })
    if (this.#mail === undefined) this.#next()
  }

  #endRefused(): void {
    this.#tellRefused()
    this.#next()
  }

  #tellRefused(): void {
    const mail = this.#mail
    const refusal = this.#refusal
    this.#mail = undefined
    this.#refusal = undefined
    if (refusal !== undefined) mail?.ended({ is: 'answered', ...refusal })
  }

  #next(): void {
    this.#enter('idle')
    if (this.tried >= this.#limits.messagesEach) {
      this.quit()
      return this.#owner.gone(this, undefined, undefined)
    }
    const mail = this.#owner.take()
    if (mail !== undefined) return this.begin(mail)
    this.#owner.idle(this)
  }

  /** @param reply a 421: the server is about to close (RFC 5321 section 3.8) */
  #lose(text: string, reply?: ServerReply): void {
    if (this.#step === 'closed') return
    const step = this.#step
    const mail = this.#mail
    this.#enter('closed')
    this.#socket.destroy()
    if (step === 'message')
      mail?.ended(
        reply === undefined
          ? { is: 'lost', handedOver: true, text }
          : { is: 'answered', moment: 'message', reply },
      )
    else if (mail !== undefined) mail.tries++
    // At the gate it is told as soon as the gate has said yes or no.
    const again = step === 'message' ? this.#ahead : step === 'gate' ? undefined : mail
    this.#owner.gone(this, again, { text, reply })
  }

  #refuse(moment: string): void {
    this.#refusal ??= { moment, reply: this.#replies.reply() }
  }

  #enter(step: Step, extra = 0): void {
    this.#step = step
    const patience = PATIENCE[step]
    this.#deadline =
      patience === Infinity ? Infinity : performance.now() + (patience + extra) * this.#limits.timeoutFactor
  }

  /** @param group what is said now; if absent, where commands go one by one, that of the step */
  #go(step: 'RSET' | 'MAIL' | 'RCPT' | 'DATA', group?: string): void {
    this.#enter(step)
    const line = this.#pipelines || step === 'RSET' ? group : this.#commands.shift()
    if (line !== undefined) this.#socket.write(line)
  }

  /** The three commands; undefined: it has ended, the server need not be asked. */
  #envelopeOf(mail: BulkMail): string | undefined {
    const { bytes } = mail
    const reversePath = withAsciiDomain(mail.reversePath)
    const forwardPath = withAsciiDomain(mail.forwardPath)
    if (this.#sizeLimit > 0 && bytes.length > this.#sizeLimit) {
      const text = `the server takes ${this.#sizeLimit} bytes, the message has ${bytes.length}`
      mail.ended({ is: 'answered', moment: 'MAIL', reply: { code: 552, enhanced: '5.3.4', text } })
      return undefined
    }
    let parameters = this.#declaresSize ? ` SIZE=${bytes.length}` : ''
    if (this.#eightBit && !isAscii(bytes)) parameters += ' BODY=8BITMIME'
    if (!ASCII.test(forwardPath) || !ASCII.test(reversePath)) {
      // RFC 6531 section 3.2
      if (!this.#utf8) {
        const text = 'the server does not take addresses outside ASCII'
        mail.ended({ is: 'answered', moment: 'MAIL', reply: { code: 553, enhanced: '5.6.7', text } })
        return undefined
      }
      parameters += ' SMTPUTF8'
    }
    this.tried++
    return `MAIL FROM:<${reversePath}>${parameters}\r\nRCPT TO:<${forwardPath}>\r\nDATA\r\n`
  }
}

/** RFC 5890: the domain can always be said in ASCII, the local part cannot. */
function withAsciiDomain(path: string): string {
  if (ASCII.test(path)) return path
  const domain = path.lastIndexOf('@') + 1
  return path.slice(0, domain) + (domainToASCII(path.slice(domain)) || path.slice(domain))
}
