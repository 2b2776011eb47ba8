import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { askForNewPassword, setNewPassword } from '../calls/account.ts'
import { CallError } from '../calls/http.ts'
import { useSession } from '../calls/session.ts'
import { NotFound } from '../frame/outside-states.tsx'
import { Button } from '../ui/button.tsx'
import { useDocumentTitle } from '../ui/document-title.ts'
import { Field, FormError } from '../ui/field.tsx'
import { toast } from '../ui/toasts.tsx'
import { useForm } from '../ui/use-form.ts'
import { OutsideLink, OutsidePage } from './outside-page.tsx'

/** Asks for a link to a new password. */
export function ForgotPassword() {
  useDocumentTitle('A new password')
  const { server } = useSession()
  const [asked, setAsked] = useState<string>()
  const form = useForm({ email: '' }, async ({ email }) => {
    await askForNewPassword(email.trim())
    setAsked(email.trim())
  })
  if (!server.password_reset) return <NotFound />
  if (asked)
    return (
      <OutsidePage
        title="Look into your mail"
        about={
          <p role="status">
            If somebody has the address{' '}
            <strong className="font-semibold text-ink [overflow-wrap:anywhere]">{asked}</strong> here, a link
            is on its way to it. It works once, within an hour.
          </p>
        }
      >
        <OutsideLink to="/login">Back to signing in</OutsideLink>
      </OutsidePage>
    )
  return (
    <OutsidePage
      title="Forgot your password?"
      about="Say which address you sign in with, and a link to a new password is mailed to it."
    >
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
        <Button type="submit" look="primary" className="mt-2 h-10" busy={form.busy}>
          Mail me a link
        </Button>
        <OutsideLink to="/login">Back to signing in</OutsideLink>
      </form>
    </OutsidePage>
  )
}

/** Where the mailed link leads. */
export function ResetPassword() {
  useDocumentTitle('A new password')
  const { token } = useParams({ from: '/reset-password/$token' })
  const navigate = useNavigate()
  const [closed, setClosed] = useState(false)
  const form = useForm({ password: '' }, async ({ password }) => {
    try {
      await setNewPassword(token, password)
      toast('Your password is changed. Sign in with it.')
      await navigate({ to: '/login', replace: true })
    } catch (error) {
      if (!(error instanceof CallError && error.status === 404)) throw error
      setClosed(true)
    }
  })
  if (closed)
    return (
      <OutsidePage
        title="This link is not open"
        about={<p role="alert">It was used already, or is older than an hour.</p>}
      >
        <OutsideLink to="/forgot-password">Have another one mailed</OutsideLink>
      </OutsidePage>
    )
  return (
    <OutsidePage
      title="Set a new password"
      about="It counts at once, and you are signed out everywhere else."
    >
      <form onSubmit={form.submit} className="flex flex-col gap-4">
        <FormError>{form.error}</FormError>
        <Field
          label="New password"
          type="password"
          name="password"
          autoComplete="new-password"
          autoFocus
          required
          value={form.values.password}
          error={form.errorOf('password')}
          hint="At least 8 characters. A few words are better than one strange one."
          onChange={event => form.set('password', event.target.value)}
        />
        <Button type="submit" look="primary" className="mt-2 h-10" busy={form.busy}>
          Set password
        </Button>
      </form>
    </OutsidePage>
  )
}
