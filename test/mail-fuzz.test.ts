import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { composeMessage } from '../server/mail/compose.ts'
import { digest } from '../server/mail/digest.ts'
import { openMessage } from '../server/mail/message.ts'
import type { Part } from '../server/mail/mime.ts'

// POSTHORN_FUZZ_SECONDS=3600 runs for an hour, POSTHORN_FUZZ_SEED picks another road.
const seconds = Number(process.env.POSTHORN_FUZZ_SECONDS ?? 60)
const seed = Number(process.env.POSTHORN_FUZZ_SEED ?? 20261120)

const folder = new URL('mail/', import.meta.url)
const corpus = readdirSync(folder)
  .filter(name => name.endsWith('.eml'))
  .map(name => readFileSync(new URL(name, folder)))

type Random = (below: number) => number

/** mulberry32: the same seed, the same inputs, on every machine. */
function randomFrom(start: number): Random {
  let state = start >>> 0
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below)
  }
}

const tokens = [
  '\r\n',
  '\n',
  '\r',
  '\r\n\r\n',
  '--',
  '--c',
  '--c--',
  '--abc',
  '\0',
  '\t',
  ' ',
  '"',
  '(',
  ')',
  '<',
  '>',
  ',',
  ';',
  ':',
  '@',
  '=',
  '=?',
  '?=',
  '=?utf-8?q?',
  '=?utf-8?B?4pyT?=',
  '=\r\n',
  '=C3',
  '=ZZ',
  "utf-8''",
  '%E2%82',
  '\\',
  '*0*=',
  '*1=',
  'From: ',
  'To: a@b.test, ',
  'Subject: ',
  'Date: ',
  'Content-Type: multipart/mixed; boundary=c\r\n',
  'Content-Type: message/rfc822\r\n',
  'cid:',
  '<img src="cid:x">',
  'Content-Type: text/html; charset=iso-2022-jp\r\n',
  'Content-Transfer-Encoding: base64\r\n',
  'Content-Transfer-Encoding: quoted-printable\r\n',
  'Content-Transfer-Encoding: x-uuencode\r\n',
  'begin 644 x\r\n',
  'Content-Disposition: attachment; filename="',
  'Content-ID: <x>\r\n',
  'charset=utf-7',
  'charset=utf-16',
  'charset=gb18030',
  '+AOk-',
  '\x1b$B',
  '\xff',
  '\xc3\xbc',
  '\xef\xbb\xbf',
  'QUJD',
  '====',
] // prettier-ignore

function pick<T>(random: Random, list: readonly T[]): T {
  return list[random(list.length)] as T
}

function mutated(random: Random): Buffer {
  let bytes = pick(random, corpus)
  for (let step = random(8) + 1; step > 0; step--) {
    const at = random(bytes.length + 1)
    const to = Math.min(bytes.length, at + random(random(4) === 0 ? 400 : 12))
    const head = bytes.subarray(0, at)
    switch (random(6)) {
      case 0:
        bytes = Buffer.concat([head, bytes.subarray(to)])
        break
      case 1:
        bytes = Buffer.concat([head, Buffer.from(pick(random, tokens), 'latin1'), bytes.subarray(at)])
        break
      case 2:
        bytes = Buffer.concat([head, Buffer.from(pick(random, tokens), 'latin1'), bytes.subarray(to)])
        break
      case 3: {
        const other = pick(random, corpus)
        const from = random(other.length + 1)
        bytes = Buffer.concat([head, other.subarray(from, from + random(600)), bytes.subarray(at)])
        break
      }
      case 4:
        bytes = Buffer.concat([bytes.subarray(0, to), bytes.subarray(at, to), bytes.subarray(to)])
        break
      default:
        bytes = Buffer.from(bytes)
        if (bytes.length > 0) bytes[random(bytes.length)] = random(256)
    }
  }
  return bytes
}

function grown(random: Random): Buffer {
  const count = random(120)
  return Buffer.from(Array.from({ length: count }, () => pick(random, tokens)).join(''), 'latin1')
}

/** A view at any offset, as messages come out of a socket: nothing may count on alignment or on what lies around. */
function shifted(random: Random, bytes: Buffer): Buffer {
  const shift = random(5)
  return Buffer.concat([Buffer.alloc(shift, '--c\n'), bytes, Buffer.from('\n--c--\n')]).subarray(
    shift,
    shift + bytes.length,
  )
}

