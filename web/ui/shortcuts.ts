import { useEffect, useRef } from 'react'

type Handler = (event: KeyboardEvent) => void

/** Keys by `event.key`; with Control or Command held: `Mod+a`. */
export type Shortcuts = Record<string, Handler>

/** Where keys belong to what is focused: fields, menus, dialogs, tab rows. */
const OWN_KEYS =
  'input, textarea, select, [contenteditable="true"], [role="dialog"], [role="alertdialog"], [role="menu"]'
const OWN_ARROWS = '[role="tablist"], [role="radiogroup"], pre, [data-own-arrows]'
const OWN_ENTER = 'a, button, summary'

/** Keys for the whole page while the component is shown. */
export function useShortcuts(shortcuts: Shortcuts, enabled = true): void {
  const current = useRef(shortcuts)
  useEffect(() => {
    current.current = shortcuts
  })
  useEffect(() => {
    if (!enabled) return
    const heard = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.isComposing) return
      const target = event.target instanceof Element ? event.target : document.body
      if (target.closest(OWN_KEYS)) return
      if (event.key.startsWith('Arrow') && target.closest(OWN_ARROWS)) return
      if ((event.key === 'Enter' || event.key === ' ') && target.closest(OWN_ENTER)) return
      const modified = event.ctrlKey || event.metaKey
      const handler = current.current[modified ? `Mod+${event.key.toLowerCase()}` : event.key]
      if (!handler) return
      event.preventDefault()
      handler(event)
    }
    document.addEventListener('keydown', heard)
    return () => document.removeEventListener('keydown', heard)
  }, [enabled])
}
