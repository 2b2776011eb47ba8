import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { RouteDoc, Schema } from '../../../http/route-doc.ts'
import { integer, listOf, objectOf, ref } from '../../../http/schemas.ts'
import { Problem } from '../../../problem.ts'
import { holdAudience } from '../../../storage/claiming.ts'
import type { Database } from '../../../storage/schema.ts'
import { type By, type Subscriber, subscriberById } from '../../audience/subscribers.ts'
import { addTags, removeTags, replaceTags, tagsOf } from '../../audience/tagging.ts'
import type { Tag } from '../../audience/tags.ts'
import { allOf } from './described.ts'
import type { SendPortalDoor } from './door.ts'
import { Form } from './form.ts'
import { byCaller, pathId, type Words, workspaceOf } from './generation.ts'
import { groupKey, knownTags } from './ids.ts'
import { inputOf } from './input.ts'
import { tagWire } from './wire.ts'

type Change = (trx: Database, subscriber: Subscriber, tags: Tag[], by: By) => Promise<void>

/** Contract, section 4.2. */
export function subscriberTags(app: FastifyInstance, { storage }: SendPortalDoor, words: Words): void {
  const url = `/subscribers/:id/${words.many}`
  const lists: Schema = allOf(ref(words.shapes.group))
  const show: RouteDoc = { summary: `The ${words.many} of a subscriber`, reply: lists }
  const change = (summary: string): RouteDoc => ({
    summary,
    description: `Answers with all ${words.many} that the subscriber has then.`,
    body: objectOf({ [words.many]: listOf(integer) }),
    reply: lists,
  })

  app.get(url, { config: { doc: show } }, async (request, reply) => {
    const workspaceId = await workspaceOf({ storage }, request, 'see_audience')
    const subscriber = await subscriberById(storage.read, workspaceId, pathId(request))
    if (subscriber === undefined) throw new Problem('absent')
    return reply.send({ data: await listed(storage.read, subscriber) })
  })

  app.post(url, { config: { doc: change(`Add ${words.many} to a subscriber`) } }, (request, reply) =>
    changed(request, (trx, { id }, tags, by) => addTags(trx, [id], tags, by)).then(data =>
      reply.send({ data }),
    ),
  )

  app.put(url, { config: { doc: change(`Replace the ${words.many} of a subscriber`) } }, (request, reply) =>
    changed(request, (trx, { id }, tags, by) => replaceTags(trx, id, tags, by)).then(data =>
      reply.send({ data }),
    ),
  )

  app.delete(url, { config: { doc: change(`Take ${words.many} from a subscriber`) } }, (request, reply) =>
    changed(request, (trx, { id }, tags, by) => removeTags(trx, [id], tags, by)).then(data =>
      reply.send({ data }),
    ),
  )

  async function changed(request: FastifyRequest, make: Change): Promise<object[]> {
    const workspaceId = await workspaceOf({ storage }, request, 'manage_audience')
    const form = new Form(inputOf(request))
    const key = groupKey(form, words)
    const given = form.required(key) ? (form.ids(key, true) ?? []) : []
    const tags = await knownTags(storage.read, workspaceId, form, given, words)
    form.check()
    const id = pathId(request)
    return storage.write.transaction().execute(async trx => {
      await holdAudience(trx, workspaceId)
      const subscriber = await subscriberById(trx, workspaceId, id)
      if (subscriber === undefined) throw new Problem('absent')
      await make(trx, subscriber, tags, byCaller(request))
      return listed(trx, subscriber)
    })
  }

  async function listed(db: Database, { id }: Subscriber): Promise<object[]> {
    const tags = (await tagsOf(db, [id])).get(id) ?? []
    return tags.map(tag => tagWire(tag, words))
  }
}
