import type { FastifyInstance } from 'fastify'
import type { Api, Routes } from '../../../http/api.ts'
import { campaignSending } from './campaign-sending.ts'
import { campaigns } from './campaigns.ts'
import type { SendPortalDoor } from './door.ts'
import { emailServices } from './email-services.ts'
import { sayLikeSendPortal } from './errors.ts'
import { SEGMENTS, TAGS } from './generation.ts'
import { messages } from './messages.ts'
import { subscriberFiles } from './subscriber-files.ts'
import { subscriberTags } from './subscriber-tags.ts'
import { subscribers } from './subscribers.ts'
import { tagSubscribers } from './tag-subscribers.ts'
import { tags } from './tags.ts'
import { templates } from './templates.ts'
import { webhooks } from './webhooks.ts'
import { transactional } from './transactional.ts'
import { workspaces } from './workspaces.ts'

/** The first segments that are SendPortal's; the other half of `/api/v1` is Mailtrap's. */
const OWN =
  /^\/api\/v1\/(?:ping|workspaces|subscribers|tags|segments|templates|campaigns|email-services|messages|transactional|webhooks)(?:\/|$)/

/** The manners of SendPortal's API (contract, section 1). */
export function sendPortalApi(identify: Api['identify'], limit: Api['limit']): Api {
  return {
    name: 'sendportal-v1',
    prefix: '/api/v1',
    owns: path => OWN.test(path),
    say: sayLikeSendPortal,
    identify,
    ...(limit && { limit }),
    saysReset: true,
    cors: 'all',
    headers: { 'x-content-type-options': 'nosniff', 'cache-control': 'no-cache, private' },
    forgivesBodies: true,
  }
}

/** Relative to `/api/v1`: both generations, the workspace in the path and without (contract, section 3). */
export function sendPortalRoutes(door: SendPortalDoor): Routes {
  return app => {
    ping(app)
    webhooks(app, door)
    workspaces(app, door)
    generation(app, 'of caller', '', plugin => {
      for (const add of [
        subscribers,
        subscriberFiles,
        subscriberTags,
        tags,
        tagSubscribers,
        campaigns,
        campaignSending,
      ])
        add(plugin, door, TAGS)
      templates(plugin, door)
      emailServices(plugin, door)
      messages(plugin, door)
      transactional(plugin, door)
    })
    generation(app, 'in path', '/workspaces/:workspace_id', plugin => {
      for (const add of [
        subscribers,
        subscriberFiles,
        subscriberTags,
        tags,
        tagSubscribers,
        campaigns,
        campaignSending,
      ])
        add(plugin, door, SEGMENTS)
      for (const add of [subscriberTags, tags, tagSubscribers]) add(plugin, door, TAGS)
      templates(plugin, door)
      emailServices(plugin, door)
      messages(plugin, door)
      transactional(plugin, door)
    })
  }
}

function generation(
  app: FastifyInstance,
  workspace: 'in path' | 'of caller',
  prefix: string,
  add: (plugin: FastifyInstance) => void,
): void {
  app.register(
    async plugin => {
      plugin.addHook('onRoute', route => {
        route.config = { ...route.config, workspace }
      })
      add(plugin)
    },
    { prefix },
  )
}

/** Exactly `ok`, to everybody; a token is not looked at (contract, section 1.4). */
function ping(app: FastifyInstance): void {
  const doc = { summary: 'Whether the API answers: `ok`', reply: 'text/plain' }
  app.get('/ping', { config: { open: true, doc } }, (_request, reply) =>
    reply.type('text/plain; charset=utf-8').send('ok'),
  )
}
