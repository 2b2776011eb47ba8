import { mkdtempSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls, createSecureContext, type SecureContext } from 'node:tls'
import { generate } from 'selfsigned'
import { onTestFinished } from 'vitest'
import type { Content, Door, Envelope, Peer } from '../server/mail/smtp/door.ts'
import { QUEUED } from '../server/mail/smtp/replies.ts'
import { SmtpServer, type SmtpServerOptions } from '../server/mail/smtp/server.ts'

/** For the tests of the SMTP server: a door that keeps what it is given, and a client that says exactly what it is told. */

export interface Kept {
  bytes: Buffer
  lineEnds: { bareCr: number; bareLf: number }
  envelope: Envelope
  peer: Peer<string>
}

export class Letterbox implements Door<string> {
  readonly kept: Kept[] = []
  login(username: string): ReturnType<Door<string>['login']> {
    return username === 'user' ? { password: 'secret', login: 'inbox 1' } : undefined
  }
  sender(): ReturnType<Door<string>['sender']> {
    return undefined
  }
  recipient(): ReturnType<Door<string>['recipient']> {
    return undefined
  }
  content(): ReturnType<Door<string>['content']> {
    return undefined
  }
  async message(peer: Peer<string>, envelope: Envelope, content: Content): Promise<typeof QUEUED> {
    const bytes = Buffer.from(await content.bytes())
    const { bareCr, bareLf } = content.lineEnds
    if (bytes.length !== content.size) throw new Error('size and bytes differ')
    this.kept.push({ bytes, lineEnds: { bareCr, bareLf }, envelope, peer: { ...peer } })
    return QUEUED
  }
}

export interface Opened {
  server: SmtpServer<string>
  door: Letterbox
  port: number
  errors: unknown[]
}

/** A server on a free port that ends with the test. */
export async function openServer(
  options: Partial<SmtpServerOptions<string>> = {},
  door = new Letterbox(),
): Promise<Opened> {
  const errors: unknown[] = []
  const server = new SmtpServer<string>({
    hostname: 'mx.test',
    door,
    maxMessageSize: 1_000_000,
    spillDirectory: mkdtempSync(join(tmpdir(), 'posthorn-smtp-')),
    onError: error => errors.push(error),
    ...options,
  })
  const [port = 0] = await server.listen('127.0.0.1', [0])
  onTestFinished(() => server.close(0))
  return { server, door, port, errors }
}

let pair: { cert: string; private: string } | undefined

export async function testTls(): Promise<{ context: SecureContext; cert: string }> {
  pair ??= await generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
    algorithm: 'sha256',
  })
  return { context: createSecureContext({ cert: pair.cert, key: pair.private }), cert: pair.cert }
}

/** One raw connection. */
export class Dialogue {
  closed = false
  private heard = ''
  private wake: () => void = () => {}
  socket: Socket

  private constructor(socket: Socket) {
    this.socket = socket
    this.attach(socket)
    onTestFinished(() => void this.socket.destroy())
  }

  static start(port: number, implicitTls = false): Dialogue {
    if (implicitTls) return new Dialogue(connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }))
    return new Dialogue(connect({ port, host: '127.0.0.1', allowHalfOpen: true }))
  }

  /** Connected and past the greeting and EHLO. */
  static async greeted(port: number): Promise<Dialogue> {
    const dialogue = Dialogue.start(port)
    await dialogue.reply()
    await dialogue.ask('EHLO client.test')
    return dialogue
  }

  send(bytes: string | Buffer): void {
    this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
  }

  /** The next reply, lines joined by LF; '' when the connection ended instead. */
  async reply(): Promise<string> {
    for (;;) {
      const match = /^(?:\d{3}-.*\r\n)*\d{3} .*\r\n/.exec(this.heard)
      if (match) {
        this.heard = this.heard.slice(match[0].length)
        return match[0].slice(0, -2).replaceAll('\r\n', '\n')
      }
      if (this.closed) return this.heard
      await new Promise<void>(wake => (this.wake = wake))
    }
  }

  async ask(line: string): Promise<string> {
    this.send(`${line}\r\n`)
    return this.reply()
  }

  /** Everything until the server closes. */
  async rest(): Promise<string> {
    while (!this.closed) await new Promise<void>(wake => (this.wake = wake))
    return this.heard
  }

  /** A transcript: `C: ` lines are sent, `S: ` lines must be what comes back. Answers what came. */
  async play(transcript: string): Promise<string> {
    const said: string[] = []
    for (const indented of transcript.trim().split('\n')) {
      const line = indented.trim()
      if (line.startsWith('C:')) {
        said.push(line)
        this.send(`${line.slice('C: '.length)}\r\n`)
      } else
        for (const reply of (await this.reply()).split('\n'))
          if (!reply.startsWith('250-')) said.push(`S: ${reply}`)
    }
    return said.join('\n')
  }

  async startTls(): Promise<void> {
    const plain = this.socket
    plain.removeAllListeners()
    const secure = connectTls({ socket: plain, rejectUnauthorized: false })
    this.heard = ''
    this.socket = secure
    this.attach(secure)
    await new Promise((done, fail) => secure.once('secureConnect', done).once('error', fail))
  }

  private attach(socket: Socket): void {
    socket.on('data', chunk => {
      this.heard += chunk.toString('latin1')
      this.wake()
    })
    const over = (): void => {
      this.closed = true
      this.wake()
    }
    socket.on('end', over).on('close', over).on('error', over)
  }
}
