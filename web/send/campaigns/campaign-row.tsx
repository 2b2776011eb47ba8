import { Link, useNavigate } from '@tanstack/react-router'
import { Activity, BarChart3, CircleStop, Copy, MoreHorizontal, Pencil, Send, Trash2 } from 'lucide-react'
import type { CampaignSummary } from '../../calls/campaigns.ts'
import { classes } from '../../ui/classes.ts'
import { Menu, type MenuEntry } from '../../ui/menu.tsx'
import { count } from '../../ui/size.ts'
import { exactTime, readableTime, shortTime, useNow } from '../../ui/time.ts'
import { partOf, percent } from '../percent.ts'
import { ProgressBar } from '../progress-bar.tsx'
import { CampaignBadge } from './campaign-badge.tsx'
import { cancel, duplicate, isCancellable, remove } from './deeds.tsx'
import { isOverdue, settled, shareSettled, useProgress } from './progress.ts'

interface CampaignRowProps {
  campaign: CampaignSummary
  tab: 'draft' | 'sent'
  change: boolean
}

/** One campaign in the list; one that is being sent is asked each second how far it is. */
export function CampaignRow({ campaign, tab, change }: CampaignRowProps) {
  const { id, name, subject } = campaign
  const { status, totals } = useProgress(campaign)
  const now = useNow()
  const at = dateOf(campaign)
  return (
    <tr className="group/row relative border-b border-line align-top hover:bg-hover max-md:grid max-md:grid-cols-[minmax(0,1fr)_auto] max-md:px-4 max-md:py-3">
      <td className="py-2.5 pr-2 pl-4 max-md:col-start-1 max-md:row-start-1 max-md:p-0 lg:pl-8">
        <Aim campaign={campaign} change={change} />
        <span dir="auto" className="block truncate text-left text-small text-faint">
          {subject || 'No subject yet'}
        </span>
      </td>
      <td className="px-2 py-2.5 max-md:col-start-1 max-md:row-start-2 max-md:px-0 max-md:pt-2 max-md:pb-0">
        <Standing campaign={campaign} status={status} totals={totals} />
        {tab === 'sent' && (
          <p className="pt-1.5 text-small text-soft tabular-nums md:hidden" aria-hidden>
            {count(totals.sent)} sent · {percent(partOf(totals.opened, totals.sent))} opened ·{' '}
            {percent(partOf(totals.clicked, totals.sent))} clicked · {shortTime(at, now)}
          </p>
        )}
      </td>
      {tab === 'sent' && (
        <>
          <Figure label="Sent" value={count(totals.sent)} />
          <Figure label="Opened" value={percent(partOf(totals.opened, totals.sent))} />
          <Figure label="Clicked" value={percent(partOf(totals.clicked, totals.sent))} />
        </>
      )}
      <td className="px-2 py-2.5 text-right text-soft max-md:hidden">
        <time dateTime={at} title={exactTime(at)}>
          {shortTime(at, now)}
        </time>
      </td>
      <td className="py-1.5 pr-3 text-right max-md:col-start-2 max-md:row-span-2 max-md:row-start-1 max-md:p-0 lg:pr-6">
        <span className="relative z-1 inline-block">
          <RowMenu campaign={{ ...campaign, status, totals }} name={name} id={id} change={change} />
        </span>
      </td>
    </tr>
  )
}

/** The name, and with it the whole row. */
function Aim({ campaign, change }: { campaign: CampaignSummary; change: boolean }) {
  const { id, name, status, totals } = campaign
  const look = classes(
    'block truncate rounded-tight text-left text-body font-medium after:absolute after:inset-0 after:rounded-tight',
  )
  const params = { campaignId: id }
  if (status === 'draft' && change)
    return (
      <Link to="/campaigns/$campaignId/edit" params={params} dir="auto" className={look}>
        {name}
      </Link>
    )
  if (isDone({ status, totals }))
    return (
      <Link to="/campaigns/$campaignId/report" params={params} dir="auto" className={look}>
        {name}
      </Link>
    )
  return (
    <Link to="/campaigns/$campaignId" params={params} dir="auto" className={look}>
      {name}
    </Link>
  )
}

