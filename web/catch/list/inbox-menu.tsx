import { useNavigate } from '@tanstack/react-router'
import { CheckCheck, Eraser, Forward, ListChecks, LogOut, Settings, Users } from 'lucide-react'
import type { InboxSummary } from '../../../server/catch/api/wire.ts'
import { projectOf } from '../../calls/projects.ts'
import { mayChange } from '../../calls/session.ts'
import { MenuBody } from '../../ui/menu-body.tsx'
import type { MenuButton, MenuEntry } from '../../ui/menu.tsx'
import { leaveInbox } from '../people/leave.ts'

export interface InboxMenuProps extends MenuButton {
  inbox: InboxSummary | undefined
  onChooseAll: () => void
  onReadAll: () => void
  onClean: () => void
}

export function InboxMenu({ inbox, onChooseAll, onReadAll, onClean, ...button }: InboxMenuProps) {
  const navigate = useNavigate()
  const params = { inboxId: inbox?.id ?? 0 }
  const empty = (inbox?.emails_count ?? 0) === 0
  const change = mayChange(inbox?.role) && inbox?.status === 'active'
  // Given by itself; what comes with its project is left with the project.
  const given = inbox && projectOf(inbox.id)?.role === null
  const entries: MenuEntry[] = [
    ...(change
      ? [
          { label: 'Select all', icon: ListChecks, act: onChooseAll, disabled: empty },
          {
            label: 'Mark all as read',
            icon: CheckCheck,
            act: onReadAll,
            disabled: (inbox?.emails_unread_count ?? 0) === 0,
          },
          'line' as const,
        ]
      : []),
    {
      label: 'People',
      icon: Users,
      act: () => void navigate({ to: '/inboxes/$inboxId/people', params }),
    },
    {
      label: 'Forwarding',
      icon: Forward,
      act: () => void navigate({ to: '/inboxes/$inboxId/forwarding', params }),
    },
    {
      label: 'Inbox settings',
      icon: Settings,
      act: () => void navigate({ to: '/inboxes/$inboxId/settings', params }),
    },
    ...(change || given ? ['line' as const] : []),
    ...(change ? [{ label: 'Clean inbox', icon: Eraser, act: onClean, danger: true, disabled: empty }] : []),
    ...(given
      ? [{ label: 'Leave inbox', icon: LogOut, act: () => void leaveInbox(inbox), danger: true }]
      : []),
  ]
  return <MenuBody {...button} entries={entries} />
}
