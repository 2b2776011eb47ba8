import { MailQuestion } from 'lucide-react'
import { useState } from 'react'
import { type DeliveryWire, resolveDelivery } from '../../calls/deliveries.ts'
import { Button } from '../../ui/button.tsx'
import { toast, toastFailure } from '../../ui/toasts.tsx'

/** Nobody knows whether it arrived: what that means, and the two ways out of it. */
export function Resolve({ delivery, change }: { delivery: DeliveryWire; change: boolean }) {
  const [busy, setBusy] = useState(false)
  const decide = async (as: 'sent' | 'retry') => {
    if (busy) return
    setBusy(true)
    try {
      await resolveDelivery(delivery.id, as)
      toast(as === 'sent' ? 'It counts as sent.' : 'It is sent again.')
      // The buttons go away under the focus.
      document.querySelector<HTMLElement>('main h1')?.focus()
    } catch (error) {
      toastFailure('Not done.', error)
    }
    setBusy(false)
  }
  return (
    <section
      aria-label="Did it arrive?"
      className="flex items-start gap-3 rounded-card border border-brass-line bg-brass-wash p-4"
    >
      <MailQuestion size={18} className="mt-0.5 shrink-0 text-brass-text" aria-hidden />
      <div className="flex min-w-0 flex-col gap-2.5">
        <div className="flex flex-col gap-1">
          <h2 className="text-body font-semibold">Did it arrive?</h2>
          <p className="max-w-[76ch] text-pretty text-soft">
            The mail was handed over whole, and then the connection or this server was cut off before the
            other side said that it had taken it. It may be in their mailbox or not. Sent again it may arrive
            twice; left as it is they may never get it. Ask them, or look for the Message-ID in the log of
            their server.
          </p>
        </div>
        {change ? (
          <div className="flex flex-wrap gap-2">
            <Button look="primary" busy={busy} onClick={() => void decide('sent')}>
              It arrived
            </Button>
            <Button busy={busy} onClick={() => void decide('retry')}>
              Send again
            </Button>
          </div>
        ) : (
          <p className="text-soft">The admins of this workspace can decide.</p>
        )}
      </div>
    </section>
  )
}
