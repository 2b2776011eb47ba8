import { useState } from 'react'
import { CallError } from '../../calls/http.ts'
import { useSession } from '../../calls/session.ts'
import { sendTest } from '../../calls/templates.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, FormError } from '../../ui/field.tsx'
import { toast } from '../../ui/toasts.tsx'
import { useForm } from '../../ui/use-form.ts'

const SETTING = 'POSTHORN_RELAY_URL=smtp://user:password@mail.example.com:587'

interface TestSendProps {
  templateId: number
  subject: string
  /** As whom it is sent; somebody made up if absent. */
  personId: number | undefined
  unsaved: boolean
  save: () => Promise<boolean>
  onClose: () => void
}

/** The mail to one's own mailbox, before anybody else gets it. */
export function TestSend({ templateId, subject, personId, unsaved, save, onClose }: TestSendProps) {
  const { user, server } = useSession()
  const [noRelay, setNoRelay] = useState(!server.mails)
  const form = useForm({ to: user?.email ?? '', subject }, async values => {
    if (unsaved && !(await save())) return
    try {
      await sendTest(templateId, {
        to: values.to.trim(),
        ...(values.subject.trim() && { subject: values.subject.trim() }),
        ...(personId !== undefined && { subscriber_id: personId }),
      })
    } catch (error) {
      if (!(error instanceof CallError && error.status === 409)) throw error
      setNoRelay(true)
      return
    }
    onClose()
    toast(`A test is on its way to ${values.to.trim()}.`)
  })
  if (noRelay)
    return (
      <Dialog
        title="This server sends no mail yet"
        about="Whoever runs it has to name a mail server that takes its mail, with this setting:"
        onClose={onClose}
      >
        <div className="flex items-center gap-2">
          <code className="min-w-0 grow rounded-control border border-line bg-ground px-3 py-2 font-mono text-small break-all">
            {SETTING}
          </code>
          <CopyButton text={SETTING} label="Copy the setting" />
        </div>
        <p className="text-soft">Until then the preview shows the mail as anybody would get it.</p>
        <div className="flex justify-end">
          <Button onClick={onClose}>Close</Button>
        </div>
      </Dialog>
    )
  return (
    <Dialog
      title="Send a test"
      about="One mail, filled in as the preview is. It counts in no report."
      onClose={onClose}
    >
      <form onSubmit={form.submit} noValidate className="flex flex-col gap-4">
        <FormError>{form.error}</FormError>
        <Field
          label="To"
          type="email"
          value={form.values.to}
          error={form.errorOf('to')}
          onChange={event => form.set('to', event.target.value)}
        />
        <Field
          label="Subject"
          value={form.values.subject}
          error={form.errorOf('subject')}
          onChange={event => form.set('subject', event.target.value)}
        />
        <div className="flex items-center justify-end gap-2">
          {unsaved && <span className="mr-auto text-small text-soft">Your changes are saved first.</span>}
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={form.busy}>
            {unsaved ? 'Save and send' : 'Send'}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
