import type { MessageDetail, MessageSummary } from '../../../server/catch/api/wire.ts'
import { actOnInbox } from '../../calls/inboxes.ts'
import { BULK_LIMIT, changeMessages, markMessage, messageQuery } from '../../calls/messages.ts'
import { knownInbox, noteInbox } from '../../calls/projects.ts'
import { queryClient } from '../../calls/query-client.ts'
import { counted } from '../../ui/size.ts'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { noteGone } from './gone.ts'
import { changeLists, doubtLists } from './list-query.ts'
import { type Pages, rowsOf, withChange, withoutRows } from './pages.ts'

/** Messages by id, or all of an inbox. */
export type Concerned = readonly number[] | 'every'

/** Shown at once, then done; what was refused is shown as the server has it. */
export async function setRead(inboxId: number, concerned: Concerned, isRead: boolean): Promise<void> {
  const has = membership(concerned)
  const changed = known(inboxId, message => has(message.id) && message.is_read !== isRead)
  changeLists(inboxId, pages => withChange(pages, has, { is_read: isRead }))
  queryClient.setQueriesData<MessageDetail>(
    {
      queryKey: ['message', inboxId],
      predicate: ({ queryKey }) => queryKey.length === 3 && has(Number(queryKey[2])),
    },
    detail => detail && { ...detail, is_read: isRead },
  )
  moveCounts(inboxId, { unread: concerned === 'every' ? 'all' : changed.length * (isRead ? -1 : 1), gone: 0 })

  try {
    await inTurn(async () => {
      if (concerned === 'every' && isRead) await actOnInbox(inboxId, 'all_read')
      else if (concerned !== 'every' && concerned.length === 1)
        await markMessage(inboxId, Number(concerned[0]), isRead)
      else await inBulk(inboxId, concerned, isRead ? 'read' : 'unread')
    })
  } catch (error) {
    toastFailure(isRead ? 'Not marked as read.' : 'Not marked as unread.', error)
    doubtLists(inboxId)
  }
}

export async function deleteMessages(inboxId: number, concerned: Concerned): Promise<void> {
  const has = membership(concerned)
  const unread = known(inboxId, message => has(message.id) && !message.is_read)
  const before = knownInbox(inboxId)?.emails_count ?? 0
  const going = concerned === 'every' ? known(inboxId, () => true).map(message => message.id) : concerned
  noteGone(going)
  // An answer that is on its way could come from after the deletion.
  void queryClient.cancelQueries({
    queryKey: ['message', inboxId],
    predicate: ({ queryKey }) => has(Number(queryKey[2])),
  })
  changeLists(inboxId, pages => withoutRows(pages, has))
  moveCounts(inboxId, {
    unread: concerned === 'every' ? 'all' : -unread.length,
    gone: concerned === 'every' ? 'all' : concerned.length,
  })
  try {
    await inTurn(() => inBulk(inboxId, concerned, 'delete'))
    // Not the one on the screen, which is about to give way: taken from it, it would be fetched again, and be gone.
    queryClient.removeQueries({
      type: 'inactive',
      queryKey: ['message', inboxId],
      predicate: ({ queryKey }) => has(Number(queryKey[2])),
    })
    toast(`Deleted ${counted(concerned === 'every' ? before : concerned.length, 'message')}.`)
  } catch (error) {
    noteGone(going, false)
    toastFailure('Not deleted.', error)
    doubtLists(inboxId)
  }
}

let last: Promise<unknown> = Promise.resolve()

/** One after the other: read and at once unread again must not overtake each other on the way. */
function inTurn(deed: () => Promise<void>): Promise<void> {
  const done = last.then(deed)
  last = done.catch(() => {})
  return done
}

async function inBulk(inboxId: number, concerned: Concerned, action: 'read' | 'unread' | 'delete') {
  if (concerned === 'every') {
    const { inbox } = await changeMessages(inboxId, { all: true, action })
    noteInbox(inboxId, inbox)
    return
  }
  for (let at = 0; at < concerned.length; at += BULK_LIMIT) {
    const ids = concerned.slice(at, at + BULK_LIMIT)
    const { inbox } = await changeMessages(inboxId, { ids, action })
    noteInbox(inboxId, inbox)
  }
}

function membership(concerned: Concerned): (id: number) => boolean {
  if (concerned === 'every') return () => true
  const ids = new Set(concerned)
  return id => ids.has(id)
}

/** Loaded messages that match, each once, from all lists of the inbox. */
function known(inboxId: number, matches: (message: MessageSummary) => boolean): MessageSummary[] {
  const found = new Map<number, MessageSummary>()
  for (const [, pages] of queryClient.getQueriesData<Pages>({ queryKey: ['messages', inboxId] }))
    for (const message of rowsOf(pages)) if (matches(message)) found.set(message.id, message)
  for (const [, detail] of queryClient.getQueriesData<MessageDetail>({
    queryKey: ['message', inboxId],
    predicate: ({ queryKey }) => queryKey.length === 3,
  }))
    if (detail && matches(detail)) found.set(detail.id, detail)
  return [...found.values()]
}

function moveCounts(
  inboxId: number,
  { unread, gone }: { unread: number | 'all'; gone: number | 'all' },
): void {
  const inbox = knownInbox(inboxId)
  if (!inbox) return
  noteInbox(inboxId, {
    emails_count: gone === 'all' ? 0 : Math.max(0, inbox.emails_count - gone),
    emails_unread_count: unread === 'all' ? 0 : Math.max(0, inbox.emails_unread_count + unread),
  })
}

/** The message as the list has it, to be shown before its details have come. */
export function knownMessage(inboxId: number, id: number): MessageSummary | undefined {
  const detail = queryClient.getQueryData(messageQuery(inboxId, id).queryKey)
  return detail ?? known(inboxId, message => message.id === id)[0]
}
