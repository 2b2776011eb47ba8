import { type FormEvent, useId, useState } from 'react'
import { changeField, createField, type FieldKind, type FieldWire } from '../../calls/fields.ts'
import { CallError } from '../../calls/http.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, FormError } from '../../ui/field.tsx'
import { toast } from '../../ui/toasts.tsx'
import { FIELD_KINDS, hasOptions, isKind } from './field-kinds.ts'
import { OptionsEditor } from './options-editor.tsx'

/** A new field, or the label and the options of one that is there: its kind and its key stay. */
export function FieldDialog({ field, onClose }: { field?: FieldWire; onClose: () => void }) {
  const id = useId()
  const [label, setLabel] = useState(field?.label ?? '')
  const [kind, setKind] = useState<FieldKind>(field?.kind ?? 'text')
  const [key, setKey] = useState('')
  const [options, setOptions] = useState<string[]>(field ? field.options : ['', ''])
  const [failure, setFailure] = useState<Error>()
  const [busy, setBusy] = useState(false)
  const errors = failure instanceof CallError ? failure.fields : {}
  const errorOf = (name: string) => {
    const text = errors[name]?.[0]
    return text && text[0]?.toUpperCase() + text.slice(1)
  }

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    setFailure(undefined)
    const given = options.map(option => option.trim()).filter(Boolean)
    const chosen = hasOptions(kind) && { options: given }
    try {
      if (field) await changeField(field.id, { label: label.trim(), ...chosen })
      else await createField({ label: label.trim(), kind, ...(key.trim() && { key: key.trim() }), ...chosen })
      onClose()
      toast(field ? 'Saved.' : `The field “${label.trim()}” is added.`)
    } catch (error) {
      setFailure(error as Error)
      setBusy(false)
    }
  }

  return (
    <Dialog title={field ? 'Edit field' : 'Add a field'} onClose={onClose}>
      <form onSubmit={event => void submit(event)} noValidate className="flex flex-col gap-5">
        <FormError>
          {failure && !Object.keys(errors).some(name => ['label', 'key', 'options'].includes(name))
            ? failure.message
            : undefined}
        </FormError>
        <Field
          label="Name"
          placeholder="Favourite colour"
          autoComplete="off"
          maxLength={255}
          value={label}
          error={errorOf('label')}
          hint={
            field && (
              <>
                In mails and files it stays <code className="font-mono">{field.key}</code>.
              </>
            )
          }
          onChange={event => setLabel(event.target.value)}
        />
        {!field && (
          <fieldset>
            <legend className="mb-1.5 font-medium">Kind</legend>
            <div className="grid gap-2 sm:grid-cols-2">
              {Object.entries(FIELD_KINDS).map(([value, { name, about, icon: Icon }]) => (
                <label
                  key={value}
                  className={classes(
                    'flex items-center gap-2.5 rounded-control border px-3 py-2 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-brass-text',
                    kind === value ? 'border-brass-text bg-chosen' : 'border-line-strong hover:bg-hover',
                  )}
                >
                  <input
                    type="radio"
                    name={id}
                    className="sr-only"
                    checked={kind === value}
                    onChange={() => isKind(value) && setKind(value)}
                  />
                  <Icon size={16} className="shrink-0 text-soft" aria-hidden />
                  <span className="flex min-w-0 flex-col">
                    <span className="font-medium">{name}</span>
                    <span className="truncate text-small text-soft">{about}</span>
                  </span>
                </label>
              ))}
            </div>
          </fieldset>
        )}
        {hasOptions(kind) && (
          <OptionsEditor
            options={options}
            error={errorOf('options')}
            about={
              field
                ? 'Who has an option that you take away keeps it until somebody changes it.'
                : 'Paste several lines to add several.'
            }
            onChange={setOptions}
          />
        )}
        {!field && (
          <details>
            <summary className="rounded-tight text-soft hover:text-ink">Name in mails and files</summary>
            <Field
              label="Key"
              className="pt-3"
              placeholder="made from the name"
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              value={key}
              error={errorOf('key')}
              hint="Lower-case letters, digits and _. It cannot be changed later."
              onChange={event => setKey(event.target.value)}
            />
          </details>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            {field ? 'Save' : 'Add field'}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
