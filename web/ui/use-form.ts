import { type FormEvent, useState } from 'react'
import { CallError } from '../calls/http.ts'

interface FormState<Values> {
  values: Values
  set: <Name extends keyof Values>(name: Name, value: Values[Name]) => void
  /** What is wrong with a field, as a sentence. */
  errorOf: (name: keyof Values & string) => string | undefined
  /** What is wrong that belongs to no field shown. */
  error: string | undefined
  busy: boolean
  submit: (event: FormEvent) => void
}

/** A form that is sent with one call. What was typed stays when it is refused. */
export function useForm<Values extends Record<string, string>>(
  initial: Values,
  send: (values: Values) => Promise<void>,
): FormState<Values> {
  const [values, setValues] = useState(initial)
  const [failure, setFailure] = useState<Error>()
  const [busy, setBusy] = useState(false)
  const fields = failure instanceof CallError ? failure.fields : {}
  const inFields = Object.keys(fields).some(name => name in values)

  return {
    values,
    set: (name, value) => setValues(current => ({ ...current, [name]: value })),
    errorOf: name => fields[name]?.[0] && sentence(fields[name][0]),
    error: failure && !inFields ? failure.message : undefined,
    busy,
    submit: event => {
      event.preventDefault()
      if (busy) return
      setBusy(true)
      setFailure(undefined)
      send(values)
        .catch(error => setFailure(error as Error))
        .finally(() => setBusy(false))
    },
  }
}

function sentence(text: string): string {
  const begun = text[0]?.toUpperCase() + text.slice(1)
  return /[.!?]$/.test(begun) ? begun : `${begun}.`
}
