import type { LucideIcon } from 'lucide-react'
import { type ComponentType, lazy, type ReactNode, Suspense, useState } from 'react'
import { iconButtonClasses } from './button.tsx'

export interface MenuItem {
  label: string
  icon?: LucideIcon
  /** What a click does; not run while the menu is still closing. */
  act: () => void
  danger?: boolean
  disabled?: boolean
  /** Beside the label, quieter. */
  note?: string
  /** Given: one of several choices, this one chosen or not. */
  checked?: boolean
}

export type MenuEntry = MenuItem | 'line' | { heading: string }

/** The button that opens a menu. */
export interface MenuButton {
  /** Names a button that shows an icon alone; one with text is named by it. */
  label?: string
  children: ReactNode
  className?: string
  side?: 'top' | 'bottom'
  align?: 'start' | 'end'
}

export interface MenuProps extends MenuButton {
  entries: MenuEntry[]
}

/**
 * A menu whose machinery and entries are loaded when a pointer or the focus nears its button: they are no part of
 * the first load. What is loaded draws the button itself, and the menu, open.
 */
export function lateMenu<Props extends MenuButton>(load: () => Promise<ComponentType<Props>>) {
  const preload = () => void load().catch(() => {})
  const Body = lazy(() => load().then(body => ({ default: body as ComponentType<MenuButton> })))

  return function LateMenu(props: Props) {
    const [asked, setAsked] = useState(false)
    const className = props.className ?? iconButtonClasses
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
        <Body {...props} className={className} />
      </Suspense>
    )
  }
}

export const Menu = lateMenu<MenuProps>(() => import('./menu-body.tsx').then(module => module.MenuBody))
