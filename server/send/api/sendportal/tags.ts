import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { RouteDoc } from '../../../http/route-doc.ts'
import { integer, listOf, objectOf, orNull, ref, text } from '../../../http/schemas.ts'
import { Problem } from '../../../problem.ts'
import { holdAudience } from '../../../storage/claiming.ts'
import type { Database } from '../../../storage/schema.ts'
import type { Subscriber } from '../../audience/subscribers.ts'
import { addTags, takeOff } from '../../audience/tagging.ts'
import { createTag, deleteTag, listTags, renameTag, tagById, tagKey } from '../../audience/tags.ts'
import { NOTHING, oneOf, page, PAGE_QUERY } from './described.ts'
import type { SendPortalDoor } from './door.ts'
import { uniquely } from './duplicates.ts'
import { Form } from './form.ts'
import { byCaller, pathId, type Words, workspaceOf } from './generation.ts'
import { knownSubscribers } from './ids.ts'
import { inputOf } from './input.ts'
import { pageOf, paginated } from './paging.ts'
import { subscriberWire, tagWire } from './wire.ts'

/** Contract, section 4.3. */
export function tags(app: FastifyInstance, { storage }: SendPortalDoor, words: Words): void {
  const url = `/${words.many}`
  const docs = describe(words)
  const taken = `The ${words.one} name must be unique.`

  app.get(url, { config: { doc: docs.list } }, async (request, reply) => {
    const workspaceId = await workspaceOf({ storage }, request, 'see_audience')
    const wanted = pageOf(request)
    const total = await countTags(storage.read, workspaceId)
    const found = wanted.offset < total ? await listTags(storage.read, workspaceId, wanted) : []
    const data = found.map(tag => tagWire(tag, words))
    return reply.send(paginated(request, wanted, total, data))
  })

  app.get(`${url}/:id`, { config: { doc: docs.show } }, async (request, reply) => {
    const workspaceId = await workspaceOf({ storage }, request, 'see_audience')
    const tag = await tagById(storage.read, workspaceId, pathId(request))
    if (tag === undefined) throw new Problem('absent')
    return reply.send({ data: tagWire(tag, words) })
  })

  app.post(url, { config: { doc: docs.create } }, async (request, reply) => {
    const workspaceId = await workspaceOf({ storage }, request, 'manage_audience')
    const { name, subscribers } = await read(request, workspaceId)
    const tag = await uniquely('name', taken, () =>
      storage.write.transaction().execute(async trx => {
        await holdAudience(trx, workspaceId)
        const made = await createTag(trx, workspaceId, name)
        const ids = subscribers.map(({ id }) => id)
        await addTags(trx, ids, [made], byCaller(request))
        return made
      }),
    )
    const data = tagWire(
      tag,
      words,
      subscribers.map(subscriber => subscriberWire(subscriber, words)),
    )
    return reply.code(201).send({ data })
  })

  app.route({
    method: ['PUT', 'PATCH'],
    url: `${url}/:id`,
    config: { doc: docs.change },
    async handler(request, reply) {
      const workspaceId = await workspaceOf({ storage }, request, 'manage_audience')
      const id = pathId(request)
      const { name } = await read(request, workspaceId, id)
      const tag = await uniquely('name', taken, () =>
        storage.write.transaction().execute(async trx => {
          const present = await tagById(trx, workspaceId, id)
          if (present === undefined) throw new Problem('absent')
          return present.name === name ? present : renameTag(trx, present, name)
        }),
      )
      return reply.send({ data: tagWire(tag, words) })
    },
  })

  app.delete(`${url}/:id`, { config: { doc: docs.remove } }, async (request, reply) => {
    const workspaceId = await workspaceOf({ storage }, request, 'manage_audience')
    const id = pathId(request)
    const tag = await tagById(storage.read, workspaceId, id)
    if (tag === undefined) throw new Problem('absent')
    await takeOff(storage.write, tag)
    await storage.write.transaction().execute(async trx => {
      await holdAudience(trx, workspaceId)
      await deleteTag(trx, tag)
    })
    return reply.code(204).send()
  })

  /** @param id of the tag itself, whose name is its own; then whom it is given to does not matter */
  async function read(
    request: FastifyRequest,
    workspaceId: number,
    id?: number,
  ): Promise<{ name: string; subscribers: Subscriber[] }> {
    const form = new Form(inputOf(request))
    const name = form.required('name') ? (form.text('name') ?? '') : ''
    if (name !== '' && (await isTaken(storage.read, workspaceId, name, id))) form.fault('name', taken)
    const given = id === undefined ? (form.ids('subscribers', false) ?? []) : []
    const subscribers = await knownSubscribers(storage.read, workspaceId, form, given)
    form.check()
    return { name, subscribers }
  }
}

async function isTaken(
  db: Database,
  workspaceId: number,
  name: string,
  id: number | undefined,
): Promise<boolean> {
  const other = await db
    .selectFrom('tags')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('name_key', '=', tagKey(name))
    .executeTakeFirst()
  return other !== undefined && other.id !== id
}

async function countTags(db: Database, workspaceId: number): Promise<number> {
  const { count } = await db
    .selectFrom('tags')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirstOrThrow()
  return Number(count)
}

function describe({
  one,
  many,
  One,
  shapes,
}: Words): Record<'list' | 'show' | 'create' | 'change' | 'remove', RouteDoc> {
  const shape = ref(shapes.group)
  return {
    list: { summary: `${One}s by name`, query: PAGE_QUERY, reply: page(shape) },
    show: { summary: `One ${one}`, reply: oneOf(shape) },
    create: {
      summary: `A new ${one}, given to subscribers at once if there are any`,
      body: {
        type: 'object',
        required: ['name'],
        properties: { name: text, subscribers: { ...orNull(listOf(integer)), description: 'Ids' } },
      },
      reply: oneOf(shape),
      status: 201,
    },
    change: { summary: `Rename a ${one}`, body: objectOf({ name: text }), reply: oneOf(shape) },
    remove: {
      summary: `Delete a ${one}`,
      description: `Subscribers and campaigns that have it stay, without it. Their other ${many} stay too.`,
      ...NOTHING,
    },
  }
}
