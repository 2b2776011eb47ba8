// An SMTP server that throws mail away, counts it, and fails in the ways servers do; fast enough to measure a sender by.
// As a process of its own: node test/smtp-sink.ts ['{"refuse":0.1,"record":"/tmp/taken"}']
// It says {"port":…} and answers each line it is given with its counts: `?` only asks, JSON is the mode from now on.
import { once } from 'node:events'
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createInterface } from 'node:readline'

/** What it does wrong; nothing: all is well. Shares are of 1. */
export interface SinkMode {
  /** Takes the message and never answers the dot. */
  hang?: boolean
  /** Closes in the middle of the message. */
  drop?: boolean
  /** The first attempt for each recipient is 451 4.7.1. */
  greylist?: boolean
  /** After so many messages a connection is told 421 and closed. */
  messagesEach?: number
  /** Of messages: taken, counted, and the connection closed without a word. */
  dieAfterDot?: number
  /** Of recipients, always the same ones: 550 5.1.1. */
  refuse?: number
  /** Milliseconds before it reads on. */
  slow?: number
  /** Instead of a greeting, as `421 4.3.2 Too busy`. */
  greeting?: string
  /** Instead of taking the message, as `452 4.3.1 No space`. */
  answer?: string
  /** Does not offer PIPELINING, and insists. */
  inTurn?: boolean
}

export interface SinkOptions extends SinkMode {
  port?: number
  /** A file to which `Message-ID TAB recipient` is appended before each message is answered. */
  record?: string
}

export interface SinkCounts {
  /** Messages taken, answered or not. */
  taken: number
  /** Recipients refused, for good or for now. */
  refused: number
  connections: number
  open: number
  /** At once. */
  mostOpen: number
}

const LF = 10
const END = Buffer.from('\r\n.\r\n')
const HEAD_MOST = 16_384

export class SmtpSink {
  mode: SinkMode
  readonly counts: SinkCounts = { taken: 0, refused: 0, connections: 0, open: 0, mostOpen: 0 }
  /** The beginnings of what came, where nothing is recorded; the last few hundred. */
  readonly heads: string[] = []
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #seen = new Set<string>()
  readonly #record: number | undefined

  private constructor(mode: SinkMode, record: string | undefined) {
    this.mode = mode
    if (record !== undefined) this.#record = openSync(record, 'a')
    this.#server = createServer({ noDelay: true }, socket => this.#serve(socket))
  }

  static async start({ port = 0, record, ...mode }: SinkOptions = {}): Promise<SmtpSink> {
    const sink = new SmtpSink(mode, record)
    sink.#server.listen(port, '127.0.0.1', 1024)
    await once(sink.#server, 'listening')
    return sink
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Cuts off everybody. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return
    this.#server.close()
    this.cut()
    await once(this.#server, 'close')
    if (this.#record !== undefined) closeSync(this.#record)
  }

  /** Whether this recipient is one that is refused, and whether for good. */
  refusal(recipient: string): string | undefined {
    const { refuse = 0, greylist } = this.mode
    if (refuse > 0 && shareOf(recipient) < refuse) return '550 5.1.1 No such user\r\n'
    if (greylist !== true || this.#seen.has(recipient)) return undefined
    this.#seen.add(recipient)
    return '451 4.7.1 Greylisted, come back\r\n'
  }

  /** @returns the answer; null: none, and no more of this connection; undefined: none, ever */
  take(head: string, recipients: readonly string[]): string | null | undefined {
    const { answer, dieAfterDot = 0, hang } = this.mode
    if (answer !== undefined) return `${answer}\r\n`
    const number = ++this.counts.taken
    if (this.#record !== undefined) {
      const id = /^Message-ID: *(\S+)/im.exec(head)?.[1] ?? ''
      writeSync(this.#record, recipients.map(recipient => `${id}\t${recipient}\n`).join(''))
    } else if (this.heads.push(head) > 1000) this.heads.splice(0, 500)
    if (hang === true) return undefined
    if (dieAfterDot > 0 && Math.floor(number * dieAfterDot) > Math.floor((number - 1) * dieAfterDot))
      return null
    return '250 2.0.0 Ok: discarded\r\n'
  }

  #serve(socket: Socket): void {
    const { counts } = this
    counts.connections++
    counts.mostOpen = Math.max(counts.mostOpen, ++counts.open)
    this.#sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => {
      counts.open--
      this.#sockets.delete(socket)
    })
    const dialogue = new Dialogue(this)
    const { greeting } = this.mode
    if (greeting !== undefined) return void socket.end(`${greeting}\r\n`)
    socket.write('220 sink.test ESMTP\r\n')
    socket.on('data', chunk => {
      const said = dialogue.hear(chunk)
      if (said !== '') socket.write(said)
      if (dialogue.over === 'politely') socket.end()
      else if (dialogue.over === 'rudely') socket.destroy()
      else if (this.mode.slow !== undefined) {
        socket.pause()
        setTimeout(() => socket.resume(), this.mode.slow)
      }
    })
  }
}

class Dialogue {
  over: 'politely' | 'rudely' | undefined
  readonly #sink: SmtpSink
  #recipients: string[] = []
  #inMessage = false
  /** Nothing of the message has been read. */
  #isFresh = false
  /** Of a command that is not whole yet, or the last bytes of a message. */
  #rest: Buffer | undefined
  #head = ''
  #messages = 0
  #hangs = false

  constructor(sink: SmtpSink) {
    this.#sink = sink
  }

  /** @returns what is said to it */
  hear(chunk: Buffer): string {
    if (this.over !== undefined || this.#hangs) return ''
    const bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk])
    this.#rest = undefined
    let said = ''
    let at = 0
    while (at < bytes.length && this.over === undefined && !this.#hangs) {
      const next = this.#inMessage ? this.#endOfMessage(bytes, at) : bytes.indexOf(LF, at) + 1
      if (next <= 0) {
        this.#rest ??= bytes.subarray(at)
        break
      }
      said += this.#inMessage
        ? this.#taken()
        : this.#command(bytes.toString('latin1', at, next), bytes.length > next)
      at = next
    }
    return said
  }

  /** Where the bytes after the final dot begin; 0: it has not come. */
  #endOfMessage(bytes: Buffer, at: number): number {
    if (this.#sink.mode.drop === true) {
      this.over = 'rudely'
      return 0
    }
    if (this.#isFresh) {
      if (bytes.length - at < 3) return 0
      this.#isFresh = false
      if (bytes.toString('latin1', at, at + 3) === '.\r\n') return at + 3
    }
    const end = bytes.indexOf(END, at)
    const rest = Math.max(at, bytes.length - END.length + 1)
    if (this.#head.length < HEAD_MOST)
      this.#head += bytes.toString('latin1', at, Math.min(end < 0 ? rest : end, at + HEAD_MOST))
    if (end >= 0) return end + END.length
    this.#rest = bytes.subarray(rest)
    return 0
  }

  #taken(): string {
    this.#inMessage = false
    const answer = this.#sink.take(this.#head, this.#recipients)
    if (answer === null) this.over = 'rudely'
    else if (answer === undefined) this.#hangs = true
    return answer ?? ''
  }

