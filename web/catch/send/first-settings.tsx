import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { inboxQuery } from '../../calls/inboxes.ts'
import { SmtpSettings } from './smtp-settings.tsx'

/** Beside an inbox that has caught nothing yet: what the sender needs, without a click. */
export function FirstSettings({ inboxId }: { inboxId: number }) {
  const inbox = useQuery(inboxQuery(inboxId)).data
  if (!inbox) return null
  return (
    <section
      aria-label="SMTP settings"
      className="m-auto flex w-full max-w-lg animate-fade flex-col gap-4 p-6"
    >
      <h2 className="text-lead font-semibold">SMTP settings of this inbox</h2>
      <SmtpSettings inbox={inbox} />
      <p className="text-soft">
        There is{' '}
        <Link
          to="/inboxes/$inboxId/setup"
          params={{ inboxId }}
          className="font-medium text-brass-text underline decoration-brass-line underline-offset-2 hover:decoration-current"
        >
          ready-made code
        </Link>{' '}
        for the shell, Node.js, Python, PHP, Ruby, Java, Go and .NET.
      </p>
    </section>
  )
}
