import { actOnInbox } from '../calls/inboxes.ts'
import { confirmed } from '../ui/dialogs.tsx'
import { counted } from '../ui/size.ts'
import { toast, toastFailure } from '../ui/toasts.tsx'
import { noteGone } from './list/gone.ts'
import { changeLists } from './list/list-query.ts'
import { rowsOf, withoutRows } from './list/pages.ts'

/** Asks, then deletes every message of an inbox. Answers whether it was done. */
export async function cleanInbox(inbox: {
  id: number
  name: string
  emails_count: number
}): Promise<boolean> {
  const sure = await confirmed({
    title: 'Clean this inbox?',
    text: `All ${counted(inbox.emails_count, 'message')} in “${inbox.name}” are deleted for good. Its settings and credentials stay.`,
    action: 'Delete all messages',
    danger: true,
  })
  if (!sure) return false
  try {
    await actOnInbox(inbox.id, 'clean')
    changeLists(inbox.id, pages => {
      noteGone(rowsOf(pages).map(message => message.id))
      return withoutRows(pages, () => true)
    })
    toast('The inbox is clean.')
    return true
  } catch (error) {
    toastFailure('Not cleaned.', error)
    return false
  }
}
