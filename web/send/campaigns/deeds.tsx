import {
  cancelCampaign,
  type CampaignSummary,
  deleteCampaign,
  duplicateCampaign,
} from '../../calls/campaigns.ts'
import { confirmed } from '../../ui/dialogs.tsx'
import { count } from '../../ui/size.ts'
import { toast, toastFailure, toastNews } from '../../ui/toasts.tsx'
import { forgetFields } from './kept-fields.ts'

/** Answers the id of the copy, a draft; null: there is none. */
export async function duplicate(id: number): Promise<number | null> {
  try {
    const copy = await duplicateCampaign(id)
    toast(`“${copy.name}” is a draft of its own now.`)
    return copy.id
  } catch (error) {
    toastFailure('Not duplicated.', error)
    return null
  }
}

/** Answers whether it is gone. */
export async function remove({ id, name }: Pick<CampaignSummary, 'id' | 'name'>): Promise<boolean> {
  const sure = await confirmed({
    title: `Delete the draft “${name}”?`,
    text: 'It goes with its attachments, for good. Nobody has got anything of it.',
    action: 'Delete draft',
    danger: true,
  })
  if (!sure) return false
  try {
    await deleteCampaign(id)
    forgetFields(id)
    toast('Draft deleted.')
    return true
  } catch (error) {
    toastFailure('Not deleted.', error)
    return false
  }
}

export function isCancellable({ status, totals }: Pick<CampaignSummary, 'status' | 'totals'>): boolean {
  if (status === 'sent') return totals.draft > 0
  return status === 'queued' || status === 'freezing' || status === 'sending' || status === 'paused'
}

export async function cancel({ id, name, status, totals }: CampaignSummary): Promise<void> {
  const sure = await confirmed({
    title: `Cancel “${name}”?`,
    text:
      status === 'sent'
        ? `The ${count(totals.draft)} mails that still wait as drafts are deleted. What was sent stays sent.`
        : totals.sent > 0
          ? `${count(totals.sent)} mails have left and cannot be called back. Nobody else gets one, and it cannot be taken up again.`
          : 'Nothing has left yet, and nothing will. It cannot be taken up again, but duplicated.',
    action: 'Cancel campaign',
    danger: true,
  })
  if (!sure) return
  await cancelCampaign(id).then(toastNews, error => toastFailure('Not cancelled.', error))
}
