import { createStore } from '../ui/store.ts'

const KEY = 'posthorn-closed-sections'
const closed = createStore<readonly string[]>(kept())

/** Titles of the sections of the sidebar that are folded up. */
export const useClosedSections = closed.use

export function toggleSection(title: string): void {
  const before = closed.get()
  const next = before.includes(title) ? before.filter(one => one !== title) : [...before, title]
  closed.set(next)
  try {
    localStorage.setItem(KEY, JSON.stringify(next))
  } catch {
    // Without storage it lasts as long as the page.
  }
}

function kept(): readonly string[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(value) ? value.filter(one => typeof one === 'string') : []
  } catch {
    return []
  }
}
