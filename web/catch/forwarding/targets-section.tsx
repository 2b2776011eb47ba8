import { MailQuestion, SearchCheck, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { ForwardTarget } from '../../../server/catch/api/wire.ts'
import { addTarget, askTarget, checkTarget, deleteTarget } from '../../calls/forwarding.ts'
import { Section } from '../../frame/page.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { confirmed } from '../../ui/dialogs.tsx'
import { Field, FormError } from '../../ui/field.tsx'
import { readableTime } from '../../ui/time.ts'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { useForm } from '../../ui/use-form.ts'
import { Setting, Settings } from '../setting.tsx'
import { Badge } from './badge.tsx'

interface TargetsSectionProps {
  inboxId: number
  targets: ForwardTarget[]
  relay: boolean
  mayForget: boolean
}

/** Of the whole workspace: each is proved once. */
export function TargetsSection({ inboxId, targets, relay, mayForget }: TargetsSectionProps) {
  return (
    <Section
      title="Addresses and domains"
      about="Of the whole workspace. An address is confirmed by its owner with the link in a mail, a domain by a DNS record."
    >
      {targets.length > 0 ? (
        <ul aria-label="Addresses and domains" className="rounded-card border border-line">
          {targets.map(target => (
            <Target key={target.id} inboxId={inboxId} target={target} relay={relay} mayForget={mayForget} />
          ))}
        </ul>
      ) : (
        <p className="text-soft">None yet. They also come by themselves with the rules above.</p>
      )}
      <TargetForm inboxId={inboxId} relay={relay} />
    </Section>
  )
}

interface TargetProps {
  inboxId: number
  target: ForwardTarget
  relay: boolean
  mayForget: boolean
}

function Target({ inboxId, target, relay, mayForget }: TargetProps) {
  const { id, kind, value, record } = target
  const active = target.status === 'active'
  const [busy, setBusy] = useState(false)
  const [missing, setMissing] = useState(false)
  const doing = async (failed: string, deed: () => Promise<void>) => {
    setBusy(true)
    await deed().catch((error: unknown) => toastFailure(failed, error))
    setBusy(false)
  }
  const ask = () =>
    doing('Not sent.', async () => {
      await askTarget(inboxId, id)
      toast(`A mail is on its way to ${value}.`)
    })
  const check = () =>
    doing('Not checked.', async () => {
      const found = await checkTarget(inboxId, id)
      setMissing(!found)
      if (found) toast(`${value} is proved.`)
    })
  const remove = async () => {
    const sure = await confirmed({
      title: `Forget ${value}?`,
      text: 'Rules of the whole workspace that lead there wait again until it is confirmed anew.',
      action: 'Forget it',
      danger: true,
    })
    if (!sure) return
    await doing('Not deleted.', async () => {
      await deleteTarget(inboxId, id)
      toast(`${value} is forgotten.`)
    })
  }
  return (
    <li className="flex flex-col gap-3 border-b border-line py-2.5 pr-2 pl-4 last:border-0">
      <div className="flex items-center gap-2 sm:gap-3">
        <span className="min-w-0 grow">
          <span className="font-medium [overflow-wrap:anywhere]">{value}</span>
          <span className="block text-small text-soft">{aboutOf(target, relay)}</span>
        </span>
        <Badge tone={active ? 'good' : 'waiting'}>{active ? 'Confirmed' : 'Waiting'}</Badge>
        {mayForget && (
          <IconButton label={`Forget ${value}`} className="hover:text-danger" onClick={() => void remove()}>
            <Trash2 size={15} aria-hidden />
          </IconButton>
        )}
      </div>
      {!active && kind === 'email' && relay && (
        <Button className="self-start" busy={busy} onClick={() => void ask()}>
          <MailQuestion size={14} aria-hidden />
          {target.asked_at ? 'Send the mail again' : 'Send the mail'}
        </Button>
      )}
      {!active && record && (
        <>
          <div className="pr-2">
            <Settings>
              <Setting label="Type" value="TXT" />
              <Setting
                label="Name"
                value={record.names[0] ?? value}
                about={record.names[1] && `or ${record.names[1]}`}
              />
              <Setting label="Value" value={record.value} />
            </Settings>
          </div>
          <div className="flex flex-wrap items-center gap-3">
            <Button busy={busy} onClick={() => void check()}>
              <SearchCheck size={14} aria-hidden />
              Check now
            </Button>
            <span role="status" className="text-soft">
              {missing && 'Not found. A new record may take some minutes to be seen.'}
            </span>
          </div>
        </>
      )}
    </li>
  )
}

function aboutOf({ kind, status, asked_at, confirmed_at }: ForwardTarget, relay: boolean): string {
  if (status === 'active') return confirmed_at ? `Since ${readableTime(confirmed_at)}` : ''
  if (kind === 'domain') return 'Add this record to the DNS of the domain'
  if (asked_at) return `Asked ${readableTime(asked_at)}`
  return relay ? 'Not asked yet' : 'It is asked once there is a relay'
}

function TargetForm({ inboxId, relay }: { inboxId: number; relay: boolean }) {
  const form = useForm({ value: '' }, async ({ value }) => {
    const wanted = value.trim().replace(/^@/, '')
    const target = await addTarget(inboxId, {
      kind: wanted.includes('@') ? 'email' : 'domain',
      value: wanted,
    })
    form.set('value', '')
    toast(
      target.kind === 'email' && target.status === 'pending' && relay
        ? `A mail is on its way to ${target.value}.`
        : `${target.value} is in the list.`,
    )
  })
  return (
    <form onSubmit={form.submit} noValidate className="flex flex-col gap-3">
      <FormError>{form.error}</FormError>
      <div className="flex flex-wrap items-start gap-3">
        <Field
          label="New address or domain"
          className="min-w-0 grow basis-56"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          placeholder="ann@example.com"
          value={form.values.value}
          error={form.errorOf('value')}
          onChange={event => form.set('value', event.target.value)}
        />
        <Button type="submit" className="mt-6.5 h-9 max-sm:mt-1 max-sm:w-full" busy={form.busy}>
          Add
        </Button>
      </div>
    </form>
  )
}