  #command(line: string, more: boolean): string {
    const { mode, counts } = this.#sink
    if (more && mode.inTurn === true) return '503 5.5.0 One at a time\r\n'
    switch (line.slice(0, 4).toUpperCase()) {
      case 'MAIL':
        this.#recipients = []
        if (mode.messagesEach !== undefined && this.#messages++ >= mode.messagesEach) {
          this.over = 'politely'
          return '421 4.7.0 Enough for one connection\r\n'
        }
        return '250 2.1.0 Ok\r\n'
      case 'RCPT': {
        const recipient = line.slice(line.indexOf('<') + 1, line.lastIndexOf('>'))
        const refusal = this.#sink.refusal(recipient)
        if (refusal !== undefined) {
          counts.refused++
          return refusal
        }
        this.#recipients.push(recipient)
        return '250 2.1.5 Ok\r\n'
      }
      case 'DATA':
        if (this.#recipients.length === 0) return '554 5.5.1 No valid recipients\r\n'
        this.#head = ''
        this.#inMessage = true
        this.#isFresh = true
        return '354 Go ahead\r\n'
      case 'EHLO':
        return `250-sink.test\r\n250-SIZE 52428800\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n${mode.inTurn === true ? '' : '250-PIPELINING\r\n'}250 ENHANCEDSTATUSCODES\r\n`
      case 'HELO':
      case 'RSET':
      case 'NOOP':
        return '250 2.0.0 Ok\r\n'
      case 'QUIT':
        this.over = 'politely'
        return '221 2.0.0 Bye\r\n'
      default:
        return '500 5.5.2 What?\r\n'
    }
  }
}

/** Where in 0..1 a recipient lies, the same in every process. FNV-1a. */
export function shareOf(recipient: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < recipient.length; i++) hash = Math.imul(hash ^ recipient.charCodeAt(i), 0x01000193)
  return (Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0) / 2 ** 32
}

/** What was recorded: how often each recipient was handed each message. */
export function recorded(file: string): Map<string, number> {
  const times = new Map<string, number>()
  for (const line of readFileSync(file, 'utf8').split('\n'))
    if (line !== '') times.set(line, (times.get(line) ?? 0) + 1)
  return times
}

if (import.meta.main) {
  const sink = await SmtpSink.start(JSON.parse(process.argv[2] ?? '{}') as SinkOptions)
  console.log(JSON.stringify({ port: sink.port }))
  for await (const line of createInterface({ input: process.stdin })) {
    if (line !== '?') sink.mode = JSON.parse(line) as SinkMode
    console.log(JSON.stringify(sink.counts))
  }
  // Whoever started it is gone.
  process.exit()
}
