import type { FastifyRequest } from 'fastify'
import { Problem } from '../../../problem.ts'
import type { Database } from '../../../storage/schema.ts'
import { NOTHING, totalsOf } from '../../campaigns/campaign-totals.ts'
import { type Campaign, campaignById, recipientsOf } from '../../campaigns/campaigns.ts'
import { pathId, type Words } from './generation.ts'
import { campaignWire } from './wire.ts'

/** The one in the path. @throws Problem `absent` */
export async function foundCampaign(
  db: Database,
  request: FastifyRequest,
  workspaceId: number,
): Promise<Campaign> {
  const campaign = await campaignById(db, workspaceId, pathId(request))
  if (campaign === undefined) throw new Problem('absent')
  return campaign
}

/** As they are answered. */
export async function campaignWires(
  db: Database,
  campaigns: readonly Omit<Campaign, 'snapshot'>[],
  words: Words,
): Promise<object[]> {
  const ids = campaigns.map(({ id }) => id)
  const recipients = await recipientsOf(db, ids)
  const totals = await totalsOf(db, ids)
  return campaigns.map(campaign =>
    campaignWire(
      campaign,
      words,
      recipients.get(campaign.id) ?? { tags: [], segments: [] },
      totals.get(campaign.id) ?? NOTHING,
    ),
  )
}

export async function oneCampaignWire(db: Database, campaign: Campaign, words: Words): Promise<object> {
  const [only = {}] = await campaignWires(db, [campaign], words)
  return only
}
