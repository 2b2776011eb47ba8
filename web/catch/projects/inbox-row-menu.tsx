import { useNavigate } from '@tanstack/react-router'
import { FolderInput, Forward, Pencil, Plug, Settings, Trash2, Users } from 'lucide-react'
import type { InboxSummary, ProjectSummary } from '../../../server/catch/api/wire.ts'
import { changeInbox } from '../../calls/inboxes.ts'
import { mayChange } from '../../calls/session.ts'
import { NameDialog } from '../../frame/name-dialog.tsx'
import { showDialog } from '../../ui/dialogs.tsx'
import { MenuBody } from '../../ui/menu-body.tsx'
import type { MenuButton, MenuEntry } from '../../ui/menu.tsx'
import { deleteInboxAsked } from '../delete-inbox.ts'
import { MoveDialog } from './move-dialog.tsx'
import { waysFrom } from './ways.ts'

export interface InboxRowMenuProps extends MenuButton {
  inbox: InboxSummary
  all: ProjectSummary[]
}

export function InboxRowMenu({ inbox, all, ...button }: InboxRowMenuProps) {
  const navigate = useNavigate()
  const params = { inboxId: inbox.id }
  const { from, to } = waysFrom(all, inbox.project_id)
  const entries: MenuEntry[] = [
    ...(mayChange(inbox.role) ? [{ label: 'Rename', icon: Pencil, act: () => rename(inbox) }] : []),
    ...(from && to.length > 0
      ? [{ label: 'Move to another project', icon: FolderInput, act: () => move(inbox, to) }]
      : []),
    {
      label: 'Use it in your app',
      icon: Plug,
      act: () => void navigate({ to: '/inboxes/$inboxId/setup', params }),
    },
    {
      label: 'Forwarding',
      icon: Forward,
      act: () => void navigate({ to: '/inboxes/$inboxId/forwarding', params }),
    },
    { label: 'People', icon: Users, act: () => void navigate({ to: '/inboxes/$inboxId/people', params }) },
    {
      label: 'Settings',
      icon: Settings,
      act: () => void navigate({ to: '/inboxes/$inboxId/settings', params }),
    },
    ...(mayChange(inbox.role)
      ? [
          'line' as const,
          { label: 'Delete', icon: Trash2, danger: true, act: () => void deleteInboxAsked(inbox) },
        ]
      : []),
  ]
  return <MenuBody {...button} entries={entries} />
}

function rename(inbox: InboxSummary): void {
  showDialog(close => (
    <NameDialog
      title="Rename inbox"
      label="Name"
      value={inbox.name}
      action="Rename"
      onClose={close}
      save={async name => {
        await changeInbox(inbox.id, { name })
      }}
    />
  ))
}

function move(inbox: InboxSummary, to: ProjectSummary[]): void {
  showDialog(close => <MoveDialog inbox={inbox} to={to} onClose={close} />)
}
