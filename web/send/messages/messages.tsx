import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { CircleHelp, FilePen, MailQuestion, SearchX, Send, X } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import {
  ambiguousQuery,
  deliveredCampaignsQuery,
  deliveriesQuery,
  type DeliveryWire,
} from '../../calls/deliveries.ts'
import { mayChange, useSession } from '../../calls/session.ts'
import { OpenSidebar } from '../../frame/open-sidebar.tsx'
import { Button, buttonClasses } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { useDocumentTitle } from '../../ui/document-title.ts'
import { SEARCH_ID, SearchBox } from '../../ui/search-box.tsx'
import { everything, nothing, type Selection, toggled } from '../../ui/selection.ts'
import { useShortcuts } from '../../ui/shortcuts.ts'
import { count } from '../../ui/size.ts'
import { State } from '../../ui/state.tsx'
import { DELIVERY_NAMES, reasonInWords } from '../delivery-badge.tsx'
import { ListBreathing, ListFailed } from '../list-failed.tsx'
import { DeliveryList } from './delivery-list.tsx'
import { DraftDeeds, DraftsBar } from './draft-deeds.tsx'
import { type MessageSearch, STATUSES } from './message-search.ts'

/** Every mail to one person: what has left, what waits, what is kept as a draft. */
export function Messages() {
  const asked = useSearch({ from: '/frame/messages' })
  const navigate = useNavigate({ from: '/messages' })
  const { drafts = false, search = '', status, campaign } = asked
  useDocumentTitle(drafts ? 'Drafts' : 'Messages')
  const change = mayChange(useSession().workspace?.role)
  const query = useInfiniteQuery({
    ...deliveriesQuery({ tab: drafts ? 'drafts' : 'sent', search, status, campaign_id: campaign }),
    placeholderData: previous => previous,
  })
  const rows = query.data?.pages.flatMap(page => page.deliveries) ?? []
  const [selection, setSelection] = useState<Selection>(nothing)
  useEffect(() => setSelection(nothing), [drafts, search, campaign])
  const area = useRef<HTMLDivElement>(null)
  useShortcuts({ '/': () => document.getElementById(SEARCH_ID)?.focus() })
  const filtered = Boolean(search || status || campaign)
  const narrow = (changes: { [Name in keyof MessageSearch]?: MessageSearch[Name] | undefined }) =>
    void navigate({
      search: before => {
        const next = { ...before, ...changes }
        return Object.fromEntries(Object.entries(next).filter(([, value]) => value)) as MessageSearch
      },
      // Letters typed into one search are one step of the history.
      replace: Boolean(search && changes.search),
    })
  const ids = rows.map(({ id }) => id)
  const chosen = ids.filter(id => selection.ids.has(id))

  return (
    <section aria-label="Messages" className="flex min-w-0 grow flex-col">
      <header className="flex h-13 shrink-0 items-center gap-2 px-4 lg:px-8">
        <OpenSidebar />
        <h1 tabIndex={-1} className="truncate text-lead font-semibold tracking-tight outline-none">
          Messages
        </h1>
        <span className="corner ml-auto" />
      </header>
      <nav aria-label="Messages" className="flex shrink-0 gap-1 border-b border-line px-2.5 lg:px-6.5">
        <Tab to={{}} on={!drafts}>
          Sent
        </Tab>
        <Tab to={{ drafts: true }} on={drafts}>
          Drafts
        </Tab>
      </nav>
      {!drafts && status !== 'ambiguous' && <AmbiguousNotice />}
      <div
        role="search"
        className="flex shrink-0 flex-wrap items-center gap-2 border-b border-line px-3 py-2 lg:px-7"
      >
        <div className="flex min-w-56 grow basis-60 max-sm:basis-full">
          <SearchBox
            label="Search messages"
            placeholder="Recipient or subject"
            value={search}
            onSearch={text => narrow({ search: text || undefined })}
            onLeave={() => area.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus()}
          />
        </div>
        <div className="flex flex-wrap items-center gap-1.5 max-sm:w-full">
          {!drafts && (
            <Choice
              label="Status"
              value={status ?? ''}
              onChange={value => narrow({ status: STATUSES.find(one => one === value) })}
            >
              <option value="">Any status</option>
              {STATUSES.map(one => (
                <option key={one} value={one}>
                  {NARROWED[one] ?? DELIVERY_NAMES[one]}
                </option>
              ))}
            </Choice>
          )}
          <CampaignChoice value={campaign} onChange={value => narrow({ campaign: value })} />
          {filtered && (
            <Button
              look="quiet"
              className="px-2"
              onClick={() => narrow({ search: undefined, status: undefined, campaign: undefined })}
            >
              <X size={14} aria-hidden />
              Clear
            </Button>
          )}
        </div>
      </div>
      {status === 'ambiguous' && <WhatAmbiguousIs />}
      {drafts && change && rows.length > 0 && (
        <DraftsBar
          loaded={ids.length}
          chosen={chosen}
          campaignId={campaign}
          onAll={() => setSelection(chosen.length === ids.length ? nothing : everything(ids, false))}
          onDone={() => setSelection(nothing)}
        />
      )}
      <div ref={area} className="flex min-h-0 grow flex-col">
        {query.isPending ? (
          <div className="p-4 lg:px-8">
            <ListBreathing />
          </div>
        ) : query.isError && rows.length === 0 ? (
          <div className="p-4 lg:px-8">
            <ListFailed what="The messages" error={query.error} onRetry={() => void query.refetch()} />
          </div>
        ) : rows.length > 0 ? (
          <DeliveryList
            key={JSON.stringify(asked)}
            label={drafts ? 'Drafts' : 'Messages'}
            query={query}
            rows={rows}
            about={about}
            at={({ sent_at, next_at }) => sent_at ?? next_at}
            {...(drafts &&
              change && {
                before: (delivery: DeliveryWire) => (
                  <input
                    type="checkbox"
                    aria-label={`Select ${delivery.email}`}
                    className="reach relative z-1 size-4 shrink-0"
                    checked={selection.ids.has(delivery.id)}
                    onChange={() => setSelection(toggled(selection, delivery.id, ids))}
                  />
                ),
                behind: (delivery: DeliveryWire) => <DraftDeeds delivery={delivery} />,
              })}
          />
        ) : filtered ? (
          <State
            picture={<SearchX size={32} strokeWidth={1.5} aria-hidden />}
            title={status === 'ambiguous' && !search ? 'Nothing is ambiguous' : 'Nothing found'}
            actions={
              <Button onClick={() => void navigate({ search: drafts ? { drafts } : {} })}>Show all</Button>
            }
          >
            {status === 'ambiguous' && !search
              ? 'Of every mail that left we know whether it was taken.'
              : 'No message is like that. Addresses and subjects are searched by what they contain.'}
          </State>
        ) : drafts ? (
          <State picture={<FilePen size={32} strokeWidth={1.5} aria-hidden />} title="No drafts">
            A campaign that is sent as drafts puts its mails here, one for each recipient, until somebody
            sends them.
          </State>
        ) : (
          <State
            picture={<Send size={32} strokeWidth={1.5} aria-hidden />}
            title="Nothing was sent yet"
            actions={
              <Link to="/campaigns" className={buttonClasses()}>
                Campaigns
              </Link>
            }
          >
            Every mail of a campaign is here, with what became of it.
          </State>
        )}
      </div>
    </section>
  )
}

