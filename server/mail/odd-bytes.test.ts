import { expect, it } from 'vitest'
import { Notes } from './notes.ts'
import { noteOddBytes } from './odd-bytes.ts'

function reference(text: string): Record<string, number> {
  const counts = {
    'bare-lf': text.match(/(?<!\r)\n/g)?.length ?? 0,
    'bare-cr': text.match(/\r(?!\n)/g)?.length ?? 0,
    'nul-byte': text.match(/\0/g)?.length ?? 0,
  }
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
}

it.each([
  '',
  'a',
  '\r\n',
  '\n',
  '\r',
  '\r\r\n',
  '\n\r',
  'abc\r\ndef\nghi\rj\0k',
  '\xff\x80\n\x7f\r\n\x00',
  'abcd\r',
  '\t\x0b\x0c\x0e',
])('counts %j at every alignment', text => {
  for (let shift = 0; shift < 8; shift++) {
    const padded = Buffer.from(`${'\n'.repeat(shift)}${text}\n\r`, 'latin1')
    const notes = new Notes()
    noteOddBytes(padded.subarray(shift, shift + text.length), notes)
    expect(Object.fromEntries(notes.list.map(({ code, count }) => [code, count]))).toEqual(reference(text))
  }
})
