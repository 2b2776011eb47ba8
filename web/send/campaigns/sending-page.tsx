import { Link, useNavigate } from '@tanstack/react-router'
import { ArrowLeft, BarChart3, CircleStop, Copy, Pause, RotateCcw, Send, UserPlus } from 'lucide-react'
import { useState } from 'react'
import {
  type Campaign,
  type CampaignProgress,
  doToCampaign,
  forgetCampaign,
  retryFailed,
} from '../../calls/campaigns.ts'
import { sendDrafts } from '../../calls/deliveries.ts'
import { Page } from '../../frame/page.tsx'
import { Button, buttonClasses } from '../../ui/button.tsx'
import { confirmed } from '../../ui/dialogs.tsx'
import { useDocumentTitle } from '../../ui/document-title.ts'
import { count, counted } from '../../ui/size.ts'
import { exactTime, readableTime } from '../../ui/time.ts'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { AudienceReceiptView } from './audience-receipt.tsx'
import { CampaignBadge } from './campaign-badge.tsx'
import { cancel, duplicate, isCancellable } from './deeds.tsx'
import { HowFar } from './how-far.tsx'
import { PausedNotice } from './paused-notice.tsx'
import { scheduleSaid } from './prepare/when.tsx'
import { percentSettled, shareSettled, useProgress } from './progress.ts'
import { SendingNumbers } from './sending-numbers.tsx'
import { UndoBar } from './undo-bar.tsx'

/** A campaign on its way: how far it is, what it waits for, and what can be done about it. */
export function SendingPage({ campaign, change }: { campaign: Campaign; change: boolean }) {
  const { id, name, subject, scheduled_at, receipt } = campaign
  const navigate = useNavigate()
  const progress = useProgress(campaign)
  const { status, totals } = progress
  const [busy, setBusy] = useState(false)
  useDocumentTitle(status === 'sending' && `${percentSettled(totals)} %`, name, 'Campaigns')
  const now = { ...campaign, status, totals }
  const scheduled = status === 'queued' && scheduled_at !== null

  const deed = async (run: () => Promise<unknown>, failed: string) => {
    if (busy) return
    setBusy(true)
    await run().catch(error => toastFailure(failed, error))
    setBusy(false)
  }
  const copy = async () => {
    const made = await duplicate(id)
    if (made !== null) await navigate({ to: '/campaigns/$campaignId/edit', params: { campaignId: made } })
  }
  const toLater = async () => {
    const sure = await confirmed({
      title: 'Send it to those added later?',
      text: 'Everybody who fits the recipients now and was not among them gets it. Whoever got it already does not get it again.',
      action: 'Send to those added later',
    })
    if (sure) await deed(() => doToCampaign(id, 'send-to-later'), 'Not sent.')
  }
  const again = () =>
    deed(async () => {
      const many = await retryFailed(id)
      await forgetCampaign(id)
      toast(
        many === 0
          ? 'All of them bounced for good: none is tried again.'
          : `${counted(many, 'mail')} are tried again.`,
      )
    }, 'Not tried again.')
  const allDrafts = async () => {
    const sure = await confirmed({
      title: `Send ${counted(totals.draft, 'draft')} now?`,
      text: 'Each goes to the person it was made for. What has left cannot be called back.',
      action: 'Send them',
    })
    if (!sure) return
    await deed(async () => {
      await sendDrafts({ campaign_id: id })
      await forgetCampaign(id)
    }, 'Not sent.')
  }

  return (
    <Page
      title={name}
      about={<span dir="auto">{subject}</span>}
      back={
        <Link to="/campaigns" className={buttonClasses('quiet', '-ml-2 px-2')}>
          <ArrowLeft size={15} aria-hidden />
          Campaigns
        </Link>
      }
    >
      <div className="flex flex-col gap-5">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <CampaignBadge status={status} scheduled={scheduled} />
          <span className="text-soft">
            <Standing campaign={now} />
          </span>
        </div>
        {status === 'queued' && campaign.undo_until && change && (
          <UndoBar campaign={campaign} onOver={() => void forgetCampaign(id)} />
        )}
        {status === 'paused' && (
          <PausedNotice
            campaign={now}
            reason={progress.pause_reason}
            change={change}
            busy={busy}
            onResume={() => void deed(() => doToCampaign(id, 'resume'), 'Not resumed.')}
          />
        )}
        {(status === 'freezing' || totals.total > 0) && <HowFar progress={progress} />}
        <div className="flex flex-wrap gap-2 empty:hidden">
          {(status === 'sent' || status === 'cancelled') && (
            <Link
              to="/campaigns/$campaignId/report"
              params={{ campaignId: id }}
              className={buttonClasses(totals.draft > 0 ? 'plain' : 'primary')}
            >
              <BarChart3 size={15} aria-hidden />
              View report
            </Link>
          )}
          {change && (
            <>
              {totals.draft > 0 && (
                <Button look="primary" busy={busy} onClick={() => void allDrafts()}>
                  <Send size={15} aria-hidden />
                  Send {counted(totals.draft, 'draft')}
                </Button>
              )}
              {(status === 'sending' || status === 'freezing') && (
                <Button busy={busy} onClick={() => void deed(() => doToCampaign(id, 'pause'), 'Not paused.')}>
                  <Pause size={15} aria-hidden />
                  Pause
                </Button>
              )}
              {totals.failed > 0 && status !== 'cancelled' && (
                <Button busy={busy} onClick={() => void again()}>
                  <RotateCcw size={14} aria-hidden />
                  Retry {count(totals.failed)} failed
                </Button>
              )}
              {status === 'sent' && (
                <Button busy={busy} onClick={() => void toLater()}>
                  <UserPlus size={15} aria-hidden />
                  Send to those added later
                </Button>
              )}
              {(status === 'sent' || status === 'cancelled') && (
                <Button onClick={() => void copy()}>
                  <Copy size={14} aria-hidden />
                  Duplicate
                </Button>
              )}
              {isCancellable(now) && (
                <Button look="quiet" className="hover:text-danger" onClick={() => void cancel(now)}>
                  <CircleStop size={15} aria-hidden />
                  Cancel
                </Button>
              )}
            </>
          )}
        </div>
        {totals.total > 0 && <SendingNumbers id={id} totals={totals} />}
        {receipt && (
          <section aria-label="Audience" className="flex max-w-md flex-col gap-2">
            <h2 className="text-body font-semibold">Audience</h2>
            <AudienceReceiptView receipt={receipt} still />
          </section>
        )}
      </div>
      <Announcement progress={progress} />
    </Page>
  )
}

