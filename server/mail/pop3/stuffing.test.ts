import { expect, test } from 'vitest'
import { ending, stuffed, topLength } from './stuffing.ts'

/** All pieces, joined. */
function whole(message: Buffer): string {
  let text = ''
  for (let at = 0; at < message.length; ) {
    const piece = stuffed(message, at)
    text += piece.text
    at = piece.next
  }
  return text + ending(message)
}

/** The same, one byte at a time. */
function plainly(message: string): string {
  let text = ''
  for (const [at, byte] of [...message].entries()) {
    const before = message[at - 1] ?? '\n'
    if (byte === '\n' && before !== '\r') text += '\r\n'
    else if (byte === '.' && before === '\n') text += '..'
    else text += byte
  }
  return text + (message === '' || message.endsWith('\n') ? '.\r\n' : '\r\n.\r\n')
}

test.each(['', '.', '\n', '\r\n', '\n.\n', 'a\r', '\r.\r\n', '.\r\n.\r\n', '\x00\xff.\n\n.a', 'a\r\n\r\n.'])(
  'small: %j',
  message => expect(whole(Buffer.from(message, 'latin1'))).toBe(plainly(message)),
)

test('wherever a piece ends', () => {
  for (const around of ['\r\n', '\n', '.', '\r\n.', '\n.x', '\r.'])
    for (let shift = 65_530; shift <= 65_540; shift++) {
      const message = `${'x'.repeat(shift)}${around.repeat(4)}end`
      expect(whole(Buffer.from(message, 'latin1'))).toBe(plainly(message))
    }
})

test.each([
  ['A: b\r\n\r\n1\r\n2\r\n', 1, 'A: b\r\n\r\n1\r\n'],
  ['A: b\n\n1\n2', 2, 'A: b\n\n1\n2'],
  ['A: b\r\nB: c', 0, 'A: b\r\nB: c'],
  ['\r\n1\r\n', 0, '\r\n'],
  ['A: b\r\n\n\n\n2', 1, 'A: b\r\n\n\n'],
  ['A: b\r\n \r\n\r\nx', 0, 'A: b\r\n \r\n\r\n'],
])('the top of %j and %i lines', (message, lines, top) => {
  expect(message.slice(0, topLength(Buffer.from(message), lines))).toBe(top)
})
