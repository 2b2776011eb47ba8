import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useRouter } from '@tanstack/react-router'
import { ArrowLeft, Send, Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { CallError } from '../../calls/http.ts'
import { deliveryPreviewQuery, deliveryQuery, type DeliveryWire } from '../../calls/deliveries.ts'
import { emailServicesQuery } from '../../calls/email-services.ts'
import { mayChange, useSession } from '../../calls/session.ts'
import { OpenSidebar } from '../../frame/open-sidebar.tsx'
import { Button, buttonClasses } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { useDocumentTitle } from '../../ui/document-title.ts'
import { counted } from '../../ui/size.ts'
import { State } from '../../ui/state.tsx'
import { exactTime, readableTime } from '../../ui/time.ts'
import { DeliveryBadge, reasonInWords } from '../delivery-badge.tsx'
import { ListFailed } from '../list-failed.tsx'
import { Card } from '../subscriber/card.tsx'
import { MailFrame } from '../templates/mail-frame.tsx'
import { deleteThem, sendThem } from './draft-deeds.tsx'
import { Resolve } from './resolve.tsx'
import { Trail } from './trail.tsx'

/** One mail to one person: why they did or did not get it, and what it says. */
export function MessagePage() {
  const { messageId } = useParams({ from: '/frame/messages/$messageId' })
  const change = mayChange(useSession().workspace?.role)
  const query = useQuery(deliveryQuery(messageId))
  const navigate = useNavigate()
  const delivery = query.data?.delivery
  useDocumentTitle(delivery?.email ?? 'Message')
  const gone = query.error instanceof CallError && query.error.status === 404
  const remove = async () => {
    if (await deleteThem([messageId])) void navigate({ to: '/messages', search: { drafts: true } })
  }

  return (
    <div className="flex min-w-0 grow flex-col overflow-y-auto">
      <div className="sticky top-0 z-10 flex h-13 shrink-0 items-center gap-2 border-b border-line bg-ground px-4 lg:px-8">
        <OpenSidebar />
        <Back drafts={delivery?.status === 'draft'} />
        {delivery?.status === 'draft' && change && (
          <div className="ml-auto flex items-center gap-2">
            <Button look="quiet" className="hover:text-danger" onClick={() => void remove()}>
              <Trash2 size={14} aria-hidden />
              Delete
            </Button>
            <Button look="primary" onClick={() => void sendThem([messageId])}>
              <Send size={14} aria-hidden />
              Send now
            </Button>
          </div>
        )}
        <span className={delivery?.status === 'draft' && change ? 'corner' : 'corner ml-auto'} />
      </div>
      {query.isPending && (
        <div aria-busy="true" className="flex animate-breathe flex-col gap-4 px-4 pt-9 lg:px-8">
          {[45, 25, 60, 55, 50].map(width => (
            <div key={width} className="h-4 rounded-tight bg-line" style={{ width: `${width}%` }} />
          ))}
        </div>
      )}
      {query.isError && !query.data && (
        <State
          whole
          urgent
          title={gone ? 'This message is not here' : 'The message could not be loaded'}
          actions={
            gone ? (
              <Link to="/messages" className={buttonClasses()}>
                All messages
              </Link>
            ) : (
              <Button onClick={() => void query.refetch()}>Try again</Button>
            )
          }
        >
          {gone ? 'It was deleted with its campaign, or belongs to another workspace.' : query.error.message}
        </State>
      )}
      {query.data && delivery && (
        <div className="mx-auto flex w-full max-w-7xl flex-col gap-5 px-4 pt-6 pb-16 lg:px-8">
          <div className="flex flex-col gap-1">
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <h1
                tabIndex={-1}
                dir="auto"
                className="min-w-0 text-display font-semibold outline-none [overflow-wrap:anywhere] max-sm:text-title"
              >
                {delivery.email}
              </h1>
              <DeliveryBadge delivery={delivery} />
            </div>
            <p dir="auto" className="text-left text-body text-soft">
              {delivery.subject || 'No subject'}
            </p>
          </div>
          {delivery.status === 'ambiguous' && <Resolve delivery={delivery} change={change} />}
          <div className="grid items-start gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)] xl:grid-cols-[25rem_minmax(0,1fr)]">
            <div className="flex min-w-0 flex-col gap-6">
              <Trail steps={query.data.trail} />
              <Facts delivery={delivery} />
            </div>
            <Preview id={messageId} />
          </div>
        </div>
      )}
    </div>
  )
}

/** Back to the list as it was, where one came from there. */
function Back({ drafts }: { drafts: boolean }) {
  const { history } = useRouter()
  const words = (
    <>
      <ArrowLeft size={15} aria-hidden />
      {drafts ? 'Drafts' : 'Back'}
    </>
  )
  if (history.canGoBack())
    return (
      <Button look="quiet" className="-ml-2 px-2" onClick={() => history.back()}>
        {words}
      </Button>
    )
  return (
    <Link to="/messages" search={drafts ? { drafts } : {}} className={buttonClasses('quiet', '-ml-2 px-2')}>
      {words}
    </Link>
  )
}

function Facts({ delivery }: { delivery: DeliveryWire }) {
  const service = useQuery(emailServicesQuery).data?.services.find(
    ({ id }) => id === delivery.email_service_id,
  )
  const { campaign, subscriber_id, attempts, next_at, message_id, reason, sent_at } = delivery
  const why = reasonInWords(reason)
  return (
    <Card title="Details">
      <dl className="-my-1 flex flex-col">
        {campaign && (
          <Fact label="Campaign">
            <Link
              to="/campaigns/$campaignId/report"
              params={{ campaignId: campaign.id }}
              className="rounded-tight underline decoration-line-strong underline-offset-3 hover:decoration-current"
            >
              <bdi>{campaign.name}</bdi>
            </Link>
          </Fact>
        )}
        {subscriber_id !== null && (
          <Fact label="Subscriber">
            <Link
              to="/subscribers/$subscriberId"
              params={{ subscriberId: subscriber_id }}
              className="rounded-tight underline decoration-line-strong underline-offset-3 hover:decoration-current"
            >
              {delivery.email}
            </Link>
          </Fact>
        )}
        {why && <Fact label="Reason">{why}</Fact>}
        {sent_at && (
          <Fact label="Sent">
            <time dateTime={sent_at} title={exactTime(sent_at)}>
              {readableTime(sent_at)}
            </time>
          </Fact>
        )}
        {attempts > 0 && <Fact label="Tried">{counted(attempts, 'time')}</Fact>}
        {next_at && <Fact label="Next try">{readableTime(next_at)}</Fact>}
        {service && <Fact label="Service">{service.name}</Fact>}
        <Fact label="Message-ID">
          <span className="flex items-start gap-1">
            <code className="min-w-0 grow font-mono text-small break-all">{message_id}</code>
            <CopyButton text={message_id} label="Copy the Message-ID" />
          </span>
        </Fact>
      </dl>
    </Card>
  )
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex gap-3 border-b border-line py-1.5 last:border-0">
      <dt className="w-22 shrink-0 text-soft">{label}</dt>
      <dd className="min-w-0 grow [overflow-wrap:anywhere]">{children}</dd>
    </div>
  )
}

function Preview({ id }: { id: number }) {
  const preview = useQuery(deliveryPreviewQuery(id))
  return (
    <section
      aria-label="The mail"
      className="flex min-w-0 flex-col overflow-hidden rounded-card border border-line lg:sticky lg:top-17"
    >
      <h2 className="flex min-h-11 items-center border-b border-line px-4 font-semibold">The mail</h2>
      {preview.isError && !preview.data ? (
        <div className="p-4">
          <ListFailed what="The preview" error={preview.error} onRetry={() => void preview.refetch()} />
        </div>
      ) : preview.data ? (
        <>
          <p dir="auto" className="border-b border-line px-4 py-2 text-left font-medium">
            {preview.data.subject || 'No subject'}
          </p>
          {preview.data.html ? (
            <MailFrame
              html={preview.data.html}
              title="The mail as this person gets it"
              className="h-[min(44rem,75dvh)] w-full"
            />
          ) : (
            <pre tabIndex={0} className="max-h-[70dvh] overflow-auto p-4 font-sans whitespace-pre-wrap">
              {preview.data.text}
            </pre>
          )}
        </>
      ) : (
        <div aria-busy="true" className="h-96 animate-breathe bg-sunk" />
      )}
    </section>
  )
}
