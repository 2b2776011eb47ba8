import type { FastifyRequest } from 'fastify'
import { callerOf, insist } from '../../accounts/caller.ts'
import type { Act, Role } from '../../accounts/permissions.ts'
import { idFrom } from '../../http/ids.ts'
import { Problem } from '../../problem.ts'
import { inboxInReach, projectInReach, type ReachedInbox, type ReachedProject, reachOf } from '../access.ts'
import { findMessage, type Message } from '../messages.ts'
import { rawMessage } from '../raw.ts'
import type { Sandbox } from './sandbox.ts'

/**
 * What the path names, if whoever asks can reach it, with the role they have there. Existence comes before
 * permission: what somebody cannot reach is absent, not forbidden.
 */
export async function foundProject(
  { storage }: Sandbox,
  request: FastifyRequest,
  act: Act,
): Promise<ReachedProject> {
  const { id } = request.params as { id?: string }
  const project = await projectInReach(storage.read, reachOf(callerOf(request)), idFrom(id))
  if (project === undefined) throw new Problem('absent')
  insist(project, act)
  return project
}

export async function foundInbox(
  { storage }: Sandbox,
  request: FastifyRequest,
  act: Act,
): Promise<ReachedInbox> {
  const { id } = request.params as { id?: string }
  const inbox = await inboxInReach(storage.read, reachOf(callerOf(request)), idFrom(id))
  if (inbox === undefined) throw new Problem('absent')
  insist(inbox, act)
  return inbox
}

/** With the role on its inbox. */
export async function foundMessage(
  sandbox: Sandbox,
  request: FastifyRequest,
  act: Act,
): Promise<Message & { role: Role; workspace_id: number }> {
  const inbox = await foundInbox(sandbox, request, 'see')
  const { message_id } = request.params as { message_id?: string }
  const message = await findMessage(sandbox.storage.read, inbox.id, idFrom(message_id))
  if (message === undefined) throw new Problem('absent')
  insist(inbox, act)
  return { ...message, role: inbox.role, workspace_id: inbox.workspace_id }
}

/** @throws Problem `absent`: the message was deleted since it was found */
export async function rawOf({ storage }: Sandbox, message: Pick<Message, 'id'>): Promise<Buffer> {
  const raw = await rawMessage(storage.read, message.id)
  if (raw === undefined) throw new Problem('absent')
  return raw
}
