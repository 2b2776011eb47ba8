import type { FastifyInstance } from 'fastify'
import { storable } from '../../accounts/storable.ts'
import { callerOf } from '../../accounts/caller.ts'
import type { RouteDoc } from '../../http/route-doc.ts'
import { integer, objectOf, ref, text } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import { type Happening, type Moment, timelineOf } from '../audience/timeline.ts'
import { bodyOf, by, cursorIn, idIn, limitIn, refuse, writeCursor } from './asked.ts'
import type { AudienceDoor } from './audience-door.ts'
import { foundSubscriber } from './found-subscriber.ts'
import type { TimelineEventWire, TimelinePage } from './subscribers-wire.ts'

const MAX_NOTE = 10_000

const TIMELINE: RouteDoc = {
  summary: 'What happened to a subscriber, newest first',
  description:
    'Changes, tags, notes, imports, sign-ups, and what was sent to them, opened and clicked. The last of all, with ' +
    'the id 0, is how they came.',
  query: {
    before: { description: '`next_before` of the page before', schema: text },
    limit: { description: 'From 1 to 200; 50 if not given', schema: integer },
  },
  reply: ref('TimelinePage'),
}
const ADD_NOTE: RouteDoc = {
  summary: 'Write a note about a subscriber',
  body: objectOf({ text }),
  reply: objectOf({ event: ref('TimelineEvent') }),
}
const DELETE_NOTE: RouteDoc = { summary: 'Delete a note', reply: objectOf({}) }

export function timelineRoutes(app: FastifyInstance, { storage }: Pick<AudienceDoor, 'storage'>): void {
  app.get('/subscribers/:id/timeline', { config: { doc: TIMELINE } }, async (request, reply) => {
    const subscriber = await foundSubscriber(storage, request, 'see_audience')
    const { happenings, next } = await timelineOf(storage.read, subscriber, {
      before: cursorIn<Moment>(request, isMoment, 'before'),
      limit: limitIn(request),
    })
    const page: TimelinePage = {
      events: happenings.map(eventWire),
      next_before: next === null ? null : writeCursor(next),
    }
    return reply.send(page)
  })

  app.post('/subscribers/:id/notes', { config: { doc: ADD_NOTE } }, async (request, reply) => {
    const { id } = await foundSubscriber(storage, request, 'manage_audience')
    const given = bodyOf(request).text
    const note = typeof given === 'string' ? storable(given).trim() : ''
    if (note === '') refuse('text', 'is required')
    if (note.length > MAX_NOTE) refuse('text', `must not be longer than ${MAX_NOTE} characters`)
    const { userId } = by(request)
    const row = await storage.write
      .insertInto('subscriber_events')
      .values({
        subscriber_id: id,
        kind: 'note',
        detail: JSON.stringify({ text: note }),
        user_id: userId,
        at: Date.now(),
      })
      .returning(['id', 'at'])
      .executeTakeFirstOrThrow()
    const user = userId === null ? null : { id: userId, name: callerOf(request).user.name }
    return reply.send({ event: eventWire({ ...row, kind: 'note', detail: { text: note }, user }) })
  })

  app.delete('/subscribers/:id/notes/:event_id', { config: { doc: DELETE_NOTE } }, async (request, reply) => {
    const { id } = await foundSubscriber(storage, request, 'manage_audience')
    const { numDeletedRows } = await storage.write
      .deleteFrom('subscriber_events')
      .where('id', '=', idIn(request, 'event_id'))
      .where('subscriber_id', '=', id)
      .where('kind', '=', 'note')
      .executeTakeFirst()
    if (numDeletedRows === 0n) throw new Problem('absent')
    return reply.send({})
  })
}

function isMoment(position: unknown[]): boolean {
  return position.length === 3 && position.every(each => Number.isSafeInteger(each))
}

function eventWire({ id, kind, at, detail, user }: Happening): TimelineEventWire {
  return { id, kind: kind as TimelineEventWire['kind'], at: new Date(at).toISOString(), detail, user }
}
