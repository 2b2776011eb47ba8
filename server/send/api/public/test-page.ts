import type { FastifyReply, FastifyRequest } from 'fastify'
import { html } from '../../../http/html.ts'
import { sendPage } from './page.ts'
import { speakingAs } from './public-replies.ts'

/** Behind the links of a mail that was sent as a test, whose token is nobody's. */
export function saysItWasATest(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const speaking = speakingAs(request, undefined)
  return sendPage(reply, 200, {
    ...speaking,
    title: speaking.texts.test_title,
    body: html`<p>${speaking.texts.test}</p>`,
  })
}
