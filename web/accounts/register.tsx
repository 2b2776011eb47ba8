import { useNavigate } from '@tanstack/react-router'
import { register, useSession } from '../calls/session.ts'
import { NotFound } from '../frame/outside-states.tsx'
import { Button } from '../ui/button.tsx'
import { useDocumentTitle } from '../ui/document-title.ts'
import { Field, FormError } from '../ui/field.tsx'
import { useForm } from '../ui/use-form.ts'
import { OutsideLink, OutsidePage } from './outside-page.tsx'

/** For strangers, where they may come in by themselves. */
export function Register() {
  useDocumentTitle('Sign up')
  const { server } = useSession()
  const navigate = useNavigate()
  const form = useForm({ workspace: '', name: '', email: '', password: '' }, async values => {
    await register({
      workspace: values.workspace.trim(),
      name: values.name.trim(),
      email: values.email.trim(),
      password: values.password,
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      locale: localeOf(navigator.languages, server.locales),
    })
    await navigate({ to: '/verify-email', replace: true })
  })
  if (!server.registration) return <NotFound />
  return (
    <OutsidePage
      title="Sign up"
      about="Your workspace is where your inboxes and your audience are. You can invite others to it later."
    >
      <form onSubmit={form.submit} className="flex flex-col gap-4">
        <FormError>{form.error}</FormError>
        <Field
          label="Name of your workspace"
          name="organization"
          autoComplete="organization"
          placeholder="Your company or team"
          autoFocus
          required
          maxLength={255}
          value={form.values.workspace}
          error={form.errorOf('workspace')}
          onChange={event => form.set('workspace', event.target.value)}
        />
        <Field
          label="Your name"
          name="name"
          autoComplete="name"
          required
          maxLength={255}
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
          hint="At least 8 characters. A few words are better than one strange one."
          onChange={event => form.set('password', event.target.value)}
        />
        <Button type="submit" look="primary" className="mt-2 h-10" busy={form.busy}>
          Sign up
        </Button>
        <OutsideLink to="/login">I have an account</OutsideLink>
      </form>
    </OutsidePage>
  )
}

/** The first of the browser's languages that the server has, as near to it as it comes. */
function localeOf(languages: readonly string[], known: readonly string[]): string | undefined {
  return languages.flatMap(own => [own, own.split('-')[0] ?? own]).find(own => known.includes(own))
}
