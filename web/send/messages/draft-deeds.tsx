import { Send, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { deleteDrafts, type DeliveryWire, sendDrafts } from '../../calls/deliveries.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { confirmed } from '../../ui/dialogs.tsx'
import { count, counted } from '../../ui/size.ts'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { CheckMark } from '../subscribers/check-mark.tsx'

/** What can be done with one draft. */
export function DraftDeeds({ delivery: { id, email } }: { delivery: DeliveryWire }) {
  return (
    <span className="relative z-1 flex shrink-0">
      <IconButton label={`Send now to ${email}`} onClick={() => void sendThem([id])}>
        <Send size={14} aria-hidden />
      </IconButton>
      <IconButton
        label={`Delete the draft to ${email}`}
        className="hover:text-danger"
        onClick={() => void deleteThem([id])}
      >
        <Trash2 size={14} aria-hidden />
      </IconButton>
    </span>
  )
}

interface DraftsBarProps {
  loaded: number
  chosen: number[]
  /** All are of this campaign. */
  campaignId: number | undefined
  onAll: () => void
  onDone: () => void
}

/** What can be done with those that are chosen; with none, how to choose all. */
export function DraftsBar({ loaded, chosen, campaignId, onAll, onDone }: DraftsBarProps) {
  const [busy, setBusy] = useState(false)
  const some = chosen.length
  const deed = async (run: () => Promise<boolean>) => {
    if (busy) return
    setBusy(true)
    if (await run()) onDone()
    setBusy(false)
  }
  return (
    <div
      role="toolbar"
      aria-label="Selected drafts"
      className="flex min-h-11 shrink-0 flex-wrap items-center gap-x-2 gap-y-1.5 border-b border-line bg-sunk py-1.5 pr-3 pl-4 lg:pr-6 lg:pl-8"
    >
      <button
        type="button"
        aria-pressed={some === loaded}
        onClick={onAll}
        className="reach flex h-8 items-center gap-3 rounded-control pr-2 text-soft hover:text-ink"
      >
        <CheckMark state={some === 0 ? 'none' : some === loaded ? 'all' : 'some'} />
        Select all
      </button>
      <span className="grow font-medium tabular-nums" aria-live="polite">
        {some > 0 && `${count(some)} selected`}
      </span>
      {some > 0 ? (
        <>
          <Button look="primary" busy={busy} onClick={() => void deed(() => sendThem(chosen))}>
            <Send size={14} aria-hidden />
            Send selected
          </Button>
          <Button busy={busy} onClick={() => void deed(() => deleteThem(chosen))}>
            <Trash2 size={14} aria-hidden />
            Delete
          </Button>
        </>
      ) : (
        campaignId !== undefined && (
          <Button busy={busy} onClick={() => void deed(() => sendAllOf(campaignId))}>
            <Send size={14} aria-hidden />
            Send all of this campaign
          </Button>
        )
      )}
    </div>
  )
}

/** Sends after a question, where it is more than one. */
export async function sendThem(ids: number[]): Promise<boolean> {
  if (ids.length > 1) {
    const sure = await confirmed({
      title: `Send ${counted(ids.length, 'draft')}?`,
      text: 'They leave at once, and cannot be taken back.',
      action: 'Send',
    })
    if (!sure) return false
  }
  return told(sendDrafts({ ids }))
}

async function sendAllOf(campaignId: number): Promise<boolean> {
  const sure = await confirmed({
    title: 'Send all drafts of this campaign?',
    text: 'Every one that is still a draft leaves at once, also those further down the list.',
    action: 'Send all',
  })
  return sure && told(sendDrafts({ campaign_id: campaignId }))
}

async function told(sending: Promise<number>): Promise<boolean> {
  try {
    const sent = await sending
    toast(sent === 1 ? 'The message was sent successfully.' : `${count(sent)} messages are on their way.`)
    return true
  } catch (error) {
    toastFailure('Not sent.', error)
    return false
  }
}

export async function deleteThem(ids: number[]): Promise<boolean> {
  const sure = await confirmed({
    title: ids.length === 1 ? 'Delete this draft?' : `Delete ${count(ids.length)} drafts?`,
    text: `${ids.length === 1 ? 'This person does' : 'These people do'} not get the campaign.`,
    action: 'Delete',
    danger: true,
  })
  if (!sure) return false
  try {
    const gone = await deleteDrafts(ids)
    toast(gone === 1 ? 'The message was deleted.' : `${counted(gone, 'message')} deleted.`)
    return true
  } catch (error) {
    toastFailure('Not deleted.', error)
    return false
  }
}
