import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import {
  type CampaignProgress,
  type CampaignSummary,
  forgetCampaign,
  progressQuery,
  type Totals,
} from '../../calls/campaigns.ts'
import { numbers } from '../../ui/locale.ts'
import { count } from '../../ui/size.ts'

const LOOK_EVERY_MS = 1_000
/** One that waits for its hour begins by itself; of one that is paused somebody else may decide. */
const LOOK_NOW_AND_THEN_MS = 10_000
const SOON_MS = 30_000

/** How a campaign stands at this second, while anything about it can move. */
export function useProgress(campaign: CampaignSummary): CampaignProgress {
  const { id, status, totals, pause_reason } = campaign
  const waits = status === 'queued' || status === 'paused'
  const moves = status === 'freezing' || status === 'sending' || (status === 'queued' && isDue(campaign))
  const { data } = useQuery({
    ...progressQuery(id),
    enabled: moves || waits,
    refetchInterval: moves ? LOOK_EVERY_MS : waits ? LOOK_NOW_AND_THEN_MS : false,
  })
  const news = data && (moves || waits) && data.status !== status
  useEffect(() => {
    if (news) void forgetCampaign(id)
  }, [news, id])
  if (data && (moves || waits)) return data
  return { status, totals, per_second: 0, time_left_seconds: null, waits_for: null, pause_reason }
}

function isDue({ scheduled_at }: CampaignSummary): boolean {
  return scheduled_at === null || Date.parse(scheduled_at) < Date.now() + SOON_MS
}

/** Its hour came and went while nothing ran: it waits for somebody to say whether it is still right. */
export function isOverdue({ status, frozen_at, totals, pause_reason }: CampaignSummary): boolean {
  return status === 'paused' && frozen_at === null && totals.total === 0 && pause_reason !== null
}

/** Those of whom nothing more is to be done. */
export function settled({ sent, failed, skipped, ambiguous, draft }: Totals): number {
  return sent + failed + skipped + ambiguous + draft
}

/** 0 to 1. */
export function shareSettled(totals: Totals): number {
  return totals.total === 0 ? 0 : settled(totals) / totals.total
}

/** Whole only when nothing is left. */
export function percentSettled(totals: Totals): number {
  return totals.total === 0 ? 0 : Math.floor((settled(totals) / totals.total) * 100)
}

export function perSecond(rate: number): string {
  return `${rate >= 10 ? count(Math.round(rate)) : numbers(ONE_DECIMAL).format(rate)} a second`
}

const ONE_DECIMAL = { maximumFractionDigits: 1 } as const
