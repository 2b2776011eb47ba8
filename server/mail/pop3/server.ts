import type { SecureContext } from 'node:tls'
import { Budget } from '../budget.ts'
import { Listeners } from '../listeners.ts'
import type { SessionRules } from './conversation.ts'
import type { Door, Peer } from './door.ts'
import { TOO_MANY_CONNECTIONS, wireForm } from './replies.ts'
import { Session } from './session.ts'

export interface Pop3ServerOptions<L> {
  /** How the server calls itself. */
  readonly hostname: string
  readonly door: Door<L>
  /** Asked at every handshake, so that a new certificate needs no restart. Without it there is no TLS. */
  readonly tls?: () => SecureContext
  /**
   * Ports on which a client may begin with a TLS handshake; by default all. On such a port a plain client, which says
   * nothing before it is greeted, is greeted after half a second only.
   */
  readonly detectTls?: (port: number) => boolean
  /** Bytes of messages on their way out that all connections together keep in memory; by default 64 MiB. */
  readonly memoryBudget?: number
  readonly maxConnections?: number
  readonly maxConnectionsPerAddress?: number
  readonly maxErrors?: number
  /** On one connection, 3 by default. */
  readonly maxFailedLogins?: number
  /** Seconds before a failed login is answered, 1 by default. */
  readonly failedLoginDelay?: number
  /** Seconds without a command; RFC 1939 section 3 asks for 600 at least, the default. */
  readonly idleTimeout?: number
  /** What the door has thrown. */
  readonly onError: (error: unknown, peer: Peer) => void
}

export class Pop3Server<L> {
  private readonly listeners: Listeners<Session<L>>

  constructor(options: Pop3ServerOptions<L>) {
    const rules: SessionRules<L> = {
      hostname: options.hostname,
      door: options.door,
      memory: new Budget(options.memoryBudget ?? 64 * 1024 * 1024),
      maxErrors: options.maxErrors ?? 20,
      maxFailedLogins: options.maxFailedLogins ?? 3,
      failedLoginDelay: options.failedLoginDelay ?? 1,
      tls: options.tls,
      onError: options.onError,
    }
    const idle = options.idleTimeout ?? 600
    this.listeners = new Listeners({
      open: (socket, address, clock) =>
        new Session<L>(rules, { ...address, secure: undefined }, socket, clock),
      detectTls: port => options.tls !== undefined && (options.detectTls?.(port) ?? true),
      timeouts: { idle, transfer: idle },
      maxConnections: options.maxConnections ?? 500,
      maxConnectionsPerAddress: options.maxConnectionsPerAddress ?? 100,
      tooMany: wireForm(TOO_MANY_CONNECTIONS),
    })
  }

  /** Connections that have been greeted. */
  get connections(): number {
    return this.listeners.connections
  }

  /** Listens on all ports or on none. Answers the ports, which tells what 0 has become. Rejects with the system's error. */
  listen(host: string, ports: readonly number[]): Promise<number[]> {
    return this.listeners.listen(host, ports)
  }

  /** Listens no more, sends away who waits for nothing, and gives replies under way up to `grace` seconds. */
  close(grace: number): Promise<void> {
    return this.listeners.close(grace)
  }
}
