import { hash } from 'node:crypto'

const BLOCK = 64
const DIGEST = 32
// The declarations of `hash` leave it out, as an old name of `binary`.
const LATIN1 = 'binary'

interface Pads {
  inner: Buffer
  /** With room for the inner digest behind it. */
  outer: Buffer
}

const padsOf = new WeakMap<Uint8Array, Pads>()
let message = Buffer.alloc(1024)

/**
 * HMAC-SHA-256 (RFC 2104) over UTF-8 or bytes, for keys of at most 64 bytes that are used again and again. createHmac
 * takes 17 µs with a Buffer and 2.8 µs with a KeyObject, this 1 µs, and every mail that is sent has two.
 * @returns 32 bytes as latin1
 */
export function quickHmac(key: Uint8Array, text: string | Uint8Array): string {
  let pads = padsOf.get(key)
  if (pads === undefined) padsOf.set(key, (pads = padded(key)))
  const room = typeof text === 'string' ? text.length * 3 : text.length
  if (message.length < BLOCK + room) message = Buffer.alloc(BLOCK + room)
  message.set(pads.inner)
  let length = BLOCK
  if (typeof text === 'string') length += message.write(text, BLOCK)
  else {
    message.set(text, BLOCK)
    length += text.length
  }
  pads.outer.write(hash('sha256', message.subarray(0, length), LATIN1), BLOCK, LATIN1)
  return hash('sha256', pads.outer, LATIN1)
}

function padded(key: Uint8Array): Pads {
  if (key.length > BLOCK) throw new RangeError('a key of at most 64 bytes')
  const inner = Buffer.alloc(BLOCK, 0x36)
  const outer = Buffer.alloc(BLOCK + DIGEST, 0x5c)
  for (const [at, byte] of key.entries()) {
    inner[at] = byte ^ 0x36
    outer[at] = byte ^ 0x5c
  }
  return { inner, outer }
}
