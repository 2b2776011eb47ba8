import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import type { TimelineEventWire } from '../../../server/send/api/subscribers-wire.ts'
import { fieldsQuery } from '../../calls/fields.ts'
import { useSession } from '../../calls/session.ts'
import { deleteNote, timelineQuery } from '../../calls/subscribers.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { confirmed } from '../../ui/dialogs.tsx'
import { exactTime, readableTime, useNow } from '../../ui/time.ts'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { ago } from '../ago.ts'
import { NoteForm } from './note-form.tsx'
import { toldEvent } from './told-event.tsx'

/** Everything that happened to a person, newest first. */
export function Timeline({ subscriberId, change }: { subscriberId: number; change: boolean }) {
  const query = useInfiniteQuery(timelineQuery(subscriberId))
  const fields = useQuery(fieldsQuery).data ?? []
  const me = useSession().user?.id
  const now = useNow()
  const events = query.data?.pages.flatMap(page => page.events) ?? []

  const remove = async ({ id }: TimelineEventWire) => {
    const sure = await confirmed({
      title: 'Delete this note?',
      text: 'It is gone for good.',
      action: 'Delete note',
      danger: true,
    })
    if (!sure) return
    await deleteNote(subscriberId, id).then(
      () => toast('Note deleted.'),
      error => toastFailure('Not deleted.', error),
    )
  }

  return (
    <section aria-label="Timeline" className="flex min-w-0 flex-col gap-5">
      <h2 className="sr-only">Timeline</h2>
      {change && <NoteForm subscriberId={subscriberId} />}
      {query.isError && !query.data && (
        <div role="alert" className="flex flex-wrap items-center gap-3 text-soft">
          What happened could not be loaded. {query.error.message}
          <Button onClick={() => void query.refetch()}>Try again</Button>
        </div>
      )}
      {query.isPending && (
        <div aria-busy="true" className="flex animate-breathe flex-col gap-6 pl-10">
          {[50, 35, 60, 40].map(width => (
            <div key={width} className="h-3.5 rounded-tight bg-line" style={{ width: `${width}%` }} />
          ))}
        </div>
      )}
      <ol aria-label="Timeline" className="flex flex-col">
        {events.map(event => {
          const { icon: Icon, words, more } = toldEvent(event, fields)
          return (
            <li key={`${event.kind} ${event.id}`} className="group/event relative flex gap-3 pb-5 last:pb-0">
              {/* The thread they hang on. */}
              <span className="absolute top-8 bottom-0 left-[0.9375rem] w-px bg-line group-last/event:hidden" />
              <span className="z-1 flex size-8 shrink-0 items-center justify-center rounded-full border border-line bg-ground text-soft">
                <Icon size={15} aria-hidden />
              </span>
              <div className="flex min-w-0 grow flex-col gap-1 pt-1">
                <div className="flex flex-wrap items-baseline gap-x-2 [overflow-wrap:anywhere]">
                  <span className="text-body">{words}</span>
                  {event.kind === 'note' && change && event.user?.id === me && (
                    <IconButton
                      label="Delete note"
                      className="ml-auto size-6 self-start hover:text-danger"
                      onClick={() => void remove(event)}
                    >
                      <Trash2 size={13} aria-hidden />
                    </IconButton>
                  )}
                </div>
                {more}
                <span className="text-small text-faint">
                  {event.user && <bdi>{event.user.name} · </bdi>}
                  {ago(event.at, now)} ·{' '}
                  <time dateTime={event.at} title={exactTime(event.at)}>
                    {readableTime(event.at)}
                  </time>
                </span>
              </div>
            </li>
          )
        })}
      </ol>
      {query.hasNextPage && (
        <Button
          className="self-start"
          busy={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Show older
        </Button>
      )}
    </section>
  )
}
