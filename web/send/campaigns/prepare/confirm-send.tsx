import { useQuery } from '@tanstack/react-query'
import { TriangleAlert } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { EmailServiceWire } from '../../../../server/send/api/email-services-wire.ts'
import { type AskedRecipients, type CampaignFields, recipientsQuery } from '../../../calls/campaigns.ts'
import { CallError } from '../../../calls/http.ts'
import { segmentsQuery } from '../../../calls/segments.ts'
import { sendingSettingsQuery } from '../../../calls/sending-domains.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { FormError } from '../../../ui/field.tsx'
import { counted } from '../../../ui/size.ts'
import { duration } from '../../duration.ts'
import { said } from '../campaign-fields.ts'
import { hoursSaid, scheduleSaid } from './when.tsx'

interface ConfirmSendProps {
  fields: CampaignFields
  /** As it will be read. */
  subject: string
  service: EmailServiceWire | undefined
  asked: AskedRecipients
  /** Somebody has sent themselves a test on this visit. */
  tested: boolean
  /** How many things are wrong with the mail. */
  problems: number
  send: () => Promise<void>
  onClose: () => void
}

/** The one place where one must think: to how many, what, from whom, by which way, when. */
export function ConfirmSend({
  fields,
  subject,
  service,
  asked,
  tested,
  problems,
  send,
  onClose,
}: ConfirmSendProps) {
  const recipients = useQuery({ ...recipientsQuery(asked), staleTime: 0 })
  const segments = useQuery({ ...segmentsQuery, enabled: asked.segment_ids.length > 0 }).data ?? []
  const settings = useQuery({ ...sendingSettingsQuery, retry: false }).data
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Error>()
  const people = recipients.data?.receipt.included
  const { scheduled_at, save_as_draft, send_window } = fields
  const whom = people === undefined ? '…' : counted(people, 'person', 'people')
  const title = save_as_draft
    ? `Make drafts for ${whom}?`
    : scheduled_at
      ? `Schedule for ${whom}?`
      : `Send to ${whom} now?`
  const names = asked.send_to_all
    ? ['Everybody']
    : [
        ...(recipients.data?.tags.filter(({ id }) => asked.tag_ids.includes(id)) ?? []),
        ...segments.filter(({ id }) => asked.segment_ids.includes(id)),
      ].map(({ name }) => name)
  const warnings = [
    ...(problems > 0 ? ['The mail has errors: look at the preview.'] : []),
    ...(tested ? [] : ['You have not sent yourself a test.']),
    ...(service && !service.state.up ? [`${service.name} is down: mails wait until it is back.`] : []),
  ]
  const undo = settings?.undo_seconds ?? 0

  const go = async () => {
    setBusy(true)
    setFailure(undefined)
    try {
      await send()
    } catch (error) {
      setFailure(error as Error)
      setBusy(false)
    }
  }
  return (
    <Dialog alert title={title} onClose={onClose}>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-2">
        <Line name="Subject">
          <b dir="auto" className="font-semibold">
            {subject}
          </b>
        </Line>
        <Line name="From">
          <span dir="auto">{fields.from_name}</span> <span className="text-soft">{fields.from_email}</span>
        </Line>
        <Line name="Through">{service ? `${service.name} (${service.type})` : 'the email service'}</Line>
        <Line name="To">{names.join(', ')}</Line>
        <Line name="When">
          {scheduleSaid(fields)}
          {send_window && `, only ${hoursSaid(send_window)}`}
        </Line>
      </dl>
      {warnings.length > 0 && (
        <ul className="flex flex-col gap-1 rounded-control bg-brass-wash px-3 py-2">
          {warnings.map(warning => (
            <li key={warning} className="flex items-start gap-2">
              <TriangleAlert size={14} className="mt-0.5 shrink-0 text-brass-text" aria-hidden />
              {warning}
            </li>
          ))}
        </ul>
      )}
      <p className="text-soft">
        {save_as_draft
          ? 'Nothing leaves until somebody sends the drafts.'
          : scheduled_at
            ? 'Until then it can be cancelled.'
            : undo > 0
              ? `You can take it back for ${duration(undo)}. What has left after that cannot be called back.`
              : 'What has left cannot be called back. You can pause and cancel the rest.'}
      </p>
      <FormError>{failure && reasonOf(failure)}</FormError>
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Not yet</Button>
        <Button look="primary" busy={busy} disabled={people === undefined} onClick={() => void go()}>
          {save_as_draft
            ? `Make ${people === undefined ? '' : counted(people, 'draft')}`
            : scheduled_at
              ? `Schedule for ${whom}`
              : `Send to ${whom}`}
        </Button>
      </div>
    </Dialog>
  )
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-soft">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  )
}

/** A refusal speaks of fields that are not shown here. */
function reasonOf(error: Error): string {
  if (!(error instanceof CallError)) return error.message
  const [name, faults] = Object.entries(error.fields)[0] ?? []
  return name && faults?.[0] ? said(name, faults[0]) : error.message
}
