import { type FormEvent, useState } from 'react'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import type { Question } from './dialogs.tsx'
import { Field } from './field.tsx'

export function ConfirmDialog({
  title,
  text,
  action,
  danger = false,
  typed,
  answer,
}: Question & { answer: (yes: boolean) => void }) {
  const [given, setGiven] = useState('')
  const [missed, setMissed] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (typed === undefined || sameText(given, typed)) answer(true)
    else setMissed(true)
  }
  return (
    <Dialog title={title} about={text} alert onClose={() => answer(false)}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-5">
        {typed !== undefined && (
          <Field
            label={`To be sure, type “${typed}”`}
            value={given}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            error={missed ? 'That is something else.' : undefined}
            onChange={event => {
              setGiven(event.target.value)
              setMissed(false)
            }}
          />
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={() => answer(false)}>Cancel</Button>
          <Button type="submit" look={danger ? 'danger' : 'primary'}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function sameText(one: string, other: string): boolean {
  return asSeen(one) === asSeen(other)
}

/** How many spaces there are, and how an accent is put together, nobody sees. */
function asSeen(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, ' ').trim()
}
