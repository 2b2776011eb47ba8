import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Act } from '../../accounts/permissions.ts'
import type { RouteDoc } from '../../http/route-doc.ts'
import { integer, listOf, objectOf, orNull, ref, text } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import { isExportHash } from '../import/export-hash.ts'
import { listFields } from '../audience/custom-fields.ts'
import { faultLines } from '../import/fault-report.ts'
import { ENCODINGS, type Reading } from '../import/import-options.ts'
import {
  cancelImport,
  countFaults,
  createImport,
  deleteImport,
  encodingOf,
  faultsOf,
  importById,
  listImports,
  type NamedImport,
  pauseImport,
  resumeImport,
  startImport,
} from '../import/imports.ts'
import { previewFile, type Preview } from '../import/preview.ts'
import { makeFields, readOptions } from '../import/read-options.ts'
import { audienceOf, bodyOf, by, cursorIn, idIn, limitIn, queried, refuse, writeCursor } from './asked.ts'
import type { AudienceDoor } from './audience-door.ts'
import { attachment } from './attachment.ts'
import { importWire } from './imports-wire.ts'

const one = objectOf({ import: ref('Import') })
const UPLOAD: RouteDoc = {
  summary: 'A file to import',
  description:
    'The file as the body, `text/csv` or `application/octet-stream`, up to POSTHORN_MAX_IMPORT_SIZE; its name, ' +
    'percent-encoded, in `X-File-Name`. It waits for a start.',
  reply: one,
  also: { 413: 'It is larger than that', 503: 'The disk has no room for it' },
}
const START: RouteDoc = {
  summary: 'Start an import',
  description: 'What is left out is as the preview proposes. One that was a dry run can be started again.',
  body: objectOf({ options: ref('ImportOptions') }),
  reply: one,
}
const READING = {
  delimiter: { description: 'One character', schema: text },
  quote: { description: '" or \'', schema: text },
  encoding: { description: ENCODINGS.join(', '), schema: text },
  has_header: { description: 'true or false', schema: text },
}
const FAULTS = objectOf({
  faults: listOf(objectOf({ id: integer, line: integer, reason: text, row: text })),
  next_cursor: orNull(text),
  total: integer,
})

