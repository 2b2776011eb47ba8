import { Eraser, Trash2 } from 'lucide-react'
import type { InboxWire } from '../../../server/catch/api/wire.ts'
import { Section } from '../../frame/page.tsx'
import { Button } from '../../ui/button.tsx'
import { cleanInbox } from '../clean-inbox.ts'
import { deleteInboxAsked } from '../delete-inbox.ts'

export function DangerSection({ inbox }: { inbox: InboxWire }) {
  return (
    <Section title="Delete" about="There is no way back from either.">
      <div className="flex flex-wrap gap-2">
        <Button
          disabled={inbox.emails_count === 0 || inbox.status !== 'active'}
          onClick={() => void cleanInbox(inbox)}
        >
          <Eraser size={14} aria-hidden />
          Clean inbox
        </Button>
        <Button look="danger" onClick={() => void deleteInboxAsked(inbox)}>
          <Trash2 size={14} aria-hidden />
          Delete inbox
        </Button>
      </div>
    </Section>
  )
}
