import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import type { SecureContext } from 'node:tls'
import { Admission } from './admission.ts'
import { Budget } from './budget.ts'
import type { Timeouts } from './connection.ts'
import type { SessionRules } from './conversation.ts'
import type { Door, Peer } from './door.ts'
import { SHUTTING_DOWN, TALKED_EARLY, TOO_MANY_CONNECTIONS, wireForm } from './replies.ts'
import { Session } from './session.ts'
import { clearSpills } from './spill.ts'

export interface SmtpServerOptions<L> {
  /** How the server calls itself. */
  readonly hostname: string
  readonly door: Door<L>
  /** Bytes. */
  readonly maxMessageSize: number
  /** Where messages go that memory has no room for. Made when it is not there. */
  readonly spillDirectory: string
  /** Asked at every handshake, so that a new certificate needs no restart. Without it there is no TLS. */
  readonly tls?: () => SecureContext
  /** Ports on which a client may begin with a TLS handshake. By default 465 (RFC 8314). */
  readonly detectTls?: (port: number) => boolean
  /** Bytes of messages under way that all connections together keep in memory; by default 64 MiB. */
  readonly memoryBudget?: number
  readonly maxConnections?: number
  readonly maxConnectionsPerAddress?: number
  readonly maxRecipients?: number
  readonly maxErrors?: number
  /** Commands without a message between them. */
  readonly maxCommands?: number
  /** Seconds without a command, 300 by default (RFC 5321 section 4.5.3.2.7). */
  readonly idleTimeout?: number
  /** Seconds for one message, 600 by default. */
  readonly transferTimeout?: number
  /**
   * Seconds before the greeting in which a client that talks is refused. 0, the default, greets at
   * once: scripts that write all their commands blindly are common, and only HTTP is refused.
   */
  readonly greetingDelay?: number
  /** What the door or the storage of messages has thrown. */
  readonly onError: (error: unknown, peer: Peer<L>) => void
}

/** Seconds a TLS client has for its first byte where plain SMTP is spoken as well; it speaks first, a plain client waits for us. */
const HELLO_WAIT = 0.5
const TLS_HANDSHAKE = 0x16

export class SmtpServer<L> {
  private readonly options: SmtpServerOptions<L>
  private readonly rules: SessionRules<L>
  private readonly timeouts: Timeouts
  private readonly admission: Admission
  private readonly listeners: Server[] = []
  private readonly sessions = new Set<Session<L>>()
  /** Connected, not greeted yet. */
  private readonly waiting = new Set<Socket>()
  private readonly clock = { now: 0 }
  private sweeping: NodeJS.Timeout | undefined
  private connected = 0

  constructor(options: SmtpServerOptions<L>) {
    const budget = options.memoryBudget ?? 64 * 1024 * 1024
    this.options = options
    this.rules = {
      hostname: options.hostname,
      door: options.door,
      content: {
        maxSize: options.maxMessageSize,
        memory: new Budget(budget),
        handover: new Budget(budget),
        directory: options.spillDirectory,
      },
      maxRecipients: options.maxRecipients ?? 1000,
      maxErrors: options.maxErrors ?? 20,
      maxCommands: options.maxCommands ?? 10_000,
      tls: options.tls,
      onError: options.onError,
    }
    this.timeouts = { idle: options.idleTimeout ?? 300, transfer: options.transferTimeout ?? 600 }
    this.admission = new Admission(options.maxConnections ?? 1000, options.maxConnectionsPerAddress ?? 250)
  }

  /** Connections that have been greeted. */
  get connections(): number {
    return this.sessions.size
  }

  /** Listens on all ports or on none. Answers the ports, which tells what 0 has become. Rejects with the system's error. */
  async listen(host: string, ports: readonly number[]): Promise<number[]> {
    await clearSpills(this.options.spillDirectory)
    const { idle, transfer } = this.timeouts
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

  /**
   * Listens no more, sends away who is between messages, and waits up to `grace` seconds for
   * messages and replies under way.
   */
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
    const { remoteAddress, remotePort, localPort } = socket
    // the peer may have gone before we came to look
    if (remoteAddress === undefined || remotePort === undefined || localPort === undefined)
      return void socket.destroy()
    if (!this.admission.enter(remoteAddress)) return turnAway(socket, TOO_MANY_CONNECTIONS)
    socket.once('close', () => this.admission.leave(remoteAddress))

    const begin = (): Session<L> => {
      const id = (++this.connected).toString(36)
      const session = new Session<L>(
        this.rules,
        {
          id,
          remoteAddress,
          remotePort,
          localPort,
          secure: undefined,
          greeting: '',
          esmtp: false,
          login: undefined,
        },
        socket,
        this.clock,
      )
      this.sessions.add(session)
      socket.once('close', () => this.sessions.delete(session))
      return session
    }
    const mayBeTls = this.options.tls !== undefined && (this.options.detectTls ?? isSubmissions)(localPort)
    const delay = this.options.greetingDelay ?? 0
    if (!mayBeTls && delay === 0) return begin().greet()
    this.await(socket, mayBeTls ? Math.max(HELLO_WAIT, delay) : delay, first => {
      if (mayBeTls && first?.[0] === TLS_HANDSHAKE) return begin().startImplicitTls(first)
      if (first && delay > 0) return turnAway(socket, TALKED_EARLY)
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
    for (const session of this.sessions) session.wire.sweep(this.timeouts)
  }
}

function isSubmissions(port: number): boolean {
  return port === 465
}

function turnAway(socket: Socket, reply: typeof SHUTTING_DOWN): void {
  socket.on('error', () => {})
  socket.end(wireForm(reply), () => socket.destroy())
}
