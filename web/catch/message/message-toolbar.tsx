import {
  ArrowLeft,
  ChevronDown,
  ChevronUp,
  Download,
  Link2,
  Mail,
  MoreHorizontal,
  Trash2,
} from 'lucide-react'
import type { MessageDetail } from '../../../server/catch/api/wire.ts'
import { knownInbox } from '../../calls/projects.ts'
import { IconButton, iconButtonClasses } from '../../ui/button.tsx'
import { copyText } from '../../ui/copy-button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { useInboxPlace } from '../inbox-place.ts'
import { setRead } from '../list/deeds.ts'
import { ForwardButton } from './forward-button.tsx'

export function MessageToolbar({ id, detail }: { id: number; detail: MessageDetail | undefined }) {
  const { inboxId, mayChange, neighbours, go, close, remove } = useInboxPlace()
  const { newer, older } = neighbours(id)
  const refused =
    mayChange === false
      ? knownInbox(inboxId)?.status === 'active'
        ? 'those who only look cannot'
        : 'the inbox is switched off'
      : undefined
  const markUnread = () => {
    close()
    void setRead(inboxId, [id], false)
  }
  return (
    <div role="toolbar" aria-label="Message" className="flex h-13 shrink-0 items-center gap-1 px-3 lg:px-5">
      <IconButton label="Back to the list" keys="Esc" className="lg:hidden" onClick={close}>
        <ArrowLeft size={17} aria-hidden />
      </IconButton>
      <IconButton
        label="Newer message"
        keys="k"
        className="lg:-ml-1.5"
        disabled={newer === undefined}
        onClick={() => newer !== undefined && go(newer)}
      >
        <ChevronUp size={17} aria-hidden />
      </IconButton>
      <IconButton
        label="Older message"
        keys="j"
        disabled={older === undefined}
        onClick={() => older !== undefined && go(older)}
      >
        <ChevronDown size={17} aria-hidden />
      </IconButton>
      <span className="grow" />
      {mayChange && (
        <IconButton label="Mark as unread" keys="u" onClick={markUnread}>
          <Mail size={16} aria-hidden />
        </IconButton>
      )}
      {detail && (
        <ForwardButton inboxId={inboxId} messageId={id} subject={detail.subject} refused={refused} />
      )}
      {detail && (
        <a
          href={detail.eml_url}
          download
          aria-label="Download as .eml"
          title="Download as .eml"
          className={iconButtonClasses}
        >
          <Download size={16} aria-hidden />
        </a>
      )}
      {mayChange && (
        <IconButton label="Delete" keys="#" className="hover:text-danger" onClick={() => remove(id)}>
          <Trash2 size={16} aria-hidden />
        </IconButton>
      )}
      <Menu
        label="More about this message"
        entries={[
          {
            label: 'Copy link',
            icon: Link2,
            act: () =>
              void copyText(`${location.origin}/inboxes/${inboxId}/messages/${id}`).then(
                () => toast('Link copied.'),
                error => toastFailure('Not copied.', error),
              ),
          },
          ...(mayChange
            ? [
                { label: 'Mark as unread', icon: Mail, act: markUnread },
                'line' as const,
                { label: 'Delete', icon: Trash2, danger: true, act: () => remove(id) },
              ]
            : []),
        ]}
      >
        <MoreHorizontal size={17} aria-hidden />
      </Menu>
      <span className="corner" />
    </div>
  )
}
