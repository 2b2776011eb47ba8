import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Readable } from 'node:stream'
import type { RouteDoc, Schema } from '../../../http/route-doc.ts'
import { integer, listOf, objectOf, ref } from '../../../http/schemas.ts'
import { Problem } from '../../../problem.ts'
import { holdAudience } from '../../../storage/claiming.ts'
import type { Database } from '../../../storage/schema.ts'
import type { By, Subscriber } from '../../audience/subscribers.ts'
import { addTags, removeTags } from '../../audience/tagging.ts'
import { type Tag, tagById } from '../../audience/tags.ts'
import { allOf, PAGE_QUERY } from './described.ts'
import type { SendPortalDoor } from './door.ts'
import { Form } from './form.ts'
import { byCaller, pathId, type Words, workspaceOf } from './generation.ts'
import { knownSubscribers } from './ids.ts'
import { inputOf } from './input.ts'
import { asksForPage, pageOf, paginated } from './paging.ts'
import { subscriberWire } from './wire.ts'

type Change = (trx: Database, tag: Tag, ids: number[], by: By) => Promise<void>

/** Subscribers of one statement. */
const PORTION = 500
/** A page behind so many is no small read. */
const FAR = 5_000

/** Contract, section 4.4. */
export function tagSubscribers(app: FastifyInstance, { storage }: SendPortalDoor, words: Words): void {
  const { one, many } = words
  const url = `/${many}/:id/subscribers`
  const lists: Schema = allOf(ref(words.shapes.subscriber))
  const show: RouteDoc = {
    summary: `The subscribers of a ${one}`,
    description: 'All of them, unless `page` or `per_page` is given: then a page, with `links` and `meta`.',
    query: PAGE_QUERY,
    reply: lists,
  }
  const change = (summary: string): RouteDoc => ({
    summary,
    description: `Answers with all subscribers that the ${one} has then.`,
    body: objectOf({ subscribers: listOf(integer) }),
    reply: lists,
  })

  app.get(url, { config: { doc: show } }, async (request, reply) => {
    const workspaceId = await workspaceOf({ storage }, request, 'see_audience')
    const tag = await tagById(storage.read, workspaceId, pathId(request))
    if (tag === undefined) throw new Problem('absent')
    return asksForPage(request) ? pageOfThem(request, reply, tag) : all(reply, tag)
  })

  app.post(url, { config: { doc: change(`Give a ${one} to subscribers`) } }, (request, reply) =>
    changed(request, reply, (trx, tag, ids, by) => addTags(trx, ids, [tag], by)),
  )

  app.put(
    url,
    { config: { doc: change(`Give a ${one} to these subscribers and to no others`) } },
    (request, reply) => changed(request, reply, replace),
  )

  app.delete(url, { config: { doc: change(`Take a ${one} from subscribers`) } }, (request, reply) =>
    changed(request, reply, (trx, tag, ids, by) => removeTags(trx, ids, [tag], by)),
  )

  async function changed(request: FastifyRequest, reply: FastifyReply, make: Change): Promise<FastifyReply> {
    const workspaceId = await workspaceOf({ storage }, request, 'manage_audience')
    const form = new Form(inputOf(request))
    const given = form.required('subscribers') ? (form.ids('subscribers', true) ?? []) : []
    const subscribers = await knownSubscribers(storage.read, workspaceId, form, given)
    form.check()
    const id = pathId(request)
    const tag = await storage.write.transaction().execute(async trx => {
      await holdAudience(trx, workspaceId)
      const found = await tagById(trx, workspaceId, id)
      if (found === undefined) throw new Problem('absent')
      const ids = subscribers.map(subscriber => subscriber.id)
      await make(trx, found, ids, byCaller(request))
      return found
    })
    return all(reply, tag)
  }

  /** As they are read from the storage: there may be a million. */
  function all(reply: FastifyReply, tag: Tag): FastifyReply {
    return reply
      .type('application/json; charset=utf-8')
      .send(Readable.from(listed(storage.read, tag, words), { objectMode: false }))
  }

  async function pageOfThem(
    request: FastifyRequest,
    reply: FastifyReply,
    { id, subscribers_count: total }: Tag,
  ): Promise<FastifyReply> {
    const wanted = pageOf(request)
    const { limit, offset } = wanted
    const db = offset < FAR ? storage.read : storage.survey
    const found =
      offset < total
        ? await db
            .selectFrom('subscribers')
            .selectAll()
            .where('id', 'in', ids =>
              ids
                .selectFrom('subscriber_tags')
                .select('subscriber_id')
                .where('tag_id', '=', id)
                .orderBy('subscriber_id')
                .limit(limit)
                .offset(offset),
            )
            .orderBy('id')
            .execute()
        : []
    const data = found.map(subscriber => subscriberWire(subscriber, words))
    return reply.send(paginated(request, wanted, total, data))
  }
}

async function* listed(db: Database, tag: Tag, words: Words): AsyncGenerator<string> {
  let text = '{"data":['
  for (let after = 0; ; ) {
    const portion = await membersAfter(db, tag, after)
    const wires = portion.map(subscriber => JSON.stringify(subscriberWire(subscriber, words)))
    text += `${after > 0 && wires.length > 0 ? ',' : ''}${wires.join(',')}`
    const last = portion.at(-1)
    if (last === undefined || portion.length < PORTION) break
    yield text
    text = ''
    after = last.id
  }
  yield `${text}]}`
}

function membersAfter(db: Database, { id }: Tag, after: number): Promise<Subscriber[]> {
  return db
    .selectFrom('subscriber_tags')
    .innerJoin('subscribers', 'subscribers.id', 'subscriber_tags.subscriber_id')
    .selectAll('subscribers')
    .where('subscriber_tags.tag_id', '=', id)
    .where('subscriber_tags.subscriber_id', '>', after)
    .orderBy('subscriber_tags.subscriber_id')
    .limit(PORTION)
    .execute()
}

async function replace(trx: Database, tag: Tag, ids: number[], by: By): Promise<void> {
  const stay = new Set(ids)
  for (let after = 0; ; ) {
    const members = await membersAfter(trx, tag, after)
    await removeTags(
      trx,
      members.map(({ id }) => id).filter(id => !stay.has(id)),
      [tag],
      by,
    )
    const last = members.at(-1)
    if (last === undefined || members.length < PORTION) break
    after = last.id
  }
  await addTags(trx, ids, [tag], by)
}
