import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { Admission } from './admission.ts'
import type { Clock, Connection, Timeouts } from './connection.ts'

/** Who has connected, and where. */
export interface PeerAddress {
  /** Unique among the connections of these listeners; for the log. */
  readonly id: string
  readonly remoteAddress: string
  readonly remotePort: number
  readonly localPort: number
}

/** One connection, as the listeners see it. */
export interface Served {
  readonly wire: Pick<Connection<never>, 'feed' | 'sweep' | 'destroy'>
  greet(): void
  /** Instead of `greet`: TLS from the first byte on, which has come already. */
  startImplicitTls(hello: Buffer): void
  /** The server closes: goodbye now, or after what is under way. */
  leave(): void
}

interface Options<S> {
  /** Gives a session to a connection that was let in. */
  open(socket: Socket, address: PeerAddress, clock: Clock): S
  /** Whether a client on this port may begin with a TLS handshake. */
  detectTls(port: number): boolean
  readonly timeouts: Timeouts
  readonly maxConnections: number
  readonly maxConnectionsPerAddress: number
  /** A whole reply, as it goes over the wire, for those who are too many. */
  readonly tooMany: string
  /** Seconds before the greeting in which a client that talks is refused, and how; 0 greets at once. */
  readonly silence?: { readonly seconds: number; readonly refusal: string }
}

/** Seconds a TLS client has for its first byte where plain text is spoken as well; it speaks first, a plain client waits for us. */
const HELLO_WAIT = 0.5
const TLS_HANDSHAKE = 0x16

/** The ports of one protocol in which the server speaks first: lets connections in, counts them, and ends them. */
export class Listeners<S extends Served> {
  private readonly options: Options<S>
  private readonly admission: Admission
  private readonly listeners: Server[] = []
  private readonly sessions = new Set<S>()
  /** Connected, not greeted yet. */
  private readonly waiting = new Set<Socket>()
  private readonly clock = { now: 0 }
  private sweeping: NodeJS.Timeout | undefined
  private connected = 0

  constructor(options: Options<S>) {
    this.options = options
    this.admission = new Admission(options.maxConnections, options.maxConnectionsPerAddress)
  }

  /** Connections that have been greeted. */
  get connections(): number {
    return this.sessions.size
  }

  /** Listens on all ports or on none. Answers the ports, which tells what 0 has become. Rejects with the system's error. */
  async listen(host: string, ports: readonly number[]): Promise<number[]> {
    const { idle, transfer } = this.options.timeouts
    this.tick()
    this.sweeping = setInterval(() => this.sweep(), Math.min(1000, idle * 250, transfer * 250))
    try {
      const open: number[] = []
      for (const port of ports) open.push(await this.listenOn(host, port))
      return open
    } catch (error) {
      await this.close(0)
      throw error
    }
  }

  /** Listens no more, sends away who waits for nothing, and gives the others up to `grace` seconds. */
  async close(grace: number): Promise<void> {
    const closed = this.listeners.map(listener => new Promise(done => listener.close(done)))
    for (const socket of this.waiting) socket.destroy()
    for (const session of this.sessions) session.leave()
    const deadline = setTimeout(() => {
      for (const session of this.sessions) session.wire.destroy()
    }, grace * 1000)
    await Promise.all(closed)
    clearTimeout(deadline)
    clearInterval(this.sweeping)
  }

  private async listenOn(host: string, port: number): Promise<number> {
    const listener = createServer({ allowHalfOpen: true, noDelay: true }, socket => this.connect(socket))
    await new Promise<void>((done, fail) => {
      listener.once('error', fail)
      listener.listen(port, host, done)
    })
    this.listeners.push(listener)
    return (listener.address() as AddressInfo).port
  }

  private connect(socket: Socket): void {
    const { options } = this
    const { remoteAddress, remotePort, localPort } = socket
    // the peer may have gone before we came to look
    if (remoteAddress === undefined || remotePort === undefined || localPort === undefined)
      return void socket.destroy()
    if (!this.admission.enter(remoteAddress)) return turnAway(socket, options.tooMany)
    socket.once('close', () => this.admission.leave(remoteAddress))

    const begin = (): S => {
      const id = (++this.connected).toString(36)
      const session = options.open(socket, { id, remoteAddress, remotePort, localPort }, this.clock)
      this.sessions.add(session)
      socket.once('close', () => this.sessions.delete(session))
      return session
    }
    const mayBeTls = options.detectTls(localPort)
    const { seconds: delay, refusal } = options.silence ?? { seconds: 0, refusal: '' }
    if (!mayBeTls && delay === 0) return begin().greet()
    this.await(socket, mayBeTls ? Math.max(HELLO_WAIT, delay) : delay, first => {
      if (mayBeTls && first?.[0] === TLS_HANDSHAKE) return begin().startImplicitTls(first)
      if (first && delay > 0) return turnAway(socket, refusal)
      const session = begin()
      session.greet()
      if (first) session.wire.feed(first)
    })
  }

  /** The first bytes, or undefined when none came within the time. */
  private await(socket: Socket, seconds: number, decide: (first: Buffer | undefined) => void): void {
    const done = (first?: Buffer): void => {
      clearTimeout(timer)
      socket.removeListener('data', done).removeListener('close', forget).removeListener('error', forget)
      this.waiting.delete(socket)
      decide(first)
    }
    const forget = (): void => {
      clearTimeout(timer)
      this.waiting.delete(socket)
      socket.destroy()
    }
    const timer = setTimeout(done, seconds * 1000)
    this.waiting.add(socket)
    socket.once('data', done).once('close', forget).once('error', forget)
  }

  private tick(): void {
    this.clock.now = performance.now() / 1000
  }

  private sweep(): void {
    this.tick()
    for (const session of this.sessions) session.wire.sweep(this.options.timeouts)
  }
}

function turnAway(socket: Socket, refusal: string): void {
  socket.on('error', () => {})
  socket.end(refusal, () => socket.destroy())
}
