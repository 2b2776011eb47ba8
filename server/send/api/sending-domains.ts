import type { FastifyInstance, FastifyRequest } from 'fastify'
import { callerOf, insist } from '../../accounts/caller.ts'
import type { RouteDoc } from '../../http/route-doc.ts'
import { listOf, objectOf, optional, ref, text } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import { checkDomain } from '../domains/domain-check.ts'
import { recordsOf } from '../domains/domain-records.ts'
import {
  createSendingDomain,
  DEFAULT_SELECTOR,
  deleteSendingDomain,
  keepFindings,
  listSendingDomains,
  type SendingDomain,
  sendingDomainById,
} from '../domains/sending-domains.ts'
import { audienceOf, bodyOf, idIn, refuse } from './asked.ts'
import type { AudienceDoor } from './audience-door.ts'
import { sendingDomainWire } from './sending-domains-wire.ts'

const one = objectOf({ domain: ref('SendingDomain') })
const LIST: RouteDoc = {
  summary: 'Domains in whose name mail is signed, and what stands in DNS',
  reply: objectOf({ domains: listOf(ref('SendingDomain')) }),
}
const CREATE: RouteDoc = {
  summary: 'Sign mail in the name of a domain and of those below it',
  description: 'Two keys are made for it, which never leave this server. Set the records, then check.',
  body: { ...optional({ domain: text, selector: text }), required: ['domain'] },
  reply: one,
}
const CHECK: RouteDoc = {
  summary: 'Ask DNS for the records of a domain',
  description: 'Whatever no name server answers about in time is `unknown`.',
  reply: one,
}
const DELETE: RouteDoc = {
  summary: 'Sign no more mail in the name of a domain',
  description: 'Its keys are gone. Leave the records for some days: mail that is under way needs them.',
  reply: objectOf({}),
}

export function sendingDomainRoutes(
  app: FastifyInstance,
  { storage, secrets, dns, domainSetting }: AudienceDoor,
): void {
  const wire = (domain: SendingDomain) => sendingDomainWire(domain, domainSetting)

  app.get('/sending-domains', { config: { doc: LIST } }, async (request, reply) => {
    const domains = await listSendingDomains(storage.read, audienceOf(request, 'see_campaigns'))
    return reply.send({ domains: domains.map(wire) })
  })

  app.post('/sending-domains', { config: { doc: CREATE } }, async (request, reply) => {
    const workspaceId = audienceOf(request, 'manage_email_services')
    const { domain, selector = DEFAULT_SELECTOR } = bodyOf(request)
    if (typeof domain !== 'string' || domain.trim() === '') return refuse('domain', 'is required')
    if (typeof selector !== 'string') return refuse('selector', 'must be text')
    const given = { domain, selector }
    return reply.send({ domain: wire(await createSendingDomain(storage.write, secrets, workspaceId, given)) })
  })

  app.post('/sending-domains/:id/check', { config: { doc: CHECK } }, async (request, reply) => {
    const domain = await found(request)
    const findings = await checkDomain(dns, domain.domain, recordsOf(domain, domainSetting), domainSetting)
    const checked = await keepFindings(storage.write, domain, findings)
    if (checked === undefined) throw new Problem('absent')
    return reply.send({ domain: wire(checked) })
  })

  app.delete('/sending-domains/:id', { config: { doc: DELETE } }, async (request, reply) => {
    await deleteSendingDomain(storage.write, await found(request))
    return reply.send({})
  })

  async function found(request: FastifyRequest): Promise<SendingDomain> {
    const caller = callerOf(request)
    const domain = await sendingDomainById(storage.read, caller.workspaceId, idIn(request))
    if (domain === undefined) throw new Problem('absent')
    insist(caller, 'manage_email_services')
    return domain
  }
}
