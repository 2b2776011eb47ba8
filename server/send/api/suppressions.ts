import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { callerOf } from '../../accounts/caller.ts'
import { storable } from '../../accounts/storable.ts'
import type { RouteDoc } from '../../http/route-doc.ts'
import { integer, objectOf, oneOf, optional, ref, text } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import {
  addSuppressions,
  countSuppressions,
  listSuppressions,
  removeSuppression,
  suppressionById,
  targetIn,
  type Target,
} from '../audience/suppressions.ts'
import { csvLine } from '../export/csv-line.ts'
import { audienceOf, bodyOf, by, cursorIn, idIn, limitIn, queried, refuse, writeCursor } from './asked.ts'
import { attachment } from './attachment.ts'
import type { AudienceDoor } from './audience-door.ts'
import { type SuppressionImportReply, type SuppressionPage, suppressionWire } from './subscribers-wire.ts'

const KINDS = ['address', 'domain'] as const
const MAX_EVIDENCE = 1000
/** Shown of what is wrong with a list that was pasted. */
const MAX_FAULTS = 1000
/** Of one transaction. */
const AT_ONCE = 5_000
const NEITHER = 'must be an address, or a domain'

const LIST: RouteDoc = {
  summary: 'Addresses and domains that nothing is sent to, newest first',
  query: {
    search: { description: 'Only those that contain it', schema: text },
    kind: { description: 'Only those', schema: oneOf(...KINDS) },
    cursor: { description: '`next_cursor` of the page before', schema: text },
    limit: { description: 'From 1 to 200; 50 if not given', schema: integer },
  },
  reply: ref('SuppressionPage'),
}
const ADD: RouteDoc = {
  summary: 'Send nothing to an address, or to a domain',
  description: 'With an @ it is an address. A domain is exactly that domain, none below it.',
  body: { ...optional({ value: text, evidence: text }), required: ['value'] },
  reply: objectOf({ suppression: ref('Suppression') }),
}
const IMPORT: RouteDoc = {
  summary: 'Put many on the list',
  description:
    'One address or domain a line. Lines that are neither are named in the answer, up to 1,000 of them.',
  body: objectOf({ text }),
  reply: ref('SuppressionImport'),
}
const REMOVE: RouteDoc = {
  summary: 'Take off the list',
  description: 'They are written to again, if they are subscribed.',
  reply: objectOf({}),
}
const EXPORT: RouteDoc = { summary: 'The whole list as CSV', reply: 'text/csv' }

export function suppressionRoutes(app: FastifyInstance, { storage }: Pick<AudienceDoor, 'storage'>): void {
  app.get('/suppressions', { config: { doc: LIST } }, async (request, reply) => {
    const workspaceId = audienceOf(request, 'see_audience')
    const asked = queried(request, 'kind')
    const kind = KINDS.find(each => each === asked)
    if (asked !== undefined && kind === undefined) refuse('kind', `must be ${KINDS.join(' or ')}`)
    const wish = { search: queried(request, 'search'), kind }
    const limit = limitIn(request)
    const [before] = cursorIn<[number]>(request, ([id]) => Number.isSafeInteger(id)) ?? []
    const found = await listSuppressions(storage.survey, workspaceId, { ...wish, before, limit: limit + 1 })
    const shown = found.slice(0, limit)
    const last = found.length > limit ? shown.at(-1) : undefined
    const page: SuppressionPage = {
      suppressions: shown.map(suppressionWire),
      next_cursor: last ? writeCursor([last.id]) : null,
      total: await countSuppressions(storage.survey, workspaceId, wish),
    }
    return reply.send(page)
  })

  app.post('/suppressions', { config: { doc: ADD } }, async (request, reply) => {
    const workspaceId = audienceOf(request, 'manage_audience')
    const { value, evidence = '' } = bodyOf(request)
    if (typeof value !== 'string' || value.trim() === '') return refuse('value', 'is required')
    const target = targetIn(value)
    if (target === undefined) return refuse('value', NEITHER)
    if (typeof evidence !== 'string' || evidence.length > MAX_EVIDENCE)
      return refuse('evidence', `must be text of up to ${MAX_EVIDENCE} characters`)
    const added = await addSuppressions(
      storage.write,
      workspaceId,
      [target],
      { reason: 'manual', evidence: evidence.trim() },
      by(request),
    )
    if (added === 0) return refuse('value', 'is on the list already')
    const [suppression] = await listSuppressions(storage.read, workspaceId, { exactly: target, limit: 1 })
    if (suppression === undefined) throw new Problem('absent')
    return reply.send({ suppression: suppressionWire(suppression) })
  })

  app.post('/suppressions/import', { config: { doc: IMPORT } }, async (request, reply) => {
    const workspaceId = audienceOf(request, 'manage_audience')
    const { text: given } = bodyOf(request)
    if (typeof given !== 'string') return refuse('text', 'is required')
    const { targets, faults } = targetsIn(storable(given))
    let added = 0
    for (let at = 0; at < targets.length; at += AT_ONCE)
      added += await storage.write.transaction().execute(trx => {
        const why = { reason: 'import', evidence: '' } as const
        return addSuppressions(trx, workspaceId, targets.slice(at, at + AT_ONCE), why, by(request))
      })
    const answer: SuppressionImportReply = { added, known: targets.length - added, faults }
    return reply.send(answer)
  })

  app.delete('/suppressions/:id', { config: { doc: REMOVE } }, async (request, reply) => {
    const { workspaceId } = callerOf(request)
    const id = idIn(request)
    if ((await suppressionById(storage.read, workspaceId, id)) === undefined) throw new Problem('absent')
    audienceOf(request, 'manage_audience')
    await removeSuppression(storage.write, workspaceId, id)
    return reply.send({})
  })

  app.get('/suppressions/export', { config: { doc: EXPORT } }, async (request, reply) => {
    const workspaceId = audienceOf(request, 'export_audience')
    return attachment(reply, 'suppressions.csv').send(Readable.from(rowsOf(workspaceId)))
  })

  async function* rowsOf(workspaceId: number): AsyncGenerator<string> {
    yield csvLine(['kind', 'value', 'reason', 'evidence', 'created_at'])
    for (let before: number | undefined; ; ) {
      const page = await listSuppressions(storage.survey, workspaceId, { before, limit: 1000 })
      yield page
        .map(({ kind, value, reason, evidence, created_at }) =>
          csvLine([kind, value, reason, evidence, new Date(created_at).toISOString()]),
        )
        .join('')
      before = page.at(-1)?.id
      if (page.length < 1000) return
    }
  }
}

function targetsIn(given: string): { targets: Target[]; faults: SuppressionImportReply['faults'] } {
  const targets = new Map<string, Target>()
  const faults: SuppressionImportReply['faults'] = []
  for (const [at, row] of given.split(/\r\n|\r|\n/).entries()) {
    const value = row
      .replace(/^\ufeff/, '')
      .trim()
      .replace(/^"(.*)"$/, '$1')
    if (value === '') continue
    const target = targetIn(value)
    if (target !== undefined) targets.set(`${target.kind} ${target.value}`, target)
    else if (faults.length < MAX_FAULTS)
      faults.push({ line: at + 1, reason: NEITHER, row: row.slice(0, 200) })
  }
  return { targets: [...targets.values()], faults }
}
