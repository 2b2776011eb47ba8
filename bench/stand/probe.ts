import { setTimeout as pause } from 'node:timers/promises'
import { submit } from '../../server/mail/smtp/client.ts'
import { ADMIN_API_TOKEN, type Posthorn } from '../../test/posthorn.ts'

/** Milliseconds after the 250 of a message. */
export interface Seen {
  listed: number
  found: number
}

interface Inbox {
  id: number
  username: string
  password: string
}

/** Sends single messages into an inbox of their own, beside whatever load there is, and looks when they can be seen. */
export class Probe {
  readonly #posthorn: Posthorn
  readonly #inbox: Inbox
  #sent = 0

  private constructor(posthorn: Posthorn, inbox: Inbox) {
    this.#posthorn = posthorn
    this.#inbox = inbox
  }

  static async into(posthorn: Posthorn): Promise<Probe> {
    const [company] = (await ask(posthorn, '/api/v1/companies')) as { id: number }[]
    const inbox = await ask(posthorn, `/api/v1/companies/${company?.id}/inboxes`, {
      inbox: { name: 'Probe' },
    })
    return new Probe(posthorn, inbox as Inbox)
  }

  async send(): Promise<Seen> {
    const word = `probe${process.pid}x${this.#sent++}`
    await submit(
      {
        host: '127.0.0.1',
        port: this.#posthorn.smtpPort,
        secure: 'none',
        auth: this.#inbox,
        heloName: 'bench.test',
      },
      { reversePath: 'probe@shop.test', forwardPaths: ['b@example.org'] },
      Buffer.from(`From: probe@shop.test\r\nSubject: ${word}\r\n\r\nSeen yet?\r\n`),
    )
    const kept = performance.now()
    const path = `/api/v1/inboxes/${this.#inbox.id}/messages`
    await this.#untilShown(path, word)
    const listed = performance.now() - kept
    await this.#untilShown(`${path}?search=${word}`, word)
    return { listed, found: performance.now() - kept }
  }

  async #untilShown(path: string, word: string): Promise<void> {
    for (const deadline = Date.now() + 10_000; Date.now() < deadline; await pause(1))
      if (((await ask(this.#posthorn, path)) as { subject: string }[]).some(each => each.subject === word))
        return
    throw new Error(`${word} never showed`)
  }
}

async function ask(posthorn: Posthorn, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(posthorn.url + path, {
    headers: { 'api-token': ADMIN_API_TOKEN, 'content-type': 'application/json' },
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  return response.json()
}
