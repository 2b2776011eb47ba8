// What may stand where a spamd was promised.
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { Spamd } from '../server/catch/checks/spamc.ts'

export interface FakeSpamd extends Spamd {
  /** How many connections there were. */
  readonly asked: number
  /** What it does with the next ones, once it has read what they want. */
  behave(how: (socket: Socket) => void): void
  stop(): Promise<void>
}

export async function startFakeSpamd(
  first: (socket: Socket) => void = say(spamdReply()),
): Promise<FakeSpamd> {
  let how = first
  let asked = 0
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, socket => {
    asked++
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
    socket.resume().once('end', () => how(socket))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    get asked() {
      return asked
    },
    behave(next) {
      how = next
    },
    async stop() {
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
}

export function say(text: string): (socket: Socket) => void {
  return socket => socket.end(text)
}

/** As SpamAssassin 4.0 lays it out. */
export function spamdReply(score = 2.8, threshold = 5): string {
  const report = `Spam detection software, running on the system "mail",
has NOT identified this incoming email as spam.

Content preview:  We are glad you are here. 

Content analysis details:   (${score} points, ${threshold}.0 required)

 pts rule name              description
---- ---------------------- --------------------------------------------------
-0.0 NO_RELAYS              Informational: message was not relayed via SMTP
 1.7 HTML_IMAGE_ONLY_04     BODY: HTML: images with 0-400 bytes of words
 0.1 URIBL_EXAMPLE          Contains an URL listed in a block list. See
                            https://example.com/why
                            [URIs: example.com]
1000 GTUBE                  BODY: Generic Test for Unsolicited Bulk Email

`
  const verdict = `Spam: ${score >= threshold ? 'True' : 'False'} ; ${score} / ${threshold}.0`
  return `SPAMD/1.1 0 EX_OK\r\nContent-length: ${Buffer.byteLength(report)}\r\n${verdict}\r\n\r\n${report}`
}
