import type { FastifyInstance, FastifyRequest } from 'fastify'
import { callerOf } from '../../accounts/caller.ts'
import type { RouteDoc } from '../../http/route-doc.ts'
import { integer, listOf, objectOf, oneOf, optional, ref, text } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import { createJob, selectionOf } from '../audience/audience-jobs.ts'
import { changeField, createField, deleteField, FIELD_KINDS, listFields } from '../audience/custom-fields.ts'
import { audienceOf, bodyOf, by, idIn, refuse } from './asked.ts'
import type { AudienceDoor } from './audience-door.ts'
import { fieldWire } from './subscribers-wire.ts'

const one = objectOf({ field: ref('CustomField') })
const LIST: RouteDoc = {
  summary: 'What a workspace knows of its subscribers beyond name and address',
  reply: objectOf({ fields: listOf(ref('CustomField')) }),
}
const CREATE: RouteDoc = {
  summary: 'A new custom field',
  description: 'Without a `key` it is made from the label. Key and kind never change.',
  body: {
    ...optional({ label: text, key: text, kind: oneOf(...FIELD_KINDS), options: listOf(text) }),
    required: ['label', 'kind'],
  },
  reply: one,
}
const CHANGE: RouteDoc = {
  summary: 'Rename a custom field, or change what may be chosen',
  description: 'Values that are no option any more stay with those who have them. `position` counts from 0.',
  body: optional({ label: text, options: listOf(text), position: integer }),
  reply: one,
}
const DELETE: RouteDoc = {
  summary: 'Delete a custom field',
  description: 'What subscribers have in it goes too, in the background.',
  reply: objectOf({}),
}

export function fieldRoutes(
  app: FastifyInstance,
  { storage, jobs }: Pick<AudienceDoor, 'storage' | 'jobs'>,
): void {
  app.get('/fields', { config: { doc: LIST } }, async (request, reply) => {
    const fields = await listFields(storage.read, audienceOf(request, 'see_audience'))
    return reply.send({ fields: fields.map(fieldWire) })
  })

  app.post('/fields', { config: { doc: CREATE } }, async (request, reply) => {
    const workspaceId = audienceOf(request, 'manage_audience')
    const { label, key, kind, options } = bodyOf(request)
    const known = FIELD_KINDS.find(each => each === kind)
    if (known === undefined) return refuse('kind', `must be one of ${FIELD_KINDS.join(', ')}`)
    const given = {
      label: textIn('label', label) ?? '',
      key: key === null ? undefined : textIn('key', key),
      kind: known,
      options: textsIn('options', options),
    }
    const field = await storage.write.transaction().execute(trx => createField(trx, workspaceId, given))
    return reply.send({ field: fieldWire(field) })
  })

  app.patch('/fields/:id', { config: { doc: CHANGE } }, async (request, reply) => {
    const { id, workspaceId } = await found(request)
    const { label, options, position } = bodyOf(request)
    if (position !== undefined && !(Number.isSafeInteger(position) && Number(position) >= 0))
      refuse('position', 'must be a whole number from 0')
    const changes = {
      label: textIn('label', label),
      options: textsIn('options', options),
      position: position as number | undefined,
    }
    const field = await storage.write.transaction().execute(trx => changeField(trx, workspaceId, id, changes))
    return reply.send({ field: fieldWire(field) })
  })

  app.delete('/fields/:id', { config: { doc: DELETE } }, async (request, reply) => {
    const { id, workspaceId } = await found(request)
    const everybody = await selectionOf(storage, workspaceId, {})
    const job = await storage.write.transaction().execute(async trx => {
      const { key } = await deleteField(trx, workspaceId, id)
      return createJob(trx, workspaceId, everybody, { kind: 'delete_field', key }, by(request))
    })
    await jobs.begin(job)
    return reply.send({})
  })

  async function found(request: FastifyRequest): Promise<{ id: number; workspaceId: number }> {
    const { workspaceId } = callerOf(request)
    const id = idIn(request)
    const fields = await listFields(storage.read, workspaceId)
    if (!fields.some(field => field.id === id)) throw new Problem('absent')
    audienceOf(request, 'manage_audience')
    return { id, workspaceId }
  }
}

function textIn(field: string, given: unknown): string | undefined {
  if (given === undefined || typeof given === 'string') return given
  return refuse(field, 'must be text')
}

function textsIn(field: string, given: unknown): string[] | undefined {
  if (given === undefined || (Array.isArray(given) && given.every(each => typeof each === 'string')))
    return given
  return refuse(field, 'must be a list of texts')
}
