import { Send } from 'lucide-react'
import { useState } from 'react'
import { sendTestMail } from '../../../calls/campaigns.ts'
import { useSession } from '../../../calls/session.ts'
import { Button } from '../../../ui/button.tsx'
import { Field } from '../../../ui/field.tsx'
import { useForm } from '../../../ui/use-form.ts'
import { previewPerson } from '../../templates/editor/person.tsx'
import type { UsedCopy } from '../use-working-copy.ts'

/** The mail to one's own mailbox, before anybody else gets it. */
export function TestMail({ copy, onTested }: { copy: UsedCopy; onTested: () => void }) {
  const { user } = useSession()
  const person = previewPerson.use()
  const [sent, setSent] = useState<string>()
  const form = useForm({ to: user?.email ?? '' }, async ({ to }) => {
    setSent(undefined)
    if (copy.id === null || !(await copy.flush())) throw copy.latest().failure ?? new Error('Not saved yet.')
    await sendTestMail(copy.id, { to: to.trim(), ...(person && { subscriber_id: person.id }) })
    setSent(to.trim())
    onTested()
  })
  return (
    <form onSubmit={form.submit} noValidate className="flex flex-col gap-1.5">
      <div className="flex items-end gap-2">
        <Field
          label="Test email address"
          labelHidden
          type="email"
          autoComplete="email"
          className="min-w-0 grow"
          value={form.values.to}
          aria-invalid={form.errorOf('to') ? true : undefined}
          onChange={event => form.set('to', event.target.value)}
        />
        <Button type="submit" busy={form.busy} className="h-9">
          <Send size={14} aria-hidden />
          Send test
        </Button>
      </div>
      <p role="status" className={sent ? 'text-good' : 'sr-only'}>
        {sent && `On its way to ${sent}.`}
      </p>
      {(form.errorOf('to') ?? form.error) && (
        <p role="alert" className="text-danger">
          {form.errorOf('to') ?? form.error}
        </p>
      )}
      {!sent && (
        <p className="text-soft">
          Goes out as {person ? person.name : 'a sample person'} would get it, with [Test] before the subject.
          It counts nowhere.
        </p>
      )}
    </form>
  )
}
