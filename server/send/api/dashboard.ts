import type { FastifyInstance } from 'fastify'
import type { RouteDoc } from '../../http/route-doc.ts'
import { ref } from '../../http/schemas.ts'
import { audienceCounts } from '../audience/subscribers.ts'
import { NOTHING, totalsOf } from '../campaigns/campaign-totals.ts'
import { recipientsOf } from '../campaigns/campaigns.ts'
import { attentionOf } from '../reports/attention.ts'
import { growthOf, runningCampaigns, sentCampaigns, sentCounts } from '../reports/dashboard.ts'
import { ratesOf } from '../reports/report.ts'
import { audienceOf } from './asked.ts'
import type { AudienceDoor } from './audience-door.ts'
import { campaignSummaryWire, totalsWire } from './campaigns-wire.ts'
import { type DashboardWire, reportedCampaignWire } from './reports-wire.ts'

const SHOW: RouteDoc = {
  summary: 'What a workspace sends and whom it reaches, on one page',
  reply: ref('Dashboard'),
}

export function dashboardRoutes(app: FastifyInstance, { storage }: AudienceDoor): void {
  app.get('/dashboard', { config: { doc: SHOW } }, async (request, reply) => {
    const workspaceId = audienceOf(request, 'see_campaigns')
    const { read } = storage
    const running = await runningCampaigns(read, workspaceId)
    const recent = await sentCampaigns(read, workspaceId)
    const recipients = await recipientsOf(
      read,
      running.map(({ id }) => id),
    )
    const totals = await totalsOf(
      read,
      [...running, ...recent].map(({ id }) => id),
    )
    const { subscribed } = await audienceCounts(read, workspaceId)
    const sent = await sentCounts(storage, workspaceId)
    return reply.send({
      counts: {
        subscribers: subscribed,
        campaigns_sent_30d: sent.campaigns30d,
        mails_sent_30d: sent.mails30d,
        mails_sent_today: sent.mailsToday,
      },
      running: running.map(campaign =>
        campaignSummaryWire(
          campaign,
          recipients.get(campaign.id) ?? { tags: [], segments: [] },
          totals.get(campaign.id) ?? NOTHING,
        ),
      ),
      recent: recent.map(campaign => ({
        campaign: reportedCampaignWire(campaign),
        totals: totalsWire(totals.get(campaign.id) ?? NOTHING),
        rates: ratesOf(totals.get(campaign.id) ?? NOTHING),
      })),
      growth: await growthOf(storage, workspaceId),
      attention: await attentionOf(read, workspaceId),
    } satisfies DashboardWire)
  })
}
