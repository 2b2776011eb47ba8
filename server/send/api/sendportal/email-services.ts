import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { RouteDoc, Schema } from '../../../http/route-doc.ts'
import { integer, objectOf, ref, text } from '../../../http/schemas.ts'
import { Problem } from '../../../problem.ts'
import {
  changeEmailService,
  countEmailServices,
  createEmailService,
  deleteEmailService,
  type EmailService,
  emailServiceById,
  listEmailServices,
  serviceSettings,
} from '../../ways-out/email-services.ts'
import { checkedSettings } from '../../ways-out/checked-settings.ts'
import { SERVICE_TYPES, type ServiceType, type SettingValues } from '../../ways-out/email-service-types.ts'
import { sendTestMail, TEST_SUBJECT } from '../../ways-out/test-mail.ts'
import { NOTHING, oneOf, page, PAGE_QUERY } from './described.ts'
import type { SendPortalDoor } from './door.ts'
import { Form } from './form.ts'
import { pathId, workspaceOf } from './generation.ts'
import { type Input, inputOf, membersOf } from './input.ts'
import { pageOf, paginated } from './paging.ts'
import { emailServiceWire } from './wire.ts'

const shape = ref('EmailService')
const settings: Schema = {
  type: 'object',
  description:
    'By type: 1 SES, 2 SendGrid, 3 Mailgun, 4 Postmark, 5 Mailjet, 6 SMTP, 7 Postal, 8 one of our inboxes, 9 file. ' +
    'May stand beside `name` as well. `********` leaves a secret as it is.',
}
const LIST: RouteDoc = { summary: 'Email services', query: PAGE_QUERY, reply: page(shape) }
const SHOW: RouteDoc = {
  summary: 'One email service',
  description: 'Its secrets are masked.',
  reply: oneOf(shape),
}
const CREATE: RouteDoc = {
  summary: 'A new email service',
  body: {
    type: 'object',
    required: ['name', 'type_id'],
    properties: { name: text, type_id: integer, settings },
  },
  reply: oneOf(shape),
  status: 201,
}
const CHANGE: RouteDoc = {
  summary: 'Update an email service',
  description: 'Settings are given whole, or not at all. The type stays.',
  body: { type: 'object', required: ['name'], properties: { name: text, settings } },
  reply: oneOf(shape),
}
const DELETE: RouteDoc = {
  summary: 'Delete an email service',
  ...NOTHING,
  also: { 422: 'A campaign uses it, mail waits for it, or it takes over from another one' },
}
const TEST: RouteDoc = {
  summary: 'Send one mail through an email service',
  body: {
    type: 'object',
    required: ['to', 'from', 'body'],
    properties: { to: text, from: text, subject: text, body: text },
  },
  reply: objectOf({ message: text }),
  also: { 422: 'The service would not have it: `Response: ` and its words' },
}

