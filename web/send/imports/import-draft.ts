import type { ImportOptionsWire } from '../../../server/send/api/imports-wire.ts'
import type { Reading } from '../../calls/imports.ts'

/** What somebody has decided so far; the rest is as it was proposed. */
export interface ImportDraft {
  reading: Reading
  edits: Partial<ImportOptionsWire>
}

const keyOf = (id: number) => `posthorn-import-${id}`

/** So that one can leave and come back before it was started. */
export function keptDraft(id: number): ImportDraft | undefined {
  try {
    return (JSON.parse(localStorage.getItem(keyOf(id)) ?? 'null') as ImportDraft | null) ?? undefined
  } catch {
    return undefined
  }
}

export function keepDraft(id: number, draft: ImportDraft | undefined): void {
  try {
    if (draft) localStorage.setItem(keyOf(id), JSON.stringify(draft))
    else localStorage.removeItem(keyOf(id))
  } catch {
    // Without storage it lasts as long as the page.
  }
}

export function draftOf(options: ImportOptionsWire): ImportDraft {
  const { delimiter, quote, encoding, has_header } = options
  return { reading: { delimiter, quote, encoding, has_header }, edits: options }
}
