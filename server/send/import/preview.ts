import { detectReading, headRows } from './csv-detection.ts'
import { beginningOf } from './csv-chunks.ts'
import { type Proposing, propose } from './import-formats.ts'
import type { Encoding, ImportFormat, ImportOptions, ImportTarget, Reading } from './import-options.ts'

const ROWS = 20
const SAMPLES = 3

export interface Preview {
  format: ImportFormat
  read: Reading & { bom: boolean }
  columns: { index: number; name: string; samples: string[]; to: ImportTarget }[]
  /** The first, without the header. */
  rows: string[][]
  options: ImportOptions
}

/**
 * What is in a file, and what an import of it would do unless told otherwise.
 * @param encoding what the whole of it was found to be written in
 * @param given how to read it instead of as it seems to be
 */
export function previewFile(
  path: string,
  encoding: Encoding,
  given: Partial<Reading>,
  known: Proposing,
): Preview {
  const reading = detectReading(path, encoding, given)
  const all = headRows(path, reading)
  const options = propose(reading, all, known)
  const rows = all.slice(reading.has_header ? 1 : 0)
  const count = Math.max(options.mapping.length, ...rows.slice(0, ROWS).map(row => row.length))
  return {
    format: options.format,
    read: {
      ...reading,
      bom: beginningOf(path, reading.encoding) > 0 || reading.encoding.startsWith('utf-16'),
    },
    columns: Array.from({ length: count }, (_, index) => ({
      index,
      name: reading.has_header ? (all[0]?.[index] ?? '') : '',
      samples: [...new Set(rows.map(row => row[index] ?? '').filter(cell => cell !== ''))].slice(0, SAMPLES),
      to: options.mapping[index] ?? 'ignore',
    })),
    rows: rows.slice(0, ROWS),
    options,
  }
}
