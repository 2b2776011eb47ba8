import type { Server, Socket } from 'node:net'
import { sayAndClose } from './last-words.ts'

const PATIENCE_MS = 20_000

/**
 * Whoever speaks plain HTTP to a TLS listener would only see the connection end. The first byte tells them apart:
 * a method is capital letters, a TLS record begins with 0x16 (RFC 8446, section 5.1).
 * @returns ends the connections that have not spoken yet
 */
export function tellPlainSpeakers(server: Server): () => void {
  const silent = new Set<Socket>()
  const handshakes = server.listeners('connection') as ((socket: Socket) => void)[]
  server.removeAllListeners('connection')
  server.on('connection', (socket: Socket) => {
    silent.add(socket)
    const gone = () => socket.destroy()
    socket.setTimeout(PATIENCE_MS, gone)
    socket.on('error', gone)
    socket.once('close', () => silent.delete(socket))
    socket.once('data', first => {
      silent.delete(socket)
      socket.pause()
      socket.setTimeout(0)
      socket.off('timeout', gone)
      socket.off('error', gone)
      if (isCapital(first[0])) return sayAndClose(socket, PLAIN)
      // TLS reads what is in the buffer before it takes the connection over.
      socket.unshift(first)
      for (const handshake of handshakes) handshake.call(server, socket)
    })
  })
  return () => {
    for (const socket of silent) socket.destroy()
  }
}

const PLAIN = {
  status: '400 Bad Request',
  contentType: 'text/plain; charset=utf-8',
  body: 'This port speaks HTTPS: the address begins with https://\n',
}

function isCapital(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x41 && byte <= 0x5a
}
