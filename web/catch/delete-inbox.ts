import { deleteInbox } from '../calls/inboxes.ts'
import { goTo } from '../frame/go-to.ts'
import { confirmed } from '../ui/dialogs.tsx'
import { counted } from '../ui/size.ts'
import { toast, toastFailure } from '../ui/toasts.tsx'

/** Asks for its name, then deletes an inbox with everything in it. */
export async function deleteInboxAsked(inbox: {
  id: number
  name: string
  emails_count: number
}): Promise<void> {
  const sure = await confirmed({
    title: `Delete the inbox “${inbox.name}”?`,
    text: `Its ${counted(inbox.emails_count, 'message')} are deleted for good, and its credentials stop working.`,
    action: 'Delete inbox',
    danger: true,
    typed: inbox.name,
  })
  if (!sure) return
  try {
    await deleteInbox(inbox.id)
    goTo.startFrom([`/inboxes/${inbox.id}`])
    toast(`Deleted “${inbox.name}”.`)
  } catch (error) {
    toastFailure('Not deleted.', error)
  }
}
