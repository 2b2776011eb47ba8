import { isAscii } from 'node:buffer'
import { type ClientChannel, type ServerReply, SmtpError } from './client-channel.ts'
import { command, expect, type Extensions, openChannel, type SubmitTarget } from './client-opening.ts'
import { stuffed } from './data.ts'

export interface SubmitEnvelope {
  /** '' is the null reverse path. */
  readonly reversePath: string
  readonly forwardPaths: readonly string[]
}

export interface Submitted {
  /** The reply to the final dot. */
  readonly reply: ServerReply
  /** Recipients the server would not take; the others have been sent the message. */
  readonly refused: readonly { readonly forwardPath: string; readonly reply: ServerReply }[]
}

/** A connection to an SMTP server that is ready for mail: greeted, secured and logged in once, for as many messages as it takes. */
export class ClientSession {
  /** Messages tried. */
  tried = 0
  /** Whether the message tried last was handed over as a whole: if no reply came, nobody knows what became of it. */
  handedOver = false
  readonly #channel: ClientChannel
  readonly #extensions: Extensions
  #betweenMessages = true

  private constructor(channel: ClientChannel, extensions: Extensions) {
    this.#channel = channel
    this.#extensions = extensions
  }

  /**
   * Rejects with SmtpError.
   * @param stop closes the connection while it is being opened
   */
  static async open(target: SubmitTarget, stop?: AbortSignal): Promise<ClientSession> {
    const { channel, extensions } = await openChannel(target, stop)
    return new ClientSession(channel, extensions)
  }

  /** Whether another message may be tried: the last one ended with a reply, and the server is still there. */
  get usable(): boolean {
    return this.#betweenMessages && !this.#channel.closed
  }

  /**
   * Sends `bytes`, a whole message with CRLF line ends, as it is but for the stuffed dots and a last
   * CRLF when it has none. Rejects with SmtpError when the server takes the message for nobody.
   */
  async send(envelope: SubmitEnvelope, bytes: Buffer): Promise<Submitted> {
    checkEnvelope(envelope)
    this.handedOver = false
    const channel = this.#channel
    const extensions = this.#extensions
    const limit = Number(extensions.get('SIZE') ?? 0)
    if (limit > 0 && bytes.length > limit) {
      const text = `the server takes ${limit} bytes, the message has ${bytes.length}`
      throw new SmtpError('MAIL', { code: 552, enhanced: '5.3.4', text })
    }
    const mail = mailCommand(extensions, envelope, bytes)
    this.#betweenMessages = false
    // What an earlier message has left behind, refused or not, is none of this one's.
    const reset = this.tried++ > 0 ? ['RSET'] : []
    const rcpts = envelope.forwardPaths.map(path => `RCPT TO:<${path}>`)
    const pipelining = extensions.has('PIPELINING')
    // RFC 2920 section 3.1: DATA may end the group
    if (pipelining) channel.write('MAIL', `${[...reset, mail, ...rcpts, 'DATA'].join('\r\n')}\r\n`)
    const next = (moment: string, line: string): Promise<ServerReply> =>
      pipelining ? channel.reply(moment) : command(channel, line, moment)

    for (const line of reset) expect(line, await next(line, line), 250)
    const sender = await next('MAIL', mail)
    if (!pipelining) this.#expectOrEnd('MAIL', sender, 250)
    const answers: { forwardPath: string; reply: ServerReply }[] = []
    for (const [at, forwardPath] of envelope.forwardPaths.entries()) {
      answers.push({ forwardPath, reply: await next('RCPT', rcpts[at] ?? '') })
    }
    const refused = answers.filter(({ reply }) => reply.code !== 250 && reply.code !== 251)
    const nobody = refused.length === answers.length ? refused[0] : undefined
    if (!pipelining && nobody) throw this.#ended('RCPT', nobody.reply)
    const go = await next('DATA', 'DATA')
    if (go.code === 354 && nobody) {
      // RFC 2920 section 3.1: a server that goes ahead without a recipient is sent an empty message
      channel.write('DATA', '.\r\n')
      await channel.reply('DATA')
    }
    // A server that wants the message of a sender it has refused is left: the connection is of no more use.
    if (go.code === 354 && !nobody) expect('MAIL', sender, 250)
    this.#expectOrEnd('MAIL', sender, 250)
    if (nobody) throw this.#ended('RCPT', nobody.reply)
    this.#expectOrEnd('DATA', go, 354)
    this.handedOver = true
    channel.write('message', stuffed(bytes))
    const reply = this.#expectOrEnd('message', await channel.reply('message'), 250)
    this.#betweenMessages = true
    return { reply, refused }
  }

  quit(): void {
    this.#channel.write('QUIT', 'QUIT\r\n')
    this.#channel.end()
  }

  /** Whatever is under way ends with an SmtpError that says so. */
  abort(reason: string): void {
    this.#channel.abort(reason)
  }

  /** As `expect`; the refusal is the last word about this message, and the connection is good for another. */
  #expectOrEnd(moment: string, reply: ServerReply, code: number): ServerReply {
    if (reply.code !== code) throw this.#ended(moment, reply)
    return reply
  }

  #ended(moment: string, reply: ServerReply): SmtpError {
    // RFC 5321 section 3.8: after a 421 the server closes.
    this.#betweenMessages = reply.code !== 421
    return new SmtpError(moment, reply)
  }
}

/** No address can bring a command along. */
export function checkEnvelope(envelope: SubmitEnvelope): void {
  for (const path of [envelope.reversePath, ...envelope.forwardPaths]) {
    if (/[\0-\x1f<>\x7f]/.test(path)) {
      const text = `illegal character in the address ${JSON.stringify(path)}`
      throw new SmtpError('envelope', { code: 553, enhanced: '5.1.3', text })
    }
  }
}

function mailCommand(extensions: Extensions, envelope: SubmitEnvelope, bytes: Buffer): string {
  const paths = [envelope.reversePath, ...envelope.forwardPaths]
  let line = `MAIL FROM:<${envelope.reversePath}>`
  if (extensions.has('SIZE')) line += ` SIZE=${bytes.length}`
  if (extensions.has('8BITMIME') && !isAscii(bytes)) line += ' BODY=8BITMIME'
  if (paths.some(path => /[^\0-\x7f]/.test(path))) {
    // RFC 6531 section 3.2
    if (!extensions.has('SMTPUTF8')) {
      const text = 'the server does not take addresses outside ASCII'
      throw new SmtpError('MAIL', { code: 553, enhanced: '5.6.7', text })
    }
    line += ' SMTPUTF8'
  }
  return line
}
