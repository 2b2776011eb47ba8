import { Link } from '@tanstack/react-router'
import { ChevronDown } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { toggleSection, useClosedSections } from './closed-sections.ts'
import type { SECTIONS } from './places.ts'

/** A part of the sidebar that can be folded up. */
export function SidebarSection({ title, children }: { title: string; children: ReactNode }) {
  const id = useId()
  const open = !useClosedSections().includes(title)
  return (
    <div className="border-t border-line py-2 first:border-0 first:pt-0">
      <h2>
        <button
          type="button"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => toggleSection(title)}
          className="group/head reach flex h-8 w-full items-center gap-2 rounded-control px-2.5 text-left font-semibold hover:bg-hover"
        >
          <span className="grow">{title}</span>
          <ChevronDown
            size={14}
            className="shrink-0 text-faint transition-transform duration-100 group-aria-[expanded=false]/head:-rotate-90"
            aria-hidden
          />
        </button>
      </h2>
      <div id={id} hidden={!open}>
        {open && children}
      </div>
    </div>
  )
}

/** How a row of the sidebar looks that leads somewhere; the place one is at stands out. */
export const sidebarLinkClasses =
  'group flex h-8 items-center gap-2.5 rounded-control px-2.5 text-soft hover:bg-hover hover:text-ink aria-[current=page]:bg-ground aria-[current=page]:font-medium aria-[current=page]:text-ink aria-[current=page]:shadow-rise aria-[current=page]:ring-1 aria-[current=page]:ring-line pointer-coarse:h-11'

export function SidebarPlaces({ places }: { places: (typeof SECTIONS)[number]['places'] }) {
  return (
    <ul>
      {places.map(({ label, to, icon: Icon }) => (
        <li key={to}>
          <Link to={to} activeProps={{ 'aria-current': 'page' }} className={sidebarLinkClasses}>
            <Icon
              size={15}
              className="shrink-0 text-faint group-aria-[current=page]:text-brass-text"
              aria-hidden
            />
            {label}
          </Link>
        </li>
      ))}
    </ul>
  )
}
