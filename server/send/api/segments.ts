import type { FastifyInstance, FastifyRequest } from 'fastify'
import { callerOf, insist } from '../../accounts/caller.ts'
import type { Act } from '../../accounts/permissions.ts'
import { idFrom } from '../../http/ids.ts'
import type { RouteDoc } from '../../http/route-doc.ts'
import { integer, listOf, objectOf, optional, ref, text } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import { StorageFault } from '../../storage/faults.ts'
import { firstOf, reachOf } from '../segments/segment-reach.ts'
import {
  changeSegment,
  createSegment,
  definitionFrom,
  deleteSegment,
  listSegments,
  type Segment,
  segmentById,
} from '../segments/segments.ts'
import type { AudienceDoor } from './audience-door.ts'
import { personWire, segmentWire } from './segments-wire.ts'

const MAX_NAME = 255
const PREVIEWED = 10

const one = objectOf({ segment: ref('Segment') })
const asked = objectOf({ definition: ref('SegmentGroup') })
const LIST: RouteDoc = { summary: 'Saved segments', reply: objectOf({ segments: listOf(ref('Segment')) }) }
const CREATE: RouteDoc = {
  summary: 'Save a segment',
  description: 'Whom it holds is asked anew each time it is used.',
  body: objectOf({ name: text, definition: ref('SegmentGroup') }),
  reply: one,
}
const SHOW: RouteDoc = { summary: 'One segment', reply: one }
const CHANGE: RouteDoc = {
  summary: 'Rename a segment, or say anew whom it holds',
  body: optional({ name: text, definition: ref('SegmentGroup') }),
  reply: one,
}
const DELETE: RouteDoc = {
  summary: 'Delete a segment',
  description: 'The people stay; campaigns that were to go to it go to it no more.',
  reply: objectOf({}),
}
const COUNT: RouteDoc = {
  summary: 'How many a definition holds',
  description: '`reachable` are those of them who are subscribed and not suppressed.',
  body: asked,
  reply: objectOf({ count: integer, reachable: integer }),
}
const PREVIEW: RouteDoc = {
  summary: 'How many a definition holds, and the first ten',
  body: asked,
  reply: ref('SegmentPreview'),
}

export function segmentRoutes(app: FastifyInstance, { storage }: AudienceDoor): void {
  app.get('/segments', { config: { doc: LIST } }, async (request, reply) => {
    const segments = await listSegments(storage.read, audience(request, 'see_audience'))
    return reply.send({ segments: segments.map(segmentWire) })
  })

  app.post('/segments', { config: { doc: CREATE } }, async (request, reply) => {
    const workspaceId = audience(request, 'manage_audience')
    const name = nameIn(request)
    const definition = await definitionFrom(storage.read, workspaceId, bodyOf(request).definition)
    const segment = await onlyOne(() => createSegment(storage.write, workspaceId, { name, definition }))
    return reply.send({ segment: segmentWire(segment) })
  })

  app.get('/segments/:id', { config: { doc: SHOW } }, async (request, reply) =>
    reply.send({ segment: segmentWire(await found(request, 'see_audience')) }),
  )

  app.patch('/segments/:id', { config: { doc: CHANGE } }, async (request, reply) => {
    const segment = await found(request, 'manage_audience')
    const { name, definition } = bodyOf(request)
    const changes = {
      ...(name !== undefined && { name: nameIn(request) }),
      ...(definition !== undefined && {
        definition: await definitionFrom(storage.read, segment.workspace_id, definition),
      }),
    }
    const changed = await onlyOne(() => changeSegment(storage.write, segment, changes))
    return reply.send({ segment: segmentWire(changed) })
  })

  app.delete('/segments/:id', { config: { doc: DELETE } }, async (request, reply) => {
    await deleteSegment(storage.write, await found(request, 'manage_audience'))
    return reply.send({})
  })

  app.post('/segments/count', { config: { doc: COUNT } }, async (request, reply) => {
    const workspaceId = audience(request, 'see_audience')
    const definition = await definitionFrom(storage.read, workspaceId, bodyOf(request).definition)
    return reply.send(await reachOf(storage, workspaceId, definition))
  })

  app.post('/segments/preview', { config: { doc: PREVIEW } }, async (request, reply) => {
    const workspaceId = audience(request, 'see_audience')
    const definition = await definitionFrom(storage.read, workspaceId, bodyOf(request).definition)
    const reach = await reachOf(storage, workspaceId, definition)
    const people = await firstOf(storage, workspaceId, definition, PREVIEWED)
    return reply.send({ ...reach, subscribers: people.map(personWire) })
  })

  async function found(request: FastifyRequest, act: Act): Promise<Segment> {
    const workspaceId = callerOf(request).workspaceId
    const id = idFrom((request.params as { id: string }).id)
    const segment = await segmentById(storage.read, workspaceId, id)
    if (segment === undefined) throw new Problem('absent')
    audience(request, act)
    return segment
  }
}

/** The workspace whose audience it is about. */
function audience(request: FastifyRequest, act: Act): number {
  const caller = callerOf(request)
  insist(caller, act)
  return caller.workspaceId
}

function bodyOf({ body }: FastifyRequest): { name?: unknown; definition?: unknown } {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new Problem('malformed', 'The body must be an object')
  return body
}

function nameIn(request: FastifyRequest): string {
  const { name } = bodyOf(request)
  const given = typeof name === 'string' ? name.trim() : ''
  const fault =
    given === ''
      ? 'is required'
      : given.length > MAX_NAME
        ? `must not be longer than ${MAX_NAME} characters`
        : ''
  if (fault !== '') throw new Problem('invalid', '', { fields: { name: [fault] } })
  return given
}

async function onlyOne(keep: () => Promise<Segment>): Promise<Segment> {
  try {
    return await keep()
  } catch (error) {
    if (error instanceof StorageFault && error.kind === 'duplicate')
      throw new Problem('invalid', '', { fields: { name: ['is taken'] }, cause: error })
    throw error
  }
}
