import type { FastifyReply } from 'fastify'
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { Problem } from '../problem.ts'

/** Who listens, and whom something is for: every part that is given must match. */
export interface Audience {
  workspaceId?: number
  userId?: number
  /** The hash of a browser session. */
  session?: string
}

interface Options {
  maxClients: number
  heartbeatMs: number
  /** Bytes that wait for a client that does not read; more, and it is dropped. It will come back and refetch. */
  maxWaiting: number
}

const USUAL: Options = { maxClients: 2_000, heartbeatMs: 15_000, maxWaiting: 64 * 1024 }

interface Client {
  response: ServerResponse
  who: Required<Audience>
  stillWelcome: () => Promise<boolean>
}

/** Server-sent events to open browsers (WHATWG HTML, section 9.2). */
export class Live {
  readonly #options: Options
  readonly #clients = new Set<Client>()
  readonly #heartbeat: NodeJS.Timeout
  #closed = false

  constructor(options: Partial<Options> = {}) {
    this.#options = { ...USUAL, ...options }
    this.#heartbeat = setInterval(() => this.#beat(), this.#options.heartbeatMs)
    this.#heartbeat.unref()
  }

  get clients(): number {
    return this.#clients.size
  }

  /**
   * Takes the reply over and keeps it open.
   * @param stillWelcome asked with each heartbeat; false ends the stream
   * @throws Problem `unavailable` when there are too many already
   */
  open(reply: FastifyReply, who: Required<Audience>, stillWelcome: () => Promise<boolean>): void {
    if (this.#closed || this.#clients.size >= this.#options.maxClients)
      throw new Problem('unavailable', '', { retryAfter: 5 })
    reply.hijack()
    const response = reply.raw
    response.writeHead(200, {
      ...(reply.getHeaders() as OutgoingHttpHeaders),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // nginx would hold events back to fill a buffer.
      'x-accel-buffering': 'no',
    })
    if (reply.request.method === 'HEAD') {
      response.end()
      return
    }
    const client = { response, who, stillWelcome }
    this.#clients.add(client)
    response.on('close', () => this.#clients.delete(client))
    response.on('error', () => this.#clients.delete(client))
    response.write('retry: 1000\n: hello\n\n')
  }

  /** Tells everybody it is for, at once. */
  tell(audience: Audience, event: string, data: unknown): void {
    this.#send(this.#of(audience), event, data)
  }

  #send(listeners: Client[], event: string, data: unknown): void {
    if (listeners.length === 0) return
    const text = `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
    for (const client of listeners) this.#write(client, text)
  }

  /** Tells these people in all their browsers; an id may be there twice. */
  tellUsers(userIds: number[], event: string, data: unknown): void {
    const wanted = new Set(userIds)
    this.#send(
      [...this.#clients].filter(({ who }) => wanted.has(who.userId)),
      event,
      data,
    )
  }

  /** Ends the streams of those who should not hear more. */
  drop(audience: Audience): void {
    for (const client of this.#of(audience)) this.#end(client)
  }

  close(): void {
    this.#closed = true
    clearInterval(this.#heartbeat)
    for (const client of this.#clients) this.#end(client)
  }

  #of({ workspaceId, userId, session }: Audience): Client[] {
    return [...this.#clients].filter(
      ({ who }) =>
        (workspaceId === undefined || who.workspaceId === workspaceId) &&
        (userId === undefined || who.userId === userId) &&
        (session === undefined || who.session === session),
    )
  }

  #write(client: Client, text: string): void {
    client.response.write(text)
    if (client.response.writableLength > this.#options.maxWaiting) client.response.destroy()
  }

  #end(client: Client): void {
    this.#clients.delete(client)
    client.response.end()
  }

  #beat(): void {
    for (const client of this.#clients) {
      this.#write(client, ': still here\n\n')
      void this.#endUnlessWelcome(client)
    }
  }

  async #endUnlessWelcome(client: Client): Promise<void> {
    try {
      if (!(await client.stillWelcome())) this.#end(client)
    } catch {
      // Not known now: asked again with the next beat.
    }
  }
}
