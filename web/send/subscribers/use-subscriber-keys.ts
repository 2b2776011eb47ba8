import type { SubscriberWire } from '../../../server/send/api/subscribers-wire.ts'
import { SEARCH_ID } from '../../ui/search-box.tsx'
import { everything, extended, isEmpty, nothing, type Selection, toggled } from '../../ui/selection.ts'
import { useShortcuts } from '../../ui/shortcuts.ts'

interface ListKeys {
  rows: readonly SubscriberWire[]
  active: number | null
  selection: Selection
  /** Whether there is anything one may do with chosen people. */
  change: boolean
  setActive: (id: number) => void
  setSelection: (next: (current: Selection) => Selection) => void
  open: (id: number) => void
  focusList: () => void
}

/** The same keys as in a list of mail. */
export function useSubscriberKeys(list: ListKeys): void {
  const { rows, active, change, setActive, setSelection } = list
  const ids = () => rows.map(row => row.id)
  const move = (index: number, extending = false) => {
    const row = rows[Math.min(rows.length - 1, Math.max(0, index))]
    if (!row) return
    const from = active
    setActive(row.id)
    list.focusList()
    if (extending && change)
      setSelection(current =>
        extended(
          current.anchor === null && from !== null ? { ...current, anchor: from } : current,
          row.id,
          ids(),
        ),
      )
  }
  const step = (by: number, extending = false) => {
    const at = rows.findIndex(row => row.id === active)
    move(at === -1 ? 0 : at + by, extending)
  }
  useShortcuts({
    j: () => step(1),
    k: () => step(-1),
    ArrowDown: event => step(1, event.shiftKey),
    ArrowUp: event => step(-1, event.shiftKey),
    PageDown: () => step(10),
    PageUp: () => step(-10),
    Home: () => move(0),
    End: () => move(rows.length - 1),
    Enter: () => active !== null && list.open(active),
    ...(change && {
      x: () => active !== null && setSelection(current => toggled(current, active, ids())),
      'Mod+a': () => setSelection(() => everything(ids(), false)),
    }),
    '/': () => document.getElementById(SEARCH_ID)?.focus(),
    Escape: () => {
      if (!isEmpty(list.selection)) setSelection(() => nothing)
    },
  })
}
