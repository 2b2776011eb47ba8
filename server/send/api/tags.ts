import type { FastifyInstance, FastifyRequest } from 'fastify'
import { callerOf } from '../../accounts/caller.ts'
import type { RouteDoc } from '../../http/route-doc.ts'
import { listOf, objectOf, ref, text } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import { holdAudience } from '../../storage/claiming.ts'
import { takeOff } from '../audience/tagging.ts'
import { createTag, deleteTag, listTags, renameTag, type Tag, tagById } from '../audience/tags.ts'
import { audienceOf, bodyOf, idIn, queried, refuse } from './asked.ts'
import type { AudienceDoor } from './audience-door.ts'
import { uniquely } from './sendportal/duplicates.ts'
import { tagWire } from './subscribers-wire.ts'

const MAX_NAME = 255
const TAKEN = 'has already been taken'

const one = objectOf({ tag: ref('AudienceTag') })
const LIST: RouteDoc = {
  summary: 'Tags, by name',
  query: { search: { description: 'Only those whose names contain it', schema: text } },
  reply: objectOf({ tags: listOf(ref('AudienceTag')) }),
}
const CREATE: RouteDoc = { summary: 'A new tag', body: objectOf({ name: text }), reply: one }
const RENAME: RouteDoc = { summary: 'Rename a tag', body: objectOf({ name: text }), reply: one }
const DELETE: RouteDoc = {
  summary: 'Delete a tag',
  description: 'It is taken off everybody. Segments that ask for it hold nobody from then on.',
  reply: objectOf({}),
}

export function tagRoutes(app: FastifyInstance, { storage }: Pick<AudienceDoor, 'storage'>): void {
  app.get('/tags', { config: { doc: LIST } }, async (request, reply) => {
    const workspaceId = audienceOf(request, 'see_audience')
    const search = queried(request, 'search') ?? ''
    const tags = await listTags(storage.read, workspaceId, { search })
    return reply.send({ tags: tags.map(tagWire) })
  })

  app.post('/tags', { config: { doc: CREATE } }, async (request, reply) => {
    const workspaceId = audienceOf(request, 'manage_audience')
    const name = nameIn(request)
    const tag = await uniquely('name', TAKEN, () => createTag(storage.write, workspaceId, name))
    return reply.send({ tag: tagWire(tag) })
  })

  app.patch('/tags/:id', { config: { doc: RENAME } }, async (request, reply) => {
    const tag = await found(request)
    const name = nameIn(request)
    const renamed = await uniquely('name', TAKEN, () => renameTag(storage.write, tag, name))
    return reply.send({ tag: tagWire(renamed) })
  })

  app.delete('/tags/:id', { config: { doc: DELETE } }, async (request, reply) => {
    const tag = await found(request)
    await takeOff(storage.write, tag)
    await storage.write.transaction().execute(async trx => {
      await holdAudience(trx, tag.workspace_id)
      await deleteTag(trx, tag)
    })
    return reply.send({})
  })

  async function found(request: FastifyRequest): Promise<Tag> {
    const tag = await tagById(storage.read, callerOf(request).workspaceId, idIn(request))
    if (tag === undefined) throw new Problem('absent')
    audienceOf(request, 'manage_audience')
    return tag
  }
}

function nameIn(request: FastifyRequest): string {
  const { name } = bodyOf(request)
  const given = typeof name === 'string' ? name.trim() : ''
  if (given === '') refuse('name', 'is required')
  if (given.length > MAX_NAME) refuse('name', `must not be longer than ${MAX_NAME} characters`)
  return given
}
