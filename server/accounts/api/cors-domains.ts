import type { FastifyInstance, FastifyRequest } from 'fastify'
import { idFrom } from '../../http/ids.ts'
import { textOf, wrapped } from '../../http/rails-body.ts'
import { say } from '../../http/say.ts'
import { listOf, objectOf, ref, text } from '../../http/schemas.ts'
import { callerOf } from '../caller.ts'
import {
  type CorsDomain,
  changeCorsDomain,
  corsDomain,
  corsDomainsOf,
  createCorsDomain,
  deleteCorsDomain,
} from '../cors-domains.ts'
import type { AccountsDoor } from './accounts-door.ts'
import { corsDomainWire } from './wire.ts'

const reply = ref('CorsDomain')
const body = objectOf({ cors_domain: objectOf({ domain: text }) })

/** Contract, section 10.4. */
export function corsDomainRoutes(app: FastifyInstance, { storage }: AccountsDoor): void {
  app.get(
    '/cors_domains',
    {
      config: { doc: { summary: 'Where pages may call the API from with your token', reply: listOf(reply) } },
    },
    async (request, answer) => {
      const domains = await corsDomainsOf(storage.read, callerOf(request).user.id)
      return say(request, answer, domains.map(corsDomainWire), 'cors_domains')
    },
  )

  app.post(
    '/cors_domains',
    { config: { doc: { summary: 'Let pages of a domain call the API with your token', body, reply } } },
    async (request, answer) => {
      const made = await createCorsDomain(storage.write, callerOf(request).user.id, domainIn(request) ?? '')
      return say(request, answer, corsDomainWire(made), 'cors_domain')
    },
  )

  app.get(
    '/cors_domains/:id',
    { config: { doc: { summary: 'One domain', reply } } },
    async (request, answer) => say(request, answer, corsDomainWire(await found(request)), 'cors_domain'),
  )

  app.patch(
    '/cors_domains/:id',
    { config: { doc: { summary: 'Another domain in its place', body, reply } } },
    async (request, answer) => {
      const present = await found(request)
      const domain = domainIn(request)
      const now = domain === undefined ? present : await changeCorsDomain(storage.write, present.id, domain)
      return say(request, answer, corsDomainWire(now), 'cors_domain')
    },
  )

  app.delete(
    '/cors_domains/:id',
    { config: { doc: { summary: 'Let its pages in no longer', reply } } },
    async (request, answer) => {
      const present = await found(request)
      await deleteCorsDomain(storage.write, present.id)
      return say(request, answer, corsDomainWire(present), 'cors_domain')
    },
  )

  function found(request: FastifyRequest): Promise<CorsDomain> {
    const { id } = request.params as { id: string }
    return corsDomain(storage.read, callerOf(request).user.id, idFrom(id))
  }
}

function domainIn({ body: given }: FastifyRequest): string | undefined {
  const { domain } = wrapped(given, 'cors_domain')
  return domain === undefined ? undefined : textOf(domain)
}
