import { changeAccount } from '../calls/account.ts'
import type { User } from '../calls/session.ts'
import { Section } from '../frame/page.tsx'
import { Button } from '../ui/button.tsx'
import { Field, FormError } from '../ui/field.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { toast } from '../ui/toasts.tsx'
import { useForm } from '../ui/use-form.ts'

export function ProfileSection({ user }: { user: User }) {
  const form = useForm({ name: user.name, timezone: user.timezone }, async values => {
    await changeAccount({ name: values.name.trim(), timezone: values.timezone })
    toast('Saved.')
  })
  const zones = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone'), user.timezone])]
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
        <SelectField
          label="Time zone of the API"
          value={form.values.timezone}
          error={form.errorOf('timezone')}
          hint="Times in API answers are given in it. These pages use the zone of your browser."
          onChange={event => form.set('timezone', event.target.value)}
        >
          {zones.map(zone => (
            <option key={zone}>{zone}</option>
          ))}
        </SelectField>
        <Button type="submit" className="self-start" busy={form.busy}>
          Save
        </Button>
      </form>
    </Section>
  )
}
