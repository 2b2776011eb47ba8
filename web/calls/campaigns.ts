import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import type {
  AskedRecipientsWire,
  CampaignAttachmentsReply,
  CampaignAttachmentWire,
  CampaignCountReply,
  CampaignFieldsWire,
  CampaignPage,
  CampaignPreviewWire,
  CampaignProgressWire,
  CampaignReply,
  CampaignSummaryWire,
  CampaignWire,
  ChangeCampaignWire,
  RecipientsWire,
  SendCampaignWire,
  TestMailWire,
} from '../../server/send/api/campaigns-wire.ts'
import { call, send } from './http.ts'
import { queryClient } from './query-client.ts'
import { upload } from './upload.ts'

export type Campaign = CampaignWire
export type CampaignSummary = CampaignSummaryWire
export type CampaignStatus = CampaignWire['status']
export type CampaignFields = Required<CampaignFieldsWire>
export type CampaignAttachment = CampaignAttachmentWire
export type CampaignPreview = CampaignPreviewWire
export type CampaignProgress = CampaignProgressWire
export type Recipients = RecipientsWire
export type SendWindow = NonNullable<CampaignWire['send_window']>
export type Totals = CampaignWire['totals']
export type AudienceReceipt = NonNullable<CampaignWire['receipt']>
export type AskedRecipients = AskedRecipientsWire

const PATH = '/api/posthorn/campaigns'

export const campaignsQuery = (tab: 'draft' | 'sent', search: string) =>
  infiniteQueryOptions({
    queryKey: ['campaigns', tab, search],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => {
      const params = new URLSearchParams({ tab })
      if (search) params.set('search', search)
      if (pageParam !== null) params.set('cursor', pageParam)
      return call<CampaignPage>(`${PATH}?${params}`, { signal })
    },
    getNextPageParam: last => last.next_cursor,
    staleTime: 0,
    refetchOnWindowFocus: true,
    placeholderData: keepPreviousData,
  })

/** The newest of all, whose sender is most likely that of the next. */
export const newestCampaignQuery = queryOptions({
  queryKey: ['campaigns', 'newest'],
  queryFn: async ({ signal }) =>
    (await call<CampaignPage>(`${PATH}?tab=all&limit=1`, { signal })).campaigns[0] ?? null,
  staleTime: 0,
})

export const campaignQuery = (id: number) =>
  queryOptions({
    queryKey: ['campaign', id],
    queryFn: ({ signal }) => fetchCampaign(id, signal),
    staleTime: 0,
  })

export async function fetchCampaign(id: number, signal?: AbortSignal): Promise<Campaign> {
  return (await call<CampaignReply>(`${PATH}/${id}`, { signal })).campaign
}

export const progressQuery = (id: number) =>
  queryOptions({
    queryKey: ['campaign progress', id],
    queryFn: ({ signal }) => call<CampaignProgress>(`${PATH}/${id}/progress`, { signal }),
    staleTime: 0,
    gcTime: 10_000,
  })

/** @param version when the campaign was last changed */
export const previewQuery = (id: number, version: string, subscriberId: number | undefined) =>
  queryOptions({
    queryKey: ['campaign preview', id, version, subscriberId],
    queryFn: ({ signal }) =>
      call<CampaignPreview>(
        `${PATH}/${id}/preview${subscriberId === undefined ? '' : `?subscriber_id=${subscriberId}`}`,
        { signal },
      ),
    // Its template may have been changed since.
    staleTime: 0,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
  })

export const recipientsQuery = (asked: AskedRecipients) =>
  queryOptions({
    queryKey: ['campaign recipients', asked],
    queryFn: ({ signal }) => call<Recipients>(`${PATH}/recipients`, { method: 'POST', body: asked, signal }),
    staleTime: 5_000,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
  })

export const attachmentsQuery = (id: number) =>
  queryOptions({
    queryKey: ['campaign attachments', id],
    queryFn: async ({ signal }) =>
      (await call<CampaignAttachmentsReply>(`${PATH}/${id}/attachments`, { signal })).attachments,
    staleTime: 0,
  })

