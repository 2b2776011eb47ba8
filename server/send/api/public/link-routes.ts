import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { html } from '../../../http/html.ts'
import { networkOf } from '../../../http/network.ts'
import { RateLimit } from '../../../http/rate-limit.ts'
import { Problem } from '../../../problem.ts'
import { confirm, type Confirmation, confirmationOf, sendAgain } from '../../sign-up/confirmation.ts'
import type { CustomField } from '../../audience/custom-fields.ts'
import type { StoredSettings } from '../../sign-up/form-settings.ts'
import { askedOfAll, resubscribe, savePreferences, unsubscribe } from '../../sign-up/preferences.ts'
import { type Answers, readAsked } from '../../sign-up/sign-up-answers.ts'
import type { Subscriber } from '../../audience/subscribers.ts'
import { type FoundLink, linkOf, preferencesToken } from '../../sign-up/subscription-links.ts'
import { sendPage } from './page.ts'
import { type Preferences, preferencesPage } from './preferences-page.ts'
import { refuseOnPage, type Speaking, speakingFor } from './public-replies.ts'
import type { PublicDoor } from './public-door.ts'

const MAX_BODY = 65_536
/** A link cannot be guessed; what costs is looking. */
const LIMIT = { count: 120, seconds: 60 }

/** What the links in our mails lead to. Opening one changes nothing: what scans mail for its reader opens every link. */
export function linkRoutes(app: FastifyInstance, door: PublicDoor): void {
  const { storage, secrets } = door
  const errorHandler = refuseOnPage(door.log)
  const limit = new RateLimit(LIMIT)

  app.get('/subscriptions/confirm/:token', { errorHandler }, async (request, reply) => {
    const { link, speaking } = await found(request, 'confirm')
    const state = await confirmationOf(storage.read, link)
    if (state === 'open' && link.isOver) return sayExpired(reply, speaking, 'confirm')
    return sayConfirmation(reply, speaking, link.subscriber, state, false)
  })

  app.post('/subscriptions/confirm/:token', { bodyLimit: MAX_BODY, errorHandler }, async (request, reply) => {
    const { link, speaking } = await found(request, 'confirm')
    if (link.isOver)
      return wantsAgain(request)
        ? again(reply, 'confirm', link, speaking)
        : sayExpired(reply, speaking, 'confirm')
    const state = await confirm(storage.write, link, request.ip)
    return sayConfirmation(reply, speaking, link.subscriber, state, true)
  })

  app.get('/subscriptions/preferences/:token', { errorHandler }, async (request, reply) => {
    const { link, speaking } = await found(request, 'preferences')
    if (link.isOver) return sayExpired(reply, speaking, 'preferences')
    const asked = await askedOfAll(storage.read, link.subscriber.workspace_id)
    return showPreferences(reply, speaking, link.subscriber, asked)
  })

  app.post(
    '/subscriptions/preferences/:token',
    { bodyLimit: MAX_BODY, errorHandler },
    async (request, reply) => {
      const { link, speaking } = await found(request, 'preferences')
      const { subscriber } = link
      const { action } = bodyOf(request)
      // Nobody is kept by a link that is too old.
      if (action === 'unsubscribe') {
        const after = await unsubscribe(storage.write, subscriber)
        await door.sending.stop({ subscriberIds: [subscriber.id] })
        if (link.isOver)
          return sendPage(reply, 200, { ...speaking, title: speaking.texts.unsubscribed, body: html`` })
        return afterwards(reply, speaking, after, 'unsubscribed')
      }
      if (link.isOver)
        return wantsAgain(request)
          ? again(reply, 'preferences', link, speaking)
          : sayExpired(reply, speaking, 'preferences')
      if (action === 'resubscribe') {
        const state = await confirmationOf(storage.read, link)
        if (state === 'refused') return sayConfirmation(reply, speaking, subscriber, 'refused', true)
        const after = await resubscribe(storage.write, subscriber)
        return afterwards(reply, speaking, after, 'resubscribed')
      }
      if (action !== 'save') throw new Problem('malformed')
      const asked = await askedOfAll(storage.read, subscriber.workspace_id)
      const { given, faults } = readAsked(asked.ask, asked.fields, bodyOf(request))
      if (Object.keys(faults).length > 0)
        return showPreferences(reply, speaking, subscriber, asked, { sent: bodyOf(request), faults }, 422)
      const after = await savePreferences(storage.write, subscriber, asked.ask, given)
      return afterwards(reply, speaking, after, 'saved')
    },
  )

  // A link that lost its end on the way: a page too, not an object for machines.
  app.get('/subscriptions/*', { errorHandler }, () => Promise.reject(new Problem('absent')))

  async function found(
    request: FastifyRequest,
    purpose: 'confirm' | 'preferences',
  ): Promise<{ link: FoundLink; speaking: Speaking }> {
    const { allowed, retryAfter } = limit.take(networkOf(request.ip))
    if (!allowed) throw new Problem('too_many', '', { retryAfter })
    const { token } = request.params as { token: string }
    const link = await linkOf(storage.read, secrets, purpose, token)
    return { link, speaking: await speakingFor(storage.read, request, link.subscriber.workspace_id) }
  }

  async function again(
    reply: FastifyReply,
    purpose: 'confirm' | 'preferences',
    link: FoundLink,
    speaking: Speaking,
  ): Promise<FastifyReply> {
    if (door.mails) await sendAgain(door, purpose, link, speaking.locale)
    return sendPage(reply, 200, {
      ...speaking,
      title: speaking.say('sent_again_title'),
      body: html`<p>${speaking.say('sent_again')}</p>`,
    })
  }

  async function afterwards(
    reply: FastifyReply,
    speaking: Speaking,
    subscriber: Subscriber | undefined,
    did: 'saved' | 'unsubscribed' | 'resubscribed',
  ): Promise<FastifyReply> {
    if (subscriber === undefined) throw new Problem('absent')
    const asked = await askedOfAll(storage.read, subscriber.workspace_id)
    return showPreferences(reply, speaking, subscriber, asked, { did })
  }

  function sayConfirmation(
    reply: FastifyReply,
    speaking: Speaking,
    subscriber: Subscriber,
    state: Confirmation,
    pressed: boolean,
  ): FastifyReply {
    const { email } = subscriber
    const page = (title: string, body: ReturnType<typeof html>) =>
      sendPage(reply, 200, { ...speaking, title, body })
    const { texts, say } = speaking
    switch (state) {
      case 'open':
        return page(
          texts.confirm_title,
          html`<p>${say('confirm', { email })}</p>
<form method="post"><button type="submit">${texts.confirm_button}</button></form>
<p class="soft">${texts.confirm_not}</p>`,
        )
      case 'done':
        return page(
          pressed ? texts.confirmed_title : texts.already_title,
          html`<p>${say(pressed ? 'confirmed' : 'already', { email })}</p>
<p><a href="/subscriptions/preferences/${preferencesToken(secrets, subscriber)}">${texts.preferences_link}</a></p>`,
        )
      case 'used':
        return page(
          texts.preferences_title,
          html`<p>${say('not_subscribed_now')}</p>
<p><a href="/subscriptions/preferences/${preferencesToken(secrets, subscriber)}">${texts.preferences_link}</a></p>`,
        )
      case 'refused':
        return page(texts.refused_title, html`<p>${say('refused')}</p>`)
    }
  }
}

