import { RefreshCw } from 'lucide-react'
import type { InboxWire } from '../../../server/catch/api/wire.ts'
import { actOnInbox } from '../../calls/inboxes.ts'
import { Section } from '../../frame/page.tsx'
import { Button } from '../../ui/button.tsx'
import { confirmed } from '../../ui/dialogs.tsx'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { Password, Setting, Settings } from '../setting.tsx'

export function CredentialsSection({ inbox }: { inbox: InboxWire }) {
  const reset = async () => {
    const sure = await confirmed({
      title: 'Reset the credentials?',
      text: 'A new username and password are made. Whatever still sends with the old ones is refused at once.',
      action: 'Reset credentials',
      danger: true,
    })
    if (!sure) return
    await actOnInbox(inbox.id, 'reset_credentials').then(
      () => toast('The inbox has new credentials.'),
      error => toastFailure('Not reset.', error),
    )
  }
  return (
    <Section title="Credentials" about="The username says which inbox a mail goes to.">
      <Settings>
        <Setting label="Username" value={inbox.username} />
        <Password value={inbox.password} />
      </Settings>
      {inbox.password !== null && (
        <Button className="self-start" onClick={() => void reset()}>
          <RefreshCw size={14} aria-hidden />
          Reset credentials
        </Button>
      )}
    </Section>
  )
}
