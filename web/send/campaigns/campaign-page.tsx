import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Navigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { type Campaign, campaignQuery } from '../../calls/campaigns.ts'
import { mayChange, useSession } from '../../calls/session.ts'
import { CampaignUnavailable } from './campaign-unavailable.tsx'
import { EditorLoading } from './editor/editor-loading.tsx'
import { Prepare } from './prepare/prepare.tsx'
import { SendingPage } from './sending-page.tsx'

const route = getRouteApi('/frame/campaigns/$campaignId')

/** A draft is looked at and sent here; one that was sent shows how that goes. */
export function CampaignPage() {
  const { campaignId } = route.useParams()
  const { show } = route.useSearch()
  const change = mayChange(useSession().workspace?.role)
  const campaign = useQuery({ ...campaignQuery(campaignId), refetchOnMount: 'always' })
  // Whoever watches the end of it stays here.
  const watched = useRef<number>(undefined)
  const { data } = campaign
  useFocusOnTurn(data && data.status === 'draft')
  if (campaign.isError && !data)
    return <CampaignUnavailable error={campaign.error} onRetry={() => void campaign.refetch()} />
  if (!data || (campaign.isFetching && !campaign.isFetchedAfterMount)) return <EditorLoading />
  if (data.status === 'draft') {
    watched.current = campaignId
    return <Prepare key={`${campaignId} ${data.queued_at}`} campaign={data} change={change} />
  }
  if (show !== 'status' && watched.current !== campaignId && wantsNothing(data))
    return <Navigate to="/campaigns/$campaignId/report" params={{ campaignId }} replace />
  watched.current = campaignId
  return <SendingPage key={campaignId} campaign={data} change={change} />
}

/** It is done, and there is nothing that somebody would have to decide. */
function wantsNothing({ status, totals }: Campaign): boolean {
  if (status === 'cancelled') return true
  return status === 'sent' && totals.draft + totals.failed + totals.ambiguous === 0
}

/** When a draft becomes something that is sent, or is taken back, the button that was pressed is gone. */
function useFocusOnTurn(draft: boolean | undefined): void {
  const before = useRef(draft)
  useEffect(() => {
    const turned = before.current !== undefined && draft !== undefined && before.current !== draft
    before.current = draft
    if (!turned) return
    // After the dialog has tried to give the focus back.
    const timer = setTimeout(() => document.querySelector<HTMLElement>('main h1')?.focus(), 60)
    return () => clearTimeout(timer)
  }, [draft])
}
