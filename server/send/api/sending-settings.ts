import type { FastifyInstance } from 'fastify'
import type { RouteDoc } from '../../http/route-doc.ts'
import { objectOf, ref } from '../../http/schemas.ts'
import { changeSendingSettings, type SendingSettings, sendingSettings } from '../sending/sending-settings.ts'
import { audienceOf, bodyOf, refuse } from './asked.ts'
import type { AudienceDoor } from './audience-door.ts'

const one = objectOf({ settings: ref('SendingSettings') })
const SHOW: RouteDoc = { summary: 'How the workspace wants its mail sent', reply: one }
const CHANGE: RouteDoc = {
  summary: 'Change how mail is sent',
  body: { ...ref('SendingSettings') },
  reply: one,
}

/** From and up to, both included. */
const RANGES = {
  pause_failure_rate: { from: 0, to: 1, whole: false },
  pause_complaint_rate: { from: 0, to: 1, whole: false },
  undo_seconds: { from: 0, to: 600, whole: true },
  soft_bounce_limit: { from: 1, to: 100, whole: true },
} as const satisfies Partial<Record<keyof SendingSettings, object>>

export function sendingSettingsRoutes(app: FastifyInstance, { storage }: AudienceDoor): void {
  app.get('/sending-settings', { config: { doc: SHOW } }, async (request, reply) =>
    reply.send({ settings: await sendingSettings(storage.read, audienceOf(request, 'see_campaigns')) }),
  )

  app.patch('/sending-settings', { config: { doc: CHANGE } }, async (request, reply) => {
    const workspaceId = audienceOf(request, 'manage_email_services')
    const changes = read(bodyOf(request))
    const settings = await storage.write
      .transaction()
      .execute(trx => changeSendingSettings(trx, workspaceId, changes))
    return reply.send({ settings })
  })
}

/** @throws Problem `invalid` */
function read(body: Record<string, unknown>): Partial<SendingSettings> {
  const changes: Partial<SendingSettings> = {}
  const { ambiguous } = body
  if (ambiguous === 'ask' || ambiguous === 'retry') changes.ambiguous = ambiguous
  else if (ambiguous !== undefined) refuse('ambiguous', 'must be ask or retry')
  for (const [name, { from, to, whole }] of Object.entries(RANGES)) {
    const value = body[name]
    if (value === undefined) continue
    if (typeof value !== 'number' || !(value >= from && value <= to) || (whole && !Number.isInteger(value)))
      refuse(name, `must be a ${whole ? 'whole ' : ''}number from ${from} to ${to}`)
    changes[name as keyof typeof RANGES] = value as number
  }
  return changes
}
