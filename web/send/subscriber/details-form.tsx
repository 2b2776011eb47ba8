import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { FieldValue, OneSubscriberWire } from '../../../server/send/api/subscribers-wire.ts'
import { fieldsQuery } from '../../calls/fields.ts'
import { CallError } from '../../calls/http.ts'
import { changeSubscriber } from '../../calls/subscribers.ts'
import { Button, buttonClasses } from '../../ui/button.tsx'
import { Field, FormError } from '../../ui/field.tsx'
import { toast } from '../../ui/toasts.tsx'
import { FieldInput } from '../field-input.tsx'
import { Card } from './card.tsx'

interface DetailsFormProps {
  subscriber: OneSubscriberWire
  change: boolean
}

/** Name, address and custom fields. The ways to keep or give up a change appear with it. */
export function DetailsForm({ subscriber, change }: DetailsFormProps) {
  const fields = useQuery(fieldsQuery).data ?? []
  const [own, setOwn] = useState<{ email?: string; first_name?: string; last_name?: string }>({})
  const [values, setValues] = useState<Record<string, FieldValue | null>>({})
  const [failure, setFailure] = useState<Error>()
  const [busy, setBusy] = useState(false)
  const dirty = Object.keys(own).length > 0 || Object.keys(values).length > 0

  const errors = failure instanceof CallError ? failure.fields : {}
  const errorOf = (...names: string[]) => {
    const text = names.map(name => errors[name]?.[0]).find(Boolean)
    return text && text[0]?.toUpperCase() + text.slice(1)
  }
  const placed = ['email', 'first_name', 'last_name', ...fields.map(field => `fields.${field.key}`)]
  const discard = () => {
    setOwn({})
    setValues({})
    setFailure(undefined)
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy || !dirty) return
    setBusy(true)
    try {
      await changeSubscriber(subscriber.id, {
        ...(own.email !== undefined && { email: own.email.trim() }),
        ...(own.first_name !== undefined && { first_name: own.first_name.trim() || null }),
        ...(own.last_name !== undefined && { last_name: own.last_name.trim() || null }),
        ...(Object.keys(values).length > 0 && { fields: values }),
      })
      discard()
      toast('Saved.')
    } catch (error) {
      setFailure(error as Error)
    } finally {
      setBusy(false)
    }
  }

  const ownField = (name: 'email' | 'first_name' | 'last_name', label: string) => (
    <Field
      label={label}
      type={name === 'email' ? 'email' : 'text'}
      autoComplete="off"
      value={own[name] ?? subscriber[name] ?? ''}
      error={errorOf(name)}
      onChange={event => setOwn({ ...own, [name]: event.target.value })}
    />
  )

  return (
    <Card
      title="Details"
      action={
        change && (
          <Link to="/fields" className={buttonClasses('quiet', 'h-7 px-2')}>
            Edit fields
          </Link>
        )
      }
    >
      <form onSubmit={event => void submit(event)} noValidate>
        <fieldset disabled={!change} className="flex min-w-0 flex-col gap-4">
          <legend className="sr-only">Details</legend>
          <FormError>
            {failure && !Object.keys(errors).some(name => placed.includes(name)) && failure.message}
          </FormError>
          {ownField('email', 'Email')}
          <div className="grid grid-cols-2 gap-3">
            {ownField('first_name', 'First name')}
            {ownField('last_name', 'Last name')}
          </div>
          {fields.map(field => (
            <FieldInput
              key={field.id}
              field={field}
              value={(field.key in values ? values[field.key] : subscriber.fields[field.key]) ?? null}
              error={errorOf(`fields.${field.key}`, field.key)}
              onChange={value => setValues({ ...values, [field.key]: value })}
            />
          ))}
          {dirty && (
            <div className="sticky bottom-3 -mx-1 flex animate-rise justify-end gap-2 rounded-card border border-line-strong bg-raised p-2 shadow-menu">
              <Button onClick={discard}>Discard</Button>
              <Button type="submit" look="primary" busy={busy}>
                Save
              </Button>
            </div>
          )}
        </fieldset>
      </form>
    </Card>
  )
}