function Standing({ campaign }: { campaign: Campaign }) {
  const { status, scheduled_at, finished_at, sent_at, totals, save_as_draft } = campaign
  if (status === 'queued') {
    if (scheduled_at === null) return 'It will be sent soon.'
    return `It begins ${scheduleSaid(campaign)}.`
  }
  if (status === 'paused') return totals.total > 0 ? 'It stands still.' : 'It has not begun.'
  if (status === 'freezing') return 'The list of recipients is being made.'
  if (status === 'sending') return 'You can leave this page: it goes on by itself.'
  if (status === 'sent' && totals.draft > 0) return 'The mails are made. Each waits until somebody sends it.'
  const at = finished_at ?? sent_at
  return (
    <>
      {status === 'sent'
        ? save_as_draft
          ? 'The last draft has left'
          : 'The last mail has left'
        : 'Nobody else gets it'}
      {at && (
        <>
          {status === 'sent' ? ': ' : ' since '}
          <time dateTime={at} title={exactTime(at)}>
            {readableTime(at)}
          </time>
        </>
      )}
      .
    </>
  )
}

/** For the ear: each quarter, and each change of state, not each mail. */
function Announcement({ progress: { status, totals, pause_reason } }: { progress: CampaignProgress }) {
  const quarter = Math.floor(shareSettled(totals) * 4) * 25
  return (
    <div role="status" className="sr-only">
      {status === 'sending' && (quarter > 0 ? `${quarter} percent are done.` : 'It is being sent.')}
      {status === 'paused' && `Paused. ${pause_reason ?? ''}`}
      {status === 'sent' && `Done: ${count(totals.sent)} out of ${count(totals.total)} sent.`}
      {status === 'cancelled' && 'The campaign is cancelled.'}
    </div>
  )
}
