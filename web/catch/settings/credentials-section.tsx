import { Link } from '@tanstack/react-router'
import { Plug, RefreshCw } from 'lucide-react'
import type { InboxWire } from '../../../server/catch/api/wire.ts'
import { actOnInbox } from '../../calls/inboxes.ts'
import { Section } from '../../frame/page.tsx'
import { Button, buttonClasses } from '../../ui/button.tsx'
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
      <div className="flex flex-wrap gap-2">
        <Link to="/inboxes/$inboxId/setup" params={{ inboxId: inbox.id }} className={buttonClasses()}>
          <Plug size={14} className="text-brass-text" aria-hidden />
          Use them in your app
        </Link>
        {inbox.password !== null && (
          <Button onClick={() => void reset()}>
            <RefreshCw size={14} aria-hidden />
            Reset credentials
          </Button>
        )}
      </div>
    </Section>
  )
}
