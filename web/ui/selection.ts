/** Which rows of a list are chosen: some, or every one there is, loaded or not. */
export interface Selection {
  readonly every: boolean
  readonly ids: ReadonlySet<number>
  /** Where a range with the Shift key begins. */
  readonly anchor: number | null
}

export const nothing: Selection = { every: false, ids: new Set(), anchor: null }

export function isChosen(selection: Selection, id: number): boolean {
  return selection.every || selection.ids.has(id)
}

export function isEmpty(selection: Selection): boolean {
  return !selection.every && selection.ids.size === 0
}

/** `rows` are the loaded ids: one taken out of everything leaves those. */
export function toggled(selection: Selection, id: number, rows: readonly number[]): Selection {
  const ids = new Set(selection.every ? rows : selection.ids)
  if (!ids.delete(id)) ids.add(id)
  return { every: false, ids, anchor: id }
}

/** From the anchor to `id`, added to what is chosen. */
export function extended(selection: Selection, id: number, rows: readonly number[]): Selection {
  const to = rows.indexOf(id)
  const anchor = selection.anchor === null ? -1 : rows.indexOf(selection.anchor)
  const from = anchor === -1 ? to : anchor
  if (to === -1) return selection
  const range = rows.slice(Math.min(from, to), Math.max(from, to) + 1)
  return { every: selection.every, ids: new Set([...selection.ids, ...range]), anchor: rows[from] ?? id }
}

export function everything(rows: readonly number[], all: boolean): Selection {
  return { every: all, ids: new Set(rows), anchor: null }
}

/** Without those that are no longer there. */
export function remaining(selection: Selection, gone: (id: number) => boolean): Selection {
  if (selection.every || ![...selection.ids].some(gone)) return selection
  return { ...selection, ids: new Set([...selection.ids].filter(id => !gone(id))) }
}
