import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { ArrowLeft, Trash2 } from 'lucide-react'
import { CallError } from '../../calls/http.ts'
import { mayChange, useSession } from '../../calls/session.ts'
import { deleteSubscriber, subscriberQuery } from '../../calls/subscribers.ts'
import { OpenSidebar } from '../../frame/open-sidebar.tsx'
import { Button, buttonClasses } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { confirmed } from '../../ui/dialogs.tsx'
import { useDocumentTitle } from '../../ui/document-title.ts'
import { State } from '../../ui/state.tsx'
import { exactTime, readableTime } from '../../ui/time.ts'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { personName } from '../person-name.ts'
import { DetailsForm } from './details-form.tsx'
import { StatusCard } from './status-card.tsx'
import { SuppressedNotice } from './suppressed-notice.tsx'
import { TagsCard } from './tags-card.tsx'
import { Timeline } from './timeline.tsx'

const SOURCES = { api: 'by API', web: 'by hand', form: 'through a form', import: 'by an import' } as const

/** Everything about one person, and everything that happened to them. */
export function SubscriberPage() {
  const { subscriberId } = useParams({ from: '/frame/subscribers/$subscriberId' })
  const navigate = useNavigate()
  const change = mayChange(useSession().workspace?.role)
  const query = useQuery(subscriberQuery(subscriberId))
  const gone = query.error instanceof CallError && query.error.status === 404
  const subscriber = gone ? undefined : query.data
  useDocumentTitle(subscriber?.email ?? 'Subscriber')

  const remove = async () => {
    if (!subscriber) return
    const sure = await confirmed({
      title: `Delete ${subscriber.email}?`,
      text: 'With their fields, notes and history, for good. To stop writing to them but remember that they left, unsubscribe them instead.',
      action: 'Delete subscriber',
      danger: true,
    })
    if (!sure) return
    try {
      await deleteSubscriber(subscriber.id)
      toast(`${subscriber.email} is deleted.`)
      void navigate({ to: '/subscribers' })
    } catch (error) {
      toastFailure('Not deleted.', error)
    }
  }

  return (
    <div className="flex min-w-0 grow flex-col overflow-y-auto">
      <div className="sticky top-0 z-10 flex h-13 shrink-0 items-center gap-2 border-b border-line bg-ground px-4 lg:px-8">
        <OpenSidebar />
        <Link to="/subscribers" className={buttonClasses('quiet', '-ml-2 px-2')}>
          <ArrowLeft size={15} aria-hidden />
          Subscribers
        </Link>
        {subscriber && change && (
          <Button look="quiet" className="ml-auto hover:text-danger" onClick={() => void remove()}>
            <Trash2 size={14} aria-hidden />
            Delete
          </Button>
        )}
        <span className={classes('corner', !(subscriber && change) && 'ml-auto')} />
      </div>
      {query.isPending && <Loading />}
      {query.isError && !subscriber && (
        <State
          whole
          urgent
          title={gone ? 'This subscriber is not here' : 'The subscriber could not be loaded'}
          actions={
            gone ? (
              <Link to="/subscribers" className={buttonClasses()}>
                All subscribers
              </Link>
            ) : (
              <Button onClick={() => void query.refetch()}>Try again</Button>
            )
          }
        >
          {gone ? 'They were deleted, or belong to another workspace.' : query.error.message}
        </State>
      )}
      {subscriber && (
        <div className="mx-auto flex w-full max-w-6xl flex-col gap-6 px-4 pt-7 pb-16 lg:px-8">
          <div className="flex flex-col gap-1">
            <h1
              tabIndex={-1}
              dir="auto"
              className="text-display font-semibold outline-none [overflow-wrap:anywhere]"
            >
              {subscriber.email}
            </h1>
            <p className="text-body text-soft">
              {personName(subscriber) && (
                <>
                  <bdi className="text-ink">{personName(subscriber)}</bdi> ·{' '}
                </>
              )}
              Added {SOURCES[subscriber.source]},{' '}
              <time dateTime={subscriber.created_at} title={exactTime(subscriber.created_at)}>
                {readableTime(subscriber.created_at)}
              </time>
            </p>
          </div>
          {subscriber.suppressed && <SuppressedNotice email={subscriber.email} />}
          <div className="grid items-start gap-x-10 gap-y-8 lg:grid-cols-[23rem_minmax(0,1fr)]">
            <div className="flex min-w-0 flex-col gap-6">
              <StatusCard subscriber={subscriber} change={change} />
              <TagsCard subscriber={subscriber} change={change} />
              <DetailsForm subscriber={subscriber} change={change} />
            </div>
            <Timeline subscriberId={subscriber.id} change={change} />
          </div>
        </div>
      )}
    </div>
  )
}

function Loading() {
  return (
    <div aria-busy="true" className="flex animate-breathe flex-col gap-4 px-4 pt-9 lg:px-8">
      {[45, 25, 60, 55, 50].map(width => (
        <div key={width} className="h-4 rounded-tight bg-line" style={{ width: `${width}%` }} />
      ))}
    </div>
  )
}
