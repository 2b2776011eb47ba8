import { useRouter } from '@tanstack/react-router'
import { useEffect, useState, useSyncExternalStore } from 'react'
import type { Campaign, CampaignFields } from '../../calls/campaigns.ts'
import { confirmed } from '../../ui/dialogs.tsx'
import { toastNews } from '../../ui/toasts.tsx'
import { type CopyState, openWorkingCopy, type WorkingCopy } from './working-copy.ts'

export interface UsedCopy extends CopyState, Pick<WorkingCopy, 'change' | 'flush' | 'settle' | 'close'> {
  /** As it is now, not as it was when this was drawn. */
  latest: () => CopyState
}

/**
 * @param campaign null: a new one that begins with `fields`
 * @param onCreated told once, when the server knows of a new one
 */
export function useWorkingCopy(
  campaign: Campaign | null,
  fields: CampaignFields,
  onCreated?: (campaign: Campaign) => void,
): UsedCopy {
  const [copy] = useState(() =>
    openWorkingCopy({
      campaign,
      fields,
      ...(onCreated && { onCreated }),
      onMerged: () =>
        toastNews('Somebody else changed this campaign meanwhile. Their changes are in here, too.'),
    }),
  )
  const state = useSyncExternalStore(copy.subscribe, copy.state)
  useEffect(() => () => copy.close(), [copy])
  useSavedOnLeaving(copy)
  return { ...state, ...copy, latest: copy.state }
}

/** Whoever goes elsewhere takes nothing along that is not saved; the browser itself asks before the tab is closed. */
function useSavedOnLeaving(copy: WorkingCopy): void {
  const { history } = useRouter()
  useEffect(
    () =>
      history.block({
        enableBeforeUnload: () => copy.state().phase !== 'saved',
        blockerFn: async ({ currentLocation, nextLocation }) =>
          currentLocation.pathname !== nextLocation.pathname &&
          copy.state().phase !== 'saved' &&
          !(await copy.flush()) &&
          !(await confirmed({
            title: 'Leave without saving?',
            text: `${copy.state().failure?.message ?? 'Something on this page cannot be saved as it is.'} What you changed stays in this browser, and is there again when you come back.`,
            action: 'Leave',
          })),
      }),
    [history, copy],
  )
}
