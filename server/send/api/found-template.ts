import type { FastifyRequest } from 'fastify'
import { callerOf, insist } from '../../accounts/caller.ts'
import { Problem } from '../../problem.ts'
import { audienceSettings } from '../audience/audience-settings.ts'
import { listFields } from '../audience/custom-fields.ts'
import { type Vocabulary, vocabularyOf } from '../templates/merge-tags.ts'
import { warningsAbout } from '../templates/rendering.ts'
import { type Template, templateById, usesOf } from '../templates/templates.ts'
import { idIn } from './asked.ts'
import type { AudienceDoor } from './audience-door.ts'
import { type TemplateWire, templateWire } from './templates-wire.ts'

/** @throws Problem `absent`, `forbidden` */
export async function foundTemplate(
  { storage }: Pick<AudienceDoor, 'storage'>,
  request: FastifyRequest,
  act: 'see_campaigns' | 'manage_campaigns',
): Promise<Template> {
  const caller = callerOf(request)
  const template = await templateById(storage.read, caller.workspaceId, idIn(request))
  if (template === undefined) throw new Problem('absent')
  insist(caller, act)
  return template
}

/** The template as it is answered, with what its author should know. */
export async function shownTemplate(
  { storage }: Pick<AudienceDoor, 'storage'>,
  template: Template,
): Promise<TemplateWire> {
  const vocabulary = await vocabularyIn(storage.read, template.workspace_id)
  const warnings = warningsAbout(template.content, template.language, vocabulary)
  return templateWire(template, await usesOf(storage.read, template), warnings)
}

/** The merge tags of a workspace. */
async function vocabularyIn(db: AudienceDoor['storage']['read'], workspaceId: number): Promise<Vocabulary> {
  const { locale } = await audienceSettings(db, workspaceId)
  return vocabularyOf(await listFields(db, workspaceId), locale)
}
