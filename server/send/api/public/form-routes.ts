import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { setTimeout as pause } from 'node:timers/promises'
import { html } from '../../../http/html.ts'
import { networkOf } from '../../../http/network.ts'
import { sayInOwnWords } from '../../../http/own-dialect.ts'
import { RateLimit } from '../../../http/rate-limit.ts'
import { Problem } from '../../../problem.ts'
import { CAPTCHAS, createJudge } from '../../sign-up/captcha.ts'
import { listFields } from '../../audience/custom-fields.ts'
import type { FormViews } from '../../sign-up/form-views.ts'
import { type Form, formByPublicId } from '../../sign-up/forms.ts'
import type { Texts } from '../../public/texts.ts'
import { readAnswers } from '../../sign-up/sign-up-answers.ts'
import { signUp } from '../../sign-up/sign-up.ts'
import type { SignUpReply } from '../forms-wire.ts'
import { EMBED_SCRIPT } from './embed.ts'
import { type FormBody, SHOWN_AT, TRAP } from './form-body.ts'
import { FormClock } from './form-clock.ts'
import { formAllowances, formPage, thanksPage } from './form-page.ts'
import { originAllowed } from './form-origins.ts'
import { sendPage } from './page.ts'
import { refuseOnPage, type Speaking, speakingFor, wantsJson } from './public-replies.ts'
import type { PublicDoor } from './public-door.ts'

const MAX_BODY = 65_536
/** From one network, over all forms: a company behind one address signs up in minutes, not at once. */
const PER_NETWORK = { count: 20, seconds: 600 }
/** Of one form, over everybody: beyond that it is a flood, and mails would go to thousands who never asked. */
const PER_FORM = { count: 300, seconds: 600 }

/**
 * No answer leaves sooner: writing and mailing takes 6 ms more than finding out that nothing may be sent, and who
 * measures would know whom we do not write to.
 */
const ANSWERS_AFTER_MS = 150

