import type { FastifyRequest } from 'fastify'
import { callerOf, insist } from '../../accounts/caller.ts'
import type { Act } from '../../accounts/permissions.ts'
import { idFrom } from '../../http/ids.ts'
import { Problem } from '../../problem.ts'
import { type Inbox, inboxInWorkspace } from '../inboxes.ts'
import { findMessage, type Message } from '../messages.ts'
import { rawMessage } from '../raw.ts'
import { type Project, projectInWorkspace } from '../projects.ts'
import type { Sandbox } from './sandbox.ts'

/**
 * What the path names, if it is there for this caller. Existence comes before permission: an object of
 * another workspace is absent, not forbidden.
 */
export async function foundProject(
  { storage }: Sandbox,
  request: FastifyRequest,
  act: Act,
): Promise<Project> {
  const caller = callerOf(request)
  const { id } = request.params as { id?: string }
  const project = await projectInWorkspace(storage.read, caller.workspaceId, idFrom(id))
  if (project === undefined) throw new Problem('absent')
  insist(caller, act)
  return project
}

export async function foundInbox({ storage }: Sandbox, request: FastifyRequest, act: Act): Promise<Inbox> {
  const caller = callerOf(request)
  const { id } = request.params as { id?: string }
  const inbox = await inboxInWorkspace(storage.read, caller.workspaceId, idFrom(id))
  if (inbox === undefined) throw new Problem('absent')
  insist(caller, act)
  return inbox
}

export async function foundMessage(sandbox: Sandbox, request: FastifyRequest, act: Act): Promise<Message> {
  const inbox = await foundInbox(sandbox, request, 'see')
  const { message_id } = request.params as { message_id?: string }
  const message = await findMessage(sandbox.storage.read, inbox.id, idFrom(message_id))
  if (message === undefined) throw new Problem('absent')
  insist(callerOf(request), act)
  return message
}

/** @throws Problem `absent`: the message was deleted since it was found */
export async function rawOf({ storage }: Sandbox, message: Pick<Message, 'id'>): Promise<Buffer> {
  const raw = await rawMessage(storage.read, message.id)
  if (raw === undefined) throw new Problem('absent')
  return raw
}
