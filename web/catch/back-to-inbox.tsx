import { Link } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'

export function BackToInbox({ id, name }: { id: number; name: string }) {
  return (
    <Link
      to="/inboxes/$inboxId"
      params={{ inboxId: id }}
      className="reach -ml-1.5 flex h-8 min-w-0 items-center gap-1.5 rounded-control px-2 text-soft hover:bg-hover hover:text-ink"
    >
      <ArrowLeft size={15} className="shrink-0" aria-hidden />
      <span dir="auto" className="truncate">
        {name}
      </span>
    </Link>
  )
}
