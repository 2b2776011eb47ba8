import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { RouteDoc, Schema } from '../../../http/route-doc.ts'
import { objectOf, ref, text } from '../../../http/schemas.ts'
import { Problem } from '../../../problem.ts'
import type { Database } from '../../../storage/schema.ts'
import { tagKey } from '../../audience/tags.ts'
import {
  countTemplates,
  createTemplate,
  deleteTemplate,
  listTemplates,
  putContent,
  templateById,
} from '../../templates/templates.ts'
import { NOTHING, oneOf, page, PAGE_QUERY } from './described.ts'
import type { SendPortalDoor } from './door.ts'
import { uniquely } from './duplicates.ts'
import { Form } from './form.ts'
import { byCaller, pathId, workspaceOf } from './generation.ts'
import { inputOf } from './input.ts'
import { pageOf, paginated } from './paging.ts'
import { templateWire } from './wire.ts'

const TAKEN = 'The template name must be unique.'
/** Characters: what is longer no mail program shows. */
const MAX_CONTENT = 2_000_000

const shape = ref('Template')
const body: Schema = objectOf({
  name: text,
  content: { ...text, description: 'HTML; a campaign puts its own content where it says `{{content}}`' },
})
const LIST: RouteDoc = { summary: 'Templates by name', query: PAGE_QUERY, reply: page(shape) }
const SHOW: RouteDoc = { summary: 'One template', reply: oneOf(shape) }
const CREATE: RouteDoc = { summary: 'A new template', body, reply: oneOf(shape), status: 201 }
const CHANGE: RouteDoc = { summary: 'Update a template', body, reply: oneOf(shape) }
const DELETE: RouteDoc = {
  summary: 'Delete a template',
  ...NOTHING,
  also: { 422: 'A campaign uses it' },
}

/** Contract, section 4.5. */
export function templates(app: FastifyInstance, { storage }: SendPortalDoor): void {
  app.get('/templates', { config: { doc: LIST } }, async (request, reply) => {
    const workspaceId = await workspaceOf({ storage }, request, 'see_campaigns')
    const wanted = pageOf(request)
    const total = await countTemplates(storage.read, workspaceId)
    const found = wanted.offset < total ? await listTemplates(storage.read, workspaceId, wanted) : []
    return reply.send(paginated(request, wanted, total, found.map(templateWire)))
  })

  app.get('/templates/:id', { config: { doc: SHOW } }, async (request, reply) => {
    const workspaceId = await workspaceOf({ storage }, request, 'see_campaigns')
    const template = await templateById(storage.read, workspaceId, pathId(request))
    if (template === undefined) throw new Problem('absent')
    return reply.send({ data: templateWire(template) })
  })

  app.post('/templates', { config: { doc: CREATE } }, async (request, reply) => {
    const workspaceId = await workspaceOf({ storage }, request, 'manage_campaigns')
    const { name, content } = await read(request, workspaceId)
    const template = await uniquely('name', TAKEN, () =>
      storage.write
        .transaction()
        .execute(trx => createTemplate(trx, workspaceId, { name, source: content, ...byCaller(request) })),
    )
    return reply.code(201).send({ data: templateWire(template) })
  })

  app.route({
    method: ['PUT', 'PATCH'],
    url: '/templates/:id',
    config: { doc: CHANGE },
    async handler(request, reply) {
      const workspaceId = await workspaceOf({ storage }, request, 'manage_campaigns')
      const id = pathId(request)
      const given = await read(request, workspaceId, id)
      const template = await uniquely('name', TAKEN, () =>
        storage.write.transaction().execute(async trx => {
          const present = await templateById(trx, workspaceId, id)
          if (present === undefined) throw new Problem('absent')
          return putContent(trx, present, given, byCaller(request))
        }),
      )
      return reply.send({ data: templateWire(template) })
    },
  })

  app.delete('/templates/:id', { config: { doc: DELETE } }, async (request, reply) => {
    const workspaceId = await workspaceOf({ storage }, request, 'manage_campaigns')
    const id = pathId(request)
    await storage.write.transaction().execute(async trx => {
      const template = await templateById(trx, workspaceId, id)
      if (template === undefined) throw new Problem('absent')
      await deleteTemplate(trx, template)
    })
    return reply.code(204).send()
  })

  async function read(
    request: FastifyRequest,
    workspaceId: number,
    id?: number,
  ): Promise<{ name: string; content: string }> {
    const form = new Form(inputOf(request))
    const name = form.required('name') ? (form.text('name') ?? '') : ''
    if (name !== '' && (await isTaken(storage.read, workspaceId, name, id))) form.fault('name', TAKEN)
    const content = form.required('content') ? (form.text('content', MAX_CONTENT) ?? '') : ''
    form.check()
    return { name, content }
  }
}

async function isTaken(
  db: Database,
  workspaceId: number,
  name: string,
  id: number | undefined,
): Promise<boolean> {
  const other = await db
    .selectFrom('templates')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('name_key', '=', tagKey(name))
    .executeTakeFirst()
  return other !== undefined && other.id !== id
}
