// One server for a file of conversations in SendPortal's dialect: two workspaces, whose people know nothing of each other.
import { afterAll, beforeAll, expect } from 'vitest'
import { createPerson } from '../../server/accounts/people.ts'
import { createToken } from '../../server/accounts/tokens.ts'
import { addMember } from '../../server/accounts/workspaces.ts'
import { assemble } from '../../server/assemble.ts'
import { databaseLocation, readSettings } from '../../server/config.ts'
import { createLog } from '../../server/log.ts'
import { openStorage, type Storage } from '../../server/storage/database.ts'
import type { Engine } from '../engines.ts'
import { ADMIN_API_TOKEN, WORKSPACE_API_TOKEN } from '../posthorn.ts'

export interface Said {
  status: number
  headers: Headers
  text: string
  /** The body as JSON. */
  json: never
}

export interface Ask {
  /** Default: the first workspace's; null: none. */
  token?: string | null
  headers?: Record<string, string>
}

export interface SendPortal {
  readonly url: string
  readonly storage: Storage
  /** Of the second workspace. */
  readonly foreignToken: string
  readonly foreignId: number
  /** Of a user who may only look at the first workspace. */
  readonly viewerToken: string
  /** Relative to `/api/v1`. An object goes as JSON, URLSearchParams as a form, text as it is. */
  call(method: string, path: string, body?: object | string, ask?: Ask): Promise<Said>
  /** What `data` holds. @throws Error if it is no success */
  data<T>(method: string, path: string, body?: object, ask?: Ask): Promise<T>
}

export function useSendPortal(engine: Engine, env: Record<string, string> = {}): SendPortal {
  let url = ''
  let storage: Storage
  let [foreignToken, viewerToken, foreignId] = ['', '', 0]
  let stop: () => Promise<void>

  beforeAll(async () => {
    const database = await engine.freshUrl()
    const dataDir = engine.freshDataDir()
    const read = readSettings(
      {},
      {
        POSTHORN_DATA_DIR: dataDir,
        POSTHORN_THROTTLE: '0',
        POSTHORN_ADMIN_API_TOKEN: ADMIN_API_TOKEN,
        POSTHORN_WORKSPACE_API_TOKEN: WORKSPACE_API_TOKEN,
        ...(database.startsWith('postgres') && { DATABASE_URL: database }),
        ...env,
      },
      dataDir,
    )
    const settings = { ...read, httpPort: 0, smtpPorts: [0], pop3Ports: [] }
    const log = createLog({ level: 'error', human: false, write: line => process.stderr.write(line) })
    const running = await assemble(settings, log)
    url = `http://127.0.0.1:${running.httpPort}`
    storage = await openStorage(
      databaseLocation(settings),
      new URL('../../server/operations.ts', import.meta.url),
      error => log.error('the writing thread stopped', { error }),
    )
    const person = (name: string) =>
      createPerson(storage.write, { name, email: `${name}@example.com`, password: null })
    const stranger = await person('stranger')
    foreignId = stranger.workspace.id
    const description = 'of the stranger'
    const userId = stranger.user.id
    const token = await createToken(storage.write, {
      kind: 'workspace',
      userId,
      workspaceId: foreignId,
      description,
    })
    foreignToken = token.value
    const viewer = await person('viewer')
    await addMember(storage.write, 1, viewer.user.id, 'viewer')
    await storage.write
      .updateTable('users')
      .set({ current_workspace_id: 1 })
      .where('id', '=', viewer.user.id)
      .execute()
    viewerToken = viewer.apiToken
    stop = async () => {
      await running.stop()
      await storage.close()
    }
  })
  afterAll(() => stop())

  const call: SendPortal['call'] = async (
    method,
    path,
    body,
    { token = WORKSPACE_API_TOKEN, headers = {} } = {},
  ) => {
    const isJson =
      typeof body === 'object' && !(body instanceof URLSearchParams) && !(body instanceof FormData)
    const response = await fetch(`${url}${path.startsWith('/api/') ? '' : '/api/v1'}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(isJson && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: isJson ? JSON.stringify(body) : (body as string) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      text,
      get json() {
        return JSON.parse(text) as never
      },
    }
  }

  return {
    get url() {
      return url
    },
    get storage() {
      return storage
    },
    get foreignToken() {
      return foreignToken
    },
    get foreignId() {
      return foreignId
    },
    get viewerToken() {
      return viewerToken
    },
    call,
    async data(method, path, body, ask) {
      const said = await call(method, path, body, ask)
      if (said.status !== 200 && said.status !== 201)
        throw new Error(`${method} ${path}: ${said.status} ${said.text}`)
      return (said.json as { data: never }).data
    },
  }
}

/** The refusal of values that are not valid, whole (contract, section 1.7). */
export function expectErrors(said: Said, errors: Record<string, string[]>): void {
  expect({ status: said.status, json: said.json }).toEqual({
    status: 422,
    json: { message: 'The given data was invalid.', errors },
  })
}

/** An object that is not there, or not theirs. */
export function expectAbsent(said: Said): void {
  expect([said.status, said.text]).toEqual([404, '{"message":"Invalid entity ID specified."}'])
}

/** Section 1.5. */
export const DATE = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/