/** What must hold of any bytes at all. Answers the first complaint. */
function complaint(raw: Buffer): string | undefined {
  const before = Buffer.from(raw)
  const summary = digest(raw)
  if (JSON.stringify(digest(raw)) !== JSON.stringify(summary)) return 'digest is not idempotent'
  const message = openMessage(raw)
  if (!raw.equals(before)) return 'the raw bytes were changed'
  const range = badRange(message.tree, raw.length)
  if (range) return range
  const text = message.text()
  const html = message.html()
  if (Buffer.byteLength(text ?? '') !== summary.textSize) return 'textSize is not the size of the text'
  if (Buffer.byteLength(html ?? '') !== summary.htmlSize) return 'htmlSize is not the size of the HTML'
  for (const attachment of summary.attachments) {
    const part = message.part(attachment.partId)
    if (!part) return `attachment ${attachment.partId} is no part`
    if (part.content.length !== attachment.size)
      return `size of ${attachment.partId} is ${part.content.length}, not ${attachment.size}`
    if (part.filename !== attachment.filename) return `filename of ${attachment.partId}`
  }
  for (const header of message.headers)
    if (header.value.includes('\n')) return `header ${header.name} is not unfolded`
  const strings = [
    summary.subject,
    summary.messageId,
    ...[summary.from, ...summary.to, ...summary.cc].flatMap(a => [a.name, a.address]),
    ...summary.attachments.flatMap(a => [a.filename, a.contentType, a.contentId, a.transferEncoding]),
  ]
  // oxlint-disable-next-line no-control-regex
  if (strings.some(string => /[\0\r\n]/.test(string) || !string.isWellFormed()))
    return 'a control character or half a character in a row'
  if (summary.text.includes('\0')) return 'NUL in the search text'
  if (summary.date !== undefined && !Number.isSafeInteger(summary.date)) return 'a date that is no number'
  return undefined
}

function badRange(part: Part, end: number): string | undefined {
  let from = part.bodyStart
  if (part.start > part.bodyStart || part.bodyStart > part.end || part.end > end)
    return `part ${part.id} runs out of its parent`
  for (const field of part.fields) {
    if (
      field.start < part.start ||
      field.end > part.bodyStart ||
      field.valueStart > field.end ||
      field.nameEnd > field.valueStart
    ) {
      return `a field of part ${part.id} is out of its header`
    }
  }
  for (const child of part.children) {
    if (child.start < from) return `part ${child.id} begins in the one before`
    from = child.end
    const bad = badRange(child, part.end)
    if (bad) return bad
  }
  return undefined
}

function failure(raw: Buffer): string | undefined {
  try {
    return complaint(raw)
  } catch (error) {
    return `it threw ${error instanceof Error ? error.stack : error}`
  }
}

/** Cuts away what the failure does not need. */
function minimised(raw: Buffer): Buffer {
  let bytes = raw
  for (let size = bytes.length >> 1; size > 0; size >>= 1) {
    for (let at = 0; at + size <= bytes.length; ) {
      const shorter = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + size)])
      if (failure(shorter)) bytes = shorter
      else at += size
    }
  }
  return bytes
}

const alphabet = [...'abc XYZ 019 .,;:()<>"\\@=?_-äöü€🎉漢字שלום\t\r\n']

function words(random: Random, length: number): string {
  return Array.from({ length: random(length) }, () => pick(random, alphabet)).join('')
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

function withCrlf(text: string): string {
  return text.replace(/\r\n|\r|\n/g, '\r\n')
}

function checkRoundTrip(random: Random): void {
  const text = words(random, 400)
  const html = random(2) === 0 ? undefined : `<p>${words(random, 400)}</p>`
  const subject = words(random, 120)
  const name = words(random, 60)
  const filename = `${words(random, 80).replace(/[/\\]/g, '')}.bin`
  const content = Buffer.from(Array.from({ length: random(300) }, () => random(256)))
  const raw = composeMessage({
    from: { name, address: 'ada@example.com' },
    to: [{ name, address: 'bo@example.org' }],
    subject,
    text,
    ...(html === undefined ? {} : { html }),
    headers: [{ name: 'X-Anything', value: words(random, 200) }],
    attachments: [{ content, filename }],
  })
  const summary = digest(raw)
  const message = openMessage(raw)
  expect(summary.notes).toEqual([])
  expect(squeezed(summary.subject)).toBe(squeezed(subject))
  expect(squeezed(summary.from.name)).toBe(squeezed(name))
  expect(summary.to.map(({ address }) => address)).toEqual(['bo@example.org'])
  expect(message.text()).toBe(withCrlf(text))
  expect(message.html()).toBe(html === undefined ? undefined : withCrlf(html))
  expect(summary.attachments.map(attachment => message.part(attachment.partId)?.content)).toEqual([content])
  expect(squeezed(summary.attachments[0]?.filename ?? '')).toBe(
    squeezed(filename.replace(/\t/g, '').replace(/[\r\n]+/g, ' ')),
  )
  for (const line of raw.toString('latin1').split('\r\n')) expect(line.length).toBeLessThanOrEqual(998)
  expect(raw.toString('latin1')).not.toMatch(/[^\r]\n|\r[^\n]/)
}

describe('any bytes', () => {
  it(`are read without a fault for ${seconds} s from seed ${seed}`, {
    timeout: (seconds + 60) * 1000,
  }, () => {
    const random = randomFrom(seed)
    const stop = Date.now() + seconds * 1000
    let count = 0
    for (; Date.now() < stop; count++) {
      if (count % 16 === 0) {
        checkRoundTrip(random)
        continue
      }
      const raw = shifted(random, random(4) === 0 ? grown(random) : mutated(random))
      if (!failure(raw)) continue
      const small = minimised(raw)
      const file = join(tmpdir(), `posthorn-fuzz-${seed}-${count}.eml`)
      writeFileSync(file, small)
      expect.fail(
        `input ${count} of seed ${seed}: ${failure(small)}\n${file}: ${JSON.stringify(small.toString('latin1').slice(0, 2000))}`,
      )
    }
    expect(count).toBeGreaterThan(0)
  })
})
