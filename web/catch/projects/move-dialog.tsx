import type { InboxSummary, ProjectSummary } from '../../../server/catch/api/wire.ts'
import { moveInbox } from '../../calls/inbox-settings.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FormError } from '../../ui/field.tsx'
import { SelectField } from '../../ui/select-field.tsx'
import { toast } from '../../ui/toasts.tsx'
import { useForm } from '../../ui/use-form.ts'

interface MoveDialogProps {
  inbox: InboxSummary
  to: ProjectSummary[]
  onClose: () => void
}

export function MoveDialog({ inbox, to, onClose }: MoveDialogProps) {
  const form = useForm({ company_id: String(to[0]?.id ?? '') }, async ({ company_id }) => {
    await moveInbox(inbox.id, Number(company_id))
    onClose()
    const chosen = to.find(project => String(project.id) === company_id)
    toast(`“${inbox.name}” is in “${chosen?.name ?? ''}” now.`)
  })
  return (
    <Dialog
      title={`Move “${inbox.name}”`}
      about="Messages, credentials and address stay as they are; who reaches the inbox through its project changes."
      onClose={onClose}
    >
      <form onSubmit={form.submit} className="flex flex-col gap-5">
        <FormError>{form.error}</FormError>
        <SelectField
          label="To the project"
          value={form.values.company_id}
          error={form.errorOf('company_id')}
          onChange={event => form.set('company_id', event.target.value)}
        >
          {to.map(project => (
            <option key={project.id} value={project.id}>
              {project.name}
            </option>
          ))}
        </SelectField>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={form.busy}>
            Move
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