export async function createCampaign(fields: CampaignFieldsWire): Promise<Campaign> {
  return noted(await call<CampaignReply>(PATH, { method: 'POST', body: fields }))
}

/** Answers 409 where somebody has changed it since `version`. */
export async function changeCampaign(id: number, changes: ChangeCampaignWire): Promise<Campaign> {
  return noted(await call<CampaignReply>(`${PATH}/${id}`, { method: 'PATCH', body: changes }))
}

export async function duplicateCampaign(id: number): Promise<Campaign> {
  return noted(await call<CampaignReply>(`${PATH}/${id}/duplicate`, { method: 'POST', body: {} }))
}

export async function deleteCampaign(id: number): Promise<void> {
  await call(`${PATH}/${id}`, { method: 'DELETE' })
  queryClient.removeQueries({ queryKey: ['campaign', id] })
  await queryClient.invalidateQueries({ queryKey: ['campaigns'] })
}

export async function sendTestMail(id: number, test: TestMailWire): Promise<void> {
  await call(`${PATH}/${id}/test`, { method: 'POST', body: test })
}

export async function sendCampaign(id: number, how: SendCampaignWire): Promise<Campaign> {
  return noted(await call<CampaignReply>(`${PATH}/${id}/send`, { method: 'POST', body: how }))
}

export type CampaignDeed = 'undo' | 'pause' | 'resume' | 'send-to-later'

export async function doToCampaign(id: number, deed: CampaignDeed): Promise<Campaign> {
  return noted(await call<CampaignReply>(`${PATH}/${id}/${deed}`, { method: 'POST', body: {} }))
}

/** Answers what that meant. */
export async function cancelCampaign(id: number): Promise<string> {
  const path = `${PATH}/${id}/cancel`
  const reply = await call<CampaignReply & { message: string }>(path, { method: 'POST', body: {} })
  noted(reply)
  return reply.message
}

/** Answers how many are tried again. */
export async function retryFailed(id: number): Promise<number> {
  const reply = await call<CampaignCountReply>(`${PATH}/${id}/retry-failed`, { method: 'POST', body: {} })
  noted(reply)
  return reply.count
}

/** It is not any more what was loaded of it. */
export async function forgetCampaign(id: number): Promise<void> {
  void queryClient.invalidateQueries({ queryKey: ['campaigns'] })
  void queryClient.invalidateQueries(progressQuery(id))
  await queryClient.invalidateQueries(campaignQuery(id))
}

/** A picture that a mail carries within itself, as an address that a page can show; it never changes. */
export const inlinePictureQuery = (id: number, { id: attachmentId, content_type }: CampaignAttachment) =>
  queryOptions({
    queryKey: ['campaign picture', id, attachmentId],
    queryFn: async ({ signal }) => {
      const response = await send(`${PATH}/${id}/attachments/${attachmentId}`, { signal })
      return dataUrl(new Blob([await response.arrayBuffer()], { type: content_type }))
    },
    gcTime: 60_000,
  })

function dataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.addEventListener('load', () => resolve(reader.result as string))
    reader.addEventListener('error', () => reject(reader.error ?? new Error('Unreadable')))
    reader.readAsDataURL(blob)
  })
}

export async function attach(
  id: number,
  file: File,
  inline: boolean,
  onProgress: (share: number) => void,
): Promise<void> {
  const path = `${PATH}/${id}/attachments${inline ? '?inline=1' : ''}`
  const { attachments } = await upload<CampaignAttachmentsReply>(path, file, onProgress)
  queryClient.setQueryData(attachmentsQuery(id).queryKey, attachments)
}

export async function detach(id: number, attachmentId: number): Promise<void> {
  const { attachments } = await call<CampaignAttachmentsReply>(`${PATH}/${id}/attachments/${attachmentId}`, {
    method: 'DELETE',
  })
  queryClient.setQueryData(attachmentsQuery(id).queryKey, attachments)
}

function noted({ campaign }: CampaignReply): Campaign {
  queryClient.setQueryData(campaignQuery(campaign.id).queryKey, campaign)
  void queryClient.invalidateQueries({ queryKey: ['campaigns'] })
  return campaign
}
