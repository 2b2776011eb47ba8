import { Check } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { classes } from './classes.ts'
import type { MenuItem, MenuProps } from './menu.tsx'

export function MenuBody({ label, entries, children, className, side = 'bottom', align = 'end' }: MenuProps) {
  return (
    <DropdownMenu.Root defaultOpen modal={false}>
      <DropdownMenu.Trigger aria-label={label} title={label} className={className}>
        {children}
      </DropdownMenu.Trigger>
      {/* No portal: a menu belongs to the landmark, and to the dialog, that its button is in. */}
      <DropdownMenu.Content
        side={side}
        align={align}
        sideOffset={6}
        collisionPadding={8}
        className="z-40 max-h-(--radix-dropdown-menu-content-available-height) min-w-48 max-w-[min(20rem,calc(100vw-1rem))] origin-(--radix-dropdown-menu-content-transform-origin) animate-rise overflow-y-auto rounded-card border border-line-strong bg-raised p-1 shadow-menu"
      >
        {entries.map((entry, index) => {
          if (entry === 'line')
            return <DropdownMenu.Separator key={index} className="mx-2 my-1 h-px bg-line" />
          if ('heading' in entry)
            return (
              <DropdownMenu.Label key={index} className="px-2.5 pt-1.5 pb-1 text-small text-faint">
                {entry.heading}
              </DropdownMenu.Label>
            )
          return <Item key={index} item={entry} />
        })}
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  )
}

function Item({ item }: { item: MenuItem }) {
  const { label, icon: Icon, act, danger, disabled, checked, note } = item
  const shared = {
    disabled: disabled ?? false,
    // After the menu has given the focus back, so that a dialog opened here gives it back to the button.
    onSelect: () => setTimeout(act),
    className: classes(
      'flex h-8 items-center gap-2.5 rounded-control px-2.5 outline-none select-none data-disabled:opacity-50 data-highlighted:bg-hover pointer-coarse:h-11',
      danger ? 'text-danger data-highlighted:bg-danger-wash' : 'text-ink',
    ),
  }
  const inside = (
    <>
      {Icon && <Icon size={15} className={classes('shrink-0', !danger && 'text-faint')} aria-hidden />}
      <span dir="auto" className="min-w-0 grow truncate text-left">
        {label}
      </span>
      {note && <span className="shrink-0 text-small text-faint">{note}</span>}
      {/* Beside notes the place of the sign is kept, so that they stand in one line. */}
      {(checked || (note && checked === false)) && (
        <Check
          size={15}
          className={classes('shrink-0 text-brass-text', !checked && 'invisible')}
          aria-hidden
        />
      )}
    </>
  )
  if (checked === undefined) return <DropdownMenu.Item {...shared}>{inside}</DropdownMenu.Item>
  return (
    <DropdownMenu.CheckboxItem checked={checked} {...shared}>
      {inside}
    </DropdownMenu.CheckboxItem>
  )
}
