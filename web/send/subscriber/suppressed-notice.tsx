import { Link } from '@tanstack/react-router'
import { Ban } from 'lucide-react'

export function SuppressedNotice({ email }: { email: string }) {
  return (
    <div
      role="note"
      className="flex items-start gap-3 rounded-card border border-danger bg-danger-wash px-4 py-3 text-danger"
    >
      <Ban size={16} className="mt-0.5 shrink-0" aria-hidden />
      <p>
        <strong className="font-semibold">Nothing is sent to this address.</strong> It, or its domain, is on
        the{' '}
        <Link to="/suppressions" search={{ search: email }} className="underline underline-offset-2">
          suppression list
        </Link>
        , which counts for more than the status.
      </p>
    </div>
  )
}
