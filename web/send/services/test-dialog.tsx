import { CircleCheck } from 'lucide-react'
import { useState } from 'react'
import { CallError } from '../../calls/http.ts'
import { type EmailServiceWire, testEmailService } from '../../calls/email-services.ts'
import { useSession } from '../../calls/session.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, FormError } from '../../ui/field.tsx'
import { useForm } from '../../ui/use-form.ts'

/** One mail through the service, and what it answered. */
export function TestDialog({ service, onClose }: { service: EmailServiceWire; onClose: () => void }) {
  const { user } = useSession()
  const [took, setTook] = useState<string>()
  const [answer, setAnswer] = useState<string>()
  const form = useForm(
    {
      to: user?.email ?? '',
      from: '',
      subject: 'Posthorn Test Email',
      body: 'This is a test of the email service.',
    },
    async values => {
      setTook(undefined)
      setAnswer(undefined)
      try {
        await testEmailService(service.id, values)
        setTook(values.to)
      } catch (error) {
        const words = error instanceof CallError ? error.fields.response?.[0] : undefined
        if (words === undefined) throw error
        setAnswer(words)
      }
    },
  )
  const field = (name: 'to' | 'from' | 'subject' | 'body', label: string, type = 'text') => (
    <Field
      label={label}
      type={type}
      autoComplete="off"
      value={form.values[name]}
      error={form.errorOf(name)}
      onChange={event => form.set(name, event.target.value)}
    />
  )
  return (
    <Dialog
      title={`Test “${service.name}”`}
      about="One mail, sent at once. It counts in no report."
      onClose={onClose}
    >
      <form onSubmit={form.submit} noValidate className="flex flex-col gap-4">
        <FormError>{form.error}</FormError>
        {field('to', 'To', 'email')}
        {field('from', 'From', 'email')}
        {field('subject', 'Subject')}
        {field('body', 'Text')}
        <div role="status" className="empty:hidden">
          {took && (
            <p className="flex items-start gap-2 rounded-control bg-good-wash px-3 py-2 text-good">
              <CircleCheck size={15} className="mt-0.5 shrink-0" aria-hidden />
              The service took the mail to {took}.
            </p>
          )}
        </div>
        <FormError>
          {answer && (
            <>
              The service refused it.
              <span className="mt-1 block font-mono text-small">{answer}</span>
            </>
          )}
        </FormError>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" look="primary" busy={form.busy}>
            {form.busy ? 'Sending …' : 'Send test'}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
