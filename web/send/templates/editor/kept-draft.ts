import type { TemplateDraft } from '../../../calls/templates.ts'

/** What was not saved yet, in this browser, in case the tab is closed or the server is away. */
export interface KeptDraft extends TemplateDraft {
  /** The version it was begun from. */
  version: number
  /** Milliseconds. */
  at: number
}

const key = (id: number) => `posthorn-template-draft-${id}`

export function keptDraft(id: number): KeptDraft | null {
  try {
    const value = JSON.parse(localStorage.getItem(key(id)) ?? 'null') as KeptDraft | null
    return value && typeof value.source === 'string' && typeof value.at === 'number' ? value : null
  } catch {
    return null
  }
}

export function keepDraft(id: number, draft: KeptDraft): void {
  try {
    localStorage.setItem(key(id), JSON.stringify(draft))
  } catch {
    // No storage, or none left: saving is still there.
  }
}

export function forgetDraft(id: number): void {
  try {
    localStorage.removeItem(key(id))
  } catch {
    // Then there was none.
  }
}
