import type { InboxWire } from '../../../server/catch/api/wire.ts'
import { changeInbox } from '../../calls/inboxes.ts'
import { Section } from '../../frame/page.tsx'
import { Button } from '../../ui/button.tsx'
import { Field, FormError } from '../../ui/field.tsx'
import { toast } from '../../ui/toasts.tsx'
import { useForm } from '../../ui/use-form.ts'

export function NameSection({ inbox }: { inbox: InboxWire }) {
  const form = useForm({ name: inbox.name }, async ({ name }) => {
    await changeInbox(inbox.id, { name: name.trim() })
    toast('Saved.')
  })
  return (
    <Section title="Name">
      <form onSubmit={form.submit} className="flex max-w-md flex-col gap-3">
        <FormError>{form.error}</FormError>
        <div className="flex items-end gap-3">
          <Field
            label="Name of the inbox"
            className="min-w-0 grow"
            required
            maxLength={100}
            value={form.values.name}
            error={form.errorOf('name')}
            onChange={event => form.set('name', event.target.value)}
          />
          <Button type="submit" className="h-9" busy={form.busy}>
            Rename
          </Button>
        </div>
      </form>
    </Section>
  )
}
