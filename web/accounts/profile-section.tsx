import { useId } from 'react'
import { changeAccount, type User } from '../calls/session.ts'
import { Section } from '../frame/page.tsx'
import { Button } from '../ui/button.tsx'
import { Field, FormError, inputClasses } from '../ui/field.tsx'
import { toast } from '../ui/toasts.tsx'
import { useForm } from '../ui/use-form.ts'

export function ProfileSection({ user }: { user: User }) {
  const id = useId()
  const form = useForm({ name: user.name, timezone: user.timezone }, async values => {
    await changeAccount({ name: values.name.trim(), timezone: values.timezone })
    toast('Saved.')
  })
  const zones = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone'), user.timezone])]
  const error = form.errorOf('timezone')
  return (
    <Section title="Profile" about="Your name is what your team sees.">
      <form onSubmit={form.submit} className="flex max-w-md flex-col gap-4">
        <FormError>{form.error}</FormError>
        <Field
          label="Name"
          name="name"
          autoComplete="name"
          required
          value={form.values.name}
          error={form.errorOf('name')}
          onChange={event => form.set('name', event.target.value)}
        />
        <div className="flex flex-col gap-1.5">
          <label htmlFor={id} className="font-medium">
            Time zone of the API
          </label>
          <select
            id={id}
            className={inputClasses}
            value={form.values.timezone}
            aria-invalid={error ? true : undefined}
            aria-describedby={`${id}-about`}
            onChange={event => form.set('timezone', event.target.value)}
          >
            {zones.map(zone => (
              <option key={zone}>{zone}</option>
            ))}
          </select>
          <p id={`${id}-about`} className={error ? 'text-danger' : 'text-soft'}>
            {error ?? 'Times in API answers are given in it. These pages use the zone of your browser.'}
          </p>
        </div>
        <Button type="submit" className="self-start" busy={form.busy}>
          Save
        </Button>
      </form>
    </Section>
  )
}
