import { useQuery } from '@tanstack/react-query'
import { Link, Navigate, useParams } from '@tanstack/react-router'
import { MailCheck } from 'lucide-react'
import { useState } from 'react'
import { mailProofAgain, verifyEmail } from '../calls/account.ts'
import { CallError } from '../calls/http.ts'
import { sessionQuery, useSession } from '../calls/session.ts'
import { Button, buttonClasses } from '../ui/button.tsx'
import { useDocumentTitle } from '../ui/document-title.ts'
import { FormError } from '../ui/field.tsx'
import { useForm } from '../ui/use-form.ts'
import { SignOutLink } from './invitation.tsx'
import { OutsidePage, OutsideRefusal } from './outside-page.tsx'

/** All that somebody is shown who signed up and has not opened the mailed link yet. */
export function VerifyEmail() {
  useDocumentTitle('Confirm your address')
  const { state, user } = useSession()
  // The link may be opened elsewhere, on a phone: nobody tells this browser, so it asks.
  useQuery({ ...sessionQuery, staleTime: 0, refetchInterval: 5_000, refetchOnWindowFocus: true })
  const [mailed, setMailed] = useState(false)
  const form = useForm({}, async () => {
    setMailed(false)
    await mailProofAgain()
    setMailed(true)
  })
  if (state !== 'unverified' || !user) return <Navigate to="/" replace />
  return (
    <OutsidePage
      title="Look into your mail"
      about={
        <>
          A link was mailed to{' '}
          <strong className="font-semibold text-ink [overflow-wrap:anywhere]">{user.email}</strong>. Open it
          within a week, and you are in.
        </>
      }
    >
      <form onSubmit={form.submit} className="flex flex-col gap-4">
        <FormError>{form.error}</FormError>
        <p role="status" className={mailed ? 'flex items-center gap-2 text-good' : 'sr-only'}>
          {mailed && (
            <>
              <MailCheck size={16} className="shrink-0" aria-hidden />
              It is on its way again.
            </>
          )}
        </p>
        <Button type="submit" look="primary" className="h-10" busy={form.busy}>
          Send again
        </Button>
        <SignOutLink next="/" />
      </form>
    </OutsidePage>
  )
}

/** Where the mailed link leads. It asks first: whatever scans mail opens links too. */
export function ProveEmail() {
  useDocumentTitle('Confirm your address')
  const { token } = useParams({ from: '/verify-email/$token' })
  const { state } = useSession()
  const [outcome, setOutcome] = useState<'done' | 'not open'>()
  const form = useForm({}, async () => {
    try {
      await verifyEmail(token)
      setOutcome('done')
    } catch (error) {
      if (!(error instanceof CallError && error.status === 404)) throw error
      setOutcome('not open')
    }
  })
  if (outcome === 'not open')
    return (
      <OutsideRefusal
        title="This link is not open"
        about="It is not whole, or older than a week. Sign in, and have another one sent."
      />
    )
  if (outcome === 'done')
    return (
      <OutsidePage
        title="Welcome"
        about={
          state === 'signed_in' ? 'Your address is confirmed.' : 'Your address is confirmed. Sign in with it.'
        }
      >
        <Link to="/" className={buttonClasses('primary', 'h-10')}>
          {state === 'signed_in' ? 'Go to your workspace' : 'Sign in'}
        </Link>
      </OutsidePage>
    )
  return (
    <OutsidePage title="Is this your address?" about="Confirm that the mail with this link came to you.">
      <form onSubmit={form.submit} className="flex flex-col gap-4">
        <FormError>{form.error}</FormError>
        <Button type="submit" look="primary" className="h-10" busy={form.busy}>
          Confirm the address
        </Button>
      </form>
    </OutsidePage>
  )
}
