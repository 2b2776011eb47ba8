import type { FastifyInstance, FastifyRequest } from 'fastify'
import { callerOf } from '../../accounts/caller.ts'
import { may } from '../../accounts/permissions.ts'
import type { RouteDoc } from '../../http/route-doc.ts'
import { integer, listOf, objectOf, optional, orNull, ref, text } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import { SERVICE_TYPES } from '../ways-out/email-service-types.ts'
import {
  changeEmailService,
  createEmailService,
  deleteEmailService,
  type EmailService,
  emailServiceById,
  listEmailServices,
  serviceSettings,
  useOfServices,
} from '../ways-out/email-services.ts'
import { webhookUrl } from '../ways-out/webhook-url.ts'
import { sendTestMail } from '../ways-out/test-mail.ts'
import { audienceOf, idIn } from './asked.ts'
import type { AudienceDoor } from './audience-door.ts'
import { newServiceIn, serviceChangesIn, testMailIn } from './email-service-form.ts'
import {
  type EmailServiceListReply,
  type EmailServiceReply,
  emailServiceWire,
  serviceTypesWire,
} from './email-services-wire.ts'

/** More than anybody has. */
const MOST = 1000

const one = objectOf({ service: ref('PosthornEmailService') })
const changeable = {
  name: text,
  settings: ref('ServiceSettings'),
  limits: ref('ServiceLimits'),
  next_service_id: orNull(integer),
}
const LIST: RouteDoc = {
  summary: 'Email services, the oldest first, and the types there are',
  description: 'Secrets are masked, and where providers report is told to those who may change it.',
  reply: objectOf({ services: listOf(ref('PosthornEmailService')), types: listOf(ref('ServiceType')) }),
}
const CREATE: RouteDoc = {
  summary: 'A new email service',
  body: { ...optional({ ...changeable, type_id: integer }), required: ['name', 'type_id'] },
  reply: one,
}
const CHANGE: RouteDoc = {
  summary: 'Change an email service',
  description:
    'Settings and limits are given whole, or not at all; `********` leaves a secret as it is. One that was down is ' +
    'tried again at once when its settings change.',
  body: optional(changeable),
  reply: one,
}
const DELETE: RouteDoc = {
  summary: 'Delete an email service',
  description: 'Not while a campaign uses it, mail waits for it, or it takes over from another: 422.',
  reply: objectOf({}),
}
const TEST: RouteDoc = {
  summary: 'Send one mail through an email service',
  body: {
    ...optional({ to: text, from: text, subject: text, body: text }),
    required: ['to', 'from', 'body'],
  },
  reply: objectOf({}),
  also: { 422: 'Under `response`: `Response: ` and the words of the service' },
}

export function emailServiceRoutes(app: FastifyInstance, door: AudienceDoor): void {
  const { storage, secrets, sending, publicUrl } = door

  app.get('/email-services', { config: { doc: LIST } }, async (request, reply) => {
    const workspaceId = audienceOf(request, 'see_campaigns')
    const services = await listEmailServices(storage.read, workspaceId, { limit: MOST })
    const uses = await useOfServices(storage.read, workspaceId)
    // Whoever knows the address can report there what never happened.
    const mayManage = may(callerOf(request).role, 'manage_email_services')
    const answer: EmailServiceListReply = {
      services: services.map(service =>
        emailServiceWire(
          service,
          serviceSettings(secrets, service),
          mayManage ? webhookUrl(publicUrl, secrets, service) : null,
          uses.get(service.id),
        ),
      ),
      types: serviceTypesWire(),
    }
    return reply.send(answer)
  })

  app.post('/email-services', { config: { doc: CREATE } }, async (request, reply) => {
    const workspaceId = audienceOf(request, 'manage_email_services')
    const given = await newServiceIn(request, door, workspaceId)
    const service = await storage.write
      .transaction()
      .execute(trx => createEmailService(trx, secrets, workspaceId, given))
    return reply.send(await answered(service))
  })

  app.patch('/email-services/:id', { config: { doc: CHANGE } }, async (request, reply) => {
    const service = await found(request)
    const workspaceId = audienceOf(request, 'manage_email_services')
    const type = SERVICE_TYPES[service.type_id]
    if (type === undefined) throw new Problem('absent')
    const before = serviceSettings(secrets, service)
    const changes = await serviceChangesIn(request, door, { workspaceId, type, before })
    const changed = await storage.write
      .transaction()
      .execute(trx => changeEmailService(trx, secrets, service, changes))
    sending.wake()
    return reply.send(await answered(changed))
  })

  app.delete('/email-services/:id', { config: { doc: DELETE } }, async (request, reply) => {
    const service = await found(request)
    audienceOf(request, 'manage_email_services')
    await storage.write.transaction().execute(trx => deleteEmailService(trx, service))
    return reply.send({})
  })

  app.post('/email-services/:id/test', { config: { doc: TEST } }, async (request, reply) => {
    const service = await found(request)
    audienceOf(request, 'manage_email_services')
    await sendTestMail(sending, service.id, testMailIn(request))
    return reply.send({})
  })

  /** Whether it is there comes first: what is not theirs is not there, whatever they may do. */
  async function found(request: FastifyRequest): Promise<EmailService> {
    const service = await emailServiceById(storage.read, callerOf(request).workspaceId, idIn(request))
    if (service === undefined) throw new Problem('absent')
    return service
  }

  async function answered(service: EmailService): Promise<EmailServiceReply> {
    const uses = await useOfServices(storage.write, service.workspace_id)
    const settingsOfIt = serviceSettings(secrets, service)
    const webhook = webhookUrl(publicUrl, secrets, service)
    return { service: emailServiceWire(service, settingsOfIt, webhook, uses.get(service.id)) }
  }
}