/** What a status leaves out, as the list is narrowed to it. */
const NARROWED: Partial<Record<(typeof STATUSES)[number], string>> = {
  sent: 'Sent, not delivered',
  delivered: 'Delivered, not opened',
  opened: 'Opened, not clicked',
}

function about({ campaign, subject, reason, status }: DeliveryWire): ReactNode {
  const why = status === 'sent' || status === 'delivered' ? null : reasonInWords(reason)
  return (
    <>
      {why && <span className="text-soft">{why} · </span>}
      <bdi>{subject || 'No subject'}</bdi>
      {campaign && (
        <>
          {' '}
          · <bdi>{campaign.name}</bdi>
        </>
      )}
    </>
  )
}

function Tab({ to, on, children }: { to: MessageSearch; on: boolean; children: ReactNode }) {
  return (
    <Link
      to="/messages"
      search={to}
      // By what is searched for, both are this address.
      activeProps={{}}
      aria-current={on ? 'page' : undefined}
      className={classes(
        'inset-focus -mb-px flex h-9 items-center border-b-2 px-2 font-medium pointer-coarse:h-11',
        on ? 'border-brass text-ink' : 'border-transparent text-soft hover:text-ink',
      )}
    >
      {children}
    </Link>
  )
}

function AmbiguousNotice() {
  const page = useQuery(ambiguousQuery).data
  if (!page || page.deliveries.length === 0) return null
  const { length } = page.deliveries
  return (
    <div
      role="note"
      className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1.5 border-b border-brass-line bg-brass-wash px-4 py-2 lg:px-8"
    >
      <MailQuestion size={16} className="shrink-0 text-brass-text" aria-hidden />
      <span className="min-w-48 grow">
        Of{' '}
        <b className="font-semibold">
          {count(length)}
          {page.next_cursor && ' and more'} {length === 1 ? 'message' : 'messages'}
        </b>{' '}
        nobody knows whether they arrived. They wait for you to decide.
      </span>
      <Link to="/messages" search={{ status: 'ambiguous' }} className={buttonClasses()}>
        Show them
      </Link>
    </div>
  )
}

function WhatAmbiguousIs() {
  return (
    <p className="flex shrink-0 items-start gap-2.5 border-b border-line px-4 py-2.5 text-pretty text-soft lg:px-8">
      <CircleHelp size={15} className="mt-0.5 shrink-0 text-brass-text" aria-hidden />
      <span className="max-w-[90ch]">
        The mail was handed over, and the connection broke before the other server said that it had it. It may
        have arrived or not. Sent again it could arrive twice, so nothing is done until somebody decides; the
        Message-ID finds it in the other server’s log.
      </span>
    </p>
  )
}

interface ChoiceProps {
  label: string
  value: string
  onChange: (value: string) => void
  children: ReactNode
}

function Choice({ label, value, onChange, children }: ChoiceProps) {
  return (
    <select
      aria-label={label}
      value={value}
      onChange={event => onChange(event.target.value)}
      className={classes(
        'reach h-8 min-w-0 truncate rounded-control border px-1.5 max-sm:grow max-sm:basis-[40%] sm:max-w-52',
        value
          ? 'border-brass-line bg-chosen font-medium text-brass-text'
          : 'border-line-strong bg-ground text-soft',
      )}
    >
      {children}
    </select>
  )
}

function CampaignChoice({
  value,
  onChange,
}: {
  value: number | undefined
  onChange: (campaign: number | undefined) => void
}) {
  const campaigns = useQuery(deliveredCampaignsQuery).data ?? []
  const known = campaigns.some(({ id }) => id === value)
  return (
    <Choice
      label="Campaign"
      value={String(value ?? '')}
      onChange={chosen => onChange(Number(chosen) || undefined)}
    >
      <option value="">Any campaign</option>
      {value !== undefined && !known && <option value={value}>One campaign</option>}
      {campaigns.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </Choice>
  )
}
