import type { FastifyRequest } from 'fastify'
import { callerOf, insist } from '../../../accounts/caller.ts'
import { roleIn } from '../../../accounts/members.ts'
import type { Act, Role } from '../../../accounts/permissions.ts'
import { idFrom } from '../../../http/ids.ts'
import { Problem } from '../../../problem.ts'
import type { Database } from '../../../storage/schema.ts'
import type { SendPortalDoor } from './door.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Which workspace a route of this dialect is about: the one in its path, or the caller's. */
    workspace?: 'in path' | 'of caller'
  }
}

/** What a tag is called. Its first generation said segment, in paths, keys and texts. */
export interface Words {
  one: 'tag' | 'segment'
  many: 'tags' | 'segments'
  /** At the beginning of a sentence. */
  One: 'Tag' | 'Segment'
  /** The names in the published description. */
  shapes: { group: string; subscriber: string; campaign: string }
}

export const TAGS: Words = {
  one: 'tag',
  many: 'tags',
  One: 'Tag',
  shapes: { group: 'Tag', subscriber: 'Subscriber', campaign: 'Campaign' },
}
export const SEGMENTS: Words = {
  one: 'segment',
  many: 'segments',
  One: 'Segment',
  shapes: { group: 'Segment', subscriber: 'SegmentedSubscriber', campaign: 'SegmentedCampaign' },
}

/**
 * The workspace that a request is about, if whoever asks may do that there.
 * @throws Problem `forbidden`: also of a workspace in the path that is not theirs, or not there (contract, section
 * 1.2); `absent`: what is in the path is no id
 */
export async function workspaceOf(
  { storage }: Pick<SendPortalDoor, 'storage'>,
  request: FastifyRequest,
  act: Act,
): Promise<number> {
  const caller = callerOf(request)
  if (request.routeOptions.config.workspace !== 'in path') {
    insist(caller, act)
    return caller.workspaceId
  }
  const { id, role } = await placeInPath(storage.read, request)
  insist({ role }, act)
  return id
}

export async function placeInPath(
  db: Database,
  request: FastifyRequest,
): Promise<{ id: number; role: Role }> {
  const caller = callerOf(request)
  const id = idFrom((request.params as { workspace_id?: string }).workspace_id)
  const role =
    caller.workspaceId === id
      ? caller.role
      : caller.as === 'workspace'
        ? null
        : await roleIn(db, id, caller.user.id)
  if (role === null) throw new Problem('forbidden')
  return { id, role }
}

/** Who is remembered as having done it: behind a token of a workspace stands a program. */
export function byCaller(request: FastifyRequest): { userId: number | null } {
  const caller = callerOf(request)
  return { userId: caller.as === 'user' ? caller.user.id : null }
}

/** @throws Problem `absent` */
export function pathId(request: FastifyRequest, name = 'id'): number {
  return idFrom((request.params as Record<string, string>)[name])
}
