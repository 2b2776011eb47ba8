import type { FastifyRequest } from 'fastify'
import { callerOf, insist } from '../../accounts/caller.ts'
import { Problem } from '../../problem.ts'
import { totalsOfOne } from '../campaigns/campaign-totals.ts'
import { type Campaign, campaignById, recipientsOfOne } from '../campaigns/campaigns.ts'
import { idIn } from './asked.ts'
import type { AudienceDoor } from './audience-door.ts'
import { type CampaignWire, campaignWire } from './campaigns-wire.ts'

/** @throws Problem `absent`, `forbidden` */
export async function foundCampaign(
  { storage }: Pick<AudienceDoor, 'storage'>,
  request: FastifyRequest,
  act: 'see_campaigns' | 'manage_campaigns',
): Promise<Campaign> {
  const caller = callerOf(request)
  const campaign = await campaignById(storage.read, caller.workspaceId, idIn(request))
  if (campaign === undefined) throw new Problem('absent')
  insist(caller, act)
  return campaign
}

/** The campaign as it is answered. */
export async function shownCampaign(
  { storage }: Pick<AudienceDoor, 'storage'>,
  campaign: Campaign,
): Promise<CampaignWire> {
  const { id } = campaign
  return campaignWire(campaign, await recipientsOfOne(storage.read, id), await totalsOfOne(storage.read, id))
}
