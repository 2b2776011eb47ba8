import { sha256 } from './sample-mail.ts'
import { ADMIN_API_TOKEN, type Posthorn } from './posthorn.ts'

/** A running Posthorn as one who holds the owner's API token sees it. */

export interface Listed {
  id: number
  subject: string
  is_read: boolean
}

export async function call(posthorn: Posthorn, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(posthorn.url + path, { ...init, headers: { 'api-token': ADMIN_API_TOKEN, ...init.headers } })
}

/** @throws Error with the reply, if it is no success */
export async function get(posthorn: Posthorn, path: string): Promise<Response> {
  const reply = await call(posthorn, path)
  if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`)
  return reply
}

/** All messages of an inbox, newest first, page by page. */
export async function listAll(posthorn: Posthorn, inboxId = 1): Promise<Listed[]> {
  const all: Listed[] = []
  for (;;) {
    const after = all.length === 0 ? '' : `?last_id=${all.at(-1)?.id}`
    const reply = await get(posthorn, `/api/v1/inboxes/${inboxId}/messages${after}`)
    const page = (await reply.json()) as Listed[]
    if (page.length === 0) return all
    all.push(...page)
  }
}

/** The message byte for byte. */
export async function bodyOf(posthorn: Posthorn, id: number, inboxId = 1): Promise<Buffer> {
  const reply = await get(posthorn, `/api/v1/inboxes/${inboxId}/messages/${id}/body.eml`)
  return Buffer.from(await reply.arrayBuffer())
}

/** Status of `/health/ready`, and what it says of each part. */
export async function readiness(
  posthorn: Posthorn,
): Promise<{ status: number; checks: Record<string, string> }> {
  const reply = await fetch(`${posthorn.url}/health/ready`)
  const { checks } = (await reply.json()) as { checks: Record<string, string> }
  return { status: reply.status, checks }
}

/** The lines of the log that say so. */
export function logged(posthorn: Posthorn, message: string): Record<string, unknown>[] {
  return posthorn
    .output()
    .split('\n')
    .filter(line => line.startsWith('{'))
    .map(line => JSON.parse(line) as Record<string, unknown>)
    .filter(line => line.message === message)
}

/** Remembers what was answered 250, to ask for it later. */
export class Receipts {
  readonly #sha = new Map<string, string>()

  get count(): number {
    return this.#sha.size
  }

  /** To be called with each message and the reply to it; gives the reply back. */
  note(name: string, bytes: Buffer, reply: string): string {
    if (reply.startsWith('250')) this.#sha.set(name, sha256(bytes))
    return reply
  }

  /** What is not there exactly once, byte for byte; empty if the promise was kept. */
  async missing(posthorn: Posthorn, inboxId = 1): Promise<string[]> {
    const found = Map.groupBy(await listAll(posthorn, inboxId), message => message.subject)
    const missing: string[] = []
    for (const [name, sha] of this.#sha) {
      const [only, second] = found.get(name) ?? []
      if (!only || second || sha256(await bodyOf(posthorn, only.id, inboxId)) !== sha) missing.push(name)
    }
    return missing
  }
}
