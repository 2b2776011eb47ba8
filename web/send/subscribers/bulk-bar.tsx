import { Download, MailCheck, MailX, MoreHorizontal, Tag, Tags, Trash2, X } from 'lucide-react'
import type { SelectionWire } from '../../../server/send/api/subscribers-wire.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { count, counted } from '../../ui/size.ts'
import { deleteThem, exportThem, resubscribeThem, tagThem, unsubscribeThem } from './bulk-deeds.tsx'

interface BulkBarProps {
  chosen: SelectionWire
  count: number
  /** All that match, loaded or not. */
  every: boolean
  /** Given: all that are loaded are chosen, and so many match. */
  total: number | undefined
  onEvery: () => void
  onClear: () => void
}

/** What can be done with those who are chosen. */
export function BulkBar({ chosen, count: size, every, total, onEvery, onClear }: BulkBarProps) {
  const more = total !== undefined && total > size
  return (
    <div
      role="toolbar"
      aria-label="Selected subscribers"
      className="flex min-h-12 shrink-0 animate-fade flex-wrap items-center gap-x-1.5 gap-y-2 border-b border-brass-line bg-chosen px-3 py-2 lg:px-7"
    >
      <IconButton label="Clear selection" keys="Esc" onClick={onClear}>
        <X size={16} aria-hidden />
      </IconButton>
      <span className="font-medium tabular-nums" aria-live="polite">
        {every ? `All ${count(size)} that match` : `${count(size)} selected`}
      </span>
      {more && (
        <Button className="ml-1" onClick={onEvery}>
          Select all {count(total)} that match
        </Button>
      )}
      <div className="ml-auto flex flex-wrap items-center gap-1.5">
        <Button onClick={() => tagThem('tag', chosen, size)}>
          <Tag size={14} aria-hidden />
          Tag
        </Button>
        <Button onClick={() => tagThem('untag', chosen, size)}>
          <Tags size={14} aria-hidden />
          Untag
        </Button>
        <Button onClick={() => void unsubscribeThem(chosen, size)}>
          <MailX size={14} aria-hidden />
          Unsubscribe
        </Button>
        <Menu
          label={`More for ${counted(size, 'subscriber')}`}
          entries={[
            {
              label: 'Subscribe again',
              icon: MailCheck,
              act: () => void resubscribeThem(chosen, size),
            },
            { label: 'Export as CSV', icon: Download, act: () => exportThem(chosen) },
            'line',
            {
              label: `Delete ${count(size)} …`,
              icon: Trash2,
              danger: true,
              act: () => void deleteThem(chosen, size, onClear),
            },
          ]}
        >
          <MoreHorizontal size={17} aria-hidden />
        </Menu>
      </div>
    </div>
  )
}
