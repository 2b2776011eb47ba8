// A name server that knows TXT records alone, over UDP (RFC 1035 section 4).
import { createSocket } from 'node:dgram'
import { once } from 'node:events'

export interface FakeTxt {
  /** As POSTHORN_DNS takes it. */
  readonly address: string
  /** By name, in lower case. A name that is not here does not exist. */
  readonly txt: Map<string, string[]>
  close(): void
}

export async function startFakeTxt(): Promise<FakeTxt> {
  const txt = new Map<string, string[]>()
  const socket = createSocket('udp4')
  socket.on('message', (query, from) => {
    const labels: string[] = []
    let at = 12
    for (let size = query[at] ?? 0; size > 0; size = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + size))
      at += 1 + size
    }
    const values = txt.get(labels.join('.').toLowerCase())
    const header = Buffer.alloc(12)
    query.copy(header, 0, 0, 2)
    // An answer, recursion available; 3: there is no such name.
    header.writeUInt16BE(0x8180 | (values ? 0 : 3), 2)
    header.writeUInt16BE(1, 4)
    header.writeUInt16BE(values?.length ?? 0, 6)
    const answers = (values ?? []).map(answer)
    socket.send(Buffer.concat([header, query.subarray(12, at + 5), ...answers]), from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return { txt, address: `127.0.0.1:${socket.address().port}`, close: () => void socket.close() }
}

/** Its name points at the question; its value comes in strings of up to 255 bytes. */
function answer(value: string): Buffer {
  const pieces = value.match(/.{1,255}/gs) ?? ['']
  const data = Buffer.concat(
    pieces.map(piece => Buffer.from(`${String.fromCharCode(piece.length)}${piece}`, 'latin1')),
  )
  const head = Buffer.from([0xc0, 0x0c, 0, 16, 0, 1, 0, 0, 0, 60, 0, 0])
  head.writeUInt16BE(data.length, 10)
  return Buffer.concat([head, data])
}
