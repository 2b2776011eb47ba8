import { createStore } from '../../ui/store.ts'

/** The line of its HTML source that somebody wants to see of a message. */
export const wantedLine = createStore<{ id: number; line: number } | null>(null)
