import { useState } from 'react'
import { createSubscriber } from '../../calls/subscribers.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, FormError } from '../../ui/field.tsx'
import { SelectField } from '../../ui/select-field.tsx'
import { toast } from '../../ui/toasts.tsx'
import { useForm } from '../../ui/use-form.ts'
import { type PickedTag, TagPicker } from '../tag-picker.tsx'
import { STATUSES } from './list-search.ts'

export function AddDialog({ onClose }: { onClose: () => void }) {
  const [tags, setTags] = useState<PickedTag[]>([])
  const form = useForm({ email: '', first_name: '', last_name: '', status: 'subscribed' }, async values => {
    const { email } = await createSubscriber({
      email: values.email.trim(),
      first_name: values.first_name.trim() || null,
      last_name: values.last_name.trim() || null,
      status: STATUSES.find(one => one === values.status) ?? 'subscribed',
      tag_ids: tags.map(tag => tag.id),
    })
    onClose()
    toast(`${email} is added.`)
  })
  return (
    <Dialog title="Add a subscriber" onClose={onClose}>
      <form onSubmit={form.submit} noValidate className="flex flex-col gap-4">
        <FormError>{form.error}</FormError>
        <Field
          label="Email"
          type="email"
          autoComplete="off"
          value={form.values.email}
          error={form.errorOf('email')}
          onChange={event => form.set('email', event.target.value)}
        />
        <div className="grid gap-4 sm:grid-cols-2">
          <Field
            label="First name"
            autoComplete="off"
            value={form.values.first_name}
            error={form.errorOf('first_name')}
            onChange={event => form.set('first_name', event.target.value)}
          />
          <Field
            label="Last name"
            autoComplete="off"
            value={form.values.last_name}
            error={form.errorOf('last_name')}
            onChange={event => form.set('last_name', event.target.value)}
          />
        </div>
        <TagPicker label="Tags" chosen={tags} onChange={setTags} />
        <SelectField
          label="Status"
          hint="Subscribe only those who asked for your mail."
          value={form.values.status}
          error={form.errorOf('status')}
          onChange={event => form.set('status', event.target.value)}
        >
          <option value="subscribed">Subscribed</option>
          <option value="pending">Pending: has not confirmed yet</option>
          <option value="unsubscribed">Unsubscribed</option>
        </SelectField>
        <div className="flex justify-end gap-2 pt-1">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={form.busy}>
            Add subscriber
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
