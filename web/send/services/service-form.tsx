import { type FormEvent, useState } from 'react'
import { CallError } from '../../calls/http.ts'
import {
  changeEmailService,
  createEmailService,
  type EmailServiceWire,
  type ServiceSettingWire,
  type ServiceTypeWire,
} from '../../calls/email-services.ts'
import { Section } from '../../frame/page.tsx'
import { Button } from '../../ui/button.tsx'
import { Field, FormError } from '../../ui/field.tsx'
import { SelectField } from '../../ui/select-field.tsx'
import { LimitsFields } from './limits-fields.tsx'
import { draftOf, limitsIn } from './limits-draft.ts'
import { lookOf } from './service-types.ts'
import { SettingInput } from './setting-input.tsx'

/** What most mail servers take. */
const BEGUN_WITH: Record<string, string> = { port: '587', encryption: 'tls' }

interface ServiceFormProps {
  type: ServiceTypeWire
  /** Absent: a new one. */
  service?: EmailServiceWire
  services: readonly EmailServiceWire[]
  readOnly?: boolean
  onDone: (service: EmailServiceWire) => void
}

export function ServiceForm({ type, service, services, readOnly = false, onDone }: ServiceFormProps) {
  const look = lookOf(type.id, type.name)
  const [name, setName] = useState(service?.name ?? look.name)
  const [settings, setSettings] = useState<Record<string, string>>(() =>
    Object.fromEntries(
      type.settings.map(({ key }) => [
        key,
        String((service ? service.settings[key] : BEGUN_WITH[key]) ?? ''),
      ]),
    ),
  )
  const [limits, setLimits] = useState(() => draftOf(service?.limits ?? {}))
  const [next, setNext] = useState(service?.next_service_id ?? null)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<CallError>()
  const others = services.filter(({ id }) => id !== service?.id)
  const errorOf = (key: string) => error?.fields[key]?.[0] ?? error?.fields[`settings.${key}`]?.[0]
  const shown = new Set(['name', ...type.settings.flatMap(({ key }) => [key, `settings.${key}`])])
  const unplaced = error && Object.entries(error.fields).find(([key]) => !shown.has(key))
  const anyShown = error && Object.keys(error.fields).some(key => shown.has(key))

  const extras = type.settings.filter(({ extra }) => extra)
  // As it was: emptied, a field must not go away under the hand.
  const someSet = extras.some(({ key }) => service?.settings[key])
  const input = (setting: ServiceSettingWire) => (
    <SettingInput
      key={setting.key}
      setting={setting}
      value={settings[setting.key] ?? ''}
      error={errorOf(setting.key)}
      onChange={value => setSettings(known => ({ ...known, [setting.key]: value }))}
    />
  )

  const save = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    setError(undefined)
    const body = {
      name,
      settings: Object.fromEntries(
        type.settings.map(({ key, kind }) => {
          const value = settings[key] ?? ''
          if (value === '') return [key, null]
          return [key, kind === 'text' ? value : Number(value)]
        }),
      ),
      limits: limitsIn(limits),
      next_service_id: next,
    }
    try {
      onDone(
        service
          ? await changeEmailService(service.id, body)
          : await createEmailService({ ...body, type_id: type.id }),
      )
    } catch (failure) {
      if (!(failure instanceof CallError)) throw failure
      setError(failure)
    } finally {
      setBusy(false)
    }
  }

  return (
    <form onSubmit={event => void save(event)} noValidate>
      <fieldset disabled={readOnly} className="flex flex-col gap-8">
        <legend className="sr-only">Email service</legend>
        <Section title="Connection" about={look.about}>
          <Field
            label="Name"
            hint="As it is chosen for a campaign."
            maxLength={255}
            autoComplete="off"
            value={name}
            error={errorOf('name')}
            onChange={event => setName(event.target.value)}
          />
          {type.settings.filter(({ extra }) => !extra).map(input)}
          {extras.length > 0 && (
            <details open={someSet || extras.some(({ key }) => errorOf(key)) || undefined}>
              <summary className="reach w-fit rounded-tight font-medium text-soft hover:text-ink">
                More settings
              </summary>
              <div className="mt-4 flex flex-col gap-4">{extras.map(input)}</div>
            </details>
          )}
          {type.id === 9 && (
            <p className="text-soft">There is nothing to be set: the files are in the folder outbox.</p>
          )}
        </Section>
        <Section
          title="Limits"
          about="At a limit a campaign waits, and goes on by itself. What is left empty has none."
        >
          <LimitsFields limits={limits} onChange={setLimits} />
        </Section>
        <Section
          title="If it is down"
          about="Another service takes over in the middle of a campaign, until this one takes mail again."
        >
          <SelectField
            label="Fallback"
            className="max-w-sm"
            value={String(next ?? '')}
            onChange={event => setNext(Number(event.target.value) || null)}
          >
            <option value="">None: wait until it is back</option>
            {others.map(other => (
              <option key={other.id} value={other.id}>
                {other.name}
              </option>
            ))}
          </SelectField>
        </Section>
        {!readOnly && (
          <div className="flex flex-col gap-3 border-t border-line pt-5">
            <FormError>
              {unplaced ? unplaced[1][0] : error && !anyShown ? error.message : undefined}
            </FormError>
            {anyShown && !unplaced && (
              <p role="alert" className="text-danger">
                It is not saved: something above is missing or wrong.
              </p>
            )}
            <Button type="submit" look="primary" className="self-start" busy={busy}>
              {service ? 'Save' : 'Add service'}
            </Button>
          </div>
        )}
      </fieldset>
    </form>
  )
}
