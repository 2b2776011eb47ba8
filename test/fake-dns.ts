// A name server that knows what the test tells it, over UDP (RFC 1035 section 4).
import { createSocket } from 'node:dgram'
import { once } from 'node:events'

export interface FakeDns {
  /** As POSTHORN_DNS takes it. */
  readonly address: string
  /** TXT records by name, in lower case. A name that is not here does not exist. */
  readonly txt: Map<string, string[]>
  /** A records likewise. */
  readonly a: Map<string, string[]>
  /** MX likewise, all as preferred as each other. '' is a null MX. */
  readonly mx: Map<string, string[]>
  /** By the reversed name, as `1.2.0.192.in-addr.arpa`. */
  readonly ptr: Map<string, string[]>
  readonly asked: string[]
  /** Zones that are asked in vain. */
  readonly silent: Set<string>
  close(): void
}

const TYPES = { 1: 'a', 12: 'ptr', 15: 'mx', 16: 'txt' } as const
type Kind = (typeof TYPES)[keyof typeof TYPES]

export async function startFakeDns(): Promise<FakeDns> {
  const records: Record<Kind, Map<string, string[]>> = {
    txt: new Map(),
    a: new Map(),
    mx: new Map(),
    ptr: new Map(),
  }
  const asked: string[] = []
  const silent = new Set<string>()
  const socket = createSocket('udp4')
  socket.on('message', (query, from) => {
    const labels: string[] = []
    let at = 12
    for (let size = query[at] ?? 0; size > 0; size = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + size))
      at += 1 + size
    }
    const question = query.subarray(12, at + 5)
    const type = query.readUInt16BE(at + 1)
    const kind: Kind | undefined = TYPES[type as keyof typeof TYPES]
    const name = labels.join('.').toLowerCase()
    asked.push(name)
    if ([...silent].some(zone => name.endsWith(`.${zone}`))) return
    const isKnown = Object.values(records).some(each => each.has(name))
    const values = kind === undefined ? [] : (records[kind].get(name) ?? [])
    const answers = kind === undefined ? [] : values.map(value => answer(type, DATA[kind](value)))
    const header = Buffer.alloc(12)
    query.copy(header, 0, 0, 2)
    // An answer, recursion available; 3: there is no such name.
    header.writeUInt16BE(0x8180 | (isKnown ? 0 : 3), 2)
    header.writeUInt16BE(1, 4)
    header.writeUInt16BE(answers.length, 6)
    socket.send(Buffer.concat([header, question, ...answers]), from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    ...records,
    asked,
    silent,
    address: `127.0.0.1:${socket.address().port}`,
    close: () => socket.close(),
  }
}

/** Its name points at the question. */
function answer(type: number, data: Buffer): Buffer {
  const head = Buffer.from([0xc0, 0x0c, 0, type, 0, 1, 0, 0, 0, 60, 0, 0])
  head.writeUInt16BE(data.length, 10)
  return Buffer.concat([head, data])
}

function strings(value: string): Buffer {
  const pieces = value.match(/.{1,255}/gs) ?? ['']
  return Buffer.concat(
    pieces.map(piece => Buffer.from(`${String.fromCharCode(piece.length)}${piece}`, 'latin1')),
  )
}

/** RFC 1035, section 3.1. */
function labelled(name: string): Buffer {
  const labels = name === '' ? [] : name.split('.')
  const bytes = labels.map(label => Buffer.from(`${String.fromCharCode(label.length)}${label}`, 'latin1'))
  return Buffer.concat([...bytes, Buffer.alloc(1)])
}

function ipv4(address: string): Buffer {
  return Buffer.from(address.split('.').map(Number))
}

const DATA: Record<Kind, (value: string) => Buffer> = {
  a: ipv4,
  mx: name => Buffer.concat([Buffer.from([0, 10]), labelled(name)]),
  ptr: labelled,
  txt: strings,
}
