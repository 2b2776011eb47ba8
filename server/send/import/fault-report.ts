import type { Database } from '../../storage/schema.ts'
import { csvLine } from '../export/csv-line.ts'
import { faultsOf } from './imports.ts'

const AT_ONCE = 2_000

/** The report of an import as CSV: line number, reason, and the row as it stands in the file. */
export async function* faultLines(db: Database, importId: number): AsyncGenerator<string> {
  yield csvLine(['line', 'reason', 'row'])
  let after: { line: number; id: number } | undefined
  for (;;) {
    const faults = await faultsOf(db, importId, { after, limit: AT_ONCE })
    if (faults.length === 0) return
    yield faults.map(({ line, reason, row }) => csvLine([String(line), reason, row])).join('')
    after = faults.at(-1)
  }
}
