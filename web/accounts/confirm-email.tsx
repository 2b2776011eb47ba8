import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { confirmEmail } from '../calls/account.ts'
import { CallError } from '../calls/http.ts'
import { Button, buttonClasses } from '../ui/button.tsx'
import { useDocumentTitle } from '../ui/document-title.ts'
import { FormError } from '../ui/field.tsx'
import { useForm } from '../ui/use-form.ts'
import { OutsidePage, OutsideRefusal } from './outside-page.tsx'

/** Where the link mailed to a new address leads. It asks first: whatever scans mail opens links too. */
export function ConfirmEmail() {
  useDocumentTitle('Confirm your address')
  const { token } = useParams({ from: '/confirm-email/$token' })
  const [outcome, setOutcome] = useState<'done' | 'not open' | 'taken'>()
  const form = useForm({}, async () => {
    try {
      await confirmEmail(token)
      setOutcome('done')
    } catch (error) {
      const status = error instanceof CallError ? error.status : 0
      if (status === 404) setOutcome('not open')
      else if (status === 409) setOutcome('taken')
      else throw error
    }
  })
  if (outcome === 'not open')
    return (
      <OutsideRefusal
        title="This link is not open"
        about="It was used already, is too old, or a later change took its place. Change the address again on your account page."
      />
    )
  if (outcome === 'taken')
    return (
      <OutsideRefusal
        title="Somebody has that address"
        about="Another account took it meanwhile. Your address stays as it was."
      />
    )
  if (outcome === 'done')
    return (
      <OutsidePage title="Confirmed" about="You sign in with this address from now on.">
        <Link to="/" className={buttonClasses('primary', 'h-10')}>
          Go to the inboxes
        </Link>
      </OutsidePage>
    )
  return (
    <OutsidePage
      title="Is this your address?"
      about="Confirm that the mail with this link came to you. You sign in with that address then."
    >
      <form onSubmit={form.submit} className="flex flex-col gap-4">
        <FormError>{form.error}</FormError>
        <Button type="submit" look="primary" className="h-10" busy={form.busy}>
          Confirm the address
        </Button>
      </form>
    </OutsidePage>
  )
}
