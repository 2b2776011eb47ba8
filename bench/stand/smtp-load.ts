import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

export interface Load {
  messages: number
  seconds: number
  /** Milliseconds from the last byte of a message to its 250, in order of arrival. */
  latencies: number[]
}

interface Wanted {
  connections: number
  seconds: number
  mails: readonly Buffer[]
  /** Between an answer and the next message of the connection. */
  pauseMs?: number
}

/**
 * Sends mails over so many connections until the time is over, each connection the next one as soon as the last
 * was answered. Commands are pipelined (RFC 2920) where the server offers that.
 * @throws Error if the server refuses a message or goes away
 */
export async function smtpLoad(
  port: number,
  { connections, seconds, mails, pauseMs = 0 }: Wanted,
): Promise<Load> {
  const latencies: number[] = []
  const begun = performance.now()
  const until = begun + seconds * 1000
  let next = 0
  const nextMail = () => (performance.now() < until ? mails[next++ % mails.length] : undefined)
  await Promise.all(
    Array.from({ length: connections }, () => sendAll(port, nextMail, pauseMs, took => latencies.push(took))),
  )
  return { messages: latencies.length, seconds: (performance.now() - begun) / 1000, latencies }
}

async function sendAll(
  port: number,
  nextMail: () => Buffer | undefined,
  pauseMs: number,
  answered: (milliseconds: number) => void,
): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  const replies = new Replies(socket)
  await replies.next()
  socket.write('EHLO bench.test\r\n')
  const pipelines = /^250[- ]PIPELINING/im.test(await replies.next())
  const commands = ['MAIL FROM:<app@shop.test>\r\n', 'RCPT TO:<customer@example.org>\r\n', 'DATA\r\n']
  for (let mail = nextMail(); mail; mail = nextMail()) {
    let reply = ''
    if (pipelines) socket.write(commands.join(''))
    for (const command of commands) {
      if (!pipelines) socket.write(command)
      reply = await replies.next()
    }
    if (!reply.startsWith('354')) throw new Error(`refused before the message: ${reply}`)
    socket.write(mail)
    socket.write('.\r\n')
    const sent = performance.now()
    reply = await replies.next()
    if (!reply.startsWith('250')) throw new Error(`refused: ${reply}`)
    answered(performance.now() - sent)
    if (pauseMs > 0) await pause(pauseMs)
  }
  socket.end('QUIT\r\n')
  await once(socket, 'close')
}

class Replies {
  #heard = ''
  #over: Error | undefined
  #wake: () => void = () => {}

  constructor(socket: Socket) {
    socket.setEncoding('latin1')
    socket.on('data', (text: string) => {
      this.#heard += text
      this.#wake()
    })
    socket.on('error', error => {
      this.#over = error
      this.#wake()
    })
    socket.on('close', () => {
      this.#over ??= new Error('the server closed the connection')
      this.#wake()
    })
  }

  /** All lines of the next reply. */
  async next(): Promise<string> {
    for (;;) {
      const end = /^\d{3}(?: .*)?\r\n/m.exec(this.#heard)
      if (end) {
        const stop = end.index + end[0].length
        const reply = this.#heard.slice(0, stop)
        this.#heard = this.#heard.slice(stop)
        return reply
      }
      if (this.#over) throw this.#over
      await new Promise<void>(wake => (this.#wake = wake))
    }
  }
}
