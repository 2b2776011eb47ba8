import { useQuery } from '@tanstack/react-query'
import { Outlet, useMatch, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo } from 'react'
import type { ListFilter } from '../calls/messages.ts'
import { inboxIn, projectsQuery } from '../calls/projects.ts'
import { mayChange } from '../calls/session.ts'
import { classes } from '../ui/classes.ts'
import { useDocumentTitle } from '../ui/document-title.ts'
import { SPLIT, useMedia } from '../ui/media.ts'
import { Missing } from './missing.tsx'
import { type InboxPlace, InboxPlaceContext } from './inbox-place.ts'
import { deleteMessages } from './list/deeds.ts'
import { ListPane } from './list/list-pane.tsx'
import { useMessages } from './list/use-messages.ts'
import { preloadMessageView } from './message/load.ts'

/** An inbox: its list, and the message that is open beside it (or, where there is no room, instead of it). */
export function Inbox() {
  const { inboxId } = useParams({ from: '/frame/inboxes/$inboxId/list' })
  const search = useSearch({ from: '/frame/inboxes/$inboxId/list' })
  const open = useMatch({
    from: '/frame/inboxes/$inboxId/list/messages/$messageId',
    shouldThrow: false,
  })?.params.messageId
  const navigate = useNavigate()
  const split = useMedia(SPLIT)
  const filter = useMemo<ListFilter>(
    () => ({ search: search.search ?? '', unread: search.unread ?? false }),
    [search.search, search.unread],
  )
  const projects = useQuery(projectsQuery)
  const inbox = inboxIn(projects.data, inboxId)
  const messages = useMessages(inboxId, filter)
  const { rows } = messages
  const change = inbox && mayChange(inbox.role) && inbox.status === 'active'

  const unread = inbox?.emails_unread_count ?? 0
  useDocumentTitle(inbox && `${unread > 0 ? `(${unread}) ` : ''}${inbox.name}`)
  useEffect(() => {
    // The first message opened should not wait for its screen.
    const timer = setTimeout(preloadMessageView, 300)
    return () => clearTimeout(timer)
  }, [])

  const place = useMemo<InboxPlace>(() => {
    const go = (id: number, replace: boolean) =>
      void navigate({
        to: '/inboxes/$inboxId/messages/$messageId',
        params: { inboxId, messageId: id },
        search: previous => previous,
        replace,
      })
    const close = () =>
      void navigate({
        to: '/inboxes/$inboxId',
        params: { inboxId },
        search: ({ tab: _tab, ...rest }) => rest,
      })
    const neighbours = (id: number) => {
      const at = rows.findIndex(row => row.id === id)
      return at === -1
        ? { newer: undefined, older: undefined }
        : { newer: rows[at - 1]?.id, older: rows[at + 1]?.id }
    }
    return {
      inboxId,
      mayChange: change,
      neighbours,
      open: id => go(id, false),
      go: id => go(id, true),
      close,
      remove: id => {
        const { newer, older } = neighbours(id)
        const next = split ? (older ?? newer) : undefined
        void deleteMessages(inboxId, [id])
        if (next === undefined) close()
        else go(next, true)
      },
    }
  }, [inboxId, change, rows, split, navigate])

  if (projects.isSuccess && !inbox) return <Missing what="inbox" />
  return (
    <InboxPlaceContext value={place}>
      <div className="relative flex min-w-0 grow">
        <section
          aria-label="Messages"
          className={classes(
            'flex min-w-0 flex-col border-line bg-ground max-lg:absolute max-lg:inset-0 lg:w-[clamp(20rem,31vw,27rem)] lg:shrink-0 lg:border-r',
            // Hidden but laid out, so that it is where it was on the way back.
            open !== undefined && 'max-lg:invisible',
          )}
        >
          <ListPane inbox={inbox} filter={filter} messages={messages} open={open ?? null} />
        </section>
        <div
          className={classes(
            'flex min-w-0 grow flex-col max-lg:absolute max-lg:inset-0',
            open === undefined && 'max-lg:hidden',
          )}
        >
          <Outlet />
        </div>
      </div>
    </InboxPlaceContext>
  )
}
