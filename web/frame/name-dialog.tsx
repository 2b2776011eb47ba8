import { type FormEvent, useState } from 'react'
import { CallError } from '../calls/http.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'

interface NameDialogProps {
  title: string
  about?: string
  label: string
  /** What the server calls it in a refusal. */
  field?: string
  value?: string
  placeholder?: string
  action: string
  /** Rejects with what is wrong with the name. */
  save: (name: string) => Promise<void>
  onClose: () => void
}

export function NameDialog({
  title,
  about,
  label,
  field = 'name',
  value = '',
  placeholder,
  action,
  save,
  onClose,
}: NameDialogProps) {
  const [name, setName] = useState(value)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string>()

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    if (!name.trim()) return setError(`Please give it a ${field}.`)
    setBusy(true)
    try {
      await save(name.trim())
      onClose()
    } catch (failure) {
      const inField = failure instanceof CallError ? failure.fields[field]?.[0] : undefined
      setError(inField ? `The ${field} ${inField}.` : String((failure as Error).message))
      setBusy(false)
    }
  }

  return (
    <Dialog title={title} about={about} onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-5" noValidate>
        <Field
          label={label}
          value={name}
          placeholder={placeholder}
          maxLength={100}
          autoComplete="off"
          error={error}
          onChange={event => {
            setName(event.target.value)
            setError(undefined)
          }}
          onFocus={event => event.target.select()}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
