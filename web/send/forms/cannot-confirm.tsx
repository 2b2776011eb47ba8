import { MailWarning } from 'lucide-react'

/** There is no relay: who signs up could not be asked. */
export function CannotConfirm() {
  return (
    <div
      role="note"
      className="flex items-start gap-3 rounded-card border border-brass-line bg-brass-wash px-4 py-3"
    >
      <MailWarning size={17} className="mt-0.5 shrink-0 text-brass-text" aria-hidden />
      <p className="text-body">
        This server has no relay to send mail through, so forms that ask for a confirmation take nobody: their
        page says so. Set <code className="font-mono">POSTHORN_RELAY_URL</code>, or switch the confirmation
        off where you may.
      </p>
    </div>
  )
}
