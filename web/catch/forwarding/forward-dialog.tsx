import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { ForwardTarget } from '../../../server/catch/api/wire.ts'
import { addTarget, forwardingQuery, forwardMessage, forwardsOfMessageQuery } from '../../calls/forwarding.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, FormError } from '../../ui/field.tsx'
import { SelectField } from '../../ui/select-field.tsx'
import { useForm } from '../../ui/use-form.ts'
import { NoRelay } from './no-relay.tsx'
import { OutgoingState } from './outgoing-state.tsx'
import { isTaken } from './taken.ts'

interface ForwardDialogProps {
  inboxId: number
  messageId: number
  subject: string
  onClose: () => void
}

/** Lets one message out, to an address whose owner agreed. */
export function ForwardDialog({ inboxId, messageId, subject, onClose }: ForwardDialogProps) {
  const forwarding = useQuery(forwardingQuery(inboxId))
  const { relay, from, targets } = forwarding.data ?? { relay: true, targets: [] }
  // Addresses are confirmed elsewhere meanwhile: the form begins with what is true now, not with what was.
  const known = forwarding.data && (forwarding.isFetchedAfterMount || forwarding.isError)
  return (
    <Dialog
      title="Forward this message"
      about={
        <>
          A copy of “<bdi>{subject || '(no subject)'}</bdi>” goes to a real mailbox
          {from && (
            <>
              , from <bdi className="[overflow-wrap:anywhere]">{from.email}</bdi>
            </>
          )}
          .
        </>
      }
      onClose={onClose}
    >
      {forwarding.isError && !forwarding.data && <FormError>{forwarding.error.message}</FormError>}
      {!relay && <NoRelay />}
      {known && relay && <ForwardForm inboxId={inboxId} messageId={messageId} targets={targets} />}
      <Copies inboxId={inboxId} messageId={messageId} />
      <div className="flex flex-wrap items-center justify-between gap-2">
        <Link
          to="/inboxes/$inboxId/forwarding"
          params={{ inboxId }}
          onClick={onClose}
          className="rounded-control py-1 text-soft underline-offset-2 hover:text-ink hover:underline"
        >
          Rules and history
        </Link>
        <Button onClick={onClose}>Close</Button>
      </div>
    </Dialog>
  )
}

const ANOTHER = ''

interface ForwardFormProps {
  inboxId: number
  messageId: number
  targets: ForwardTarget[]
}

function ForwardForm({ inboxId, messageId, targets }: ForwardFormProps) {
  const confirmed = targets.flatMap(({ kind, status, value }) =>
    kind === 'email' && status === 'active' ? [value] : [],
  )
  const [said, setSaid] = useState<string>()
  const form = useForm({ chosen: confirmed[0] ?? ANOTHER, value: '' }, async ({ chosen, value }) => {
    setSaid(undefined)
    let email = chosen === ANOTHER ? value.trim().toLowerCase() : chosen
    if (!isTaken(targets, 'email', email)) {
      const target = await addTarget(inboxId, { kind: 'email', value: email })
      email = target.value
      if (target.status === 'pending')
        return setSaid(`${email} was asked by mail. Once its owner agrees, you can forward to it.`)
    }
    await forwardMessage(inboxId, messageId, email)
    setSaid(`The copy for ${email} is in the queue.`)
  })
  const another = form.values.chosen === ANOTHER
  const asks = another && !isTaken(targets, 'email', form.values.value.trim().toLowerCase())
  return (
    <form onSubmit={form.submit} noValidate className="flex flex-col gap-4">
      <FormError>{form.error}</FormError>
      {confirmed.length > 0 && (
        <SelectField
          label="To"
          value={form.values.chosen}
          onChange={event => form.set('chosen', event.target.value)}
        >
          {confirmed.map(email => (
            <option key={email}>{email}</option>
          ))}
          <option value={ANOTHER}>Another address…</option>
        </SelectField>
      )}
      {another && (
        <Field
          label={confirmed.length > 0 ? 'Another address' : 'To'}
          type="email"
          autoComplete="off"
          placeholder="ann@example.com"
          hint={asks ? 'Its owner is asked by mail first, this once.' : undefined}
          value={form.values.value}
          error={form.errorOf('value')}
          onChange={event => form.set('value', event.target.value)}
        />
      )}
      <Button type="submit" look="primary" className="self-end" busy={form.busy}>
        {asks ? 'Ask for consent' : 'Forward'}
      </Button>
      <p
        role="status"
        className={said ? 'rounded-control bg-good-wash px-3 py-2 [overflow-wrap:anywhere]' : 'hidden'}
      >
        {said}
      </p>
    </form>
  )
}

/** What became of the last copies. */
function Copies({ inboxId, messageId }: { inboxId: number; messageId: number }) {
  const copies = useQuery(forwardsOfMessageQuery(inboxId, messageId)).data ?? []
  if (copies.length === 0) return null
  return (
    <ul aria-label="Copies of this message" className="flex flex-col gap-2 border-t border-line pt-4">
      {copies.map(entry => (
        <li key={entry.id} className="flex flex-col gap-1">
          <span className="[overflow-wrap:anywhere]">{entry.to}</span>
          <OutgoingState entry={entry} />
        </li>
      ))}
    </ul>
  )
}
