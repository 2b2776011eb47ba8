import type { Socket } from 'node:net'
import { TLSSocket, type SecureContext } from 'node:tls'

/** RFC 5321 section 4.5.3.1.4 asks for 512, RFC 2449 section 4 for 255; long SMTPUTF8 addresses and DSN parameters want more. */
const MAX_LINE = 4096
/** RFC 4954 section 4; RFC 5034 has none. */
const MAX_AUTH_LINE = 12_288
/** Unread input at which the socket is no longer read. */
const MAX_INPUT = 64 * 1024
/** Replies to one chunk of pipelined commands beyond this are written before the next command is read. */
const MAX_OUTPUT = 16 * 1024
/** Seconds without reading after which a peer is said to have stalled. */
const STALLED = 1
/** Seconds a peer has to close its side after our last reply. */
const LINGER = 5

const EMPTY = Buffer.alloc(0)
const LF = 10
const CR = 13

/** Seconds. One value per server, moved by its sweep: no system call and no timer per command. */
export interface Clock {
  readonly now: number
}

/** In seconds. */
export interface Timeouts {
  /** Without a command, without a byte of a message, or without a reply being read. */
  readonly idle: number
  /** For a whole message, however lively it trickles in. */
  readonly transfer: number
}

/** What a connection reads for. */
export interface Reader {
  /** True while what comes is message bytes and not lines. */
  readonly receiving: boolean
  /** True while a long line is allowed. */
  readonly expectsResponse: boolean
  /** A line without its end. */
  line(bytes: Buffer): void
  lineTooLong(): void
  /** Takes message bytes from `start` on; answers the index of the first byte not taken. */
  receive(chunk: Buffer, start: number): number
  secured(protocol: string, cipher: string): void
  /** Nothing came for too long. */
  timedOut(): void
  /** The peer takes nothing for now: time to let go of what can be had again. */
  stalled?(): void
  /** The peer has gone, or was sent away. */
  gone(): void
}

/**
 * One socket: lines and bytes in, replies out. Everything one turn of the event loop answers is
 * written together, and a peer that does not read its replies is not read from.
 */
export class Connection<R> {
  /** An answer is being waited for: input is kept, not read. */
  held = false
  handshaking = false
  /** By the clock: the last sign of life, and the start of the message under way. */
  private since: number
  private receivingSince = 0
  /** The last reply has been written. */
  private closing = false
  private socket: Socket
  private readonly clock: Clock
  private readonly reader: Reader
  private readonly wireForm: (reply: R) => string
  private input: Buffer = EMPTY
  private position = 0
  private output = ''
  /** Writes the next piece of something long; answers whether there is more. */
  private source: (() => boolean) | undefined
  /** The peer does not read: nothing more is answered until it does. */
  private blocked = false
  private skippingLine = false
  private paused = false
  private running = false
  /** The peer has sent its FIN. It may still be waiting for replies, as `printf … | nc` is. */
  private ended = false

  constructor(socket: Socket, reader: Reader, clock: Clock, wireForm: (reply: R) => string) {
    this.socket = socket
    this.reader = reader
    this.clock = clock
    this.wireForm = wireForm
    this.since = clock.now
    this.listen(socket)
  }

  reply(reply: R): void {
    if (!this.closing) this.output += this.wireForm(reply)
  }

  /** A reply that nothing asked for. */
  send(reply: R): void {
    this.reply(reply)
    this.flush()
  }

  /** The last reply: what the peer sends from now on is thrown away. */
  farewell(reply: R): void {
    if (this.closing) return
    this.send(reply)
    this.finish()
  }

  /** A piece of a longer answer. Larger than a line: behind a peer that does not read, one at most is kept. */
  put(piece: Buffer | string): void {
    if (this.closing) return
    this.flush()
    if (!this.socket.write(piece, 'latin1')) this.blocked = true
  }

  /** Calls `more` whenever the peer can take another piece, until it answers false. Commands wait meanwhile. */
  pour(more: () => boolean): void {
    this.source = more
  }

  hold(): void {
    this.held = true
  }

  release(then: () => void): void {
    this.held = false
    this.since = this.clock.now
    then()
    this.run()
  }

  /** Something is under way that a reply will end. */
  get busy(): boolean {
    return this.held || this.source !== undefined || this.reader.receiving
  }

  beginReceiving(): void {
    this.receivingSince = this.clock.now
  }

  feed(chunk: Buffer): void {
    if (this.closing) return
    this.input =
      this.position < this.input.length ? Buffer.concat([this.input.subarray(this.position), chunk]) : chunk
    this.position = 0
    this.run()
  }

