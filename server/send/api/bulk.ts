import type { FastifyInstance } from 'fastify'
import { callerOf } from '../../accounts/caller.ts'
import type { RouteDoc } from '../../http/route-doc.ts'
import { integer, listOf, objectOf, oneOf, optional, ref, truth } from '../../http/schemas.ts'
import { cancelJob, createJob, jobById, selectionOf } from '../audience/audience-jobs.ts'
import type { BulkAction } from '../audience/bulk-actions.ts'
import type { Database } from '../../storage/schema.ts'
import { audienceOf, bodyOf, by, idIn, refuse } from './asked.ts'
import type { AudienceDoor } from './audience-door.ts'
import { tagsIn } from './subscriber-form.ts'
import { askedSelection } from './subscriber-filters.ts'
import { jobWire, type BulkAction as ActionName } from './subscribers-wire.ts'

const ACTIONS: ActionName[] = ['tag', 'untag', 'unsubscribe', 'resubscribe', 'delete']

const BULK: RouteDoc = {
  summary: 'Do something to many subscribers',
  description:
    'To some by id (up to 10,000), or to everybody a filter finds. Up to 1,000 are done when the answer comes; ' +
    'more in the background: ask for the job. Whoever comes after the call is left alone. `resubscribe` is for ' +
    'those an admin unsubscribed; those who did it themselves only with `even_by_subscriber`; those whose mail ' +
    'bounced, or who complained, never.',
  body: {
    ...optional({
      action: oneOf(...ACTIONS),
      tag_ids: listOf(integer),
      even_by_subscriber: truth,
      selection: ref('SubscriberSelection'),
    }),
    required: ['action', 'selection'],
  },
  reply: objectOf({ job: ref('AudienceJob') }),
}
const SHOW: RouteDoc = {
  summary: 'How far a job is',
  description: 'Jobs are remembered for a week after their end.',
  reply: objectOf({ job: ref('AudienceJob') }),
}
const CANCEL: RouteDoc = {
  summary: 'Stop a job',
  description: 'What is done stays done.',
  reply: objectOf({ job: ref('AudienceJob') }),
}

/** What is done to many subscribers at once. */
export function bulkRoutes(
  app: FastifyInstance,
  { storage, jobs }: Pick<AudienceDoor, 'storage' | 'jobs'>,
): void {
  app.post('/subscribers/bulk', { config: { doc: BULK } }, async (request, reply) => {
    const workspaceId = audienceOf(request, 'manage_audience')
    const body = bodyOf(request)
    const action = await actionIn(storage.read, workspaceId, body)
    const asked = await askedSelection(storage.read, workspaceId, body.selection)
    const selection = await selectionOf(storage, workspaceId, asked)
    const job = await createJob(storage.write, workspaceId, selection, action, by(request))
    await jobs.begin(job)
    return reply.send({ job: jobWire(await jobById(storage.read, workspaceId, job.id)) })
  })

  app.get('/audience/jobs/:id', { config: { doc: SHOW } }, async (request, reply) => {
    const job = await jobById(storage.read, callerOf(request).workspaceId, idIn(request))
    audienceOf(request, 'see_audience')
    return reply.send({ job: jobWire(job) })
  })

  app.post('/audience/jobs/:id/cancel', { config: { doc: CANCEL } }, async (request, reply) => {
    const job = await jobById(storage.read, callerOf(request).workspaceId, idIn(request))
    const workspaceId = audienceOf(request, 'manage_audience')
    if (job.action.kind === 'delete_field') refuse('base', 'The values of a deleted field cannot be kept')
    await cancelJob(storage.write, job)
    return reply.send({ job: jobWire(await jobById(storage.read, workspaceId, job.id)) })
  })
}

async function actionIn(
  db: Database,
  workspaceId: number,
  { action, tag_ids, even_by_subscriber = false }: Record<string, unknown>,
): Promise<BulkAction> {
  const kind = ACTIONS.find(each => each === action)
  switch (kind) {
    case undefined:
      return refuse('action', `must be one of ${ACTIONS.join(', ')}`)
    case 'tag':
    case 'untag': {
      const tags = await tagsIn(db, workspaceId, tag_ids)
      if (tags === undefined || tags.length === 0)
        return refuse('tag_ids', 'must be a list of ids of tags that exist')
      return { kind, tag_ids: tags.map(({ id }) => id) }
    }
    case 'resubscribe':
      if (typeof even_by_subscriber !== 'boolean')
        return refuse('even_by_subscriber', 'must be true or false')
      return { kind, even_by_subscriber }
    default:
      return { kind }
  }
}
