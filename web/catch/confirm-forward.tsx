import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { OutsidePage, OutsideRefusal } from '../accounts/outside-page.tsx'
import { agree, confirmationQuery } from '../calls/confirmations.ts'
import { CallError } from '../calls/http.ts'
import { Splash } from '../frame/outside-states.tsx'
import { Button } from '../ui/button.tsx'
import { useDocumentTitle } from '../ui/document-title.ts'
import { FormError } from '../ui/field.tsx'
import { useForm } from '../ui/use-form.ts'

/** Where the mail leads that asks somebody whether they want forwarded mail. No account is needed. */
export function ConfirmForward() {
  useDocumentTitle('Forwarded mail')
  const { token } = useParams({ from: '/confirm/$token' })
  const confirmation = useQuery(confirmationQuery(token))
  const form = useForm({}, () => agree(token))
  if (confirmation.isError)
    return confirmation.error instanceof CallError && confirmation.error.status === 404 ? (
      <OutsideRefusal
        title="This link does not count"
        about="It is too old, or the address was taken off the list. Nothing is sent to you."
      />
    ) : (
      <OutsideRefusal
        title="The question could not be loaded"
        about={confirmation.error.message}
        onRetry={() => void confirmation.refetch()}
      />
    )
  if (!confirmation.data) return <Splash />
  const { email, workspace, status } = confirmation.data
  const address = <strong className="font-semibold text-ink [overflow-wrap:anywhere]">{email}</strong>
  if (status === 'active')
    return (
      <OutsidePage
        title="Confirmed"
        about={
          <p role="status">
            The team “{workspace}” can forward mail to {address}. To end that, ask them to take it off their
            list.
          </p>
        }
      />
    )
  return (
    <OutsidePage
      title="Do you want this mail?"
      about={
        <>
          The team “{workspace}” wants to forward test mail to {address}. If you do not know them, close this
          page: nothing is sent.
        </>
      }
    >
      <form onSubmit={form.submit} className="flex flex-col gap-4">
        <FormError>{form.error}</FormError>
        <Button type="submit" look="primary" className="h-10" busy={form.busy}>
          Yes, send it to me
        </Button>
      </form>
    </OutsidePage>
  )
}
