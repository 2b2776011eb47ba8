import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useParams } from '@tanstack/react-router'
import { ArrowLeft, Download, MoreHorizontal, Printer } from 'lucide-react'
import { CallError } from '../../calls/http.ts'
import { reportCsvPath, reportQuery } from '../../calls/reports.ts'
import { OpenSidebar } from '../../frame/open-sidebar.tsx'
import { Button, buttonClasses } from '../../ui/button.tsx'
import { useDocumentTitle } from '../../ui/document-title.ts'
import { Menu } from '../../ui/menu.tsx'
import { count } from '../../ui/size.ts'
import { State } from '../../ui/state.tsx'
import { CampaignBadge } from '../campaigns/campaign-badge.tsx'
import { download } from '../download.ts'
import { PEOPLE_LISTS } from './people-lists.ts'
import './print.css'

/** What became of a campaign: the overview, and the people behind each number. */
export function ReportPage() {
  const { campaignId } = useParams({ from: '/frame/campaigns/$campaignId/report' })
  const report = useQuery(reportQuery(campaignId))
  const campaign = report.data?.campaign
  useDocumentTitle(campaign?.name, 'Report')
  const gone = report.error instanceof CallError && report.error.status === 404
  const keep = () => download(reportCsvPath(campaignId))

  return (
    <div className="report flex min-w-0 grow flex-col">
      <header className="flex h-13 shrink-0 items-center gap-2 border-b border-line px-4 lg:px-8 print:hidden">
        <OpenSidebar />
        <BackToCampaigns />
        {campaign && (
          <div className="ml-auto flex items-center gap-2">
            <Button onClick={keep} className="max-sm:hidden">
              <Download size={14} aria-hidden />
              Export CSV
            </Button>
            <Button onClick={() => print()} className="max-sm:hidden">
              <Printer size={14} aria-hidden />
              Print
            </Button>
            <span className="sm:hidden">
              <Menu
                label="More"
                entries={[
                  { label: 'Export as CSV', icon: Download, act: keep },
                  { label: 'Print', icon: Printer, act: () => print() },
                ]}
              >
                <MoreHorizontal size={17} aria-hidden />
              </Menu>
            </span>
          </div>
        )}
        <span className={campaign ? 'corner' : 'corner ml-auto'} />
      </header>
      {report.isPending && <Loading />}
      {report.isError && !report.data && (
        <State
          whole
          urgent
          title={gone ? 'This campaign is not here' : 'The report could not be loaded'}
          actions={
            gone ? (
              <Link to="/messages" className={buttonClasses()}>
                All messages
              </Link>
            ) : (
              <Button onClick={() => void report.refetch()}>Try again</Button>
            )
          }
        >
          {gone ? 'It was deleted, or belongs to another workspace.' : report.error.message}
        </State>
      )}
      {campaign && report.data && (
        <>
          <div className="flex shrink-0 flex-col gap-0.5 px-4 pt-4 lg:px-8 print:px-0">
            <div className="flex min-w-0 items-center gap-2.5">
              <h1
                tabIndex={-1}
                dir="auto"
                className="min-w-0 truncate text-title font-semibold outline-none print:whitespace-normal"
              >
                {campaign.name}
              </h1>
              <CampaignBadge status={campaign.status} />
            </div>
            {campaign.subject && (
              <p dir="auto" className="truncate text-left text-body text-soft print:whitespace-normal">
                {campaign.subject}
              </p>
            )}
          </div>
          <nav
            aria-label="Parts of the report"
            className="flex shrink-0 gap-1 overflow-x-auto border-b border-line px-2.5 pt-1.5 [scrollbar-width:none] lg:px-6.5 print:hidden"
          >
            <Link
              to="/campaigns/$campaignId/report"
              params={{ campaignId }}
              activeOptions={{ exact: true }}
              activeProps={{ 'aria-current': 'page' }}
              className={TAB}
            >
              Overview
            </Link>
            {PEOPLE_LISTS.map(({ list, title, total }) => (
              <Link
                key={list}
                to="/campaigns/$campaignId/report/$list"
                params={{ campaignId, list }}
                activeProps={{ 'aria-current': 'page' }}
                className={TAB}
              >
                {title}
                <span className="text-small font-normal text-faint tabular-nums">
                  {count(total(report.data.totals))}
                </span>
              </Link>
            ))}
          </nav>
          <Outlet />
        </>
      )}
    </div>
  )
}

const TAB =
  'inset-focus -mb-px flex h-9 shrink-0 items-center gap-1.5 border-b-2 border-transparent px-2 font-medium text-soft hover:text-ink aria-[current=page]:border-brass aria-[current=page]:text-ink pointer-coarse:h-11'

function BackToCampaigns() {
  return (
    <Link to="/campaigns" className={buttonClasses('quiet', '-ml-2 px-2')}>
      <ArrowLeft size={15} aria-hidden />
      Campaigns
    </Link>
  )
}

function Loading() {
  return (
    <div aria-busy="true" className="flex animate-breathe flex-col gap-5 px-4 pt-6 lg:px-8">
      <span className="sr-only" role="status">
        Loading the report
      </span>
      <div className="h-5 w-64 rounded-tight bg-line" />
      <div className="h-20 rounded-card bg-sunk" />
      <div className="h-64 rounded-card bg-sunk" />
    </div>
  )
}
