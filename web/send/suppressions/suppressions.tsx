import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Ban, ClipboardPaste, Download, MoreHorizontal, Plus, SearchX } from 'lucide-react'
import { lazy, useRef } from 'react'
import { mayChange, useSession } from '../../calls/session.ts'
import { SUPPRESSIONS_EXPORT, suppressionsQuery } from '../../calls/suppressions.ts'
import { OpenSidebar } from '../../frame/open-sidebar.tsx'
import { Button } from '../../ui/button.tsx'
import { showDialog } from '../../ui/dialogs.tsx'
import { useDocumentTitle } from '../../ui/document-title.ts'
import { Menu } from '../../ui/menu.tsx'
import { SEARCH_ID, SearchBox } from '../../ui/search-box.tsx'
import { useShortcuts } from '../../ui/shortcuts.ts'
import { count } from '../../ui/size.ts'
import { State } from '../../ui/state.tsx'
import { download } from '../download.ts'
import { ListBreathing, ListFailed } from '../list-failed.tsx'
import { SuppressionList } from './suppression-list.tsx'

const AddDialog = lazy(() => import('./add-dialog.tsx').then(module => ({ default: module.AddDialog })))
const PasteDialog = lazy(() => import('./paste-dialog.tsx').then(module => ({ default: module.PasteDialog })))

const add = () => showDialog(close => <AddDialog onClose={close} />)
const paste = () => showDialog(close => <PasteDialog onClose={close} />)

/** The addresses and domains to which nothing is sent, whoever subscribes them. */
export function Suppressions() {
  useDocumentTitle('Suppressions')
  const { search = '', kind = '' } = useSearch({ from: '/frame/suppressions' })
  const navigate = useNavigate({ from: '/suppressions' })
  const change = mayChange(useSession().workspace?.role)
  const query = useInfiniteQuery({
    ...suppressionsQuery(search, kind),
    placeholderData: previous => previous,
  })
  const rows = query.data?.pages.flatMap(page => page.suppressions) ?? []
  const total = query.data?.pages[0]?.total
  const filtered = search !== '' || kind !== ''
  const area = useRef<HTMLDivElement>(null)
  useShortcuts({ '/': () => document.getElementById(SEARCH_ID)?.focus() })

  return (
    <section aria-label="Suppressions" className="flex min-w-0 grow flex-col">
      <header className="flex h-13 shrink-0 items-center gap-2 border-b border-line pr-3 pl-4 lg:pr-6 lg:pl-8">
        <OpenSidebar />
        <div className="flex min-w-0 grow items-baseline gap-2.5">
          <h1 tabIndex={-1} className="truncate text-lead font-semibold tracking-tight outline-none">
            Suppressions
          </h1>
          {total !== undefined && <span className="text-small text-faint tabular-nums">{count(total)}</span>}
        </div>
        {change && (
          <>
            <Button onClick={paste} className="max-sm:hidden">
              <ClipboardPaste size={14} aria-hidden />
              Paste many
            </Button>
            <Button look="primary" onClick={add}>
              <Plus size={14} aria-hidden />
              Add
            </Button>
            <Menu
              label="More"
              entries={[
                { label: 'Paste many', icon: ClipboardPaste, act: paste },
                { label: 'Export as CSV', icon: Download, act: () => download(SUPPRESSIONS_EXPORT) },
              ]}
            >
              <MoreHorizontal size={17} aria-hidden />
            </Menu>
          </>
        )}
        <span className="corner" />
      </header>
      <p className="border-b border-line px-4 py-2.5 text-soft lg:px-8">
        Nothing is sent to these, whatever the status of a subscriber: checked at import, when a campaign
        freezes and at each hand-over.
      </p>
      {(filtered || rows.length > 0) && (
        <div role="search" className="flex items-center gap-2 border-b border-line px-3 py-2 lg:px-7">
          <SearchBox
            label="Search suppressions"
            placeholder="Address or domain"
            value={search}
            onSearch={text =>
              void navigate({
                search: { ...(kind && { kind }), ...(text && { search: text }) },
                replace: search !== '' && text !== '',
              })
            }
            onLeave={() => area.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus()}
          />
          <select
            aria-label="Kind"
            value={kind}
            onChange={({ target }) =>
              void navigate({
                search: {
                  ...(search && { search }),
                  ...((target.value === 'address' || target.value === 'domain') && { kind: target.value }),
                },
              })
            }
            className="reach h-8 shrink-0 rounded-control border border-line-strong bg-ground px-1.5 text-soft"
          >
            <option value="">Both kinds</option>
            <option value="address">Addresses</option>
            <option value="domain">Domains</option>
          </select>
        </div>
      )}
      <div ref={area} className="flex min-h-0 grow flex-col">
        {query.isPending ? (
          <div className="p-4 lg:px-8">
            <ListBreathing />
          </div>
        ) : query.isError && rows.length === 0 ? (
          <div className="p-4 lg:px-8">
            <ListFailed
              what="The suppression list"
              error={query.error}
              onRetry={() => void query.refetch()}
            />
          </div>
        ) : rows.length > 0 ? (
          <SuppressionList key={`${search} ${kind}`} query={query} rows={rows} change={change} />
        ) : filtered ? (
          <State
            picture={<SearchX size={32} strokeWidth={1.5} aria-hidden />}
            title="Nothing found"
            actions={<Button onClick={() => void navigate({ search: {} })}>Show all</Button>}
          >
            Nothing on the list is like that.
          </State>
        ) : (
          <State
            picture={<Ban size={32} strokeWidth={1.5} aria-hidden />}
            title="Nobody is suppressed"
            actions={change && <Button onClick={add}>Add an address or a domain</Button>}
          >
            Hard bounces and complaints come here by themselves. Bring the list of the system you came from:
            it keeps you from writing to those who had enough.
          </State>
        )}
      </div>
    </section>
  )
}
