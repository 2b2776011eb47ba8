import { useNavigate, useSearch } from '@tanstack/react-router'
import { signIn, useSession } from '../calls/session.ts'
import { Button } from '../ui/button.tsx'
import { useDocumentTitle } from '../ui/document-title.ts'
import { Field, FormError } from '../ui/field.tsx'
import { OutsideLink, OutsidePage } from './outside-page.tsx'
import { useForm } from '../ui/use-form.ts'

export function Login() {
  useDocumentTitle('Sign in')
  const { next } = useSearch({ from: '/login' })
  const navigate = useNavigate()
  const { server } = useSession()
  const form = useForm({ email: '', password: '' }, async ({ email, password }) => {
    await signIn(email.trim(), password)
    await navigate({ href: next ?? '/', replace: true })
  })
  return (
    <OutsidePage title="Sign in" about="To the inboxes of your team.">
      <form onSubmit={form.submit} className="flex flex-col gap-4">
        <FormError>{form.error}</FormError>
        <Field
          label="Email"
          type="email"
          name="email"
          autoComplete="username"
          autoFocus
          required
          value={form.values.email}
          error={form.errorOf('email')}
          onChange={event => form.set('email', event.target.value)}
        />
        <Field
          label="Password"
          type="password"
          name="password"
          autoComplete="current-password"
          required
          value={form.values.password}
          error={form.errorOf('password')}
          onChange={event => form.set('password', event.target.value)}
        />
        <Button type="submit" look="primary" className="mt-2 h-10" busy={form.busy}>
          Sign in
        </Button>
        {server.password_reset && <OutsideLink to="/forgot-password">Forgot your password?</OutsideLink>}
        {server.registration && <OutsideLink to="/register">Sign up</OutsideLink>}
      </form>
    </OutsidePage>
  )
}
