import type { InboxSettings } from '../../../server/catch/api/wire.ts'
import { changeInboxSettings } from '../../calls/inbox-settings.ts'
import { Section } from '../../frame/page.tsx'
import { Switch } from '../../ui/switch.tsx'
import { toast, toastFailure } from '../../ui/toasts.tsx'

export function StatusSection({ settings }: { settings: InboxSettings }) {
  const active = settings.status === 'active'
  const toggle = () =>
    changeInboxSettings(settings.id, { status: active ? 'inactive' : 'active' }).then(
      () => toast(active ? 'The inbox is switched off.' : 'The inbox is switched on.'),
      error => toastFailure('Not changed.', error),
    )
  return (
    <Section
      title="On and off"
      about="Switched off, an inbox takes no mail: its login and its address are refused. What is in it can be read, and nothing else."
    >
      <Switch label="Take mail" checked={active} onChange={() => void toggle()} />
    </Section>
  )
}
