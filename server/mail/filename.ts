import { decodeWords } from './encoded-words.ts'

// Control characters, and the marks that turn the direction of text: exe.gpj can be made to look like jpg.exe.
// oxlint-disable-next-line no-control-regex
const invisible = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/g

/**
 * A name of a file as it may be shown and offered: encoded words decoded (RFC 2047 forbids them in
 * parameters, everybody sends them), without folders and without invisible characters. `''` if nothing is left.
 */
export function safeFilename(written: string): string {
  const decoded = decodeWords(written).replace(invisible, '')
  const base = decoded.slice(Math.max(decoded.lastIndexOf('/'), decoded.lastIndexOf('\\')) + 1).trim()
  return base === '.' || base === '..' ? '' : base
}