/** Contract, sections 6.1 and 12. */
export function emailServices(app: FastifyInstance, door: SendPortalDoor): void {
  const { storage, secrets } = door

  app.get('/email-services', { config: { doc: LIST } }, async (request, reply) => {
    const workspaceId = await workspaceOf(door, request, 'see_campaigns')
    const wanted = pageOf(request)
    const total = await countEmailServices(storage.read, workspaceId)
    const services = wanted.offset < total ? await listEmailServices(storage.read, workspaceId, wanted) : []
    return reply.send(paginated(request, wanted, total, services.map(wire)))
  })

  app.get('/email-services/:id', { config: { doc: SHOW } }, async (request, reply) => {
    const workspaceId = await workspaceOf(door, request, 'see_campaigns')
    return reply.send({ data: wire(await found(request, workspaceId)) })
  })

  app.post('/email-services', { config: { doc: CREATE } }, async (request, reply) => {
    const workspaceId = await workspaceOf(door, request, 'manage_email_services')
    const form = new Form(inputOf(request))
    const name = form.required('name') ? (form.text('name') ?? '') : ''
    const typeId = form.required('type_id') ? form.integer('type_id') : null
    const type = typeId === null ? undefined : SERVICE_TYPES[typeId]
    if (typeId !== null && type === undefined) form.fault('type_id', 'The selected type id is invalid.')
    const given = type && (await readSettings(form, workspaceId, type, inputOf(request)))
    form.check()
    const service = await createEmailService(storage.write, secrets, workspaceId, {
      name,
      typeId: typeId ?? 0,
      settings: given ?? {},
    })
    return reply.code(201).send({ data: wire(service) })
  })

  app.route({
    method: ['PUT', 'PATCH'],
    url: '/email-services/:id',
    config: { doc: CHANGE },
    async handler(request, reply) {
      const workspaceId = await workspaceOf(door, request, 'manage_email_services')
      // What its settings have to be depends on its type.
      const service = await found(request, workspaceId)
      const type = SERVICE_TYPES[service.type_id]
      if (type === undefined) throw new Problem('absent')
      const input = inputOf(request)
      const form = new Form(input)
      const name = form.required('name') ? (form.text('name') ?? '') : ''
      if (form.value('type_id') !== null && form.integer('type_id') !== service.type_id)
        form.fault('type_id', 'The selected type id is invalid.')
      const given = hasSettings(type, input)
        ? await readSettings(form, workspaceId, type, input, serviceSettings(secrets, service))
        : undefined
      form.check()
      const changed = await changeEmailService(storage.write, secrets, service, {
        name,
        ...(given && { settings: given }),
      })
      door.sending.wake()
      return reply.send({ data: wire(changed) })
    },
  })

  app.delete('/email-services/:id', { config: { doc: DELETE } }, async (request, reply) => {
    const workspaceId = await workspaceOf(door, request, 'manage_email_services')
    const service = await found(request, workspaceId)
    await storage.write.transaction().execute(trx => deleteEmailService(trx, service))
    return reply.code(204).send()
  })

  app.post('/email-services/:id/test', { config: { doc: TEST } }, async (request, reply) => {
    const workspaceId = await workspaceOf(door, request, 'manage_email_services')
    const service = await found(request, workspaceId)
    const form = new Form(inputOf(request))
    const to = form.required('to') ? form.email('to') : ''
    const from = form.required('from') ? form.email('from') : ''
    const subject = form.text('subject') ?? TEST_SUBJECT
    const body = form.required('body') ? (form.text('body') ?? '') : ''
    form.check()
    await sendTestMail(door.sending, service.id, { to, from, subject, body })
    return reply.send({ message: 'The test email has been dispatched.' })
  })

  /** Faults are told of under the keys as they were given: nested, unless some stand beside the name. */
  async function readSettings(
    form: Form,
    workspaceId: number,
    type: ServiceType,
    input: Input,
    before?: SettingValues,
  ): Promise<SettingValues> {
    const nested = membersOf(input.settings)
    const prefix = nested === undefined && isFlat(type, input) ? '' : 'settings.'
    const given = nested === undefined ? input : Object.fromEntries(nested)
    const { settings: values, faults } = await checkedSettings(door, workspaceId, type, given, before)
    for (const [key, texts] of Object.entries(faults))
      for (const message of texts) form.fault(prefix + key, message)
    return values
  }

  async function found(request: FastifyRequest, workspaceId: number): Promise<EmailService> {
    const service = await emailServiceById(storage.read, workspaceId, pathId(request))
    if (service === undefined) throw new Problem('absent')
    return service
  }

  function wire(service: EmailService): object {
    return emailServiceWire(service, serviceSettings(secrets, service))
  }
}

function hasSettings(type: ServiceType, input: Input): boolean {
  return membersOf(input.settings) !== undefined || isFlat(type, input)
}

function isFlat(type: ServiceType, input: Input): boolean {
  return type.settings.some(({ key }) => Object.hasOwn(input, key))
}
