import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { CampaignPersonWire } from '../../../server/send/api/deliveries-wire.ts'
import { whyNot } from '../../calls/deliveries.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { reasonInWords } from '../delivery-badge.tsx'

/** "Ann says she never got it": one address, and what this campaign knows of it. */
export function WhyNot({ campaignId }: { campaignId: number }) {
  const [email, setEmail] = useState('')
  const [busy, setBusy] = useState(false)
  const [answer, setAnswer] = useState<{ email: string; person: CampaignPersonWire }>()
  const [error, setError] = useState<string>()
  const ask = async (event: FormEvent) => {
    event.preventDefault()
    const asked = email.trim()
    if (!asked || busy) return
    setBusy(true)
    setError(undefined)
    setAnswer(undefined)
    await whyNot(campaignId, asked).then(
      person => setAnswer({ email: asked, person }),
      failure => setError((failure as Error).message),
    )
    setBusy(false)
  }
  return (
    <form onSubmit={event => void ask(event)} noValidate className="flex flex-col gap-2 print:hidden">
      <div className="flex items-end gap-2">
        <Field
          label="Did somebody not get it?"
          className="min-w-0 grow"
          type="email"
          autoComplete="off"
          placeholder="ann@example.com"
          value={email}
          onChange={event => setEmail(event.target.value)}
        />
        <Button type="submit" busy={busy} className="h-9">
          Ask why
        </Button>
      </div>
      <div role="status" className="text-soft [overflow-wrap:anywhere] empty:hidden">
        {error ? (
          <span className="text-danger">{error}</span>
        ) : (
          answer && (
            <>
              <b className="font-medium text-ink">{answer.email}</b>
              {answer.person.found ? ' is among the recipients. ' : ' is not among the recipients. '}
              {reasonInWords(answer.person.reason)}{' '}
              {answer.person.delivery_id !== null && (
                <Link
                  to="/messages/$messageId"
                  params={{ messageId: answer.person.delivery_id }}
                  className="rounded-tight text-ink underline underline-offset-2"
                >
                  What became of the mail
                </Link>
              )}
            </>
          )
        )}
      </div>
    </form>
  )
}
