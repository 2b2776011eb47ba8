import type { LucideIcon } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { iconButtonClasses } from './button.tsx'

export interface MenuItem {
  label: string
  icon?: LucideIcon
  /** What a click does; not run while the menu is still closing. */
  act: () => void
  danger?: boolean
  disabled?: boolean
  /** Given: one of several choices, this one chosen or not. */
  checked?: boolean
}

type MenuEntry = MenuItem | 'line' | { heading: string }

export interface MenuProps {
  /** Names a button that shows an icon alone; one with text is named by it. */
  label?: string
  entries: MenuEntry[]
  children: ReactNode
  className?: string
  side?: 'top' | 'bottom'
  align?: 'start' | 'end'
}

// The menu machinery is a quarter of the first load: it comes when a pointer or the focus nears a button.
const load = () => import('./menu-body.tsx')
const preload = () => void load().catch(() => {})
const MenuBody = lazy(() => load().then(module => ({ default: module.MenuBody })))

export function Menu({ className = iconButtonClasses, ...props }: MenuProps) {
  const [asked, setAsked] = useState(false)
  const button = (
    <button
      type="button"
      aria-label={props.label}
      title={props.label}
      aria-haspopup="menu"
      aria-expanded={false}
      className={className}
      onPointerEnter={preload}
      onFocus={preload}
      onClick={() => setAsked(true)}
    >
      {props.children}
    </button>
  )
  if (!asked) return button
  return (
    <Suspense fallback={button}>
      <MenuBody {...props} className={className} />
    </Suspense>
  )
}
