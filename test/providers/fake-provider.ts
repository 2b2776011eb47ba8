// Providers on loopback that speak as theirs are documented to: they check who asks, take mails or refuse them, and can tell
// afterwards what became of each.
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SettingValues } from '../../server/send/ways-out/email-service-types.ts'

export interface AcceptedMail {
  /** Whom the envelope, or the request, names. */
  to: string
  subject: string
  /** The whole message, where the provider takes those. */
  raw: string | null
  html: string | null
  /** What was asked for, as it was. */
  request: unknown
}

export type ToldKind =
  | 'delivered'
  | 'opened'
  /** By no person, as far as the provider knows. */
  | 'machine_opened'
  | 'clicked'
  | 'bounced'
  | 'soft_bounced'
  | 'deferred'
  | 'complained'
  | 'unsubscribed'
  /** Something of which nothing is to be made. */
  | 'unknown'

export interface ToldExtra {
  /** Ms since 1970; default: now. */
  at?: number
  url?: string
  ip?: string
  userAgent?: string
  /** Default: a new one each time. */
  eventId?: string
}

export interface WebhookRequest {
  /** Of the provider's address, without a token. */
  path: string
  headers: Record<string, string>
  body: string
}

/** What it does with a mail: takes it, refuses it for good, throttles, is down, drops the connection, says nothing. */
export type Decision = 'accept' | 'refuse' | 'throttle' | 'down' | 'drop' | 'hang'

export interface FakeProvider {
  readonly name: string
  readonly typeId: number
  readonly url: string
  /** Of an email service that reaches it; Postal's name its address, the others have to be told (`baseUrl`). */
  settings(): SettingValues
  /** What it took, by the id that it gave. */
  readonly accepted: Map<string, AcceptedMail>
  /** TCP connections that were opened. */
  readonly connections: number
  decide: (to: string) => Decision
  /** Several of SendGrid and Mailjet go into one post. */
  webhook(kind: ToldKind, providerId: string, extra?: ToldExtra): WebhookRequest
  close(): Promise<void>
}

export interface FakeRequest {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: Buffer
  /** Undefined: it is none. */
  json: Record<string, unknown> | undefined
}

export interface FakeAnswer {
  status: number
  headers?: Record<string, string>
  /** An object goes as JSON. */
  body?: object | string
}

export interface Serving {
  url: string
  readonly connections: number
  close(): Promise<void>
}

/** @param answer of one request; `drop`: the connection ends without one; `hang`: nothing ever comes */
export async function serve(
  answer: (request: FakeRequest) => FakeAnswer | 'drop' | 'hang',
): Promise<Serving> {
  let connections = 0
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const { method = '', url = '', headers } = request
    const said = answer({ method, path: url, headers, body, json: objectIn(body) })
    if (said === 'hang') return
    if (said === 'drop') return void request.socket.destroy()
    const isText = typeof said.body === 'string' || said.body === undefined
    response.writeHead(said.status, {
      ...(!isText && { 'content-type': 'application/json' }),
      ...said.headers,
    })
    response.end(isText ? said.body : JSON.stringify(said.body))
  })
  server.on('connection', () => connections++)
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get connections() {
      return connections
    },
    close() {
      server.closeAllConnections()
      return new Promise(done => server.close(() => done()))
    },
  }
}

function objectIn(body: Buffer): Record<string, unknown> | undefined {
  try {
    return JSON.parse(body.toString()) as Record<string, unknown>
  } catch {
    return undefined
  }
}

/** Of a message's header, unfolded. */
export function headerOf(raw: string, name: string): string {
  const [head = ''] = raw.split('\r\n\r\n', 1)
  const line = new RegExp(`^${name}:(.*)$`, 'im').exec(head.replaceAll(/\r\n[ \t]/g, ' '))
  return line?.[1]?.trim() ?? ''
}

/** Seconds since 1970. */
export function seconds({ at = Date.now() }: ToldExtra): number {
  return Math.floor(at / 1000)
}
