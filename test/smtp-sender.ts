import { connect, type Socket } from 'node:net'

export type Way = 'in turn' | 'pipelined' | 'BDAT'

const END = Buffer.from('.\r\n')

/** Sends whole messages, byte for byte as given, over one connection: nodemailer would mend their line ends. */
export class SmtpSender {
  readonly #socket: Socket
  readonly #commands: string[]
  #heard = ''
  #over = false
  #wake: () => void = () => {}

  private constructor(socket: Socket, recipient: string) {
    this.#socket = socket
    this.#commands = ['MAIL FROM:<app@shop.test>\r\n', `RCPT TO:<${recipient}>\r\n`]
    socket.on('data', chunk => {
      this.#heard += chunk.toString('latin1')
      this.#wake()
    })
    for (const event of ['end', 'error', 'close'])
      socket.on(event, () => {
        this.#over = true
        this.#wake()
      })
  }

  /** @throws Error if nobody greets */
  static async connected(port: number, recipient = 'ann@example.com'): Promise<SmtpSender> {
    const sender = new SmtpSender(connect({ port, host: '127.0.0.1', noDelay: true }), recipient)
    await sender.#reply()
    await sender.#ask('EHLO sender.test\r\n')
    return sender
  }

  /**
   * Sends messages one behind the other; those by BDAT in a single write, commands and all.
   * @param told the reply to each, as it comes
   * @throws Error if the connection ends before the last one
   */
  async send(messages: Buffer[], way: Way, told: (index: number, reply: string) => void): Promise<void> {
    if (way === 'BDAT') this.#socket.write(Buffer.concat(messages.flatMap(bytes => this.#chunked(bytes))))
    for (const [index, bytes] of messages.entries())
      told(index, way === 'BDAT' ? await this.#lastOf(3) : await this.#byData(bytes, way === 'pipelined'))
  }

  /** One message, and the reply to it. */
  async sendOne(bytes: Buffer | string, way: Way = 'in turn'): Promise<string> {
    let said = ''
    await this.send([Buffer.from(bytes)], way, (_index, reply) => (said = reply))
    return said
  }

  #chunked(bytes: Buffer): Buffer[] {
    return [Buffer.from(`${this.#commands.join('')}BDAT ${bytes.length} LAST\r\n`), bytes]
  }

  async #byData(bytes: Buffer, pipelined: boolean): Promise<string> {
    const commands = [...this.#commands, 'DATA\r\n']
    if (pipelined) this.#socket.write(commands.join(''))
    let refusal: string | undefined
    for (const command of commands) {
      const reply = pipelined ? await this.#reply() : await this.#ask(command)
      if (/^[45]/.test(reply)) refusal ??= reply
      if (refusal !== undefined && !pipelined) break
    }
    if (refusal !== undefined) {
      await this.#ask('RSET\r\n')
      return refusal
    }
    this.#socket.write(Buffer.concat([stuffed(bytes), END]))
    return this.#reply()
  }

  async #lastOf(replies: number): Promise<string> {
    let last = ''
    for (let i = 0; i < replies; i++) last = await this.#reply()
    return last
  }

  #ask(command: string): Promise<string> {
    this.#socket.write(command)
    return this.#reply()
  }

  async #reply(): Promise<string> {
    for (;;) {
      const match = /^(?:\d{3}-.*\r\n)*(\d{3} .*)\r\n/.exec(this.#heard)
      if (match) {
        this.#heard = this.#heard.slice(match[0].length)
        return match[1] ?? ''
      }
      if (this.#over) throw new Error('the connection ended before the answer')
      await new Promise<void>(wake => (this.#wake = wake))
    }
  }
}

/** RFC 5321 section 4.5.2: a dot at the start of a line is doubled; only CRLF starts a line. */
function stuffed(bytes: Buffer): Buffer {
  const pieces: Buffer[] = []
  let from = 0
  if (bytes[0] === 0x2e) pieces.push(Buffer.from('.'))
  for (let at = bytes.indexOf('\r\n.'); at >= 0; at = bytes.indexOf('\r\n.', at + 2)) {
    pieces.push(bytes.subarray(from, at + 2), Buffer.from('.'))
    from = at + 2
  }
  pieces.push(bytes.subarray(from))
  return Buffer.concat(pieces)
}
