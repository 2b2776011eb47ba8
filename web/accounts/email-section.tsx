import { changeAccount, keepOldEmail } from '../calls/account.ts'
import type { User } from '../calls/session.ts'
import { Section } from '../frame/page.tsx'
import { Button } from '../ui/button.tsx'
import { Field, FormError } from '../ui/field.tsx'
import { toast, toastFailure } from '../ui/toasts.tsx'
import { useForm } from '../ui/use-form.ts'

/** The address one signs in with. A new one counts once the link mailed to it was opened. */
export function EmailSection({ user, mails }: { user: User; mails: boolean }) {
  const form = useForm({ email: '', current_password: '' }, async ({ email, current_password }) => {
    await changeAccount({ email: email.trim(), current_password })
    form.set('email', '')
    form.set('current_password', '')
  })
  return (
    <Section title="Email" about="You sign in with it.">
      <p className="[overflow-wrap:anywhere]">
        Your address is <span className="font-medium">{user.email}</span>.
      </p>
      {user.pending_email && (
        <div
          role="status"
          className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-card border border-brass-line bg-brass-wash px-3 py-2"
        >
          <span className="min-w-0 grow basis-56 [overflow-wrap:anywhere]">
            A link was mailed to <span className="font-medium">{user.pending_email}</span>. Open it, and that
            is your address.
          </span>
          <Button onClick={() => void keep()}>Keep the old one</Button>
        </div>
      )}
      {mails ? (
        <form onSubmit={form.submit} className="flex max-w-md flex-col gap-4">
          <FormError>{form.error}</FormError>
          <Field
            label="New email"
            type="email"
            autoComplete="email"
            required
            value={form.values.email}
            error={form.errorOf('email')}
            onChange={event => form.set('email', event.target.value)}
          />
          <Field
            label="Your password"
            type="password"
            autoComplete="current-password"
            required
            value={form.values.current_password}
            error={form.errorOf('current_password')}
            onChange={event => form.set('current_password', event.target.value)}
          />
          <Button type="submit" className="self-start" busy={form.busy}>
            Change email
          </Button>
        </form>
      ) : (
        <p className="text-soft">
          To change it, a link is mailed to the new address. This server cannot send mail: it has no relay
          yet.
        </p>
      )}
    </Section>
  )
}

async function keep(): Promise<void> {
  await keepOldEmail().then(
    () => toast('Your address stays as it is.'),
    error => toastFailure('Not given up.', error),
  )
}
