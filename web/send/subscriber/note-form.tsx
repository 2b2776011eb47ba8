import { type KeyboardEvent, useId, useRef } from 'react'
import { addNote } from '../../calls/subscribers.ts'
import { Button } from '../../ui/button.tsx'
import { FormError, inputClasses } from '../../ui/field.tsx'
import { classes } from '../../ui/classes.ts'
import { useForm } from '../../ui/use-form.ts'

export function NoteForm({ subscriberId }: { subscriberId: number }) {
  const id = useId()
  const element = useRef<HTMLFormElement>(null)
  const form = useForm({ text: '' }, async ({ text }) => {
    if (!text.trim()) return
    await addNote(subscriberId, text.trim())
    form.set('text', '')
  })
  const pressed = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) element.current?.requestSubmit()
  }
  return (
    <form ref={element} onSubmit={form.submit} className="flex flex-col gap-2">
      <FormError>{form.error ?? form.errorOf('text')}</FormError>
      <label htmlFor={id} className="sr-only">
        Note
      </label>
      <div className="rounded-card border border-line focus-within:border-line-strong">
        <textarea
          id={id}
          rows={2}
          maxLength={10_000}
          placeholder="Write a note. Only your team sees it."
          className={classes(
            inputClasses,
            'h-auto resize-none border-transparent py-2.5 field-sizing-content',
          )}
          value={form.values.text}
          onChange={event => form.set('text', event.target.value)}
          onKeyDown={pressed}
        />
        <div className="flex justify-end p-2 pt-0">
          <Button type="submit" busy={form.busy} disabled={!form.values.text.trim()}>
            Add note
          </Button>
        </div>
      </div>
    </form>
  )
}
