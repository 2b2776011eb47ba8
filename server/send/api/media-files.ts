import type { FastifyInstance } from 'fastify'
import { notModified } from '../../http/etag.ts'
import { idFrom } from '../../http/ids.ts'
import { Problem } from '../../problem.ts'
import { mediaFile } from '../templates/media.ts'
import type { AudienceDoor } from './audience-door.ts'

/**
 * Pictures in mails: for everybody, from everywhere, without a login. What an address names never changes, and only
 * what was written by readPicture is ever there.
 */
export function mediaFileRoutes(app: FastifyInstance, { storage }: Pick<AudienceDoor, 'storage'>): void {
  app.get('/media/:public_id/:width', async (request, reply) => {
    const { public_id, width } = request.params as { public_id: string; width: string }
    if (!/^[\da-f]{32}$/.test(public_id)) throw new Problem('absent')
    const file = await mediaFile(storage.read, public_id, idFrom(width))
    if (file === undefined) throw new Problem('absent')
    reply
      .header('cache-control', 'public, max-age=31536000, immutable')
      .header('x-content-type-options', 'nosniff')
      .header('content-security-policy', "default-src 'none'; sandbox")
      .header('cross-origin-resource-policy', 'cross-origin')
    if (notModified(request, reply, `"${public_id}-${width}"`)) return reply
    return reply.header('content-type', file.content_type).send(file.bytes)
  })
}
