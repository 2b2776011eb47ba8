import { useNavigate } from '@tanstack/react-router'
import { Eraser, Trash2 } from 'lucide-react'
import type { InboxWire } from '../../../server/catch/api/wire.ts'
import { deleteInbox } from '../../calls/inboxes.ts'
import { Section } from '../../frame/page.tsx'
import { Button } from '../../ui/button.tsx'
import { confirmed } from '../../ui/dialogs.tsx'
import { counted } from '../../ui/size.ts'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { cleanInbox } from '../clean-inbox.ts'

export function DangerSection({ inbox }: { inbox: InboxWire }) {
  const navigate = useNavigate()
  const remove = async () => {
    const sure = await confirmed({
      title: `Delete the inbox “${inbox.name}”?`,
      text: `Its ${counted(inbox.emails_count, 'message')} are deleted for good, and its credentials stop working.`,
      action: 'Delete inbox',
      danger: true,
    })
    if (!sure) return
    try {
      await deleteInbox(inbox.id)
      toast(`Deleted “${inbox.name}”.`)
      await navigate({ to: '/', replace: true })
    } catch (error) {
      toastFailure('Not deleted.', error)
    }
  }
  return (
    <Section title="Delete" about="There is no way back from either.">
      <div className="flex flex-wrap gap-2">
        <Button disabled={inbox.emails_count === 0} onClick={() => void cleanInbox(inbox)}>
          <Eraser size={14} aria-hidden />
          Clean inbox
        </Button>
        <Button look="danger" onClick={() => void remove()}>
          <Trash2 size={14} aria-hidden />
          Delete inbox
        </Button>
      </div>
    </Section>
  )
}
