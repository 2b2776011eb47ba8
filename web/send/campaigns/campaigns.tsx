import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Plus, SearchX, Send } from 'lucide-react'
import type { ReactNode } from 'react'
import { campaignsQuery } from '../../calls/campaigns.ts'
import { mayChange, useSession } from '../../calls/session.ts'
import { OpenSidebar } from '../../frame/open-sidebar.tsx'
import { Button, buttonClasses } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { useDocumentTitle } from '../../ui/document-title.ts'
import { SEARCH_ID, SearchBox } from '../../ui/search-box.tsx'
import { useShortcuts } from '../../ui/shortcuts.ts'
import { State } from '../../ui/state.tsx'
import { CampaignRow } from './campaign-row.tsx'

/** All campaigns of the workspace: those that are being made or sent, and those that are done. */
export function Campaigns() {
  useDocumentTitle('Campaigns')
  const { sent, search = '' } = useSearch({ from: '/frame/campaigns' })
  const tab = sent ? 'sent' : 'draft'
  const navigate = useNavigate({ from: '/campaigns' })
  const change = mayChange(useSession().workspace?.role)
  const query = useInfiniteQuery(campaignsQuery(tab, search))
  const rows = query.data?.pages.flatMap(page => page.campaigns) ?? []
  const begin = () => void navigate({ to: '/campaigns/new', search: {} })
  useShortcuts({
    '/': () => document.getElementById(SEARCH_ID)?.focus(),
    ...(change && { n: begin }),
  })
  const none = query.data && rows.length === 0 && !query.isPlaceholderData

  return (
    <section aria-label="Campaigns" className="flex min-w-0 grow flex-col bg-ground">
      <header className="flex h-13 shrink-0 items-center gap-2 border-b border-line pr-3 pl-4 lg:pr-6 lg:pl-8">
        <OpenSidebar />
        <h1
          tabIndex={-1}
          className="min-w-0 grow truncate text-lead font-semibold tracking-tight outline-none"
        >
          Campaigns
        </h1>
        {change && (
          <Link to="/campaigns/new" className={buttonClasses('primary')} title="New campaign (n)">
            <Plus size={15} aria-hidden />
            New campaign
          </Link>
        )}
        <span className="corner" />
      </header>
      <div className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-3 py-2 lg:px-7">
        <nav aria-label="Kinds of campaigns" className="flex gap-0.5 rounded-control bg-hover p-0.5">
          <Tab current={tab === 'draft'} search={search ? { search } : {}}>
            Drafts
          </Tab>
          <Tab current={tab === 'sent'} search={{ sent: true, ...(search && { search }) }}>
            Sent
          </Tab>
        </nav>
        <div role="search" className="flex min-w-40 grow sm:max-w-80">
          <SearchBox
            label="Search campaigns"
            placeholder="Name or subject"
            value={search}
            onSearch={text =>
              void navigate({
                search: ({ search: _search, ...others }) => ({ ...others, ...(text && { search: text }) }),
                replace: Boolean(search && text),
              })
            }
            onLeave={() => document.querySelector<HTMLElement>('main table a')?.focus()}
          />
        </div>
      </div>
      <div
        aria-busy={query.isPlaceholderData || undefined}
        className={classes(
          'flex min-h-0 grow flex-col overflow-y-auto',
          query.isPlaceholderData && 'opacity-60',
        )}
      >
        {query.isPending && <Loading />}
        {query.isError && rows.length === 0 && (
          <State
            urgent
            title="The campaigns could not be loaded"
            actions={<Button onClick={() => void query.refetch()}>Try again</Button>}
          >
            {query.error.message}
          </State>
        )}
        {none &&
          (search ? (
            <State
              picture={<SearchX size={32} strokeWidth={1.5} aria-hidden />}
              title="Nothing found"
              actions={
                <Link to="/campaigns" search={sent ? { sent } : {}} className={buttonClasses()}>
                  Clear search
                </Link>
              }
            >
              No {tab === 'sent' ? 'sent campaign' : 'draft'} has “{search}” in its name or subject.
            </State>
          ) : tab === 'sent' ? (
            <State picture={<Send size={36} strokeWidth={1.25} aria-hidden />} title="Nothing sent yet">
              Campaigns come here when the last of their mails has left, with who got, opened and clicked
              them.
            </State>
          ) : (
            <State
              picture={<Send size={36} strokeWidth={1.25} aria-hidden />}
              title="No campaign in the making"
              actions={
                change && (
                  <Link to="/campaigns/new" className={buttonClasses('primary')}>
                    <Plus size={15} aria-hidden />
                    New campaign
                  </Link>
                )
              }
            >
              One mail to many people. Write it, look at it as they will, choose who gets it, and send it at
              once or at an hour of your choice.
            </State>
          ))}
        {rows.length > 0 && (
          <table className="w-full table-fixed border-collapse text-left">
            <thead className="sticky top-0 z-1 bg-sunk text-small text-faint max-md:sr-only">
              <tr className="h-8">
                <Head className="pl-4 lg:pl-8">Campaign</Head>
                <Head className="w-44 lg:w-56">Status</Head>
                {tab === 'sent' && (
                  <>
                    <Head className="w-20 text-right">Sent</Head>
                    <Head className="w-20 text-right">Opened</Head>
                    <Head className="w-20 text-right">Clicked</Head>
                  </>
                )}
                <Head className="w-32 text-right">{tab === 'sent' ? 'Date' : 'Changed'}</Head>
                <Head className="w-14 lg:w-20">
                  <span className="sr-only">What can be done</span>
                </Head>
              </tr>
            </thead>
            <tbody>
              {rows.map(campaign => (
                <CampaignRow key={campaign.id} campaign={campaign} tab={tab} change={change} />
              ))}
            </tbody>
          </table>
        )}
        {query.hasNextPage && (
          <div className="flex justify-center p-4">
            <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              More campaigns
            </Button>
          </div>
        )}
      </div>
    </section>
  )
}

interface TabProps {
  current: boolean
  search: { sent?: true; search?: string }
  children: ReactNode
}

function Tab({ current, search, children }: TabProps) {
  return (
    <Link
      to="/campaigns"
      search={search}
      aria-current={current ? 'page' : undefined}
      className={classes(
        'reach inline-flex h-7 items-center rounded-[5px] px-3 font-medium',
        current ? 'bg-raised text-ink shadow-rise' : 'text-soft hover:text-ink',
      )}
    >
      {children}
    </Link>
  )
}

function Head({ className, children }: { className: string; children: ReactNode }) {
  return (
    <th scope="col" className={classes('border-b border-line px-2 font-normal', className)}>
      {children}
    </th>
  )
}

function Loading() {
  return (
    <div aria-busy="true" className="flex animate-breathe flex-col gap-6 p-4 lg:px-8">
      <span className="sr-only" role="status">
        Loading campaigns
      </span>
      {[46, 30, 58, 38, 50].map(width => (
        <div key={width} className="flex flex-col gap-2">
          <div className="h-3.5 rounded-tight bg-line" style={{ width: `${width}%` }} />
          <div className="h-3 rounded-tight bg-sunk" style={{ width: `${width - 12}%` }} />
        </div>
      ))}
    </div>
  )
}
