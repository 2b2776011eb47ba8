import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { RateLimit } from '../../../http/rate-limit.ts'
import { Problem } from '../../../problem.ts'
import type { EventBuffer, TrackedEvent } from '../../feedback/event-buffer.ts'
import { DELIVERY_KEY, idOfToken } from '../../feedback/public-token.ts'
import { HIDDEN_LINK, LinkTargets, PIXEL, signedTarget } from '../../feedback/tracking.ts'
import { TEST_TOKEN } from '../../mails/mail-pages.ts'
import { saysItWasATest } from './test-page.ts'
import { refuseOnPage } from './public-replies.ts'
import type { PublicDoor } from './public-door.ts'

/** Of one mail; a loop that follows its links is redirected still, and not written down. */
const KEPT = { count: 300, seconds: 3_600 }

const HEADERS = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex, nofollow',
  'x-content-type-options': 'nosniff',
}

/** Opens and clicks. Nothing here waits for a write, and what was not signed by us asks nobody anything. */
export function trackingRoutes(
  app: FastifyInstance,
  door: Pick<PublicDoor, 'storage' | 'secrets' | 'log'>,
  events: EventBuffer,
): void {
  const key = door.secrets.key(DELIVERY_KEY)
  const targets = new LinkTargets(door.storage)
  const kept = new RateLimit(KEPT)
  const errorHandler = refuseOnPage(door.log)

  app.get('/t/o/:file', { errorHandler }, (request, reply) => {
    const { file } = request.params as { file: string }
    const token = file.endsWith('.gif') ? file.slice(0, -4) : ''
    const id = idOfToken(key, token)
    if (id !== undefined) keep(request, { deliveryId: id, kind: 'opened', number: 0, url: null })
    const known = id !== undefined || token === TEST_TOKEN
    return reply
      .code(known ? 200 : 404)
      .headers({ ...HEADERS, 'content-type': 'image/gif' })
      .send(known ? PIXEL : '')
  })

  app.get('/t/c/:token/:number', { errorHandler }, (request, reply) => {
    const { token, number: text } = request.params as { token: string; number: string }
    const id = idOfToken(key, token)
    const isTest = token === TEST_TOKEN
    if ((id === undefined && !isTest) || !/^\d{1,9}$/.test(text)) throw new Problem('absent')
    const number = Number(text)
    const follow = (target: string | undefined, url: string | null) => {
      if (target === undefined) throw new Problem('absent')
      if (id !== undefined) keep(request, { deliveryId: id, kind: 'clicked', number, url })
      return leadTo(reply, target)
    }
    if (number === HIDDEN_LINK) {
      if (id !== undefined) keep(request, { deliveryId: id, kind: 'clicked', number, url: null })
      return reply.headers({ ...HEADERS, 'content-type': 'text/html; charset=utf-8' }).send('')
    }
    const { u, s } = request.query as { u?: unknown; s?: unknown }
    if (typeof u === 'string' && typeof s === 'string') {
      const target = signedTarget(key, token, { u, s })
      return follow(target, target ?? null)
    }
    if (id === undefined) return saysItWasATest(request, reply)
    return targets.of(id, number).then(target => follow(target, null))
  })

  function keep(
    request: FastifyRequest,
    event: Pick<TrackedEvent, 'deliveryId' | 'kind' | 'number' | 'url'>,
  ): void {
    if (!kept.take(String(event.deliveryId)).allowed) return
    events.add({
      ...event,
      at: Date.now(),
      method: request.method,
      agent: request.headers['user-agent'] ?? '',
      ip: request.ip,
      isPrefetch: isPrefetch(request),
    })
  }
}

function leadTo(reply: FastifyReply, target: string): FastifyReply {
  return reply
    .code(302)
    .headers({ ...HEADERS, location: target })
    .send('')
}

/** Sec-Purpose is the standard (Fetch, section 3.6); the others are what browsers said before. */
function isPrefetch({ headers }: FastifyRequest): boolean {
  return ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'].some(name =>
    /prefetch|prerender|preview/i.test(String(headers[name] ?? '')),
  )
}
