import type { FastifyInstance } from 'fastify'
import type { RouteDoc } from '../../http/route-doc.ts'
import { listOf, objectOf, oneOf, optional, ref, text } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import {
  changeTemplate,
  createTemplate,
  deleteTemplate,
  freeName,
  TEMPLATE_KINDS,
  TEMPLATE_LANGUAGES,
  templateById,
  templateSummaries,
} from '../templates/templates.ts'
import { audienceOf, bodyOf, by, queried } from './asked.ts'
import type { AudienceDoor } from './audience-door.ts'
import { foundTemplate, shownTemplate } from './found-template.ts'
import { uniquely } from './sendportal/duplicates.ts'
import { compiled, nameIn, writtenIn } from './template-form.ts'
import { summaryWire } from './templates-wire.ts'

const TAKEN = 'has already been taken'

const written = { kind: oneOf(...TEMPLATE_KINDS), language: oneOf(...TEMPLATE_LANGUAGES), source: text }
const one = objectOf({ template: ref('Template') })
const LIST: RouteDoc = {
  summary: 'Templates, by name',
  query: { search: { description: 'Only those whose names contain it', schema: text } },
  reply: objectOf({ templates: listOf(ref('TemplateSummary')) }),
}
const CREATE: RouteDoc = {
  summary: 'A new template',
  description:
    '`source` is HTML, MJML, Markdown, or the JSON text of a document of blocks; what is wrong with it is 422 under ' +
    '`source`, line by line. `{{content}}` in it is where a campaign puts its own content.',
  body: objectOf({ name: text, ...written }),
  reply: one,
}
const SHOW: RouteDoc = {
  summary: 'One template',
  description: '`content` is the HTML that was made from the source, merge tags still in it.',
  reply: one,
}
const CHANGE: RouteDoc = {
  summary: 'Change a template',
  description: 'Whatever is more than another name is a new version; the old ones are kept, 200 of them.',
  body: optional({ name: text, ...written }),
  reply: one,
}
const DELETE: RouteDoc = {
  summary: 'Delete a template with its versions',
  description: 'Not while a campaign uses it: 422 under `template`.',
  reply: objectOf({}),
}
const DUPLICATE: RouteDoc = { summary: 'A copy under another name', reply: one }

export function templateRoutes(app: FastifyInstance, door: AudienceDoor): void {
  const { storage, compiler } = door

  app.get('/templates', { config: { doc: LIST } }, async (request, reply) => {
    const workspaceId = audienceOf(request, 'see_campaigns')
    const templates = await templateSummaries(storage.read, workspaceId, queried(request, 'search'))
    return reply.send({ templates: templates.map(summaryWire) })
  })

  app.post('/templates', { config: { doc: CREATE } }, async (request, reply) => {
    const workspaceId = audienceOf(request, 'manage_campaigns')
    const name = nameIn(request)
    const made = await compiled(compiler, writtenIn(request))
    const template = await uniquely('name', TAKEN, () =>
      storage.write
        .transaction()
        .execute(trx => createTemplate(trx, workspaceId, { name, ...made, ...by(request) })),
    )
    return reply.send({ template: await shownTemplate(door, template) })
  })

  app.get('/templates/:id', { config: { doc: SHOW } }, async (request, reply) =>
    reply.send({ template: await shownTemplate(door, await foundTemplate(door, request, 'see_campaigns')) }),
  )

  app.patch('/templates/:id', { config: { doc: CHANGE } }, async (request, reply) => {
    const before = await foundTemplate(door, request, 'manage_campaigns')
    const { name, kind, language, source } = bodyOf(request)
    const changes = {
      ...(name !== undefined && { name: nameIn(request) }),
      ...((kind ?? language ?? source) !== undefined &&
        (await compiled(compiler, writtenIn(request, before)))),
    }
    const template = await uniquely('name', TAKEN, () =>
      storage.write.transaction().execute(async trx => {
        const now = await templateById(trx, before.workspace_id, before.id)
        if (now === undefined) throw new Problem('absent')
        return changeTemplate(trx, now, changes, by(request))
      }),
    )
    return reply.send({ template: await shownTemplate(door, template) })
  })

  app.delete('/templates/:id', { config: { doc: DELETE } }, async (request, reply) => {
    const template = await foundTemplate(door, request, 'manage_campaigns')
    await storage.write.transaction().execute(trx => deleteTemplate(trx, template))
    return reply.send({})
  })

  app.post('/templates/:id/duplicate', { config: { doc: DUPLICATE } }, async (request, reply) => {
    const { workspace_id, name, kind, language, source, content } = await foundTemplate(
      door,
      request,
      'manage_campaigns',
    )
    const template = await uniquely('name', TAKEN, () =>
      storage.write.transaction().execute(async trx =>
        createTemplate(trx, workspace_id, {
          name: await freeName(trx, workspace_id, name),
          kind,
          language,
          source,
          content,
          ...by(request),
        }),
      ),
    )
    return reply.send({ template: await shownTemplate(door, template) })
  })
}
