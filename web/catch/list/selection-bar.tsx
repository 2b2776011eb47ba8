import { Mail, MailOpen, Trash2, X } from 'lucide-react'
import { IconButton } from '../../ui/button.tsx'
import { count } from '../../ui/size.ts'

interface SelectionBarProps {
  chosen: number
  onRead: () => void
  onUnread: () => void
  onDelete: () => void
  onClear: () => void
}

export function SelectionBar({ chosen, onRead, onUnread, onDelete, onClear }: SelectionBarProps) {
  return (
    <div
      role="toolbar"
      aria-label="Selected messages"
      className="flex min-w-0 grow animate-fade items-center gap-1"
    >
      <IconButton label="Clear selection" keys="Esc" onClick={onClear}>
        <X size={16} aria-hidden />
      </IconButton>
      <span className="mr-auto truncate font-medium tabular-nums" aria-live="polite">
        {count(chosen)} selected
      </span>
      <IconButton label="Mark as read" onClick={onRead}>
        <MailOpen size={16} aria-hidden />
      </IconButton>
      <IconButton label="Mark as unread" keys="u" onClick={onUnread}>
        <Mail size={16} aria-hidden />
      </IconButton>
      <IconButton label="Delete" keys="#" onClick={onDelete} className="hover:text-danger">
        <Trash2 size={16} aria-hidden />
      </IconButton>
    </div>
  )
}
