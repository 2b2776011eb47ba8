import { Link } from '@tanstack/react-router'
import { PowerOff } from 'lucide-react'

export function InactiveNotice({ inboxId }: { inboxId: number }) {
  return (
    <p className="flex shrink-0 items-center gap-2 border-y border-brass-line bg-brass-wash px-4 py-2 text-brass-text">
      <PowerOff size={14} className="shrink-0" aria-hidden />
      <span className="min-w-0 grow">Switched off: it takes no mail.</span>
      <Link
        to="/inboxes/$inboxId/settings"
        params={{ inboxId }}
        className="reach shrink-0 font-medium underline-offset-2 hover:underline"
      >
        Settings
      </Link>
    </p>
  )
}