function showPreferences(
  reply: FastifyReply,
  speaking: Speaking,
  subscriber: Subscriber,
  { ask, fields }: { ask: StoredSettings['ask']; fields: CustomField[] },
  more: Pick<Preferences, 'did'> & { sent?: Record<string, unknown>; faults?: Answers['faults'] } = {},
  status = 200,
): FastifyReply {
  return sendPage(reply, status, preferencesPage(speaking, { subscriber, ask, fields, ...more }))
}

/** Old links may be asked for anew by whoever has them: the new one goes to the address alone. */
function sayExpired(
  reply: FastifyReply,
  { texts, ...speaking }: Speaking,
  purpose: 'confirm' | 'preferences',
): FastifyReply {
  const unsubscribing = html`
<form method="post"><button type="submit" class="quiet" name="action" value="unsubscribe">${texts.unsubscribe}</button></form>`
  return sendPage(reply, 410, {
    ...speaking,
    title: texts.expired_title,
    body: html`<p>${texts.expired}</p>
<form method="post"><button type="submit" name="action" value="again">${texts.send_again}</button></form>${
      purpose === 'preferences' ? unsubscribing : html``
    }`,
  })
}

function bodyOf({ body }: FastifyRequest): Record<string, unknown> {
  return (typeof body === 'object' ? (body ?? {}) : {}) as Record<string, unknown>
}

function wantsAgain(request: FastifyRequest): boolean {
  return bodyOf(request).action === 'again'
}
