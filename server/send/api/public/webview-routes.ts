import type { FastifyInstance } from 'fastify'
import { html } from '../../../http/html.ts'
import { TEST_TOKEN } from '../../mails/mail-pages.ts'
import { viewDelivery } from '../../mails/views.ts'
import type { DeliveryLinks } from './delivery-links.ts'
import type { PublicDoor } from './public-door.ts'
import { refuseOnPage } from './public-replies.ts'
import { saysItWasATest } from './test-page.ts'

/**
 * It is other people's HTML on our origin: without scripts, forms and the origin itself. What its links open is not held
 * to that, or shops would be pages without scripts.
 */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': 'sandbox allow-popups allow-popups-to-escape-sandbox',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex, nofollow',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
}

/** A mail in the browser, as that person got it; nothing is counted here (contract, section 5.8). */
export function webviewRoutes(app: FastifyInstance, door: PublicDoor, links: DeliveryLinks): void {
  app.get('/webview/:token', { errorHandler: refuseOnPage(door.log) }, async (request, reply) => {
    if ((request.params as { token: string }).token === TEST_TOKEN) return saysItWasATest(request, reply)
    const seen = await viewDelivery(door, await links.visited(request))
    return reply.headers(HEADERS).send(seen.html || textPage(seen))
  })
}

function textPage({ subject, text }: { subject: string; text: string }): string {
  return html`<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${subject}</title><pre style="white-space:pre-wrap">${text}</pre>`
    .html
}
