import { lazy } from 'react'
import type { BulkWire, SelectionWire } from '../../../server/send/api/subscribers-wire.ts'
import { exportPath, refreshLists, startBulk } from '../../calls/subscribers.ts'
import { confirmed, showDialog } from '../../ui/dialogs.tsx'
import { count, counted } from '../../ui/size.ts'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { download } from '../download.ts'
import { followJob } from '../run-job.tsx'

const TagDialog = lazy(() => import('./tag-dialog.tsx').then(module => ({ default: module.TagDialog })))

/** More than these in an address is more than some servers on the way take. */
const MOST_IN_ADDRESS = 1000
/** From here on a click is not enough to delete. */
const TYPED_FROM = 2

const people = (size: number) => counted(size, 'subscriber')

export function tagThem(action: 'tag' | 'untag', selection: SelectionWire, size: number): void {
  const to = action === 'tag'
  showDialog(close => (
    <TagDialog
      title={to ? `Tag ${people(size)}` : `Take tags from ${people(size)}`}
      action={to ? 'Add tags' : 'Take tags away'}
      creates={to}
      onClose={close}
      save={tags => {
        void runBulk(
          { action, tag_ids: tags.map(tag => tag.id), selection },
          `${to ? 'Tagging' : 'Untagging'} ${people(size)}`,
          to ? 'Tagged' : 'Untagged',
        )
      }}
    />
  ))
}

export async function unsubscribeThem(selection: SelectionWire, size: number): Promise<void> {
  const sure = await confirmed({
    title: `Unsubscribe ${people(size)}?`,
    text: 'They get no more campaigns. They stay in the list with their tags, and can subscribe again.',
    action: `Unsubscribe ${count(size)}`,
  })
  if (sure)
    await runBulk({ action: 'unsubscribe', selection }, `Unsubscribing ${people(size)}`, 'Unsubscribed')
}

export async function resubscribeThem(selection: SelectionWire, size: number): Promise<void> {
  const sure = await confirmed({
    title: `Subscribe ${people(size)} again?`,
    text: 'Those whom your team had unsubscribed get campaigns again. Who unsubscribed themselves, bounced or complained stays as they are.',
    action: 'Subscribe again',
  })
  if (sure)
    await runBulk({ action: 'resubscribe', selection }, `Subscribing ${people(size)} again`, 'Looked at')
}

export async function deleteThem(
  selection: SelectionWire,
  size: number,
  onStarted: () => void,
): Promise<void> {
  const sure = await confirmed({
    title: `Delete ${people(size)}?`,
    text: 'They are deleted for good, with their fields, notes and history. To stop writing to them but remember that they left, unsubscribe them instead.',
    action: `Delete ${count(size)}`,
    danger: true,
    ...(size >= TYPED_FROM && { typed: `delete ${size}` }),
  })
  if (!sure) return
  onStarted()
  await runBulk({ action: 'delete', selection }, `Deleting ${people(size)}`, 'Deleted')
}

export function exportThem(selection: SelectionWire): void {
  if ('ids' in selection && selection.ids.length > MOST_IN_ADDRESS)
    return toastFailure(
      'Not exported.',
      new Error(`Choose ${count(MOST_IN_ADDRESS)} at most, or all that match.`),
    )
  download(exportPath(selection))
}

async function runBulk(bulk: BulkWire, doing: string, done: string): Promise<void> {
  try {
    const job = await followJob(await startBulk(bulk), doing)
    if (job.status === 'failed') toastFailure('Stopped by a fault.', new Error(job.error ?? ''))
    else if (job.status === 'cancelled') toast(`Stopped after ${count(job.done)} of ${count(job.total)}.`)
    else toast(`${done} ${people(job.done)}.`)
  } catch (error) {
    toastFailure('Not done.', error)
  }
  refreshLists()
}
