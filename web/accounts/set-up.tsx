import { useNavigate } from '@tanstack/react-router'
import { setUp, useSession } from '../calls/session.ts'
import { Button } from '../ui/button.tsx'
import { useDocumentTitle } from '../ui/document-title.ts'
import { Field, FormError } from '../ui/field.tsx'
import { toast } from '../ui/toasts.tsx'
import { OutsideLink, OutsidePage } from './outside-page.tsx'
import { useForm } from '../ui/use-form.ts'

/** The first password. It ends local mode: from then on everybody signs in. */
export function SetUp() {
  useDocumentTitle('Set up')
  const { state, user } = useSession()
  const navigate = useNavigate()
  const form = useForm({ name: user?.name ?? '', email: user?.email ?? '', password: '' }, async values => {
    await setUp({ name: values.name.trim(), email: values.email.trim(), password: values.password })
    toast('Your password is set. You stay signed in here.')
    await navigate({ to: '/', replace: true })
  })
  return (
    <OutsidePage
      title={state === 'local' ? 'Set a password' : 'Welcome to Posthorn'}
      about={
        state === 'local' ? (
          <>
            So far everybody on this machine comes in without one. With a password this{' '}
            <strong className="font-semibold text-ink">local mode ends for good</strong>: people sign in, and
            the server may listen to the network.
          </>
        ) : (
          'You are the first one here. This makes you the owner.'
        )
      }
    >
      <form onSubmit={form.submit} className="flex flex-col gap-4">
        <FormError>{form.error}</FormError>
        <Field
          label="Your name"
          name="name"
          autoComplete="name"
          autoFocus
          required
          value={form.values.name}
          error={form.errorOf('name')}
          onChange={event => form.set('name', event.target.value)}
        />
        <Field
          label="Email"
          type="email"
          name="email"
          autoComplete="username"
          required
          value={form.values.email}
          error={form.errorOf('email')}
          onChange={event => form.set('email', event.target.value)}
        />
        <Field
          label="Password"
          type="password"
          name="password"
          autoComplete="new-password"
          required
          value={form.values.password}
          error={form.errorOf('password')}
          hint="A few words are better than one strange one."
          onChange={event => form.set('password', event.target.value)}
        />
        <Button type="submit" look="primary" className="mt-2 h-10" busy={form.busy}>
          Set password and continue
        </Button>
        {state === 'local' && <OutsideLink to="/">Not now</OutsideLink>}
      </form>
    </OutsidePage>
  )
}
