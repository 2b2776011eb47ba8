import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { RouteDoc } from '../../http/route-doc.ts'
import { listOf, objectOf, ref } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import { changeTemplate, type Template, templateById, versionOf, versionsOf } from '../templates/templates.ts'
import { by, idIn } from './asked.ts'
import type { AudienceDoor } from './audience-door.ts'
import { foundTemplate, shownTemplate } from './found-template.ts'
import { versionWire } from './templates-wire.ts'

const LIST: RouteDoc = {
  summary: 'The versions of a template, newest first',
  reply: objectOf({ versions: listOf(ref('TemplateVersionSummary')) }),
}
const SHOW: RouteDoc = { summary: 'One version', reply: objectOf({ version: ref('TemplateVersion') }) }
const RESTORE: RouteDoc = {
  summary: 'Make an old version the newest again',
  description: 'As a new version; the name stays as it is.',
  reply: objectOf({ template: ref('Template') }),
}

export function templateVersionRoutes(app: FastifyInstance, door: AudienceDoor): void {
  const { storage } = door

  app.get('/templates/:id/versions', { config: { doc: LIST } }, async (request, reply) => {
    const template = await foundTemplate(door, request, 'see_campaigns')
    return reply.send({ versions: (await versionsOf(storage.read, template)).map(versionWire) })
  })

  app.get('/templates/:id/versions/:number', { config: { doc: SHOW } }, async (request, reply) => {
    const version = await found(request, await foundTemplate(door, request, 'see_campaigns'))
    const { source, content } = version
    return reply.send({ version: { ...versionWire(version), source, content } })
  })

  app.post(
    '/templates/:id/versions/:number/restore',
    { config: { doc: RESTORE } },
    async (request, reply) => {
      const { id, workspace_id } = await foundTemplate(door, request, 'manage_campaigns')
      const { kind, language, source, content } = await found(request, { id })
      const template = await storage.write.transaction().execute(async trx => {
        const now = await templateById(trx, workspace_id, id)
        if (now === undefined) throw new Problem('absent')
        return changeTemplate(trx, now, { kind, language, source, content }, by(request))
      })
      return reply.send({ template: await shownTemplate(door, template) })
    },
  )

  async function found(request: FastifyRequest, template: Pick<Template, 'id'>) {
    const version = await versionOf(storage.read, template, idIn(request, 'number'))
    if (version === undefined) throw new Problem('absent')
    return version
  }
}