/** Files of subscribers: brought, looked at, started, watched. */
export function importRoutes(app: FastifyInstance, door: AudienceDoor): void {
  const { storage, secrets, imports, importer } = door
  const isOurHash = (id: number, hash: string) => isExportHash(secrets, id, hash)

  // In a scope of its own: here alone a body is not read but passed on.
  app.register(async scope => {
    scope.addContentTypeParser(
      ['text/csv', 'application/octet-stream', 'text/plain'],
      (_request, payload, done) => done(null, payload),
    )
    scope.post(
      '/imports',
      { bodyLimit: Number.MAX_SAFE_INTEGER, config: { doc: UPLOAD } },
      async (request, reply) => {
        const workspaceId = audienceOf(request, 'manage_audience')
        if (!(request.body instanceof Readable))
          throw new Problem('malformed', 'The file is the body, as text/csv')
        const { 'content-length': length, 'x-file-name': name } = request.headers
        const file = await imports.receive(request.body, length === undefined ? undefined : Number(length))
        try {
          const { id } = await createImport(storage.write, workspaceId, {
            ...by(request),
            name: fileName(name),
            size: file.size,
            encoding: file.encoding,
          })
          imports.keep(file, id)
          return reply.send(await said(workspaceId, id))
        } catch (error) {
          imports.discard(file)
          throw error
        }
      },
    )
  })

  app.get(
    '/imports',
    {
      config: {
        doc: { summary: 'Imports, newest first', reply: objectOf({ imports: listOf(ref('Import')) }) },
      },
    },
    async (request, reply) => {
      const rows = await listImports(storage.read, audienceOf(request, 'see_audience'))
      return reply.send({ imports: rows.map(row => importWire(row, importer.rate(row.id))) })
    },
  )

  app.get(
    '/imports/:id',
    { config: { doc: { summary: 'One import', reply: one } } },
    async (request, reply) => {
      const row = await found(request, 'see_audience')
      return reply.send({ import: importWire(row, importer.rate(row.id)) })
    },
  )

  app.delete(
    '/imports/:id',
    { config: { doc: { summary: 'Delete an import with its file and report', reply: objectOf({}) } } },
    async (request, reply) => {
      const row = await found(request, 'manage_audience')
      await deleteImport(storage.write, row)
      imports.remove(row.id)
      return reply.send({})
    },
  )

  app.get(
    '/imports/:id/preview',
    {
      config: {
        doc: {
          summary: 'What is in the file, and what a start would do',
          query: READING,
          reply: ref('ImportPreview'),
        },
      },
    },
    async (request, reply) => {
      const row = await found(request, 'manage_audience')
      return reply.send(await preview(row, readingIn(request)))
    },
  )

  app.post('/imports/:id/start', { config: { doc: START } }, async (request, reply) => {
    const row = await found(request, 'manage_audience')
    const { options: given = {} } = bodyOf(request)
    if (typeof given !== 'object' || given === null || Array.isArray(given))
      refuse('options', 'must be an object')
    const wishes = given as Record<string, unknown>
    const proposed = (await preview(row, readingOf(wishes))).options
    const options = await readOptions(storage.read, row.workspace_id, wishes, proposed)
    await storage.write
      .transaction()
      .execute(async trx => startImport(trx, row, await makeFields(trx, row.workspace_id, options)))
    importer.look()
    return reply.send(await said(row.workspace_id, row.id))
  })

  for (const [word, act, summary] of [
    ['pause', pauseImport, 'Pause an import'],
    ['resume', resumeImport, 'Go on with an import that was paused or has failed'],
    ['cancel', cancelImport, 'Cancel an import; what is imported stays'],
  ] as const)
    app.post(`/imports/:id/${word}`, { config: { doc: { summary, reply: one } } }, async (request, reply) => {
      const row = await found(request, 'manage_audience')
      await act(storage.write, row)
      importer.look()
      return reply.send(await said(row.workspace_id, row.id))
    })

  app.get(
    '/imports/:id/faults',
    { config: { doc: { summary: 'Rows that were not imported, or not quite', reply: FAULTS } } },
    async (request, reply) => {
      const row = await found(request, 'see_audience')
      const after = cursorIn<[number, number]>(request, position => position.every(Number.isSafeInteger))
      const limit = limitIn(request)
      const page = { limit: limit + 1, after: after && { line: after[0], id: after[1] } }
      const faults = await faultsOf(storage.read, row.id, page)
      const last = faults.length > limit ? faults[limit - 1] : undefined
      return reply.send({
        faults: faults
          .slice(0, limit)
          .map(({ id, line, reason, row: cells }) => ({ id, line, reason, row: cells })),
        next_cursor: last === undefined ? null : writeCursor([last.line, last.id]),
        total: await countFaults(storage.survey, row.id),
      })
    },
  )

  app.get(
    '/imports/:id/faults.csv',
    { config: { anyFormat: true, doc: { summary: 'The same as CSV', reply: 'text/csv' } } },
    async (request, reply) => {
      const row = await found(request, 'see_audience')
      return attachment(reply, `faults of import ${row.id}.csv`).send(
        Readable.from(faultLines(storage.survey, row.id)),
      )
    },
  )

  async function found(request: FastifyRequest, act: Act): Promise<NamedImport> {
    const workspaceId = audienceOf(request, 'see_audience')
    const row = await importById(storage.read, workspaceId, idIn(request))
    if (row === undefined) throw new Problem('absent')
    audienceOf(request, act)
    return row
  }

  async function said(workspaceId: number, id: number): Promise<object> {
    const row = await importById(storage.write, workspaceId, id)
    if (row === undefined) throw new Problem('absent')
    return { import: importWire(row, importer.rate(id)) }
  }

  async function preview(row: NamedImport, reading: Partial<Reading>): Promise<Preview> {
    if (!imports.has(row.id)) throw new Problem('conflict', 'The file of this import is not here any more')
    const fields = await listFields(storage.read, row.workspace_id)
    return previewFile(imports.path(row.id), encodingOf(row), reading, { fields, isOurHash })
  }
}

function fileName(given: string | string[] | undefined): string {
  const encoded = typeof given === 'string' ? given : ''
  try {
    return decodeURIComponent(encoded)
  } catch {
    return encoded
  }
}

function readingIn(request: FastifyRequest): Partial<Reading> {
  const header = queried(request, 'has_header')
  return readingOf({
    delimiter: queried(request, 'delimiter'),
    quote: queried(request, 'quote'),
    encoding: queried(request, 'encoding'),
    has_header: header === undefined ? undefined : header === 'true',
  })
}

/** What of it can be; what cannot is refused when it is started. */
function readingOf(given: Record<string, unknown>): Partial<Reading> {
  const { delimiter, quote, has_header } = given
  const encoding = ENCODINGS.find(each => each === given.encoding)
  return {
    ...(typeof delimiter === 'string' && /^[\x01-\x7f]$/.test(delimiter) && { delimiter }),
    ...((quote === '"' || quote === "'") && { quote }),
    ...(encoding !== undefined && { encoding }),
    ...(typeof has_header === 'boolean' && { has_header }),
  }
}
