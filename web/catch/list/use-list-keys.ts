import type { MessageSummary } from '../../../server/catch/api/wire.ts'
import { showKeyboardHelp } from '../../frame/keyboard-help.tsx'
import { useShortcuts } from '../../ui/shortcuts.ts'
import type { InboxPlace } from '../inbox-place.ts'
import { setRead } from './deeds.ts'
import { SEARCH_ID } from '../../ui/search-box.tsx'
import { extended, isEmpty, nothing, type Selection, toggled } from '../../ui/selection.ts'

interface ListKeys {
  rows: readonly MessageSummary[]
  active: number | null
  open: number | null
  selection: Selection
  setActive: (id: number | null) => void
  setSelection: (change: Selection | ((current: Selection) => Selection)) => void
  chooseAll: () => void
  focusList: () => void
  remove: () => void
  place: InboxPlace
}

/** The keyboard of an inbox. With a message open, up and down open the next one; else they move along the list. */
export function useListKeys(list: ListKeys): void {
  const { rows, active, open, selection, place } = list
  const mayChange = place.mayChange === true
  const ids = () => rows.map(row => row.id)

  const move = (to: number, extend = false) => {
    const id = rows[Math.max(0, Math.min(rows.length - 1, to))]?.id
    if (id === undefined) return
    if (extend) {
      const from = selection.anchor ?? active ?? id
      list.setSelection(current => extended({ ...current, anchor: current.anchor ?? from }, id, ids()))
    }
    list.setActive(id)
    if (open !== null && !extend) place.go(id)
  }
  const step = (by: number, extend: boolean) => {
    const at = active === null ? -1 : rows.findIndex(row => row.id === active)
    move(at === -1 ? 0 : at + by, extend)
  }

  const concerned = () => {
    if (selection.every) return 'every' as const
    if (!isEmpty(selection)) return [...selection.ids]
    const one = open ?? active
    return one === null ? [] : [one]
  }
  const unread = () => {
    const which = concerned()
    if (which.length === 0) return
    if (isEmpty(selection) && open === null) {
      const row = rows.find(({ id }) => id === which[0])
      return void setRead(place.inboxId, which, row ? !row.is_read : false)
    }
    if (open !== null && (which === 'every' || which.includes(open))) place.close()
    list.setSelection(nothing)
    void setRead(place.inboxId, which, false)
  }

  useShortcuts({
    j: event => step(1, mayChange && event.shiftKey),
    k: event => step(-1, mayChange && event.shiftKey),
    J: () => step(1, mayChange),
    K: () => step(-1, mayChange),
    ArrowDown: event => step(1, mayChange && event.shiftKey),
    ArrowUp: event => step(-1, mayChange && event.shiftKey),
    Home: () => move(0),
    End: () => move(rows.length - 1),
    Enter: () => active !== null && place.open(active),
    ...(mayChange && {
      u: unread,
      '#': list.remove,
      Delete: list.remove,
      x: () => active !== null && list.setSelection(current => toggled(current, active, ids())),
      'Mod+a': list.chooseAll,
    }),
    '/': () => document.getElementById(SEARCH_ID)?.focus(),
    '?': showKeyboardHelp,
    Escape: () => {
      if (!isEmpty(selection)) return list.setSelection(nothing)
      if (open === null) return
      place.close()
      list.focusList()
    },
  })
}
