import type { FastifyInstance, FastifyRequest } from 'fastify'
import { RateLimit } from '../../http/rate-limit.ts'
import type { RouteDoc } from '../../http/route-doc.ts'
import { integer, objectOf, oneOf, optional, ref, text } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import { audienceSettings } from '../audience/audience-settings.ts'
import { listFields } from '../audience/custom-fields.ts'
import { type MergePerson, vocabularyOf } from '../templates/merge-tags.ts'
import { type Draft, type Rendered, renderDraft, samplePerson } from '../templates/rendering.ts'
import { fieldsOf, subscriberById } from '../audience/subscribers.ts'
import { TEMPLATE_KINDS, TEMPLATE_LANGUAGES } from '../templates/templates.ts'
import { audienceOf, bodyOf, refuse } from './asked.ts'
import type { AudienceDoor } from './audience-door.ts'
import { foundTemplate } from './found-template.ts'
import { isEmail } from './sendportal/email-rule.ts'
import { writtenIn } from './template-form.ts'
import type { RenderedWire } from './templates-wire.ts'

const MAX_SUBJECT = 1000
const MAX_CONTENT = 1_000_000
const SAMPLE_CONTENT = '<p>Here goes what is written in the campaign.</p>'

/** Anybody's mailbox can be named, so it is for trying things out and no more. */
const TEST_SENDS = { count: 20, seconds: 60 }

const RENDER: RouteDoc = {
  summary: 'A mail out of a template that need not be kept',
  description:
    'For the subscriber named, or for somebody made up. Also when the source is faulty it is 200: `errors` says what is ' +
    'wrong with it. Show `html` in a sandboxed frame only.',
  body: {
    ...optional({
      kind: oneOf(...TEMPLATE_KINDS),
      language: oneOf(...TEMPLATE_LANGUAGES),
      source: text,
      subject: text,
      content: text,
      subscriber_id: integer,
    }),
    required: ['kind', 'language', 'source'],
  },
  reply: ref('RenderedTemplate'),
}
const TEST: RouteDoc = {
  summary: 'Send a template to somebody, to see how it arrives',
  description: 'Its links to unsubscribe and to show the mail in a browser lead nowhere. 20 a minute.',
  body: { ...optional({ to: text, subject: text, subscriber_id: integer }), required: ['to'] },
  reply: objectOf({}),
  also: { 409: 'There is no relay to send it through' },
}

export function templateRenderRoutes(app: FastifyInstance, door: AudienceDoor): void {
  const { storage, compiler, publicUrl, sendLetter, mails } = door
  const testSends = new RateLimit(TEST_SENDS)

  app.post('/templates/render', { config: { doc: RENDER } }, async (request, reply) => {
    const workspaceId = audienceOf(request, 'see_campaigns')
    const {
      html,
      text: plain,
      subject,
      warnings,
      faults,
    } = await rendered(request, workspaceId, {
      ...writtenIn(request),
      subject: optionalText(request, 'subject', MAX_SUBJECT) ?? '',
      content: optionalText(request, 'content', MAX_CONTENT) ?? SAMPLE_CONTENT,
    })
    const size = Buffer.byteLength(html)
    return reply.send({ html, text: plain, subject, size, warnings, errors: faults } satisfies RenderedWire)
  })

  app.post('/templates/:id/test', { config: { doc: TEST } }, async (request, reply) => {
    const template = await foundTemplate(door, request, 'manage_campaigns')
    const to = optionalText(request, 'to', 254)?.trim() ?? ''
    if (to === '') refuse('to', 'is required')
    if (!isEmail(to)) refuse('to', 'must be an e-mail address')
    if (!mails) throw new Problem('conflict', 'There is no relay to send it through: set POSTHORN_RELAY_URL')
    const { allowed, retryAfter } = testSends.take(String(template.workspace_id))
    if (!allowed) throw new Problem('too_many', '', { retryAfter })
    const {
      html,
      text: plain,
      subject,
      faults,
    } = await rendered(request, template.workspace_id, {
      ...template,
      subject: optionalText(request, 'subject', MAX_SUBJECT) ?? template.name,
      content: SAMPLE_CONTENT,
    })
    if (html === '' && faults.length > 0)
      throw new Problem('conflict', `The template cannot be rendered: ${faults[0]?.message}`)
    await sendLetter({ to, subject: `[Test] ${subject}`, text: plain, html })
    return reply.send({})
  })

  async function rendered(request: FastifyRequest, workspaceId: number, draft: Draft): Promise<Rendered> {
    const fields = await listFields(storage.read, workspaceId)
    const { locale } = await audienceSettings(storage.read, workspaceId)
    // Whom a mail that nobody is sent would unsubscribe: nobody.
    const links = {
      unsubscribe_url: `${publicUrl}/subscriptions/unsubscribe/test`,
      webview_url: `${publicUrl}/webview/test`,
    }
    const id = bodyOf(request).subscriber_id ?? null
    const person =
      id === null
        ? samplePerson(fields, links, new Date().toISOString().slice(0, 10))
        : { ...(await subscriber(workspaceId, id)), ...links }
    return renderDraft(compiler, draft, person, vocabularyOf(fields, locale))
  }

  async function subscriber(
    workspaceId: number,
    id: unknown,
  ): Promise<Omit<MergePerson, 'unsubscribe_url' | 'webview_url'>> {
    const found = Number.isSafeInteger(id) && (await subscriberById(storage.read, workspaceId, id as number))
    if (!found) return refuse('subscriber_id', 'is no subscriber of this workspace')
    const { email, first_name, last_name } = found
    return { email, first_name, last_name, fields: fieldsOf(found) }
  }
}

function optionalText(request: FastifyRequest, field: string, most: number): string | undefined {
  const given = bodyOf(request)[field] ?? undefined
  if (given === undefined) return undefined
  if (typeof given !== 'string') return refuse(field, 'must be text')
  if (given.length > most) refuse(field, `must not be longer than ${most} characters`)
  return given
}
