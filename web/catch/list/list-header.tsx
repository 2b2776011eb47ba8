import { useNavigate } from '@tanstack/react-router'
import { MailOpen, MoreHorizontal, Plug } from 'lucide-react'
import type { InboxSummary } from '../../../server/catch/api/wire.ts'
import { OpenSidebar } from '../../frame/open-sidebar.tsx'
import { buttonClasses } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { lateMenu } from '../../ui/menu.tsx'
import { count, counted } from '../../ui/size.ts'
import type { InboxMenuProps } from './inbox-menu.tsx'
import { SearchBox } from '../../ui/search-box.tsx'
import { SelectionBar } from './selection-bar.tsx'

const InboxMenu = lateMenu<InboxMenuProps>(() => import('./inbox-menu.tsx').then(module => module.InboxMenu))

interface ListHeaderProps {
  inbox: InboxSummary | undefined
  inboxId: number
  search: string
  unread: boolean
  /** How many are chosen. */
  chosen: number
  onSearch: (text: string) => void
  onUnread: (unread: boolean) => void
  onLeaveSearch: () => void
  onChooseAll: () => void
  onReadAll: () => void
  onClean: () => void
  onChosen: { read: () => void; unread: () => void; delete: () => void; clear: () => void }
}

export function ListHeader({ inbox, inboxId, search, unread, chosen, onChosen, ...on }: ListHeaderProps) {
  const navigate = useNavigate()
  const params = { inboxId }
  const emails = inbox?.emails_count ?? 0
  return (
    <header className="flex shrink-0 flex-col border-b border-line">
      <div className="flex h-13 items-center gap-2 pr-3 pl-4">
        <OpenSidebar />
        <div className="flex min-w-0 grow items-baseline gap-2.5">
          <h1
            tabIndex={-1}
            dir="auto"
            className="truncate text-lead font-semibold tracking-tight outline-none"
          >
            {inbox?.name ?? '\u00a0'}
          </h1>
          {inbox && (
            <span className="shrink-0 text-small text-faint tabular-nums" title={counted(emails, 'message')}>
              {count(emails)}
            </span>
          )}
        </div>
        <button
          type="button"
          className={buttonClasses('plain', 'px-2.5')}
          title="Send to this inbox: SMTP settings and code"
          onClick={() => navigate({ to: '/inboxes/$inboxId/setup', params })}
        >
          <Plug size={14} className="text-brass-text" aria-hidden />
          Connect
        </button>
        <InboxMenu
          label="Inbox actions"
          inbox={inbox}
          onChooseAll={on.onChooseAll}
          onReadAll={on.onReadAll}
          onClean={on.onClean}
        >
          <MoreHorizontal size={17} aria-hidden />
        </InboxMenu>
        <span className="corner lg:hidden" />
      </div>
      <div className="flex h-11 items-center gap-2 pr-3 pb-3 pl-4">
        {chosen > 0 ? (
          <SelectionBar
            chosen={chosen}
            onRead={onChosen.read}
            onUnread={onChosen.unread}
            onDelete={onChosen.delete}
            onClear={onChosen.clear}
          />
        ) : (
          <>
            <SearchBox
              key={inboxId}
              label="Search messages"
              value={search}
              onSearch={on.onSearch}
              onLeave={on.onLeaveSearch}
            />
            <button
              type="button"
              aria-pressed={unread}
              onClick={() => on.onUnread(!unread)}
              className={classes(
                'reach inline-flex h-8 shrink-0 items-center gap-1.5 rounded-control border px-2.5 font-medium transition-colors duration-100',
                unread
                  ? 'border-brass-line bg-chosen text-brass-text'
                  : 'border-transparent text-soft hover:bg-hover hover:text-ink',
              )}
            >
              <MailOpen size={14} aria-hidden />
              Unread
              {(inbox?.emails_unread_count ?? 0) > 0 && (
                <span className="tabular-nums">{count(inbox?.emails_unread_count ?? 0)}</span>
              )}
            </button>
          </>
        )}
      </div>
    </header>
  )
}
