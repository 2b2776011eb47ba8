import { sql } from 'kysely'
import type { Database } from '../../storage/schema.ts'
import { CAMPAIGN_STATUS } from '../campaigns/campaigns.ts'
import { beginsAt } from '../campaigns/freezing.ts'
import type { Findings } from '../domains/domain-records.ts'
import { listSendingDomains } from '../domains/sending-domains.ts'

/** What a person should look at. */
export interface Attention {
  kind: 'paused' | 'ambiguous' | 'service_down' | 'overdue' | 'domain'
  text: string
  campaign_id?: number
  service_id?: number
  domain_id?: number
}

const MOST = 10
/** What waits for so long after its hour is waiting for somebody to look after the server. */
const OVERDUE_MS = 15 * 60_000

/** The most pressing first. */
export async function attentionOf(db: Database, workspaceId: number, now = Date.now()): Promise<Attention[]> {
  return [
    ...(await pausedOrOverdue(db, workspaceId, now)),
    ...(await servicesDown(db, workspaceId)),
    ...(await ambiguous(db, workspaceId)),
    ...(await domainsAtFault(db, workspaceId)),
  ]
}

async function pausedOrOverdue(db: Database, workspaceId: number, now: number): Promise<Attention[]> {
  const campaigns = await db
    .selectFrom('campaigns')
    .select(['id', 'name', 'status_id', 'paused_at', 'pause_reason'])
    .select(['scheduled_at', 'queued_at', 'undo_until', 'in_recipient_zone', 'schedule_zone'])
    .where('workspace_id', '=', workspaceId)
    .where(sql<boolean>`status_id in (2, 3)`)
    .orderBy('id', 'desc')
    .limit(100)
    .execute()
  return campaigns
    .flatMap(({ id, name, ...campaign }): Attention[] => {
      // Whoever paused it knows.
      if (campaign.paused_at !== null)
        return campaign.pause_reason === null
          ? []
          : [{ kind: 'paused', text: `“${name}” is paused: ${campaign.pause_reason}`, campaign_id: id }]
      if (campaign.status_id === CAMPAIGN_STATUS.queued && beginsAt(campaign) < now - OVERDUE_MS)
        return [{ kind: 'overdue', text: `“${name}” should be under way and is not.`, campaign_id: id }]
      return []
    })
    .slice(0, MOST)
}

async function servicesDown(db: Database, workspaceId: number): Promise<Attention[]> {
  const services = await db
    .selectFrom('email_services')
    .select(['id', 'name', 'down_reason'])
    .where('workspace_id', '=', workspaceId)
    .where('down_since', 'is not', null)
    .orderBy('down_since')
    .limit(MOST)
    .execute()
  return services.map(({ id, name, down_reason }) => ({
    kind: 'service_down',
    text: `The email service “${name}” takes nothing: ${down_reason ?? 'it does not say why'}`,
    service_id: id,
  }))
}

async function ambiguous(db: Database, workspaceId: number): Promise<Attention[]> {
  const campaigns = await db
    .selectFrom('campaigns')
    .innerJoin('campaign_totals', 'campaign_id', 'campaigns.id')
    .select(['id', 'name', 'ambiguous'])
    .where('workspace_id', '=', workspaceId)
    .where('ambiguous', '>', 0)
    .orderBy('id', 'desc')
    .limit(MOST)
    .execute()
  return campaigns.map(({ id, name, ambiguous: count }) => ({
    kind: 'ambiguous',
    text: `Of “${name}” nobody knows whether ${count === 1 ? 'one mail' : `${count} mails`} arrived.`,
    campaign_id: id,
  }))
}

async function domainsAtFault(db: Database, workspaceId: number): Promise<Attention[]> {
  const domains = await listSendingDomains(db, workspaceId)
  return domains
    .flatMap(({ id, domain, findings }): Attention[] => {
      const found: Findings = findings === null ? [] : JSON.parse(findings)
      const faults = found.filter(({ state }) => state === 'missing' || state === 'wrong')
      if (faults.length === 0) return []
      const which = faults.length === 1 ? 'one record' : `${faults.length} records`
      return [{ kind: 'domain', text: `${domain} has ${which} missing or wrong in DNS.`, domain_id: id }]
    })
    .slice(0, MOST)
}
