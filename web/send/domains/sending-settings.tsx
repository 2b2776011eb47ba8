import { useQuery } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { CallError } from '../../calls/http.ts'
import {
  changeSendingSettings,
  type SendingSettingsWire,
  sendingSettingsQuery,
} from '../../calls/sending-domains.ts'
import { mayChange, useSession } from '../../calls/session.ts'
import { Page, Section } from '../../frame/page.tsx'
import { Button } from '../../ui/button.tsx'
import { useDocumentTitle } from '../../ui/document-title.ts'
import { Field, FormError } from '../../ui/field.tsx'
import { toast } from '../../ui/toasts.tsx'
import { ListBreathing, ListFailed } from '../list-failed.tsx'

/** What sending does in doubt, for the whole workspace. */
export function SendingSettings() {
  useDocumentTitle('Sending settings')
  const change = mayChange(useSession().workspace?.role)
  const settings = useQuery(sendingSettingsQuery)
  return (
    <Page title="Sending settings" about="What sending does in doubt. They hold for all campaigns.">
      {settings.isPending && <ListBreathing />}
      {settings.isError && !settings.data && (
        <ListFailed what="The settings" error={settings.error} onRetry={() => void settings.refetch()} />
      )}
      {settings.data && <SettingsForm settings={settings.data} readOnly={!change} />}
    </Page>
  )
}

type Draft = Record<
  'pause_failure_rate' | 'pause_complaint_rate' | 'undo_seconds' | 'soft_bounce_limit',
  string
>

function SettingsForm({ settings, readOnly }: { settings: SendingSettingsWire; readOnly: boolean }) {
  const [ambiguous, setAmbiguous] = useState(settings.ambiguous)
  const [draft, setDraft] = useState<Draft>({
    pause_failure_rate: inPercent(settings.pause_failure_rate),
    pause_complaint_rate: inPercent(settings.pause_complaint_rate),
    undo_seconds: String(settings.undo_seconds),
    soft_bounce_limit: String(settings.soft_bounce_limit),
  })
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<CallError>()
  const save = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    setError(undefined)
    await changeSendingSettings({
      ambiguous,
      pause_failure_rate: Number(draft.pause_failure_rate) / 100,
      pause_complaint_rate: Number(draft.pause_complaint_rate) / 100,
      undo_seconds: Number(draft.undo_seconds),
      soft_bounce_limit: Number(draft.soft_bounce_limit),
    }).then(
      () => toast('The settings are saved.'),
      failure => setError(failure as CallError),
    )
    setBusy(false)
  }
  const number = (name: keyof Draft, label: string, hint: ReactNode, step = 1) => (
    <Field
      label={label}
      type="number"
      inputMode="decimal"
      min={0}
      step={step}
      className="max-w-xs"
      hint={hint}
      value={draft[name]}
      error={error?.fields?.[name]?.[0]}
      onChange={event => setDraft({ ...draft, [name]: event.target.value })}
    />
  )
  return (
    <form onSubmit={event => void save(event)} noValidate>
      <fieldset disabled={readOnly} className="flex flex-col gap-8">
        <legend className="sr-only">Sending settings</legend>
        <Section
          title="Mails that may have arrived"
          about="When a connection breaks after the mail and before the answer, nobody knows whether it was taken."
        >
          <fieldset className="flex flex-col gap-3">
            <legend className="sr-only">What becomes of them</legend>
            <Choice
              checked={ambiguous === 'ask'}
              onChoose={() => setAmbiguous('ask')}
              label="Leave them to a person"
              about="Nobody gets a mail twice. They are listed as ambiguous, and you decide on each."
            />
            <Choice
              checked={ambiguous === 'retry'}
              onChoose={() => setAmbiguous('retry')}
              label="Send them again"
              about="Everybody gets it, and a few may get it twice."
            />
          </fieldset>
        </Section>
        <Section
          title="Automatic pause"
          about="A campaign that goes wrong stops by itself before it ruins your name. From 100 mails on."
        >
          {number(
            'pause_failure_rate',
            'Refused for good, %',
            'Above this part of the mails handed over.',
            0.1,
          )}
          {number(
            'pause_complaint_rate',
            'Complaints, %',
            'Gmail and Yahoo want them to stay below 0.3 %.',
            0.01,
          )}
        </Section>
        <Section title="Second thoughts" about="Time in which a campaign that was sent can be taken back.">
          {number('undo_seconds', 'Seconds to undo', '0: it begins at once.')}
        </Section>
        <Section
          title="Soft bounces"
          about="A full mailbox is no reason to give somebody up; one that is full for months is."
        >
          {number('soft_bounce_limit', 'In a row', 'After so many the address counts as bounced.')}
        </Section>
        {!readOnly && (
          <div className="flex flex-col gap-3 border-t border-line pt-5">
            <FormError>
              {error && Object.keys(error.fields ?? {}).length === 0 ? error.message : undefined}
            </FormError>
            <Button type="submit" look="primary" className="self-start" busy={busy}>
              Save
            </Button>
          </div>
        )}
      </fieldset>
    </form>
  )
}

interface ChoiceProps {
  checked: boolean
  onChoose: () => void
  label: string
  about: string
}

function Choice({ checked, onChoose, label, about }: ChoiceProps) {
  return (
    <label className="flex items-start gap-2.5">
      <input
        type="radio"
        name="ambiguous"
        className="mt-0.5 size-4 shrink-0"
        checked={checked}
        onChange={onChoose}
      />
      <span className="flex flex-col">
        <span className="font-medium">{label}</span>
        <span className="text-soft">{about}</span>
      </span>
    </label>
  )
}

/** Without the noise of binary fractions: 0.3, not 0.30000000000000004. */
function inPercent(part: number): string {
  return String(Number((part * 100).toPrecision(6)))
}
