import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { onTestFinished } from 'vitest'
import type { Door, Listed } from '../server/mail/pop3/door.ts'
import { Pop3Server, type Pop3ServerOptions } from '../server/mail/pop3/server.ts'

/** For the tests of the POP3 server: a maildrop in memory, and a client that says exactly what it is told. */

export class Shelf implements Door<string> {
  readonly messages: Map<number, Buffer>
  /** Ids, in the order in which the bytes were asked for. */
  readonly read: number[] = []

  constructor(...messages: (string | Buffer)[]) {
    this.messages = new Map(messages.map((message, index) => [index + 101, Buffer.from(message)]))
  }

  login(username: string): { password: string; login: string } | undefined {
    return username === 'user' ? { password: 'pass word', login: 'inbox' } : undefined
  }

  list(): ReturnType<Door<string>['list']> {
    return [...this.messages].map(([id, { length }]): Listed => ({ id, size: length }))
  }

  async message(_login: string, id: number): Promise<Buffer | undefined> {
    this.read.push(id)
    return this.messages.get(id)
  }

  async remove(_login: string, ids: readonly number[]): Promise<void> {
    for (const id of ids) this.messages.delete(id)
  }
}

interface Opened {
  server: Pop3Server<string>
  door: Shelf
  port: number
  errors: unknown[]
}

/** A server on a free port that ends with the test. A failed login is answered at once. */
export async function openPop3(
  door: Shelf,
  options: Partial<Pop3ServerOptions<string>> = {},
): Promise<Opened> {
  const errors: unknown[] = []
  const server = new Pop3Server<string>({
    hostname: 'pop.test',
    door,
    failedLoginDelay: 0,
    onError: error => errors.push(error),
    ...options,
  })
  const [port = 0] = await server.listen('127.0.0.1', [0])
  onTestFinished(() => server.close(0))
  return { server, door, port, errors }
}

/** One raw connection. */
export class Pop3Dialogue {
  closed = false
  greeting = ''
  socket: Socket
  private heard = ''
  private wake: () => void = () => {}

  private constructor(socket: Socket) {
    this.socket = socket
    this.attach(socket)
    onTestFinished(() => void this.socket.destroy())
  }

  static async greeted(port: number, implicitTls = false): Promise<Pop3Dialogue> {
    const dialogue = new Pop3Dialogue(
      implicitTls
        ? connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false })
        : connect({ port, host: '127.0.0.1', allowHalfOpen: true }),
    )
    dialogue.greeting = await dialogue.line()
    return dialogue
  }

  static async loggedIn(port: number): Promise<Pop3Dialogue> {
    const dialogue = await Pop3Dialogue.greeted(port)
    await dialogue.ask('USER user')
    await dialogue.ask('PASS pass word')
    return dialogue
  }

  send(bytes: string | Buffer): void {
    this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
  }

  /** The next line; what there is when the connection ended instead. */
  async line(): Promise<string> {
    for (;;) {
      const end = this.heard.indexOf('\r\n')
      if (end >= 0) {
        const line = this.heard.slice(0, end)
        this.heard = this.heard.slice(end + 2)
        return line
      }
      if (this.closed) return this.heard
      await this.woken()
    }
  }

  async ask(command: string): Promise<string> {
    this.send(`${command}\r\n`)
    return this.line()
  }

  /** Several commands, each with a reply of one line. */
  async askAll(...commands: string[]): Promise<string[]> {
    const replies: string[] = []
    for (const command of commands) replies.push(await this.ask(command))
    return replies
  }

  /** A multi-line reply as it comes, without its first line and without the final dot. */
  async all(command: string): Promise<string> {
    const first = await this.ask(command)
    if (!first.startsWith('+OK')) throw new Error(first)
    while (!this.heard.startsWith('.\r\n') && !this.heard.includes('\r\n.\r\n')) {
      if (this.closed) throw new Error(`closed within ${command}`)
      await this.woken()
    }
    const end = this.heard.startsWith('.\r\n') ? 0 : this.heard.indexOf('\r\n.\r\n') + 2
    const text = this.heard.slice(0, end)
    this.heard = this.heard.slice(end + 3)
    return text
  }

  /** Everything until the server closes. */
  async rest(): Promise<string> {
    while (!this.closed) await this.woken()
    return this.heard
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

  private woken(): Promise<void> {
    return new Promise(wake => (this.wake = wake))
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
