import { useQuery } from '@tanstack/react-query'
import { RotateCw } from 'lucide-react'
import { useState } from 'react'
import {
  deleteInvitation,
  type Invitation,
  invitationsQuery,
  resendInvitation,
  type Scope,
} from '../../calls/invitations.ts'
import { Button } from '../../ui/button.tsx'
import { confirmed } from '../../ui/dialogs.tsx'
import { FormError } from '../../ui/field.tsx'
import { ROLES } from '../../ui/roles.ts'
import { exactTime, readableDay, useNow } from '../../ui/time.ts'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { InvitationLink } from './invite-form.tsx'
import { PersonList, PersonRow, RemoveButton } from './person-row.tsx'

/** Who has not come yet; with `only`, of those invited to one thing. */
export function InvitationList({ only }: { only?: Scope }) {
  const invitations = useQuery(invitationsQuery)
  const now = useNow()
  const [fresh, setFresh] = useState<{ id: number; link: string; mailed: boolean }>()
  const shown = invitations.data?.filter(
    ({ scope }) => only === undefined || (scope.kind === only.kind && scope.id === only.id),
  )

  const resend = async ({ id }: Invitation) => {
    try {
      const reply = await resendInvitation(id)
      setFresh({ id, ...reply })
      await invitations.refetch()
    } catch (error) {
      toastFailure('There is no new link.', error)
    }
  }

  if (invitations.isError)
    return (
      <>
        <FormError>{invitations.error.message}</FormError>
        <Button className="self-start" onClick={() => void invitations.refetch()}>
          Try again
        </Button>
      </>
    )
  if (!shown) return null
  if (shown.length === 0) return <p className="text-soft">Nobody is invited at the moment.</p>
  return (
    <PersonList label="Invitations">
      {shown.map(invitation => {
        const { id, email, role, scope, invited_by, expires_at } = invitation
        const expired = new Date(expires_at).getTime() < now
        return (
          <PersonRow
            key={id}
            name=""
            email={email}
            about={
              <>
                {ROLES[role]}
                {only === undefined && scope.kind !== 'workspace' && ` of the ${scope.kind} “${scope.name}”`}{' '}
                · by {invited_by.name} ·{' '}
                <time
                  dateTime={expires_at}
                  title={exactTime(expires_at)}
                  className={expired ? 'text-danger' : ''}
                >
                  {expired ? 'expired' : `until ${readableDay(expires_at)}`}
                </time>
                {fresh?.id === id && (
                  <div className="mt-2 text-base text-ink">
                    <InvitationLink email={email} link={fresh.link} mailed={fresh.mailed} />
                  </div>
                )}
              </>
            }
          >
            <Button aria-label={`New link for ${email}`} onClick={() => void resend(invitation)}>
              <RotateCw size={14} aria-hidden />
              New link
            </Button>
            <RemoveButton of={`the invitation of ${email}`} onClick={() => void withdraw(invitation)} />
          </PersonRow>
        )
      })}
    </PersonList>
  )
}

async function withdraw({ id, email }: Invitation): Promise<void> {
  const sure = await confirmed({
    title: 'Withdraw this invitation?',
    text: `The link sent to ${email} stops working.`,
    action: 'Withdraw',
    danger: true,
  })
  if (!sure) return
  await deleteInvitation(id).then(
    () => toast('The invitation is withdrawn.'),
    error => toastFailure('Not withdrawn.', error),
  )
}
