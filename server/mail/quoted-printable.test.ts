import PostalMime from 'postal-mime'
import { expect, it } from 'vitest'
import { type Random, randomFrom } from '../../test/random.ts'
import { encodeValue, QuotedPrintable } from './quoted-printable.ts'

const ALPHABET = [
  'a',
  'Z',
  '0',
  ' ',
  '\t',
  '.',
  '=',
  '\r\n',
  '\n',
  '\r',
  'From ',
  'ü',
  '€',
  '😀',
  'שלום',
  '\u0000',
  '-',
  '--=_',
  '\u00a0',
  '\ud800',
  'word ',
  'x'.repeat(80),
]

function text(random: Random, most: number): string {
  return Array.from({ length: random(most) }, () => ALPHABET[random(ALPHABET.length)] ?? '').join('')
}

/** RFC 2045, section 6.7, and nothing forgiven. */
function decoded(lines: string): string {
  const bytes: number[] = []
  for (const [n, line] of lines.split('\r\n').entries()) {
    if (n > 0 && bytes.at(-1) !== -1) bytes.push(0x0d, 0x0a)
    if (bytes.at(-1) === -1) bytes.pop()
    expect(line).toMatch(/^(?:[\t\x20-\x3c\x3e-\x7e]|=[0-9A-F]{2}(?!=$)|=[0-9A-F]{2}|=$)*$/)
    expect(line.length).toBeLessThanOrEqual(76)
    expect(line).not.toMatch(/[ \t]$|^\.|^From |[\r\n]/)
    for (let at = 0; at < line.length; at++) {
      if (line[at] !== '=') bytes.push(line.charCodeAt(at))
      else if (at === line.length - 1) bytes.push(-1)
      else {
        bytes.push(Number.parseInt(line.slice(at + 1, at + 3), 16))
        at += 2
      }
    }
  }
  expect(bytes.at(-1)).not.toBe(-1)
  return Buffer.from(bytes).toString()
}

const asRead = (value: string) => value.toWellFormed().replace(/\r\n|\r|\n/g, '\r\n')

it('reads back as it was, in pieces with values between, and obeys the line', async () => {
  const random = randomFrom(20_451)
  for (let round = 0; round < 800; round++) {
    const encoder = new QuotedPrintable()
    let written = ''
    let expected = ''
    for (let piece = random(5); piece >= 0; piece--) {
      const literal = text(random, 12)
      written += encoder.write(literal)
      expected += asRead(literal)
      if (random(2) === 0) {
        const value = text(random, 6)
        written += encoder.softBreak() + encodeValue(value)
        expected += asRead(value)
      } else {
        const word = 'token'.repeat(1 + random(5))
        written += encoder.reserve(word.length) + word
        expected += word
      }
    }
    written += encoder.write('\r\nend')
    expected += '\r\nend'
    expect(decoded(written)).toBe(expected)
    if (round % 50 > 0) continue
    const mail = await PostalMime.parse(
      `Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${written}`,
    )
    expect(mail.text?.trimEnd()).toBe(expected.replaceAll('\r\n', '\n').trimEnd())
  }
})
