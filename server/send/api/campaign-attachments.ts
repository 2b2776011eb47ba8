import type { FastifyInstance } from 'fastify'
import { basename, extname } from 'node:path/posix'
import type { RouteDoc } from '../../http/route-doc.ts'
import { listOf, objectOf, oneOf, ref } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import {
  addAttachment,
  attachmentsOf,
  attachmentWithBytes,
  deleteAttachment,
  MOST_ATTACHED,
} from '../campaigns/attachments.ts'
import type { Campaign } from '../campaigns/campaigns.ts'
import { idIn, queried } from './asked.ts'
import type { AudienceDoor } from './audience-door.ts'
import { attachmentWire, type CampaignAttachmentsReply } from './campaigns-wire.ts'
import { fileNameIn } from './file-name.ts'
import { foundCampaign } from './found-campaign.ts'

const all = objectOf({ attachments: listOf(ref('CampaignAttachment')) })
const LIST: RouteDoc = { summary: 'What is attached to a campaign', reply: all }
const ADD: RouteDoc = {
  summary: 'Attach a file to a draft',
  description:
    `The body is the file, its Content-Type that of the file; X-File-Name names it, percent-encoded. At most ` +
    `${MOST_ATTACHED} bytes together, and no programs.`,
  query: {
    inline: {
      description: '`1`: a picture that the mail shows where it says `cid:` and its content_id',
      schema: oneOf('1', '0'),
    },
  },
  reply: all,
  also: { 409: 'It is no draft any more' },
}
const DOWNLOAD: RouteDoc = {
  summary: 'A file that is attached to a campaign',
  reply: 'application/octet-stream',
}
const REMOVE: RouteDoc = {
  summary: 'Take a file off a draft',
  reply: all,
  also: { 409: 'It is no draft any more' },
}

/** RFC 2045, section 5.1, without parameters: of files they say nothing that matters. */
const MEDIA_TYPE = /^[\w!#$&^.+-]{1,100}\/[\w!#$&^.+-]{1,100}$/

export function campaignAttachmentRoutes(app: FastifyInstance, door: AudienceDoor): void {
  const { storage } = door

  app.get('/campaigns/:id/attachments', { config: { doc: LIST } }, async (request, reply) =>
    reply.send(await wire(await foundCampaign(door, request, 'see_campaigns'))),
  )

  app.get(
    '/campaigns/:id/attachments/:attachment_id',
    { config: { doc: DOWNLOAD } },
    async (request, reply) => {
      const campaign = await foundCampaign(door, request, 'see_campaigns')
      const file = await attachmentWithBytes(storage.read, campaign.id, idIn(request, 'attachment_id'))
      if (file === undefined) throw new Problem('absent')
      // Whatever it says it is, and whoever brought it: nothing for the browser to show as a page of ours.
      return reply
        .header('content-type', 'application/octet-stream')
        .header('content-disposition', 'attachment')
        .header('x-content-type-options', 'nosniff')
        .header('cache-control', 'private, no-store')
        .send(Buffer.from(file.bytes))
    },
  )

  // In a scope of its own: whatever the Content-Type, the body is a file here.
  app.register(async scope => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: MOST_ATTACHED },
      (_request, bytes, done) => done(null, bytes),
    )
    scope.post(
      '/campaigns/:id/attachments',
      { bodyLimit: MOST_ATTACHED, config: { doc: ADD } },
      async (request, reply) => {
        const campaign = await foundCampaign(door, request, 'manage_campaigns')
        const bytes = request.body
        if (!Buffer.isBuffer(bytes) || bytes.length === 0)
          throw new Problem('malformed', 'The file is the body')
        const name = basename(fileNameIn(request, 'attachment').replaceAll('\\', '/'))
        const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
        const contentType = MEDIA_TYPE.test(type) ? type : 'application/octet-stream'
        const isInline = queried(request, 'inline') === '1'
        await storage.write.transaction().execute(async trx => {
          const taken = (await attachmentsOf(trx, campaign.id)).map(({ content_id }) => content_id)
          const contentId = isInline ? freeContentId(name, taken) : null
          return addAttachment(trx, campaign, { name, contentType, contentId, bytes })
        })
        return reply.send(await wire(campaign))
      },
    )
  })

  app.delete(
    '/campaigns/:id/attachments/:attachment_id',
    { config: { doc: REMOVE } },
    async (request, reply) => {
      const campaign = await foundCampaign(door, request, 'manage_campaigns')
      const id = idIn(request, 'attachment_id')
      await storage.write.transaction().execute(trx => deleteAttachment(trx, campaign, id))
      return reply.send(await wire(campaign))
    },
  )

  async function wire({ id }: Campaign): Promise<CampaignAttachmentsReply> {
    return { attachments: (await attachmentsOf(storage.read, id)).map(attachmentWire) }
  }
}

/** Something that can be typed, after the name of the file. */
function freeContentId(name: string, taken: readonly (string | null)[]): string {
  const stem =
    basename(name, extname(name))
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '')
      .slice(0, 40) || 'picture'
  for (let number = 1; ; number++) {
    const id = number === 1 ? stem : `${stem}-${number}`
    if (!taken.includes(id)) return id
  }
}