/** Pages where people sign up, and the same for scripts on pages that the form allows. */
export function formRoutes(app: FastifyInstance, door: PublicDoor, views: FormViews): void {
  const { storage, secrets, mails, log, publicUrl } = door
  const judge = createJudge(door.guard, door.captchaAt)
  const byNetwork = new RateLimit(PER_NETWORK)
  const byForm = new RateLimit(PER_FORM)
  const clock = new FormClock(secrets)
  const errorHandler = refuseOnPage(log)

  app.get('/subscriptions/embed.js', (_request, reply) =>
    reply
      .headers({
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': 'public, max-age=3600',
        'cross-origin-resource-policy': 'cross-origin',
        'x-content-type-options': 'nosniff',
      })
      .send(EMBED_SCRIPT),
  )

  app.get('/subscriptions/forms/:public_id', { errorHandler }, async (request, reply) => {
    const { form, speaking } = await found(request)
    if (isClosed(form)) return sayClosed(request, reply, speaking)
    if (request.method === 'GET') views.add(form.id)
    return showForm(request, reply, 200, form, speaking, { shownAt: clock.shown(form) })
  })

  app.options('/subscriptions/forms/:public_id', { errorHandler }, async (request, reply) => {
    const { form } = await found(request)
    reply.header('vary', 'Origin')
    if (originAllowed(request, reply, form.settings.allowed_origins, publicUrl))
      reply.headers({
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': 'Content-Type, Accept',
        'access-control-max-age': '600',
      })
    return reply.code(204).send()
  })

  app.post(
    '/subscriptions/forms/:public_id',
    { bodyLimit: MAX_BODY, errorHandler },
    async (request, reply) => {
      const { form, speaking } = await found(request)
      const { settings } = form
      const json = wantsJson(request)
      reply.header('vary', 'Origin, Accept, Accept-Language').header('cache-control', 'no-store')
      // A page that may not read the answer must not have had an effect either: it tries again without its script.
      if (json && !originAllowed(request, reply, settings.allowed_origins, publicUrl))
        throw new Problem('forbidden', 'This form does not take sign-ups from scripts of that page')
      takeFrom(byNetwork, networkOf(request.ip))
      if (isClosed(form)) return sayClosed(request, reply, speaking)

      const body = (typeof request.body === 'object' ? (request.body ?? {}) : {}) as Record<string, unknown>
      const fields = await listFields(storage.read, form.workspace_id)
      const { email, given: answers, faults } = readAnswers(settings, fields, body)
      const again = (notice: keyof Texts) => {
        if (json)
          return reply.code(422).send({
            errors: {
              ...Object.fromEntries(
                Object.entries(faults).map(([name, fault]) => [name, [speaking.texts[fault]]]),
              ),
              ...(Object.keys(faults).length === 0 && { base: [speaking.texts[notice]] }),
            },
          })
        const shown = typeof body[SHOWN_AT] === 'string' ? body[SHOWN_AT] : ''
        return showForm(request, reply, 422, form, speaking, {
          sent: body,
          faults,
          notice: speaking.texts[notice],
          shownAt: clock.isOurs(form, shown) ? shown : clock.shown(form),
        })
      }
      if (Object.keys(faults).length > 0) return again('check_form')
      // Whoever fills this in is told that all is well, and tries nothing else.
      if (body[TRAP] !== undefined && body[TRAP] !== '') return thank(request, reply, form, speaking)
      if (clock.isTooQuick(form, body[SHOWN_AT])) return again('too_quick')
      if (!(await isPerson(request, form, body))) return again('captcha_wrong')
      takeFrom(byForm, String(form.id))

      const given = {
        email,
        answers,
        consent: settings.consent,
        address: request.ip,
        locale: speaking.locale,
      }
      await Promise.all([signUp(door, form, given), pause(door.answersAfterMs ?? ANSWERS_AFTER_MS)])
      return thank(request, reply, form, speaking)
    },
  )

  async function found(request: FastifyRequest): Promise<{ form: Form; speaking: Speaking }> {
    const { public_id } = request.params as { public_id: string }
    const form = await formByPublicId(storage.read, public_id)
    if (form === undefined) throw new Problem('absent')
    return { form, speaking: await speakingFor(storage.read, request, form.workspace_id) }
  }

  /** Asks for a confirmation, and nothing can be mailed: a sign-up would be lost. */
  function isClosed({ settings }: Form): boolean {
    return settings.double_opt_in && !mails
  }

  async function showForm(
    request: FastifyRequest,
    reply: FastifyReply,
    status: number,
    form: Form,
    speaking: Speaking,
    given: Partial<FormBody>,
  ): Promise<FastifyReply> {
    const embedded = isEmbedded(request)
    const fields = await listFields(storage.read, form.workspace_id)
    const page = formPage(speaking, { ...given, settings: form.settings, fields, embedded })
    return sendPage(reply, status, page, formAllowances(form.settings, embedded))
  }

  async function isPerson(
    request: FastifyRequest,
    { settings: { captcha } }: Form,
    body: Record<string, unknown>,
  ): Promise<boolean> {
    if (captcha.kind === 'none') return true
    const answer = body[CAPTCHAS[captcha.kind].field]
    const { verdict, reason } = await judge(
      { kind: captcha.kind, secret: secrets.open(captcha.secret) },
      typeof answer === 'string' ? answer : '',
      request.ip,
    )
    if (reason !== undefined) log.warn('a captcha could not be checked', { reason })
    return verdict === 'person'
  }
}

function isEmbedded({ query }: FastifyRequest): boolean {
  return (query as Record<string, unknown>).embed === '1'
}

function takeFrom(limit: RateLimit, key: string): void {
  const { allowed, retryAfter } = limit.take(key)
  if (!allowed) throw new Problem('too_many', '', { retryAfter })
}

function sayClosed(request: FastifyRequest, reply: FastifyReply, speaking: Speaking): FastifyReply {
  if (wantsJson(request)) {
    const { status, contentType, body } = sayInOwnWords(new Problem('unavailable', speaking.say('closed')))
    return reply.code(status).header('content-type', contentType).send(body)
  }
  return sendPage(reply, 503, {
    ...speaking,
    title: speaking.say('closed_title'),
    body: html`<p>${speaking.say('closed')}</p>`,
  })
}

function thank(
  request: FastifyRequest,
  reply: FastifyReply,
  { settings }: Form,
  speaking: Speaking,
): FastifyReply {
  const answer: SignUpReply = { status: settings.double_opt_in ? 'pending' : 'subscribed' }
  if (wantsJson(request)) return reply.send(answer)
  if (settings.redirect_url !== null) return reply.redirect(settings.redirect_url, 303)
  const embedded = isEmbedded(request)
  return sendPage(
    reply,
    200,
    thanksPage(speaking, settings, embedded),
    formAllowances({ ...settings, captcha: { kind: 'none', site_key: '', secret: '' } }, embedded),
  )
}
