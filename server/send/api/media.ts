import type { FastifyInstance, FastifyRequest } from 'fastify'
import { hash } from 'node:crypto'
import { callerOf, insist } from '../../accounts/caller.ts'
import type { RouteDoc } from '../../http/route-doc.ts'
import { integer, listOf, objectOf, optional, orNull, ref, text } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import { StorageFault } from '../../storage/faults.ts'
import {
  changeMedium,
  createMedium,
  deleteMedium,
  listMedia,
  type Medium,
  mediumByHash,
  mediumById,
} from '../templates/media.ts'
import { readPicture } from '../templates/pictures.ts'
import { audienceOf, bodyOf, by, cursorIn, idIn, limitIn, refuse, writeCursor } from './asked.ts'
import type { AudienceDoor } from './audience-door.ts'
import { fileNameIn } from './file-name.ts'
import { mediumWire } from './media-wire.ts'

const MAX_SIZE = 10 << 20
const MAX_NAME = 255
const MAX_ALT = 1000

const one = objectOf({ media: ref('Medium') })
const LIST: RouteDoc = {
  summary: 'The pictures of the workspace, newest first',
  query: {
    cursor: { description: 'Where the page before ended', schema: text },
    limit: { description: '50, at most 200', schema: integer },
  },
  reply: objectOf({ media: listOf(ref('Medium')), next_cursor: orNull(text) }),
}
const UPLOAD: RouteDoc = {
  summary: 'Upload a picture',
  description:
    'The body is the file: PNG, JPEG, GIF or WebP, at most 10 MB and 50 megapixels. It is written anew in several ' +
    'widths, without what else was in it. X-File-Name names it, percent-encoded. The very same file is kept once.',
  reply: one,
}
const CHANGE: RouteDoc = {
  summary: 'Rename a picture, or say what it shows',
  body: optional({ name: text, alt: text }),
  reply: one,
}
const DELETE: RouteDoc = {
  summary: 'Delete a picture',
  description:
    'Not while a template or a campaign shows it: 422 under `medium`. In mails that were sent it is missing then.',
  reply: objectOf({}),
}

export function mediaRoutes(app: FastifyInstance, { storage, publicUrl }: AudienceDoor): void {
  app.get('/media', { config: { doc: LIST } }, async (request, reply) => {
    const workspaceId = audienceOf(request, 'see_campaigns')
    const limit = limitIn(request)
    const [before] = cursorIn<[number]>(request, ([id]) => Number.isSafeInteger(id)) ?? []
    const media = await listMedia(storage.read, workspaceId, { before, limit: limit + 1 })
    const page = media.slice(0, limit)
    const next = media.length > limit ? writeCursor([page.at(-1)?.id]) : null
    return reply.send({ media: page.map(wire), next_cursor: next })
  })

  // In a scope of its own: here alone a body may be a picture.
  app.register(async scope => {
    for (const type of ['application/octet-stream', /^image\//])
      scope.addContentTypeParser(type, { parseAs: 'buffer', bodyLimit: MAX_SIZE }, (_request, bytes, done) =>
        done(null, bytes),
      )
    scope.post('/media', { bodyLimit: MAX_SIZE, config: { doc: UPLOAD } }, async (request, reply) => {
      const workspaceId = audienceOf(request, 'manage_campaigns')
      const bytes = request.body
      if (!Buffer.isBuffer(bytes) || bytes.length === 0)
        throw new Problem('malformed', 'The picture is the body, as application/octet-stream')
      const digest = hash('sha256', bytes, 'hex')
      const known = await mediumByHash(storage.read, workspaceId, digest)
      if (known !== undefined) return reply.send({ media: wire(known) })
      const picture = await readPicture(bytes)
      if (picture === undefined)
        return refuse('file', 'must be a PNG, JPEG, GIF or WebP of at most 50 megapixels, and not damaged')
      const medium = await onlyOnce(workspaceId, digest, () =>
        storage.write.transaction().execute(trx =>
          createMedium(trx, workspaceId, {
            hash: digest,
            name: fileNameIn(request, 'picture'),
            size: bytes.length,
            picture,
            ...by(request),
          }),
        ),
      )
      return reply.send({ media: wire(medium) })
    })
  })

  app.patch('/media/:id', { config: { doc: CHANGE } }, async (request, reply) => {
    const medium = await found(request)
    const { name, alt } = bodyOf(request)
    const changes = {
      ...(name !== undefined && { name: textOf('name', name, MAX_NAME) }),
      ...(alt !== undefined && { alt: textOf('alt', alt, MAX_ALT) }),
    }
    if (changes.name === '') refuse('name', 'must not be blank')
    return reply.send({ media: wire(await changeMedium(storage.write, medium, changes)) })
  })

  app.delete('/media/:id', { config: { doc: DELETE } }, async (request, reply) => {
    const medium = await found(request)
    await storage.write.transaction().execute(trx => deleteMedium(trx, medium))
    return reply.send({})
  })

  async function found(request: FastifyRequest): Promise<Medium> {
    const caller = callerOf(request)
    const medium = await mediumById(storage.read, caller.workspaceId, idIn(request))
    if (medium === undefined) throw new Problem('absent')
    insist(caller, 'manage_campaigns')
    return medium
  }

  /** Two who upload the same file at once both get the one that was first. */
  async function onlyOnce(
    workspaceId: number,
    digest: string,
    write: () => Promise<Medium>,
  ): Promise<Medium> {
    try {
      return await write()
    } catch (error) {
      const first =
        error instanceof StorageFault && error.kind === 'duplicate'
          ? await mediumByHash(storage.write, workspaceId, digest)
          : undefined
      if (first === undefined) throw error
      return first
    }
  }

  function wire(medium: Medium) {
    return mediumWire(medium, publicUrl)
  }
}

function textOf(field: string, given: unknown, most: number): string {
  if (typeof given !== 'string') return refuse(field, 'must be text')
  if (given.length > most) refuse(field, `must not be longer than ${most} characters`)
  return given.trim()
}
