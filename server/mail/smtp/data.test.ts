import { expect, test } from 'vitest'
import { DataReader, stuffed } from './data.ts'
import { LineEnds } from './line-ends.ts'

interface Read {
  kept: string
  rest: string | undefined
  bareCr: number
  bareLf: number
}

/** Reads `bytes` cut at the given places. */
function read(bytes: string, cuts: readonly number[] = []): Read {
  const reader = new DataReader()
  const ends = new LineEnds()
  const kept: string[] = []
  const sink = {
    append(chunk: Buffer, from: number, to: number): void {
      ends.read(chunk, from, to)
      kept.push(chunk.toString('latin1', from, to))
    },
  }
  const edges = [0, ...cuts, bytes.length]
  let rest: string | undefined
  for (let at = 1; at < edges.length; at++) {
    const chunk = Buffer.from(bytes.slice(edges[at - 1], edges[at]), 'latin1')
    const next = rest === undefined ? reader.read(chunk, 0, sink) : 0
    if (rest !== undefined) rest += chunk.toString('latin1')
    else if (reader.ended) rest = chunk.toString('latin1', next)
  }
  ends.finish()
  return { kept: kept.join(''), rest, bareCr: ends.bareCr, bareLf: ends.bareLf }
}

/** The rule itself, byte by byte, slow and plain. */
function byTheBook(bytes: string): Read {
  let kept = ''
  let lineStart = true
  let at = 0
  let rest: string | undefined
  while (at < bytes.length) {
    if (lineStart && bytes.startsWith('.\r\n', at)) {
      rest = bytes.slice(at + 3)
      break
    }
    if (lineStart && bytes[at] === '.') {
      // what an unfinished `.CR` will turn out to be is not known yet
      if (at + 1 === bytes.length || (bytes[at + 1] === '\r' && at + 2 === bytes.length)) break
      at++
    }
    lineStart = false
    kept += bytes[at]
    if (bytes[at] === '\n' && bytes[at - 1] === '\r') lineStart = true
    at++
  }
  const pairs = kept.split('\r\n').length - 1
  return {
    kept,
    rest,
    bareCr: kept.split('\r').length - 1 - pairs,
    bareLf: kept.split('\n').length - 1 - pairs,
  }
}

test('the first CRLF.CRLF ends the data, and what follows is left', () => {
  expect(read('a\r\n.\r\nQUIT\r\n')).toEqual({ kept: 'a\r\n', rest: 'QUIT\r\n', bareCr: 0, bareLf: 0 })
})

test('a dot at once is an empty message', () => {
  expect(read('.\r\n')).toEqual({ kept: '', rest: '', bareCr: 0, bareLf: 0 })
})

test('dots at the start of a line lose one', () => {
  expect(read('..a\r\n...\r\n.b\r\n..\r\n.\r\n').kept).toBe('.a\r\n..\r\nb\r\n.\r\n')
})

const ends = ['\r\n', '\n', '\r', '\n\r', '\r\r\n', '\n\n', '\r\r', '']
for (const before of ends) {
  for (const after of ends) {
    // a line end that ends or begins with CRLF is a CRLF where it matters
    const isEnd = before.endsWith('\r\n') && after === '\r\n'
    test(`${JSON.stringify(`${before}.${after}`)} ${isEnd ? 'ends' : 'does not end'} a message, however it is cut`, () => {
      const bytes = `a${before}.${after}MAIL FROM:<x@y.z>\r\n.\r\nQUIT\r\n`
      const whole = read(bytes)
      expect(whole).toEqual(byTheBook(bytes))
      expect(whole.rest).toBe(isEnd ? 'MAIL FROM:<x@y.z>\r\n.\r\nQUIT\r\n' : 'QUIT\r\n')
      for (let one = 0; one <= bytes.length; one++) {
        expect(read(bytes, [one])).toEqual(whole)
        for (let two = one; two <= Math.min(one + 4, bytes.length); two++)
          expect(read(bytes, [one, two])).toEqual(whole)
      }
      expect(
        read(
          bytes,
          [...bytes].map((_, at) => at),
        ),
      ).toEqual(whole)
    })
  }
}

test('random mixtures of dots and line ends, cut at random, read as the rule says', () => {
  const random = seeded(20_250_101)
  const pieces = ['\r', '\n', '.', '\r\n', '\r\n.', 'a', 'bc', '\r\n.\r\n']
  for (let round = 0; round < 20_000; round++) {
    let bytes = ''
    for (let n = random(12); n >= 0; n--) bytes += pieces[random(pieces.length)]
    const cuts = Array.from({ length: random(5) }, () => random(bytes.length + 1)).toSorted((a, b) => a - b)
    const got = read(bytes, cuts)
    expect({ bytes, cuts, ...got }).toEqual({ bytes, cuts, ...byTheBook(bytes) })
  }
})

test('what is stuffed comes out again', () => {
  const random = seeded(7)
  const pieces = ['\r\n', '.', 'a', '\n', '\r', '\r\n..', '.\r\n']
  for (let round = 0; round < 5000; round++) {
    let bytes = ''
    for (let n = random(10); n >= 0; n--) bytes += pieces[random(pieces.length)]
    const { kept, rest } = read(stuffed(Buffer.from(bytes)).toString('latin1'))
    expect({ bytes, kept, rest }).toEqual({
      bytes,
      kept: bytes.endsWith('\r\n') ? bytes : `${bytes}\r\n`,
      rest: '',
    })
  }
})

/** xorshift32: the same rounds on every machine. */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}
