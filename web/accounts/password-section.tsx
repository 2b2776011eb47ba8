import { Link } from '@tanstack/react-router'
import { changeAccount } from '../calls/account.ts'
import { Section } from '../frame/page.tsx'
import { Button, buttonClasses } from '../ui/button.tsx'
import { Field, FormError } from '../ui/field.tsx'
import { toast } from '../ui/toasts.tsx'
import { useForm } from '../ui/use-form.ts'

const EMPTY = { current_password: '', password: '' }

export function PasswordSection({ hasPassword }: { hasPassword: boolean }) {
  const form = useForm(EMPTY, async values => {
    await changeAccount(values)
    form.set('current_password', '')
    form.set('password', '')
    toast('Your password is changed.')
  })
  if (!hasPassword)
    return (
      <Section
        title="Password"
        about="There is none yet: everybody on this machine comes in without one (local mode)."
      >
        <Link to="/setup" className={buttonClasses('primary', 'self-start')}>
          Set a password
        </Link>
      </Section>
    )
  return (
    <Section title="Password" about="Changing it signs out your other browsers.">
      <form onSubmit={form.submit} className="flex max-w-md flex-col gap-4">
        <FormError>{form.error}</FormError>
        <Field
          label="Current password"
          type="password"
          autoComplete="current-password"
          required
          value={form.values.current_password}
          error={form.errorOf('current_password')}
          onChange={event => form.set('current_password', event.target.value)}
        />
        <Field
          label="New password"
          type="password"
          autoComplete="new-password"
          required
          value={form.values.password}
          error={form.errorOf('password')}
          onChange={event => form.set('password', event.target.value)}
        />
        <Button type="submit" className="self-start" busy={form.busy}>
          Change password
        </Button>
      </form>
    </Section>
  )
}
