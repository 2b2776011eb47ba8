import { Trash2 } from 'lucide-react'
import type { ForwardRuleWire, ForwardTarget } from '../../../server/catch/api/wire.ts'
import { addRule, deleteRule } from '../../calls/forwarding.ts'
import { Section } from '../../frame/page.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Field, FormError } from '../../ui/field.tsx'
import { SelectField } from '../../ui/select-field.tsx'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { useForm } from '../../ui/use-form.ts'
import { Badge } from './badge.tsx'
import { isTaken } from './taken.ts'

interface RulesSectionProps {
  inboxId: number
  rules: ForwardRuleWire[]
  targets: ForwardTarget[]
  mayChange: boolean
}

export function RulesSection({ inboxId, rules, targets, mayChange }: RulesSectionProps) {
  return (
    <Section
      title="Rules"
      about="A message goes on when its To or Cc has the address, or any address of the domain."
    >
      {rules.length > 0 ? (
        <ul aria-label="Rules" className="rounded-card border border-line">
          {rules.map(rule => (
            <Rule
              key={rule.id}
              rule={rule}
              proved={isTaken(targets, rule.forward_type, rule.forward_value)}
              mayChange={mayChange}
            />
          ))}
        </ul>
      ) : (
        <p className="text-soft">No rule yet: nothing goes on by itself.</p>
      )}
      {mayChange && <RuleForm inboxId={inboxId} />}
    </Section>
  )
}

function Rule({ rule, proved, mayChange }: { rule: ForwardRuleWire; proved: boolean; mayChange: boolean }) {
  const isDomain = rule.forward_type === 'domain'
  const active = rule.status === 'active'
  const remove = () =>
    deleteRule(rule.inbox_id, rule.id).then(
      () => toast('The rule is deleted.'),
      error => toastFailure('Not deleted.', error),
    )
  return (
    <li className="flex items-center gap-2 border-b border-line py-2 pr-2 pl-4 last:border-0 sm:gap-3">
      <span className="min-w-0 grow">
        <span className="font-medium [overflow-wrap:anywhere]">
          {isDomain ? `…@${rule.forward_value}` : rule.forward_value}
        </span>
        {!active && mayChange && (
          <span className="block text-small text-soft">
            {/* Proved and waiting all the same: there is no relay. */}
            {proved
              ? 'Waits for a relay'
              : isDomain
                ? 'Waits for the DNS record below'
                : 'Waits until the owner of the address agrees'}
          </span>
        )}
      </span>
      <Badge tone={active ? 'good' : 'waiting'}>{active ? 'Active' : 'Waiting'}</Badge>
      {mayChange && (
        <IconButton
          label={`Delete the rule for ${rule.forward_value}`}
          className="hover:text-danger"
          onClick={() => void remove()}
        >
          <Trash2 size={15} aria-hidden />
        </IconButton>
      )}
    </li>
  )
}

function RuleForm({ inboxId }: { inboxId: number }) {
  const form = useForm(
    { forward_type: 'email', forward_value: '' },
    async ({ forward_type, forward_value }) => {
      await addRule(inboxId, {
        forward_type: forward_type === 'domain' ? 'domain' : 'email',
        forward_value: forward_value.trim(),
      })
      form.set('forward_value', '')
      toast('The rule is made.')
    },
  )
  const isDomain = form.values.forward_type === 'domain'
  return (
    <form onSubmit={form.submit} noValidate className="flex flex-col gap-3">
      <FormError>{form.error}</FormError>
      <div className="flex flex-wrap items-start gap-3">
        <SelectField
          label="Mail to"
          className="basis-36 max-sm:grow"
          value={form.values.forward_type}
          error={form.errorOf('forward_type')}
          onChange={event => form.set('forward_type', event.target.value)}
        >
          <option value="email">An address</option>
          <option value="domain">A domain</option>
        </SelectField>
        <Field
          label={isDomain ? 'Domain' : 'Address'}
          className="min-w-0 grow basis-56"
          type={isDomain ? 'text' : 'email'}
          autoComplete="off"
          spellCheck={false}
          placeholder={isDomain ? 'example.com' : 'ann@example.com'}
          value={form.values.forward_value}
          error={form.errorOf('forward_value')}
          onChange={event => form.set('forward_value', event.target.value)}
        />
        <Button type="submit" className="mt-6.5 h-9 max-sm:mt-1 max-sm:w-full" busy={form.busy}>
          Add rule
        </Button>
      </div>
    </form>
  )
}
