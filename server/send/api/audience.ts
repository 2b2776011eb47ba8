import type { FastifyInstance } from 'fastify'
import type { RouteDoc } from '../../http/route-doc.ts'
import { optional, ref, text } from '../../http/schemas.ts'
import { audienceSettings, changeAudienceSettings } from '../audience/audience-settings.ts'
import { audienceCounts } from '../audience/subscribers.ts'
import { audienceOf, bodyOf, refuse } from './asked.ts'
import type { AudienceDoor } from './audience-door.ts'
import type { AudienceWire } from './subscribers-wire.ts'

const SHOW: RouteDoc = {
  summary: 'How many subscribers there are, and how the workspace shows itself to them',
  reply: ref('Audience'),
}
const CHANGE: RouteDoc = {
  summary: 'Change how the workspace shows itself to its subscribers',
  description: 'An empty name is the name of the workspace; an empty locale the language of the reader.',
  body: optional({ public_name: text, colour: text, locale: text }),
  reply: ref('Audience'),
}

export function audienceOwnRoutes(app: FastifyInstance, { storage }: Pick<AudienceDoor, 'storage'>): void {
  app.get('/audience', { config: { doc: SHOW } }, async (request, reply) =>
    reply.send(await said(audienceOf(request, 'see_audience'))),
  )

  app.patch('/audience', { config: { doc: CHANGE } }, async (request, reply) => {
    const workspaceId = audienceOf(request, 'manage_audience')
    const { public_name, colour, locale } = bodyOf(request)
    const changes: Record<string, string> = {}
    for (const [name, value] of Object.entries({ public_name, colour, locale })) {
      if (value === undefined) continue
      if (typeof value !== 'string') return refuse(name, 'must be text')
      changes[name] = value
    }
    await storage.write.transaction().execute(trx => changeAudienceSettings(trx, workspaceId, changes))
    return reply.send(await said(workspaceId))
  })

  async function said(workspaceId: number): Promise<AudienceWire> {
    const counts = await audienceCounts(storage.read, workspaceId)
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
    const settings = await audienceSettings(storage.read, workspaceId)
    return { counts: { ...counts, total }, settings }
  }
}
