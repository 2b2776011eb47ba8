import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { callerOf, insist } from '../../accounts/caller.ts'
import type { RouteDoc } from '../../http/route-doc.ts'
import { oneOf, ref } from '../../http/schemas.ts'
import { totalsOfOne } from '../campaigns/campaign-totals.ts'
import { DELIVERY_KEY } from '../feedback/public-token.ts'
import { clickMapOf } from '../reports/click-map.ts'
import { linksOf } from '../reports/links.ts'
import { OVER_TIME, overTime } from '../reports/over-time.ts'
import { recipientsCsv } from '../reports/recipients-csv.ts'
import { ReportCache } from '../reports/report-cache.ts'
import { queried, refuse } from './asked.ts'
import { attachment } from './attachment.ts'
import type { AudienceDoor } from './audience-door.ts'
import { foundCampaign } from './found-campaign.ts'
import { linkReportWire, type OverTimeKind, overTimeWire, reportWire } from './reports-wire.ts'

const KINDS = Object.keys(OVER_TIME) as OverTimeKind[]
const HOURS = ['12', '24', '48', 'all']

const REPORT: RouteDoc = {
  summary: 'What became of a campaign',
  description:
    'May be asked while it is being sent. Of a great campaign the parts that must be counted may be some seconds ' +
    'older than the totals: `generated_at` says when they were.',
  reply: ref('CampaignReport'),
}
const OVER: RouteDoc = {
  summary: 'When recipients did something first',
  query: {
    kind: { description: 'Default: opened', schema: oneOf(...KINDS) },
    hours: { description: 'From the first one on; default: 24', schema: oneOf(...HOURS) },
  },
  reply: ref('OverTime'),
}
const CLICKS: RouteDoc = {
  summary: 'The mail with the number of its link at each anchor',
  reply: ref('ClickMap'),
}
const CSV: RouteDoc = {
  summary: 'What became of each recipient, as CSV',
  description: 'Streamed. Cells that a spreadsheet would take for a formula begin with an apostrophe.',
  reply: 'text/csv',
}

export function reportRoutes(app: FastifyInstance, door: AudienceDoor): void {
  const { storage, secrets } = door
  const cache = new ReportCache(storage)

  app.get('/campaigns/:id/report', { config: { doc: REPORT } }, async (request, reply) => {
    const campaign = await foundCampaign(door, request, 'see_campaigns')
    const totals = await totalsOfOne(storage.read, campaign.id)
    const counted = await cache.counted(campaign.id, totals)
    return reply.send(reportWire(campaign, totals, counted, await linksOf(storage.read, campaign.id)))
  })

  app.get('/campaigns/:id/report/over-time', { config: { doc: OVER } }, async (request, reply) => {
    const { id } = await foundCampaign(door, request, 'see_campaigns')
    const wish = queried(request, 'kind') ?? 'opened'
    const kind = KINDS.find(each => each === wish) ?? refuse('kind', `must be one of ${KINDS.join(', ')}`)
    const hours = queried(request, 'hours') ?? '24'
    if (!HOURS.includes(hours)) refuse('hours', `must be one of ${HOURS.join(', ')}`)
    return reply.send(overTimeWire(await overTime(storage, id, kind, hours === 'all' ? null : Number(hours))))
  })

  app.get('/campaigns/:id/click-map', { config: { doc: CLICKS } }, async (request, reply) => {
    const campaign = await foundCampaign(door, request, 'see_campaigns')
    const gathering = { ...door, bounceDomain: door.domainSetting.bounceDomain }
    const html = await clickMapOf(gathering, campaign)
    const links = await linksOf(storage.read, campaign.id)
    return reply.send({ html, links: links.map(linkReportWire) })
  })

  app.get('/campaigns/:id/report.csv', { config: { doc: CSV } }, async (request, reply) => {
    const campaign = await foundCampaign(door, request, 'see_campaigns')
    // It is a list of people, as the export of subscribers is.
    insist(callerOf(request), 'export_audience')
    return attachment(reply, `campaign-${campaign.id}.csv`).send(
      Readable.from(recipientsCsv(storage, secrets.key(DELIVERY_KEY), campaign)),
    )
  })
}
