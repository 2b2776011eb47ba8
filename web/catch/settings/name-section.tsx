import type { InboxWire } from '../../../server/catch/api/wire.ts'
import { changeInbox } from '../../calls/inboxes.ts'
import { Section } from '../../frame/page.tsx'
import { RenameForm } from '../../frame/rename-form.tsx'

export function NameSection({ inbox }: { inbox: InboxWire }) {
  return (
    <Section title="Name">
      <RenameForm
        label="Name of the inbox"
        name={inbox.name}
        rename={name => changeInbox(inbox.id, { name })}
      />
    </Section>
  )
}
