import { createHash } from 'node:crypto'
import { type Random, randomFrom } from './random.ts'
import type { Way } from './smtp-sender.ts'

/** A message nobody else has sent: its subject names it. */
export interface Sample {
  name: string
  bytes: Buffer
}

/** Beyond this the server holds a message in a file while it comes in (see server/mail/smtp/content.ts). */
const SPILLS_AT = 128 * 1024

/** Messages of every size and make: text that compresses, noise, odd line ends, some too large for memory. */
export function sample(name: string, random: Random): Sample {
  return { name, bytes: whole(name, body(random)) }
}

/** Of so many bytes that do not compress: what is stored takes as much. */
export function noisyMail(name: string, size: number): Buffer {
  return whole(name, noise(randomFrom(Number.parseInt(sha256(Buffer.from(name)).slice(0, 8), 16)), size))
}

/** One in ten by BDAT. */
export function way(random: Random): Way {
  const pick = random(10)
  return pick === 0 ? 'BDAT' : pick < 5 ? 'pipelined' : 'in turn'
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function whole(name: string, content: Buffer): Buffer {
  const head = `From: app@shop.test\r\nTo: ann@example.com\r\nSubject: ${name}\r\n\r\n`
  return Buffer.concat([Buffer.from(head), content, Buffer.from('\r\n')])
}

function body(random: Random): Buffer {
  switch (random(8)) {
    case 0:
      return noise(random, 1 + random(20_000))
    case 1:
      return random(4) === 0
        ? noise(random, SPILLS_AT + random(200_000))
        : text(random, SPILLS_AT + random(400_000))
    case 2:
      return oddLines(random, 1 + random(200))
    case 3:
      return text(random, 30_000 + random(60_000))
    default:
      return text(random, random(8_000))
  }
}

function text(random: Random, size: number): Buffer {
  const line = `${random(1e9).toString(36)} the same words again, as mail of one sender has them\r\n`
  return Buffer.from(line.repeat(Math.ceil(size / line.length)))
}

function noise(random: Random, size: number): Buffer {
  const words = new Uint32Array(Math.ceil(size / 4))
  for (let i = 0; i < words.length; i++) words[i] = random(2 ** 32)
  return Buffer.from(words.buffer, 0, size)
}

/** Dots and line ends that a careless reader would take for the end, or mend. */
function oddLines(random: Random, count: number): Buffer {
  const pieces = [
    '\n.\n',
    '\r.\r',
    '\n.\r\n',
    '\r\n.\n',
    '\r\n..\r\n',
    '.',
    '\r',
    '\n',
    '\0',
    '\r\r\n',
    'text',
  ]
  return Buffer.from(Array.from({ length: count }, () => pieces[random(pieces.length)]).join(''))
}
