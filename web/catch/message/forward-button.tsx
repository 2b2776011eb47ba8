import { Forward } from 'lucide-react'
import { lazy } from 'react'
import { IconButton } from '../../ui/button.tsx'
import { showDialog } from '../../ui/dialogs.tsx'

const ForwardDialog = lazy(() =>
  import('../forwarding/forward-dialog.tsx').then(module => ({ default: module.ForwardDialog })),
)

interface ForwardButtonProps {
  inboxId: number
  messageId: number
  subject: string
  /** Why not. */
  refused: string | undefined
}

export function ForwardButton({ inboxId, messageId, subject, refused }: ForwardButtonProps) {
  const open = () =>
    showDialog(close => (
      <ForwardDialog inboxId={inboxId} messageId={messageId} subject={subject} onClose={close} />
    ))
  return (
    <IconButton
      label={refused ? `Forward: ${refused}` : 'Forward'}
      aria-disabled={refused !== undefined}
      className={refused ? 'cursor-not-allowed opacity-40' : ''}
      onClick={() => refused === undefined && open()}
    >
      <Forward size={16} aria-hidden />
    </IconButton>
  )
}
