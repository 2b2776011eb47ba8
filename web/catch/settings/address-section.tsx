import { RefreshCw } from 'lucide-react'
import type { InboxWire } from '../../../server/catch/api/wire.ts'
import { actOnInbox, changeInbox } from '../../calls/inboxes.ts'
import { Section } from '../../frame/page.tsx'
import { Button } from '../../ui/button.tsx'
import { confirmed } from '../../ui/dialogs.tsx'
import { Field, FormError } from '../../ui/field.tsx'
import { Switch } from '../../ui/switch.tsx'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { useForm } from '../../ui/use-form.ts'
import { Setting, Settings } from '../setting.tsx'

export function AddressSection({ inbox }: { inbox: InboxWire }) {
  const enabled = inbox.email_username_enabled
  // The last part is the server's and stays: knowing the alias is not knowing the address.
  const [, alias = inbox.email_username, code = ''] = /^(.*)-([^-]*)$/.exec(inbox.email_username) ?? []
  const form = useForm({ email_username: alias }, async values => {
    await changeInbox(inbox.id, { email_username: values.email_username.trim() })
    toast('The inbox has a new address.')
  })
  const toggle = () =>
    actOnInbox(inbox.id, 'toggle_email_username').then(
      next => toast(next.email_username_enabled ? 'The address is on.' : 'The address is off.'),
      error => toastFailure('Not changed.', error),
    )
  const reset = async () => {
    const sure = await confirmed({
      title: 'Make a new address?',
      text: 'Mail to the old address is refused at once.',
      action: 'New address',
      danger: true,
    })
    if (!sure) return
    try {
      const next = await actOnInbox(inbox.id, 'reset_email_username')
      form.set('email_username', next.email_username.replace(/-[^-]*$/, ''))
      toast('The inbox has a new address.')
    } catch (error) {
      toastFailure('Not changed.', error)
    }
  }
  return (
    <Section
      title="Email address"
      about="Mail to this address reaches the inbox without a login, also with +anything before the @."
    >
      <Switch
        label="Accept mail to the address of this inbox"
        checked={enabled}
        onChange={() => void toggle()}
      />
      {enabled && (
        <>
          <Settings>
            <Setting label="Address" value={`${inbox.email_username}@${inbox.email_domain}`} />
          </Settings>
          <form onSubmit={form.submit} className="flex max-w-lg flex-col gap-3">
            <FormError>{form.error}</FormError>
            <div className="flex flex-wrap items-end gap-3">
              <Field
                label="Alias"
                className="min-w-40 grow"
                hint={`It is followed by -${code}@${inbox.email_domain}`}
                required
                autoComplete="off"
                spellCheck={false}
                value={form.values.email_username}
                error={form.errorOf('email_username')}
                onChange={event => form.set('email_username', event.target.value)}
              />
            </div>
            <div className="flex flex-wrap gap-2">
              <Button type="submit" busy={form.busy}>
                Save alias
              </Button>
              <Button onClick={() => void reset()}>
                <RefreshCw size={14} aria-hidden />
                New random address
              </Button>
            </div>
          </form>
        </>
      )}
    </Section>
  )
}