/** Nothing of it waits for anything or anybody. */
function isDone({ status, totals }: Pick<CampaignSummary, 'status' | 'totals'>): boolean {
  return status === 'cancelled' || (status === 'sent' && totals.draft === 0)
}

function Standing({
  campaign,
  status,
  totals,
}: { campaign: CampaignSummary } & Pick<CampaignSummary, 'status' | 'totals'>) {
  const { name, scheduled_at, pause_reason } = campaign
  const moves = status === 'sending' || (status === 'paused' && totals.total > 0)
  const scheduled = status === 'queued' && scheduled_at !== null
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <div className="flex min-w-0 items-center gap-2">
        <CampaignBadge status={status} scheduled={scheduled} />
        <span className="min-w-0 truncate text-small text-soft tabular-nums">
          {moves
            ? `${count(settled(totals))} of ${count(totals.total)}`
            : status === 'sent' && totals.draft > 0
              ? `${count(totals.draft)} wait as drafts`
              : scheduled && readableTime(scheduled_at)}
        </span>
      </div>
      {moves && (
        <ProgressBar
          label={`Progress of ${name}`}
          share={shareSettled(totals)}
          resting={status === 'paused'}
        />
      )}
      {status === 'paused' && pause_reason && (
        <span className="line-clamp-2 text-small text-danger">
          {isOverdue({ ...campaign, status, totals })
            ? `It was due ${scheduled_at ? readableTime(scheduled_at) : 'before'}. Send it now?`
            : pause_reason}
        </span>
      )}
    </div>
  )
}

function Figure({ label, value }: { label: string; value: string }) {
  return (
    <td className="px-2 py-2.5 text-right tabular-nums max-md:sr-only">
      <span className="sr-only">{label} </span>
      {value}
    </td>
  )
}

interface RowMenuProps {
  campaign: CampaignSummary
  id: number
  name: string
  change: boolean
}

function RowMenu({ campaign, id, name, change }: RowMenuProps) {
  const navigate = useNavigate()
  const { status } = campaign
  const params = { campaignId: id }
  const copy = async () => {
    const made = await duplicate(id)
    if (made !== null) await navigate({ to: '/campaigns/$campaignId/edit', params: { campaignId: made } })
  }
  const draft = status === 'draft'
  const done = status === 'sent' || status === 'cancelled'
  const entries: MenuEntry[] = [
    ...(draft && change
      ? [
          {
            label: 'Edit',
            icon: Pencil,
            act: () => void navigate({ to: '/campaigns/$campaignId/edit', params }),
          },
        ]
      : []),
    ...(draft
      ? [
          {
            label: 'Preview and send',
            icon: Send,
            act: () => void navigate({ to: '/campaigns/$campaignId', params }),
          },
        ]
      : []),
    ...(done
      ? [
          {
            label: 'View report',
            icon: BarChart3,
            act: () => void navigate({ to: '/campaigns/$campaignId/report', params }),
          },
        ]
      : []),
    ...(draft
      ? []
      : [
          {
            label: done ? 'How the sending went' : 'View progress',
            icon: Activity,
            act: () =>
              void navigate({ to: '/campaigns/$campaignId', params, search: { show: 'status' as const } }),
          },
        ]),
    ...(change ? [{ label: 'Duplicate', icon: Copy, act: () => void copy() }] : []),
    ...(change && isCancellable(campaign)
      ? [
          'line' as const,
          { label: 'Cancel', icon: CircleStop, danger: true, act: () => void cancel(campaign) },
        ]
      : []),
    ...(change && draft
      ? ['line' as const, { label: 'Delete', icon: Trash2, danger: true, act: () => void remove(campaign) }]
      : []),
  ]
  return (
    <Menu label={`Campaign ${name}`} entries={entries}>
      <MoreHorizontal size={17} aria-hidden />
    </Menu>
  )
}

/** The one that matters at this stage. */
function dateOf({ status, sent_at, finished_at, updated_at }: CampaignSummary): string {
  if (status === 'sent' || status === 'cancelled') return sent_at ?? finished_at ?? updated_at
  return updated_at
}