  /**
   * RFC 3207. What was pipelined behind STARTTLS came in the clear, maybe from somebody in between,
   * and is dropped (CVE-2011-0411).
   */
  startTls(context: SecureContext, reply: R | undefined, first?: Buffer): void {
    this.held = this.handshaking = true
    const plain = this.socket
    const wrap = (): void => {
      if (plain.destroyed) return
      // all replies are out, and nobody will tell of `plain` having drained
      this.blocked = false
      plain.removeListener('data', this.onData)
      // only now: more of it may have come while the 220 was on its way out
      this.input = EMPTY
      this.position = 0
      plain.pause()
      if (first) plain.unshift(first)
      const secure = new TLSSocket(plain, { isServer: true, secureContext: context })
      this.socket = secure
      this.listen(secure)
      secure.once('secure', () => {
        this.handshaking = false
        this.release(() => this.reader.secured(secure.getProtocol() ?? '', secure.getCipher().name))
      })
    }
    plain.removeListener('end', this.onEnd)
    plain.removeListener('drain', this.onDrain)
    if (!reply) return wrap()
    this.reply(reply)
    const { output } = this
    this.output = ''
    plain.write(output, 'latin1', wrap)
  }

  destroy(): void {
    this.socket.destroy()
  }

  /** Ends what has been silent for too long. */
  sweep(timeouts: Timeouts): void {
    const silent = this.clock.now - this.since
    if (this.closing) {
      if (silent > LINGER) this.destroy()
    } else if (this.handshaking || this.blocked) {
      if (silent > STALLED) this.reader.stalled?.()
      if (silent > timeouts.idle) this.destroy()
    } else if (!this.held) {
      const late = this.reader.receiving && this.clock.now - this.receivingSince > timeouts.transfer
      if (late || silent > timeouts.idle) this.reader.timedOut()
    }
  }

  private run(): void {
    if (this.running) return
    this.running = true
    while (this.mayGoOn) {
      if (this.source) {
        if (!this.source()) this.source = undefined
        else if (!this.held && !this.blocked) this.yieldTurn()
      } else if (this.reader.receiving) {
        this.since = this.clock.now
        this.position = this.reader.receive(this.input, this.position)
      } else if (!this.readLine()) break
      if (this.output.length > MAX_OUTPUT) this.flush()
    }
    this.running = false
    this.trim()
    this.flush()
    if (this.ended && !this.held && !this.blocked && !this.closing) this.finish()
    this.press()
  }

  private get mayGoOn(): boolean {
    if (this.held || this.blocked || this.closing) return false
    return this.source !== undefined || this.position < this.input.length
  }

  /** A peer as quick as we are would otherwise keep all others waiting until the last piece. */
  private yieldTurn(): void {
    this.held = true
    setImmediate(() => this.release(() => {}))
  }

  private readLine(): boolean {
    const { input, position } = this
    const lf = input.indexOf(LF, position)
    const length = (lf < 0 ? input.length : lf) - position
    if (this.skippingLine) {
      this.position = lf < 0 ? input.length : lf + 1
      this.skippingLine = lf < 0
      return true
    }
    if (length > MAX_LINE && length > this.lineLimit()) {
      this.skippingLine = true
      this.reader.lineTooLong()
      return true
    }
    if (lf < 0) return false
    this.position = lf + 1
    this.since = this.clock.now
    // RFC 5321 section 2.3.8 wants CRLF. People at a terminal send LF, and no second message can be
    // smuggled in a command line: the end of data is searched for elsewhere, and strictly.
    const end = lf > position && input[lf - 1] === CR ? lf - 1 : lf
    this.reader.line(input.subarray(position, end))
    return true
  }

  private lineLimit(): number {
    const auth =
      this.reader.expectsResponse ||
      /^auth /i.test(this.input.toString('latin1', this.position, this.position + 5))
    return auth ? MAX_AUTH_LINE : MAX_LINE
  }

  /** Lets go of a large chunk of which only a little is left. */
  private trim(): void {
    const left = this.input.length - this.position
    if (this.position === 0 || left > this.position) return
    this.input = left > 0 ? Buffer.from(this.input.subarray(this.position)) : EMPTY
    this.position = 0
  }

  private press(): void {
    const full =
      !this.closing &&
      (this.held || this.blocked || this.source !== undefined) &&
      this.input.length - this.position >= MAX_INPUT
    if (full === this.paused) return
    this.paused = full
    if (full) this.socket.pause()
    else this.socket.resume()
  }

  private flush(): void {
    if (this.output === '') return
    const { output } = this
    this.output = ''
    // replies are printable ASCII, which latin1 writes without a conversion
    if (!this.socket.write(output, 'latin1')) this.blocked = true
  }

  private finish(): void {
    this.closing = true
    this.source = undefined
    this.since = this.clock.now
    this.input = EMPTY
    this.position = 0
    this.reader.gone()
    // keeps reading, or unread bytes would turn our close into a reset that can overtake the reply
    this.press()
    this.socket.end()
  }

  private listen(socket: Socket): void {
    socket.on('data', this.onData)
    socket.on('drain', this.onDrain)
    socket.on('end', this.onEnd)
    socket.on('close', this.onClose)
    // a reset says nothing that `close` does not
    socket.on('error', () => socket.destroy())
  }

  private readonly onData = (chunk: Buffer): void => {
    this.feed(chunk)
  }

  private readonly onDrain = (): void => {
    this.blocked = false
    this.since = this.clock.now
    this.run()
  }

  private readonly onEnd = (): void => {
    this.ended = true
    if (this.closing) this.destroy()
    else this.run()
  }

  private readonly onClose = (): void => {
    if (!this.closing) this.reader.gone()
    this.closing = true
  }
}
