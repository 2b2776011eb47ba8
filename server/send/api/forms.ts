import type { FastifyInstance, FastifyRequest } from 'fastify'
import { callerOf } from '../../accounts/caller.ts'
import type { RouteDoc } from '../../http/route-doc.ts'
import { listOf, objectOf, optional, ref, text, truth } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import { senderOf } from '../audience/audience-settings.ts'
import { listFields } from '../audience/custom-fields.ts'
import { checkedSettings, MASKED, NEW_FORM, presentSettings } from '../sign-up/form-settings.ts'
import {
  changeForm,
  createForm,
  deleteForm,
  type Form,
  formById,
  formName,
  listForms,
} from '../sign-up/forms.ts'
import { chooseLocale } from '../public/texts.ts'
import { audienceOf, bodyOf, idIn } from './asked.ts'
import type { AudienceDoor } from './audience-door.ts'
import type { FormListReply, FormPreviewReply, FormReply, FormWire } from './forms-wire.ts'
import { embedCode } from './public/embed.ts'
import { formPage, thanksPage } from './public/form-page.ts'
import { renderPage } from './public/page.ts'
import { speakingAs } from './public/public-replies.ts'

const one = objectOf({ form: ref('Form') })
const LIST: RouteDoc = {
  summary: 'Sign-up forms, newest first',
  description: '`mails` false: nothing can be mailed from here, and forms with double opt-in take nobody.',
  reply: objectOf({ forms: listOf(ref('Form')), mails: truth }),
}
const CREATE: RouteDoc = {
  summary: 'Create a sign-up form',
  description:
    'Settings that are left out are as in a new form: it asks for the address alone, and confirms.',
  body: optional({ name: text, settings: ref('FormSettings') }),
  reply: one,
}
const SHOW: RouteDoc = { summary: 'One sign-up form', reply: one }
const CHANGE: RouteDoc = {
  summary: 'Change a sign-up form',
  description: 'Settings that are left out stay.',
  body: optional({ name: text, settings: ref('FormSettings') }),
  reply: one,
}
const DELETE: RouteDoc = {
  summary: 'Delete a sign-up form',
  description: 'Its page is gone at once. Links in confirmation mails still count, without its tags.',
  reply: objectOf({}),
}
const PREVIEW: RouteDoc = {
  summary: 'The page of a form that is not saved yet',
  description: '`thanks` true: the page after signing up.',
  body: optional({ settings: ref('FormSettings'), thanks: truth }),
  reply: objectOf({ html: text }),
}

export function formsRoutes(
  app: FastifyInstance,
  { storage, secrets, publicUrl, mails }: Pick<AudienceDoor, 'storage' | 'secrets' | 'publicUrl' | 'mails'>,
): void {
  app.get('/forms', { config: { doc: LIST } }, async (request, reply) => {
    const workspaceId = audienceOf(request, 'see_audience')
    const forms = await listForms(storage.read, workspaceId)
    const answer: FormListReply = { forms: await wires(workspaceId, forms), mails }
    return reply.send(answer)
  })

  app.post('/forms', { config: { doc: CREATE } }, async (request, reply) => {
    const workspaceId = audienceOf(request, 'manage_audience')
    const { name, settings = {} } = bodyOf(request)
    const form = await storage.write.transaction().execute(async trx =>
      createForm(trx, workspaceId, {
        name: formName(name),
        settings: await checkedSettings(trx, secrets, workspaceId, settings),
      }),
    )
    return reply.send(await answered(form))
  })

  app.post('/forms/preview', { config: { doc: PREVIEW } }, async (request, reply) => {
    const workspaceId = audienceOf(request, 'manage_audience')
    const { settings: given = {}, thanks } = bodyOf(request)
    const settings = await checkedSettings(storage.read, secrets, workspaceId, shownOnly(given))
    const speaking = speakingAs(request, await senderOf(storage.read, workspaceId))
    const fields = await listFields(storage.read, workspaceId)
    const page =
      thanks === true
        ? thanksPage(speaking, settings, false)
        : formPage(speaking, { settings, fields, embedded: false })
    const answer: FormPreviewReply = { html: renderPage(page) }
    return reply.send(answer)
  })

  app.get('/forms/:id', { config: { doc: SHOW } }, async (request, reply) =>
    reply.send(await answered(await found(request, 'see_audience'))),
  )

  app.patch('/forms/:id', { config: { doc: CHANGE } }, async (request, reply) => {
    const before = await found(request, 'manage_audience')
    const { name, settings } = bodyOf(request)
    const form = await storage.write.transaction().execute(async trx =>
      changeForm(trx, before, {
        name: name === undefined ? before.name : formName(name),
        settings: await checkedSettings(trx, secrets, before.workspace_id, settings ?? {}, before.settings),
      }),
    )
    if (form === undefined) throw new Problem('absent')
    return reply.send(await answered(form))
  })

  app.delete('/forms/:id', { config: { doc: DELETE } }, async (request, reply) => {
    await deleteForm(storage.write, await found(request, 'manage_audience'))
    return reply.send({})
  })

  /** Whether it is there comes first: what is not theirs is not there, whatever they may do. */
  async function found(request: FastifyRequest, act: 'see_audience' | 'manage_audience'): Promise<Form> {
    const form = await formById(storage.read, callerOf(request).workspaceId, idIn(request))
    if (form === undefined) throw new Problem('absent')
    audienceOf(request, act)
    return form
  }

  async function answered(form: Form): Promise<FormReply> {
    const [wire] = await wires(form.workspace_id, [form])
    if (wire === undefined) throw new Problem('absent')
    return { form: wire }
  }

  async function wires(workspaceId: number, forms: Form[]): Promise<FormWire[]> {
    const sender = await senderOf(storage.read, workspaceId)
    if (sender === undefined) throw new Problem('absent')
    const { name } = sender
    const locale = chooseLocale(sender.locale, undefined)
    const fields = await listFields(storage.read, workspaceId)
    return Promise.all(
      forms.map(async form => {
        const settings = await presentSettings(storage.read, workspaceId, form.settings)
        const { captcha } = settings
        return {
          id: form.id,
          public_id: form.public_id,
          name: form.name,
          url: `${publicUrl}/subscriptions/forms/${form.public_id}`,
          settings: {
            ...settings,
            captcha: { ...captcha, secret: captcha.secret === '' ? '' : MASKED },
          },
          counts: {
            shown: form.shown_count,
            signed_up: form.signed_up_count,
            confirmed: form.confirmed_count,
          },
          embed: embedCode({ ...form, settings }, { fields, publicUrl, name, locale }),
          created_at: new Date(form.created_at).toISOString(),
          updated_at: new Date(form.updated_at).toISOString(),
        }
      }),
    )
  }
}

/** What a page does not show does not keep its preview back while it is being written. */
function shownOnly(settings: unknown): unknown {
  if (typeof settings !== 'object' || settings === null) return settings
  const { captcha, tag_ids, redirect_url, allowed_origins } = NEW_FORM
  return { ...settings, captcha, tag_ids, redirect_url, allowed_origins }
}
