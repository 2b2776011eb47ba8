import { connect, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'

/** A reply as a client reads it (RFC 5321 section 4.2). */
export interface ServerReply {
  readonly code: number
  /** RFC 2034, as `5.7.1`; undefined when the server gave none. */
  readonly enhanced: string | undefined
  /** Without codes; the lines of a multi-line reply are joined by LF. */
  readonly text: string
}

/** A refusal by the server, or its silence: then `code` is 0. */
export class SmtpError extends Error {
  readonly code: number
  readonly enhanced: string | undefined
  /** The server's words, or what went wrong on the way. */
  readonly text: string
  /** The command, as `RCPT`, or `connect`, `message`, `envelope`. */
  readonly moment: string

  constructor(moment: string, reply: ServerReply | string, options?: ErrorOptions) {
    const spoken = typeof reply === 'string' ? { code: 0, enhanced: undefined, text: reply } : reply
    const codes = [spoken.code || undefined, spoken.enhanced].filter(Boolean).join(' ')
    super(`${moment}: ${codes ? `${codes} ` : ''}${spoken.text}`, options)
    this.name = 'SmtpError'
    this.code = spoken.code
    this.enhanced = spoken.enhanced
    this.text = spoken.text
    this.moment = moment
  }
}

export interface TlsTrust {
  /** What the certificate must be for where there is no server name: an address. */
  readonly host: string
  readonly servername: string
  readonly rejectUnauthorized: boolean
  readonly ca?: string | Buffer
}

/** No server needs more for a reply, and one that sends on for ever is no server. */
const MAX_REPLY = 64 * 1024

/** Of the time for a reply, at most so many seconds may go by until there is a connection. */
const CONNECT_SECONDS = 30

/** One connection of a client: replies in order, everything with a time limit. */
export class ClientChannel {
  private socket: Socket
  private unread = ''
  private failure: SmtpError | undefined
  private wake: () => void = () => {}
  private moment = 'connect'

  private constructor(socket: Socket, seconds: number) {
    this.socket = socket
    this.attach(socket, seconds)
    socket.setTimeout(Math.min(seconds, CONNECT_SECONDS) * 1000)
    socket.once('connect', () => socket.setTimeout(seconds * 1000))
  }

  static open(host: string, port: number, seconds: number, tls: TlsTrust | undefined): ClientChannel {
    return new ClientChannel(tls ? connectTls({ ...tls, host, port }) : connect({ host, port }), seconds)
  }

  write(moment: string, bytes: string | Buffer): void {
    this.moment = moment
    this.socket.write(bytes)
  }

  /** The next reply, whatever its code. Rejects with SmtpError when none comes. */
  async reply(moment: string): Promise<ServerReply> {
    this.moment = moment
    for (;;) {
      const reply = this.takeReply()
      if (reply) return reply
      if (this.failure) throw this.failure
      await new Promise<void>(wake => (this.wake = wake))
    }
  }

  /** RFC 3207: replies that came in the clear behind the 220 are thrown away, somebody may have put them there. */
  async startTls(tls: TlsTrust, seconds: number): Promise<void> {
    this.moment = 'STARTTLS'
    this.unread = ''
    const plain = this.socket
    plain.removeAllListeners('data').removeAllListeners('end').removeAllListeners('timeout')
    plain.setTimeout(0)
    const secure: TLSSocket = connectTls({ socket: plain, ...tls })
    this.socket = secure
    this.attach(secure, seconds)
    await new Promise<void>(wake => {
      this.wake = wake
      secure.once('secureConnect', wake)
    })
    if (this.failure) throw this.failure
  }

  /** The connection itself, nothing unread left: whoever has it now listens to it alone. */
  detach(): Socket {
    const { socket } = this
    for (const event of ['data', 'error', 'end', 'close', 'timeout']) socket.removeAllListeners(event)
    socket.setTimeout(0)
    return socket
  }

  end(): void {
    this.failure ??= new SmtpError(this.moment, 'closed')
    this.socket.end()
    this.socket.setTimeout(2000, () => this.socket.destroy())
  }

  destroy(): void {
    this.socket.destroy()
  }

  /** Whoever waits for a reply gets this reason instead. */
  abort(reason: string): void {
    this.fail(reason)
    this.socket.destroy()
  }

  get closed(): boolean {
    return this.failure !== undefined
  }

  private attach(socket: Socket, seconds: number): void {
    socket.setNoDelay(true)
    socket.setTimeout(seconds * 1000, () => {
      this.fail(`no answer within ${(socket.timeout ?? 0) / 1000} s`)
      socket.destroy()
    })
    socket.on('data', chunk => {
      this.unread += chunk.toString('latin1')
      if (this.unread.length > MAX_REPLY) {
        this.fail('the reply does not end')
        socket.destroy()
      }
      this.wake()
    })
    socket.on('error', error => this.fail(error.message, error))
    socket.on('end', () => this.fail('connection closed by the server'))
    socket.on('close', () => this.fail('connection closed'))
  }

  private fail(text: string, cause?: unknown): void {
    this.failure ??= new SmtpError(this.moment, text, { cause })
    this.wake()
  }

  private takeReply(): ServerReply | undefined {
    let end = 0
    for (let more = true; more; ) {
      const lf = this.unread.indexOf('\n', end)
      if (lf < 0) return undefined
      more = /^\d{3}-/.test(this.unread.slice(end, end + 4))
      end = lf + 1
    }
    const whole = Buffer.from(this.unread.slice(0, end), 'latin1').toString()
    this.unread = this.unread.slice(end)
    const lines = whole.trimEnd().split(/\r?\n/)
    const [, code, enhanced] =
      /^([2-5]\d\d)(?:[ -]([245]\.\d{1,3}\.\d{1,3})(?= |$))?/.exec(lines[0] ?? '') ?? []
    if (code === undefined) throw new SmtpError(this.moment, `no SMTP reply: ${lines[0]?.slice(0, 80) ?? ''}`)
    const text = lines.map(line =>
      line.slice(4).replace(enhanced === undefined ? '' : /^[245]\.\d+\.\d+ ?/, ''),
    )
    return { code: Number(code), enhanced, text: text.join('\n') }
  }
}
