import { changeAccount } from '../calls/account.ts'
import type { User } from '../calls/session.ts'
import { Section } from '../frame/page.tsx'
import { Button } from '../ui/button.tsx'
import { Field, FormError } from '../ui/field.tsx'
import { OF_BROWSER } from '../ui/locale.ts'
import { SelectField } from '../ui/select-field.tsx'
import { exactTime } from '../ui/time.ts'
import { toast } from '../ui/toasts.tsx'
import { useForm } from '../ui/use-form.ts'

export function ProfileSection({ user, locales }: { user: User; locales: readonly string[] }) {
  const { name, timezone, locale } = user
  const form = useForm({ name, timezone, locale }, async values => {
    await changeAccount({ ...values, name: values.name.trim() })
    toast('Saved.')
  })
  const zones = new Set(['UTC', ...Intl.supportedValuesOf('timeZone'), timezone])
  zones.delete(OF_BROWSER)
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone
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
          label="Dates and numbers as in"
          value={form.values.locale}
          error={form.errorOf('locale')}
          onChange={event => form.set('locale', event.target.value)}
        >
          {[...new Set([...locales, locale])].map(one => (
            <option key={one} value={one}>
              {nameOf(one)}
            </option>
          ))}
        </SelectField>
        <SelectField
          label="Time zone"
          value={form.values.timezone}
          error={form.errorOf('timezone')}
          hint={
            <>
              Mailtrap’s API gives times in it, too. Now it is{' '}
              <span className="tabular-nums">{exactTime(new Date().toISOString())}</span>.
            </>
          }
          onChange={event => form.set('timezone', event.target.value)}
        >
          <option value={OF_BROWSER}>As this browser has it ({own}); UTC in the API</option>
          {[...zones].map(zone => (
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

/** In the language itself, as whoever speaks it looks for it. */
function nameOf(locale: string): string {
  const name = new Intl.DisplayNames([locale], { type: 'language' }).of(locale) ?? locale
  return (name[0]?.toLocaleUpperCase(locale) ?? '') + name.slice(1)
}
