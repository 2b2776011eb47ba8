import { type FormEvent, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { SelectField } from '../../ui/select-field.tsx'
import { NEW_KINDS } from './targets.ts'

interface NewFieldDialogProps {
  label: string
  onMade: (kind: string, label: string) => void
  onClose: () => void
}

/** A field that is made as the import starts. */
export function NewFieldDialog({ label: proposed, onMade, onClose }: NewFieldDialogProps) {
  const [label, setLabel] = useState(proposed)
  const [kind, setKind] = useState('text')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!label.trim()) return
    onMade(kind, label.trim())
    onClose()
  }
  return (
    <Dialog title="A new field" about="It is made when the import starts." onClose={onClose}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Field
          label="Name"
          autoComplete="off"
          maxLength={255}
          value={label}
          onChange={event => setLabel(event.target.value)}
        />
        <SelectField
          label="Kind"
          hint="Fields with options are made under Fields first."
          value={kind}
          onChange={event => setKind(event.target.value)}
        >
          {Object.entries(NEW_KINDS).map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </SelectField>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary">
            Use this field
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
