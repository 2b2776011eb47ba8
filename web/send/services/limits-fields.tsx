import { Plus, Trash2 } from 'lucide-react'
import { Button, IconButton } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { Field } from '../../ui/field.tsx'
import { count } from '../../ui/size.ts'
import { Switch } from '../../ui/switch.tsx'
import { readableDay } from '../../ui/time.ts'
import { daysOf, type LimitsDraft, newWarmUp, type WarmUpDraft } from './limits-draft.ts'
import { dayOfPlan } from './warm-up-plan.ts'

interface LimitsFieldsProps {
  limits: LimitsDraft
  onChange: (limits: LimitsDraft) => void
}

export function LimitsFields({ limits, onChange }: LimitsFieldsProps) {
  const number = (name: 'per_second' | 'per_hour' | 'per_day', label: string) => (
    <Field
      label={label}
      type="number"
      min={1}
      placeholder="No limit"
      value={limits[name]}
      onChange={event => onChange({ ...limits, [name]: event.target.value })}
    />
  )
  return (
    <>
      <div className="grid max-w-lg grid-cols-3 gap-3">
        {number('per_second', 'Per second')}
        {number('per_hour', 'Per hour')}
        {number('per_day', 'Per day')}
      </div>
      <Domains limits={limits} onChange={onChange} />
      <WarmUp plan={limits.warm_up} onChange={warm_up => onChange({ ...limits, warm_up })} />
    </>
  )
}

function Domains({ limits, onChange }: LimitsFieldsProps) {
  const { domains } = limits
  const change = (at: number, changes: Partial<(typeof domains)[number]>) =>
    onChange({
      ...limits,
      domains: domains.map((row, index) => (index === at ? { ...row, ...changes } : row)),
    })
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 font-medium">Per recipient domain</legend>
      {domains.map(({ domain, per_minute }, at) => (
        <div key={at} className="flex max-w-lg items-center gap-2">
          <Field
            label={`Domain ${at + 1}`}
            labelHidden
            className="min-w-0 grow"
            placeholder="gmail.com, or * for all others"
            autoCapitalize="off"
            spellCheck={false}
            value={domain}
            onChange={event => change(at, { domain: event.target.value })}
          />
          <Field
            label={`Per minute to domain ${at + 1}`}
            labelHidden
            type="number"
            min={1}
            className="w-24 shrink-0"
            value={per_minute}
            onChange={event => change(at, { per_minute: event.target.value })}
          />
          <span className="shrink-0 text-soft max-sm:hidden">a minute</span>
          <IconButton
            label={`Remove domain ${at + 1}`}
            onClick={() => onChange({ ...limits, domains: domains.filter((_, index) => index !== at) })}
          >
            <Trash2 size={14} aria-hidden />
          </IconButton>
        </div>
      ))}
      <Button
        className="self-start"
        onClick={() => onChange({ ...limits, domains: [...domains, { domain: '', per_minute: '60' }] })}
      >
        <Plus size={14} aria-hidden />
        Add a domain
      </Button>
    </fieldset>
  )
}

interface WarmUpProps {
  plan: WarmUpDraft | undefined
  onChange: (plan: WarmUpDraft | undefined) => void
}

function WarmUp({ plan, onChange }: WarmUpProps) {
  const today = new Date().toISOString().slice(0, 10)
  const days = plan ? daysOf(plan) : []
  const most = Math.max(1, ...days)
  const now = plan?.started_on ? dayOfPlan({ started_on: plan.started_on, per_day: days }) : -1
  const change = (changes: Partial<WarmUpDraft>) => plan && onChange({ ...plan, kept: undefined, ...changes })
  return (
    <div className="flex flex-col gap-3">
      <Switch
        label="Warm up: begin small, and send more each day"
        checked={plan !== undefined}
        onChange={() => onChange(plan ? undefined : newWarmUp(today))}
      />
      {plan && (
        <>
          <p className="max-w-[68ch] text-pretty text-soft">
            Mailbox providers do not trust an address that nobody knows and that sends ten thousand mails at
            once. What does not fit into a day waits for the next.
          </p>
          <div className="grid max-w-lg grid-cols-2 gap-3 sm:grid-cols-[1.4fr_1fr_1fr_1fr]">
            <Field
              label="From"
              type="date"
              value={plan.started_on}
              onChange={event => change({ started_on: event.target.value, kept: plan.kept })}
            />
            <Field
              label="First day"
              type="number"
              min={1}
              value={plan.first}
              onChange={event => change({ first: event.target.value })}
            />
            <Field
              label="Last day"
              type="number"
              min={1}
              value={plan.last}
              onChange={event => change({ last: event.target.value })}
            />
            <Field
              label="Days"
              type="number"
              min={1}
              max={120}
              value={plan.days}
              onChange={event => change({ days: event.target.value })}
            />
          </div>
          {days.length > 0 && (
            <div
              tabIndex={0}
              role="region"
              aria-label="Warm-up plan"
              className="relative max-h-56 max-w-lg overflow-y-auto rounded-card border border-line"
            >
              <table className="w-full text-left">
                <caption className="sr-only">How many mails on each day</caption>
                <thead className="sticky top-0 bg-sunk text-small text-faint">
                  <tr>
                    <th scope="col" className="py-1.5 pl-3 font-normal">
                      Day
                    </th>
                    <th scope="col" className="px-3 py-1.5 font-normal">
                      Date
                    </th>
                    <th scope="col" className="w-full py-1.5 pr-3 text-right font-normal">
                      Mails
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {days.map((mails, at) => (
                    <tr key={at} className={classes('border-t border-line', at === now && 'bg-chosen')}>
                      <td className="py-1 pl-3 tabular-nums">{at + 1}</td>
                      <td className="px-3 py-1 whitespace-nowrap text-soft">
                        {dateOf(plan.started_on, at)}
                        {at === now && ' (today)'}
                      </td>
                      <td className="py-1 pr-3">
                        <span className="flex items-center justify-end gap-2 tabular-nums">
                          <span className="h-1.5 max-w-40 grow overflow-hidden rounded-full" aria-hidden>
                            <span
                              className="ml-auto block h-full rounded-full bg-brass-mark"
                              style={{ width: `${Math.max(1, (mails / most) * 100)}%` }}
                            />
                          </span>
                          {count(mails)}
                        </span>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </>
      )}
    </div>
  )
}

function dateOf(started: string, day: number): string {
  const at = Date.parse(started) + day * 86_400_000
  // At noon: midnight by UTC is the day before in half the world.
  return Number.isNaN(at) ? '' : readableDay(new Date(at + 43_200_000).toISOString())
}
