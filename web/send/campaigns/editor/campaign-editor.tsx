import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Navigate, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { campaignQuery, newestCampaignQuery } from '../../../calls/campaigns.ts'
import { mayChange, useSession } from '../../../calls/session.ts'
import { EMPTY, fieldsOf } from '../campaign-fields.ts'
import { CampaignUnavailable } from '../campaign-unavailable.tsx'
import { useWorkingCopy } from '../use-working-copy.ts'
import { CampaignForm } from './campaign-form.tsx'
import { EditorLoading } from './editor-loading.tsx'

const newRoute = getRouteApi('/frame/campaigns/new')
const editRoute = getRouteApi('/frame/campaigns/$campaignId/edit')

export function EditCampaign() {
  return <Edit id={editRoute.useParams().campaignId} />
}

function Edit({ id }: { id: number }) {
  const change = mayChange(useSession().workspace?.role)
  const campaign = useQuery({
    ...campaignQuery(id),
    // Nothing may be exchanged under the hands of whoever is writing.
    refetchOnMount: 'always',
    refetchOnReconnect: false,
  })
  // Not what a list or another tab left behind: what is on the server now.
  const fresh = campaign.data && (campaign.isFetchedAfterMount || !campaign.isFetching)
  if (campaign.isError && !campaign.data)
    return <CampaignUnavailable error={campaign.error} onRetry={() => void campaign.refetch()} />
  if (!campaign.data || !fresh) return <EditorLoading />
  if (campaign.data.status !== 'draft' || !change)
    return <Navigate to="/campaigns/$campaignId" params={{ campaignId: id }} replace />
  return <Editing key={id} campaign={campaign.data} />
}

function Editing({ campaign }: { campaign: Parameters<typeof fieldsOf>[0] }) {
  return <CampaignForm copy={useWorkingCopy(campaign, fieldsOf(campaign))} />
}

/** The campaign begins to exist with the first thing that is written into it. */
export function NewCampaign() {
  const { draft } = newRoute.useSearch()
  const change = mayChange(useSession().workspace?.role)
  // Whoever comes back here by the browser's own button finds what they began.
  const [begun] = useState(draft)
  const newest = useQuery(newestCampaignQuery)
  if (!change) return <Navigate to="/campaigns" replace />
  if (begun !== undefined) return <Edit id={begun} />
  if (newest.isPending) return <EditorLoading />
  return <Beginning last={newest.data ?? null} />
}

interface Sender {
  from_name: string
  from_email: string
  reply_to: string
  email_service_id: number | null
}

function Beginning({ last }: { last: Sender | null }) {
  const navigate = useNavigate()
  const [fields] = useState(() => ({
    ...EMPTY,
    ...(last && {
      from_name: last.from_name,
      from_email: last.from_email,
      reply_to: last.reply_to,
      email_service_id: last.email_service_id,
    }),
  }))
  const copy = useWorkingCopy(null, fields, ({ id }) => {
    // The same screen under the address it will be found at: nothing is drawn anew while somebody writes.
    void navigate({
      to: '/campaigns/new',
      search: { draft: id },
      mask: { to: '/campaigns/$campaignId/edit', params: { campaignId: id }, unmaskOnReload: true },
      replace: true,
      ignoreBlocker: true,
    })
  })
  return <CampaignForm copy={copy} />
}
