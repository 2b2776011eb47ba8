import type { SecureContext } from 'node:tls'
import { Budget } from '../budget.ts'
import { Listeners } from '../listeners.ts'
import type { SessionRules } from './conversation.ts'
import type { Door, Peer } from './door.ts'
import { TALKED_EARLY, TOO_MANY_CONNECTIONS, wireForm } from './replies.ts'
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

export class SmtpServer<L> {
  private readonly spillDirectory: string
  private readonly listeners: Listeners<Session<L>>

  constructor(options: SmtpServerOptions<L>) {
    const budget = options.memoryBudget ?? 64 * 1024 * 1024
    this.spillDirectory = options.spillDirectory
    const rules: SessionRules<L> = {
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
    const detectTls = options.detectTls ?? isSubmissions
    this.listeners = new Listeners({
      open: (socket, address, clock) =>
        new Session<L>(
          rules,
          { ...address, secure: undefined, greeting: '', esmtp: false, login: undefined },
          socket,
          clock,
        ),
      detectTls: port => options.tls !== undefined && detectTls(port),
      timeouts: { idle: options.idleTimeout ?? 300, transfer: options.transferTimeout ?? 600 },
      maxConnections: options.maxConnections ?? 1000,
      maxConnectionsPerAddress: options.maxConnectionsPerAddress ?? 250,
      tooMany: wireForm(TOO_MANY_CONNECTIONS),
      silence: { seconds: options.greetingDelay ?? 0, refusal: wireForm(TALKED_EARLY) },
    })
  }

  /** Connections that have been greeted. */
  get connections(): number {
    return this.listeners.connections
  }

  /** Listens on all ports or on none. Answers the ports, which tells what 0 has become. Rejects with the system's error. */
  async listen(host: string, ports: readonly number[]): Promise<number[]> {
    await clearSpills(this.spillDirectory)
    return this.listeners.listen(host, ports)
  }

  /**
   * Listens no more, sends away who is between messages, and waits up to `grace` seconds for
   * messages and replies under way.
   */
  close(grace: number): Promise<void> {
    return this.listeners.close(grace)
  }
}

function isSubmissions(port: number): boolean {
  return port === 465
}
