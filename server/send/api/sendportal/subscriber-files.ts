import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { RouteDoc } from '../../../http/route-doc.ts'
import { integer, objectOf, text } from '../../../http/schemas.ts'
import { Problem } from '../../../problem.ts'
import { listFields } from '../../audience/custom-fields.ts'
import { exportSubscribers } from '../../export/export-subscribers.ts'
import { isExportHash } from '../../import/export-hash.ts'
import type { ReceivedFile } from '../../import/import-files.ts'
import { createImport, startImport } from '../../import/imports.ts'
import { previewFile } from '../../import/preview.ts'
import { makeFields, readOptions } from '../../import/read-options.ts'
import { attachment } from '../attachment.ts'
import type { SendPortalDoor } from './door.ts'
import { Form } from './form.ts'
import { byCaller, type Words, workspaceOf } from './generation.ts'
import { groupKey, knownTags } from './ids.ts'
import { queryOf } from './input.ts'

/** Contract, section 7: what SendPortal does on two of its pages, by API, which is ours. */
export function subscriberFiles(app: FastifyInstance, door: SendPortalDoor, words: Words): void {
  const { storage, secrets, imports, importer } = door
  const importDoc: RouteDoc = {
    summary: 'Import subscribers from CSV, in the background',
    description:
      `The file is the body, as \`text/csv\`, or the field \`file\` of a form; \`${words.many}[]\` in the query are given ` +
      'to everybody in it. Rows are found by id, else by email, else new; how it went is at ' +
      '`/api/posthorn/imports/{id}`.',
    query: { [`${words.many}[]`]: { description: 'Ids', schema: integer } },
    reply: objectOf({ data: objectOf({ id: integer, name: text, status: text }) }),
    also: { 202: 'It runs', 413: 'The file is too large' },
  }

  // In a scope of its own: here alone a body is not read but passed on.
  app.register(async scope => {
    scope.addContentTypeParser(
      ['text/csv', 'application/octet-stream', 'text/plain'],
      (_request, payload, done) => done(null, payload),
    )
    scope.removeContentTypeParser(/^multipart\/form-data/)
    scope.addContentTypeParser(/^multipart\/form-data/, { parseAs: 'buffer' }, (_request, bytes, done) =>
      done(null, bytes),
    )
    scope.post('/subscribers/import', { config: { doc: importDoc } }, async (request, reply) => {
      const workspaceId = await workspaceOf({ storage }, request, 'manage_audience')
      const form = new Form(queryOf(request.query))
      const given = form.ids(groupKey(form, words), false) ?? []
      const tags = await knownTags(storage.read, workspaceId, form, given, words)
      form.check()
      const { source, name } = await fileIn(request)
      const file = await imports.receive(source, undefined)
      const data = await begin(
        workspaceId,
        byCaller(request).userId,
        file,
        name,
        tags.map(({ id }) => id),
      )
      importer.look()
      return reply.code(202).send({ data })
    })
  })

  app.get(
    '/subscribers/export',
    { config: { anyFormat: true, doc: { summary: 'All subscribers as CSV', reply: 'text/csv' } } },
    async (request, reply) => {
      const workspaceId = await workspaceOf({ storage }, request, 'export_audience')
      const day = new Date().toISOString().slice(0, 10)
      return attachment(reply, `subscribers-${day}.csv`).send(
        Readable.from(exportSubscribers(storage, secrets, workspaceId, {})),
      )
    },
  )

  async function begin(
    workspaceId: number,
    userId: number | null,
    file: ReceivedFile,
    name: string,
    tag_ids: number[],
  ): Promise<{ id: number; name: string; status: 'running' }> {
    const { size, encoding } = file
    const created = await createImport(storage.write, workspaceId, { userId, name, size, encoding })
    imports.keep(file, created.id)
    try {
      const fields = await listFields(storage.read, workspaceId)
      const isOurHash = (id: number, hash: string) => isExportHash(secrets, id, hash)
      const { options: proposed } = previewFile(imports.path(created.id), encoding, {}, { fields, isOurHash })
      const options = await readOptions(storage.read, workspaceId, { tag_ids }, proposed)
      await storage.write
        .transaction()
        .execute(async trx => startImport(trx, created, await makeFields(trx, workspaceId, options)))
    } catch (error) {
      await storage.write.deleteFrom('imports').where('id', '=', created.id).execute()
      imports.remove(created.id)
      throw withoutMapping(error)
    }
    return { id: created.id, name: created.name, status: 'running' }
  }
}

/** Who sent no mapping is not told of one. */
function withoutMapping(error: unknown): unknown {
  if (!(error instanceof Problem) || error.fields?.mapping === undefined) return error
  return new Problem('invalid', '', { fields: { file: ['The file must have a column email.'] } })
}

async function fileIn(request: FastifyRequest): Promise<{ source: Readable; name: string }> {
  const { body } = request
  if (body instanceof Readable) return { source: body, name: 'subscribers.csv' }
  if (!Buffer.isBuffer(body)) throw missing()
  const type = request.headers['content-type'] ?? ''
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } })
    .formData()
    .catch(() => undefined)
  const file = form?.get('file')
  if (!(file instanceof File)) throw missing()
  return { source: Readable.from([Buffer.from(await file.arrayBuffer())]), name: file.name }
}

function missing(): Problem {
  return new Problem('invalid', '', { fields: { file: ['The file field is required.'] } })
}
