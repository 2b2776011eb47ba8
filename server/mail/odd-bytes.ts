import type { Notes } from './notes.ts'

const LF = 0x0a
const CR = 0x0d

/** Notes line ends other than CRLF (RFC 5322 section 2.3) and NUL bytes. */
export function noteOddBytes(raw: Buffer, notes: Notes): void {
  let bareLf = 0
  let bareCr = 0
  let nul = 0
  const aligned = Math.min(raw.length, -raw.byteOffset & 3)
  const count = (raw.length - aligned) >> 2
  // A short buffer may end before the first aligned byte.
  const words = count > 0 ? new Int32Array(raw.buffer, raw.byteOffset + aligned, count) : []
  look(0, aligned)
  // Four bytes at a time, since this sees every byte of every mail: is any of them below 0x0e?
  for (let w = 0; w < words.length; w++) {
    const word = words[w] ?? 0
    if (((word - 0x0e0e0e0e) & ~word & 0x80808080) !== 0) look(aligned + w * 4, aligned + w * 4 + 4)
  }
  look(aligned + words.length * 4, raw.length)

  if (bareLf > 0) notes.add('bare-lf', '0', bareLf)
  if (bareCr > 0) notes.add('bare-cr', '0', bareCr)
  if (nul > 0) notes.add('nul-byte', '0', nul)

  function look(from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const byte = raw[i]
      if (byte === LF) {
        if (i === 0 || raw[i - 1] !== CR) bareLf++
      } else if (byte === CR) {
        if (i + 1 === raw.length || raw[i + 1] !== LF) bareCr++
      } else if (byte === 0) nul++
    }
  }
}
