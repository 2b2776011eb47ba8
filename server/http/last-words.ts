import type { Socket } from 'node:net'

const LINGER_MS = 2_000
const said = new WeakSet<Socket>()

/**
 * Answers on a connection that has no request, and ends it. Closing on somebody who is still sending resets the
 * connection, and the answer is lost on the way: so what comes is read and thrown away for a moment.
 */
export function sayAndClose(
  socket: Socket,
  { status, contentType, body }: { status: string; contentType: string; body: string },
): void {
  // The parser complains again about each piece that still comes.
  if (said.has(socket)) return
  if (!socket.writable) return void socket.destroy()
  said.add(socket)
  socket.on('error', () => {})
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: ${contentType}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
  socket.resume()
  const timer = setTimeout(() => socket.destroy(), LINGER_MS)
  socket.once('close', () => clearTimeout(timer))
}

const STATUSES: Record<string, string> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
}

/** What Node's parser refuses never becomes a request: there is no path to tell a dialect from. */
export function refuseUnreadable(error: { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET') return void socket.destroy()
  const status = STATUSES[error.code ?? ''] ?? '400 Bad Request'
  const body = JSON.stringify({ error: status.slice(4) })
  sayAndClose(socket, { status, contentType: 'application/json; charset=utf-8', body })
}
