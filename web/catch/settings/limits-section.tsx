import { useState } from 'react'
import type { InboxSettings } from '../../../server/catch/api/wire.ts'
import { changeInboxSettings } from '../../calls/inbox-settings.ts'
import { Section } from '../../frame/page.tsx'
import { Button } from '../../ui/button.tsx'
import { confirmed } from '../../ui/dialogs.tsx'
import { Field, FormError } from '../../ui/field.tsx'
import { counted, readableSize } from '../../ui/size.ts'
import { toast } from '../../ui/toasts.tsx'
import { useForm } from '../../ui/use-form.ts'
import { changeIn, lossBy, rateText, textsOf } from './limits.ts'

export function LimitsSection({ settings }: { settings: InboxSettings }) {
  // What is not edited stays as it is by now, whoever changed it meanwhile.
  const [begun, setBegun] = useState(settings)
  const form = useForm(textsOf(begun), async texts => {
    const change = changeIn(begun, texts)
    if (Object.keys(change).length === 0) return toast('Nothing was changed.')
    const loss = lossBy(settings, change)
    if (
      loss &&
      !(await confirmed({ title: 'Lower the limit?', text: loss, action: 'Save limits', danger: true }))
    )
      return
    setBegun(await changeInboxSettings(settings.id, change))
    toast('The limits are saved.')
  })
  const field = (name: keyof typeof form.values) => ({
    value: form.values[name],
    inputMode: 'numeric' as const,
    autoComplete: 'off',
    error: form.errorOf(name),
    onChange: (event: { target: { value: string } }) => form.set(name, event.target.value),
  })
  const { rate, max_message_size } = settings.server
  return (
    <Section title="Limits" about="What is over the limits of number and age is deleted, the oldest first.">
      <form onSubmit={form.submit} noValidate className="flex max-w-lg flex-col gap-5">
        <FormError>{form.error}</FormError>
        <div className="grid gap-5 sm:grid-cols-2">
          <Field
            label="Messages kept"
            placeholder="All"
            hint={`${counted(settings.emails_count, 'message')} now, ${counted(settings.sent_messages_count, 'arrival')} this month`}
            {...field('max_size')}
          />
          <Field
            label="Days kept"
            placeholder="For good"
            hint="Older messages are deleted"
            {...field('retention_days')}
          />
          <Field
            label="Largest message, in MB"
            hint={`The server takes ${readableSize(max_message_size)}`}
            {...field('max_message_size')}
            inputMode="decimal"
          />
        </div>
        <fieldset className="flex flex-col gap-1.5">
          <legend className="mb-1.5 font-medium">Rate</legend>
          <div className="flex items-center gap-2">
            <Field
              label="Messages taken"
              labelHidden
              className="w-28"
              placeholder="Any"
              {...field('rate')}
              error={undefined}
              aria-invalid={form.errorOf('rate') ? true : undefined}
              aria-describedby="rate-about"
            />
            <span className="shrink-0 text-soft">messages in</span>
            <Field
              label="in so many seconds"
              labelHidden
              className="w-20"
              placeholder="1"
              {...field('rate_seconds')}
              aria-describedby="rate-about"
            />
            <span className="text-soft">seconds</span>
          </div>
          <p id="rate-about" className={form.errorOf('rate') ? 'text-danger' : 'text-soft'}>
            {form.errorOf('rate') ??
              `More is answered “550 … too many emails per second”. Left empty, the server’s own limit counts: ${rateText(rate)}.`}
          </p>
        </fieldset>
        <Button type="submit" className="self-start" busy={form.busy}>
          Save limits
        </Button>
      </form>
    </Section>
  )
}

/** For those who may only look. */
export function LimitsShown({ settings }: { settings: InboxSettings }) {
  const { max_size, max_message_size, rate, retention_days, server } = settings
  const limits = [
    ['Messages kept', max_size === 0 ? 'all' : `${counted(max_size, 'message')}, then the oldest go`],
    ['Kept for', retention_days === null ? 'good' : counted(retention_days, 'day')],
    ['Largest message', readableSize(max_message_size)],
    ['Rate', rateText(rate ?? server.rate)],
    ['This month', counted(settings.sent_messages_count, 'arrival')],
  ]
  return (
    <Section title="Limits">
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1.5">
        {limits.map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-soft">{label}</dt>
            <dd className="tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}
