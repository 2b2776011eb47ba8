import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { html } from '../../../http/html.ts'
import { Problem } from '../../../problem.ts'
import { justResubscribed, recipientOf, resubscribe, unsubscribe } from '../../feedback/unsubscribe.ts'
import { TEST_TOKEN } from '../../mails/mail-pages.ts'
import { preferencesToken } from '../../sign-up/subscription-links.ts'
import type { DeliveryLinks } from './delivery-links.ts'
import { sendPage } from './page.ts'
import type { PublicDoor } from './public-door.ts'
import { refuseOnPage, speakingFor } from './public-replies.ts'
import { saysItWasATest } from './test-page.ts'

const MAX_BODY = 65_536

/**
 * Leaving and coming back by the links of a mail (contract, section 5.8). Opening one changes nothing: what scans mail
 * for its reader opens every link.
 */
export function unsubscribeRoutes(app: FastifyInstance, door: PublicDoor, links: DeliveryLinks): void {
  const { storage, secrets } = door
  const errorHandler = refuseOnPage(door.log)
  const options = { bodyLimit: MAX_BODY, errorHandler }

  app.get('/subscriptions/unsubscribe/:token', options, (request, reply) => ask(request, reply, 1))
  app.get('/subscriptions/subscribe/:token', options, (request, reply) => ask(request, reply, 0))

  // RFC 8058, section 3.1: from a mail system, without cookies and Origin. What it posts is not even read: whoever posts
  // here, in whatever form, wants no more mail.
  app.register(async plugin => {
    plugin.removeAllContentTypeParsers()
    plugin.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _bytes, done) => done(null, undefined))
    plugin.post('/subscriptions/unsubscribe/:token', options, async (request, reply) => {
      if (tokenIn(request) === TEST_TOKEN) return saysItWasATest(request, reply)
      const delivery = await links.acted(request)
      await unsubscribe(door, delivery, 'one_click')
      const speaking = await speakingFor(storage.read, request, delivery.workspace_id)
      return sendPage(reply, 200, {
        ...speaking,
        title: speaking.texts.unsubscribe_title,
        body: html`<p>${speaking.texts.removed}</p>`,
      })
    })
  })

  app.route({
    method: ['PUT', 'POST'],
    url: '/subscriptions/subscriptions/:token',
    ...options,
    async handler(request, reply) {
      const token = tokenIn(request)
      if (token === TEST_TOKEN) return saysItWasATest(request, reply)
      const delivery = await links.acted(request)
      if (unsubscribedIn(request)) {
        await unsubscribe(door, delivery, 'page')
        return leadOn(request, reply, `/subscriptions/subscribe/${token}`)
      }
      if (await resubscribe(door, delivery))
        return leadOn(request, reply, `/subscriptions/unsubscribe/${token}`)
      const speaking = await speakingFor(storage.read, request, delivery.workspace_id)
      return sendPage(reply, 200, {
        ...speaking,
        title: speaking.texts.refused_title,
        body: html`<p>${speaking.say('refused')}</p>`,
      })
    },
  })

  /** @param unsubscribed what the button says */
  async function ask(
    request: FastifyRequest,
    reply: FastifyReply,
    unsubscribed: 0 | 1,
  ): Promise<FastifyReply> {
    const token = tokenIn(request)
    if (token === TEST_TOKEN) return saysItWasATest(request, reply)
    const delivery = await links.visited(request)
    const recipient = await recipientOf(storage.read, delivery)
    const speaking = await speakingFor(storage.read, request, delivery.workspace_id)
    const { texts, say } = speaking
    const isOut = recipient ? recipient.status === 'unsubscribed' : delivery.unsubscribed_at !== null
    const did =
      unsubscribed === 0
        ? isOut && texts.removed
        : (await justResubscribed(storage.read, delivery)) && texts.added
    const email = recipient?.email ?? delivery.email
    const preferences = recipient && `/subscriptions/preferences/${preferencesToken(secrets, recipient)}`
    return sendPage(reply, 200, {
      ...speaking,
      title: unsubscribed ? texts.unsubscribe_title : texts.resubscribe_title,
      body: html`${did ? html`<p class="notice good" role="status">${did}</p>\n` : html``}<p>${say(unsubscribed ? 'remove_ask' : 'add_ask', { email })}</p>
<form method="post" action="/subscriptions/subscriptions/${token}"><input type="hidden" name="_method" value="PUT"><button type="submit" name="unsubscribed" value="${unsubscribed}">${unsubscribed ? texts.remove_button : texts.add_button}</button></form>${
        preferences ? html`\n<p><a href="${preferences}">${texts.preferences_link}</a></p>` : html``
      }`,
    })
  }
}

function tokenIn({ params }: FastifyRequest): string {
  return (params as { token: string }).token
}

/** What Laravel takes for a boolean. @throws Problem `invalid` */
function unsubscribedIn({ body }: FastifyRequest): boolean {
  const { unsubscribed } = (typeof body === 'object' ? (body ?? {}) : {}) as { unsubscribed?: unknown }
  if ([true, 1, '1'].includes(unsubscribed as never)) return true
  if ([false, 0, '0'].includes(unsubscribed as never)) return false
  const missing = unsubscribed === undefined || unsubscribed === null || unsubscribed === ''
  const wrong = missing ? 'is required' : 'must be true or false'
  throw new Problem('invalid', '', { fields: { unsubscribed: [`The unsubscribed field ${wrong}.`] } })
}

/** 302 as SendPortal; after a PUT that would be followed by another one (RFC 9110, section 15.4.4). */
function leadOn({ method }: FastifyRequest, reply: FastifyReply, to: string): FastifyReply {
  return reply
    .code(method === 'PUT' ? 303 : 302)
    .headers({ location: to, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
    .send('')
}
