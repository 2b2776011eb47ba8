import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { FilePen, SearchX, Send } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { deliveriesQuery, type DeliveryWire } from '../../calls/deliveries.ts'
import { mayChange, useSession } from '../../calls/session.ts'
import { OpenSidebar } from '../../frame/open-sidebar.tsx'
import { Button, buttonClasses } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { useDocumentTitle } from '../../ui/document-title.ts'
import { SEARCH_ID } from '../../ui/search-box.tsx'
import { everything, nothing, type Selection, toggled } from '../../ui/selection.ts'
import { useShortcuts } from '../../ui/shortcuts.ts'
import { State } from '../../ui/state.tsx'
import { reasonInWords } from '../delivery-badge.tsx'
import { ListBreathing, ListFailed } from '../list-failed.tsx'
import { DeliveryList } from './delivery-list.tsx'
import { AmbiguousNotice, WhatAmbiguousIs } from './doubt.tsx'
import { DraftDeeds, DraftsBar } from './draft-deeds.tsx'
import { MessageFilters, type Narrowing } from './message-filters.tsx'
import type { MessageSearch } from './message-search.ts'

/** Every mail to one person: what has left, what waits, what is kept as a draft. */
export function Messages() {
  const asked = useSearch({ from: '/frame/messages' })
  const navigate = useNavigate({ from: '/messages' })
  const { drafts = false, search = '', status, campaign } = asked
  useDocumentTitle(drafts ? 'Drafts' : 'Messages')
  const change = mayChange(useSession().workspace?.role)
  const query = useInfiniteQuery({
    ...deliveriesQuery({ tab: drafts ? 'drafts' : 'sent', search, status, campaign_id: campaign }),
    // Drafts are not sent mails: those of the other tab must not be taken for them, not for a moment.
    placeholderData: (previous, before) =>
      (before?.queryKey[1].tab === 'drafts') === drafts ? previous : undefined,
  })
  const rows = query.data?.pages.flatMap(page => page.deliveries) ?? []
  const [selection, setSelection] = useState<Selection>(nothing)
  useEffect(() => setSelection(nothing), [drafts, search, campaign])
  const area = useRef<HTMLDivElement>(null)
  useShortcuts({ '/': () => document.getElementById(SEARCH_ID)?.focus() })
  const filtered = Boolean(search || status || campaign)
  const narrow = (changes: Narrowing) =>
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
      <MessageFilters
        asked={asked}
        onChange={narrow}
        onLeaveSearch={() => area.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus()}
      />
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
