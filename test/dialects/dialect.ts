// One server for a file of conversations in Mailtrap's dialect, and what is expected of every reply.
import { afterAll, beforeAll, expect } from 'vitest'
import type { Engine } from '../engines.ts'
import { ADMIN_API_TOKEN, INBOX_PASSWORD, INBOX_USERNAME, type Posthorn, startPosthorn } from '../posthorn.ts'
import { submit } from '../../server/mail/smtp/client.ts'
import { railsReference } from './rails-reference.ts'

interface Said {
  status: number
  headers: Headers
  text: string
  bytes: Buffer
  json: never
}

interface Ask {
  method?: string
  token?: string | null
  headers?: Record<string, string>
  /** An object goes as JSON, text as it is. */
  body?: unknown
}

export interface Dialect {
  readonly server: Posthorn
  /** Relative to `/api/v1` if it does not begin with `/api` or `//`. */
  ask(path: string, options?: Ask): Promise<Said>
  /** @throws Error if it is no success */
  get<T>(path: string, token?: string): Promise<T>
  /** The same in both formats; both must say the same. @returns the object */
  both<T extends object>(path: string, root: string, options?: Ask): Promise<T>
  /** Through the SMTP door with the first inbox's login. */
  send(
    mail: string,
    envelope?: { from?: string; to?: string[]; username?: string; password?: string },
  ): Promise<void>
  /** Another person with a workspace of their own. @returns their API token */
  person(email: string): Promise<string>
}

/** @param engine default: SQLite */
export function useDialect(env: Record<string, string> = {}, engine?: Engine): Dialect {
  let server: Posthorn
  beforeAll(async () => {
    const url = await engine?.freshUrl()
    server = await startPosthorn({
      ...(url?.startsWith('postgres') && { databaseUrl: url }),
      env: { POSTHORN_API_RATE_LIMIT: '100000/10', POSTHORN_SANDBOX_DOMAIN: 'inbox.test', ...env },
    })
  })
  afterAll(() => server.stop())

  const ask: Dialect['ask'] = async (
    path,
    { method = 'GET', token = ADMIN_API_TOKEN, headers = {}, body } = {},
  ) => {
    const isText = typeof body === 'string'
    const url = server.url + (/^\/(api|\/)/.test(path) ? path : `/api/v1${path}`)
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      headers: {
        ...(token !== null && { 'api-token': token }),
        ...(body !== undefined && !isText && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
    })
    const bytes = Buffer.from(await response.arrayBuffer())
    return {
      status: response.status,
      headers: response.headers,
      text: bytes.toString(),
      bytes,
      get json() {
        return JSON.parse(bytes.toString()) as never
      },
    }
  }

  return {
    get server() {
      return server
    },
    ask,
    async get(path, token) {
      const said = await ask(path, token === undefined ? {} : { token })
      if (said.status !== 200) throw new Error(`${path}: ${said.status} ${said.text}`)
      return said.json
    },
    async both(path, root, options = {}) {
      const json = await ask(path, options)
      expect(json.status, json.text).toBe(200)
      expect(json.headers.get('content-type')).toBe('application/json; charset=utf-8')
      const xml = await ask(path, { ...options, headers: { ...options.headers, accept: 'application/xml' } })
      expect(xml.status).toBe(200)
      expect(xml.headers.get('content-type')).toBe('application/xml; charset=utf-8')
      expect(xml.text).toBe(railsReference(json.json, root))
      return json.json
    },
    async send(mail, { from = 'app@example.com', to = ['ada@example.com'], username, password } = {}) {
      await submit(
        {
          host: '127.0.0.1',
          port: server.smtpPort,
          heloName: 'client.test',
          secure: 'none',
          auth: { username: username ?? INBOX_USERNAME, password: password ?? INBOX_PASSWORD },
        },
        { reversePath: from, forwardPaths: to },
        Buffer.from(mail.replaceAll(/\r?\n/g, '\r\n')),
      )
    },
    async person(email) {
      const made = await server.run([
        'user',
        'create',
        '--email',
        email,
        '--name',
        email,
        '--password',
        'four words make sense',
      ])
      const token = made.stdout.split('\n').find(line => /^[0-9a-f]{32}$/.test(line))
      if (token === undefined) throw new Error(made.stdout + made.stderr)
      return token
    },
  }
}

type Kind = 'integer' | 'string' | 'boolean' | 'number' | 'object' | 'array' | 'time' | 'null'

/** Fields in their order; a `?` after the kind: may be null. */
export type Fields = [name: string, kind: Kind | `${Kind}?`][]

const KINDS: Record<Kind, (value: unknown) => boolean> = {
  integer: Number.isSafeInteger,
  string: value => typeof value === 'string',
  boolean: value => typeof value === 'boolean',
  number: value => typeof value === 'number',
  object: value => typeof value === 'object' && value !== null && !Array.isArray(value),
  array: Array.isArray,
  // Contract, section 1.9.
  time: value => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d)$/.test(String(value)),
  null: value => value === null,
}

/** Every field there, in order, of its kind, and none beside them. */
export function expectFields(object: object, fields: Fields): void {
  expect(Object.keys(object)).toEqual(fields.map(([name]) => name))
  for (const [name, kind] of fields) {
    const value = (object as Record<string, unknown>)[name]
    const fits = (kind.endsWith('?') && value === null) || KINDS[kind.replace('?', '') as Kind](value)
    expect(fits, `${name}: ${JSON.stringify(value)} is no ${kind}`).toBe(true)
  }
}
