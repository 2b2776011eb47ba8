import { Link, useNavigate } from '@tanstack/react-router'
import { Copy, History, MoreHorizontal, Pencil, Trash2 } from 'lucide-react'
import type { TemplateSummary } from '../../calls/templates.ts'
import { iconButtonClasses } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { Menu, type MenuEntry } from '../../ui/menu.tsx'
import { counted } from '../../ui/size.ts'
import { exactTime, shortTime, useNow } from '../../ui/time.ts'
import { duplicate, remove, rename } from './deeds.tsx'
import { KINDS } from './kinds.ts'
import { Thumbnail } from './thumbnail.tsx'

/** A picture with its name below; on a phone a row of a list. */
export function TemplateCard({ template, change }: { template: TemplateSummary; change: boolean }) {
  const now = useNow()
  const navigate = useNavigate()
  const { id, name, kind, used_by, updated_at } = template
  const entries: MenuEntry[] = [
    { label: 'Rename', icon: Pencil, act: () => rename(template) },
    { label: 'Duplicate', icon: Copy, act: () => void duplicate(template) },
    {
      label: 'Versions',
      icon: History,
      act: () => void navigate({ to: '/templates/$templateId/versions', params: { templateId: id } }),
    },
    'line',
    {
      label: 'Delete',
      icon: Trash2,
      danger: true,
      act: () => void remove(template),
      ...(used_by > 0 && { disabled: true, note: 'in use' }),
    },
  ]
  return (
    <li className="group/card relative flex min-w-0 flex-col gap-2.5 max-sm:flex-row max-sm:items-center max-sm:border-b max-sm:border-line max-sm:pb-2">
      <div className="aspect-4/5 w-full shrink-0 overflow-hidden rounded-card border border-line-strong shadow-rise transition-shadow duration-100 group-focus-within/card:shadow-menu group-hover/card:shadow-menu max-sm:aspect-square max-sm:w-18">
        <Thumbnail template={template} />
      </div>
      <div className="flex min-w-0 grow items-start gap-1">
        <div className="flex min-w-0 grow flex-col gap-0.5">
          <Link
            to="/templates/$templateId/edit"
            params={{ templateId: id }}
            dir="auto"
            className="truncate rounded-tight text-left text-body font-medium after:absolute after:inset-0 after:rounded-card"
          >
            {name}
          </Link>
          <div className="truncate text-small text-faint">
            {KINDS[kind].name}
            {used_by > 0 && ` · ${counted(used_by, 'campaign')}`} ·{' '}
            <time dateTime={updated_at} title={exactTime(updated_at)}>
              {shortTime(updated_at, now)}
            </time>
          </div>
        </div>
        {change && (
          <span className="relative z-1">
            <Menu
              label={`Template ${name}`}
              className={classes(iconButtonClasses, '-mr-1')}
              entries={entries}
            >
              <MoreHorizontal size={16} aria-hidden />
            </Menu>
          </span>
        )}
      </div>
    </li>
  )
}
