import { useQuery } from '@tanstack/react-query'
import { audienceQuery, changeAudience } from '../../calls/audience.ts'
import { useSession } from '../../calls/session.ts'
import { Section } from '../../frame/page.tsx'
import { Button } from '../../ui/button.tsx'
import { Field, FormError } from '../../ui/field.tsx'
import { SelectField } from '../../ui/select-field.tsx'
import { toast } from '../../ui/toasts.tsx'
import { useForm } from '../../ui/use-form.ts'
import { ListFailed } from '../list-failed.tsx'

const LANGUAGES = { en: 'English', de: 'Deutsch', fr: 'Français', es: 'Español' }

interface Look {
  public_name: string
  colour: string
  locale: string
}

/** How the workspace shows itself to its subscribers. */
export function LookSection({ change }: { change: boolean }) {
  const audience = useQuery(audienceQuery)
  return (
    <Section
      title="Public pages"
      about="Name, colour and language of sign-up forms, confirmation mails and the page of preferences."
    >
      {audience.isError && !audience.data && (
        <ListFailed what="These settings" error={audience.error} onRetry={() => void audience.refetch()} />
      )}
      {audience.isPending && <div aria-busy="true" className="h-32 animate-breathe rounded-card bg-sunk" />}
      {audience.data && <LookForm look={audience.data.settings} change={change} />}
    </Section>
  )
}

function LookForm({ look, change }: { look: Look; change: boolean }) {
  const { workspace } = useSession()
  const { public_name, colour, locale } = look
  const form = useForm({ public_name, colour, locale }, async values => {
    await changeAudience({ ...values, public_name: values.public_name.trim() })
    toast('Saved.')
  })
  const isColour = /^#[0-9a-f]{6}$/i.test(form.values.colour)
  return (
    <form onSubmit={form.submit} noValidate>
      <fieldset disabled={!change} className="flex max-w-lg flex-col gap-5">
        <FormError>{form.error}</FormError>
        <Field
          label="Name"
          placeholder={workspace?.name ?? ''}
          autoComplete="off"
          maxLength={255}
          hint="As your subscribers know you. Empty: the name of the workspace."
          value={form.values.public_name}
          error={form.errorOf('public_name')}
          onChange={event => form.set('public_name', event.target.value)}
        />
        <div className="flex items-start gap-3">
          <Field
            label="Colour"
            className="grow"
            autoComplete="off"
            spellCheck={false}
            hint="Of buttons and links; it is made darker or lighter where it could not be read."
            value={form.values.colour}
            error={form.errorOf('colour')}
            onChange={event => form.set('colour', event.target.value)}
          />
          <input
            type="color"
            aria-label="Choose the colour"
            className="mt-[1.625rem] h-9 w-12 shrink-0 cursor-pointer rounded-control border border-control bg-ground p-1"
            value={isColour ? form.values.colour : '#000000'}
            onChange={event => form.set('colour', event.target.value)}
          />
        </div>
        <SelectField
          label="Language"
          value={form.values.locale}
          error={form.errorOf('locale')}
          onChange={event => form.set('locale', event.target.value)}
        >
          <option value="">The reader’s own, as the browser says</option>
          {Object.entries(LANGUAGES).map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </SelectField>
        {change && (
          <Button type="submit" className="self-start" busy={form.busy}>
            Save
          </Button>
        )}
      </fieldset>
    </form>
  )
}
