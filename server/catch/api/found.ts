import type { FastifyRequest } from 'fastify'
import { callerOf, insist } from '../../accounts/caller.ts'
import type { Act, Role } from '../../accounts/permissions.ts'
import { idFrom } from '../../http/ids.ts'
import { Problem } from '../../problem.ts'
import {
  inboxesInReach,
  projectsInReach,
  type ReachedInbox,
  type ReachedProject,
  reachOf,
} from '../access.ts'
import { findMessage, type Message } from '../messages.ts'
import { rawMessage } from '../raw.ts'
import { accountOf, notFoundIn } from './account.ts'
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
  const [project] = await projectsInReach(storage.read, reachOf(callerOf(request)), {
    projectId: idFrom(id),
    ...only(request),
  })
  if (project === undefined) throw await notFoundIn(storage.read, request)
  insist(project, act)
  return project
}

export async function foundInbox(
  { storage }: Sandbox,
  request: FastifyRequest,
  act: Act,
): Promise<ReachedInbox> {
  const { id } = request.params as { id?: string }
  const [inbox] = await inboxesInReach(storage.read, reachOf(callerOf(request)), {
    inboxId: idFrom(id),
    ...only(request),
  })
  if (inbox === undefined) throw await notFoundIn(storage.read, request)
  insistIn(inbox, act)
  return inbox
}

/** What is in an inbox that is switched off can be read and deleted with it, and is otherwise left as it is. */
const NEEDS_ACTIVE: ReadonlySet<Act> = new Set([
  'mark_read',
  'change_messages',
  'forward_messages',
  'send_mail',
])

/** @throws Problem `forbidden`: the role does not allow it, or the inbox is not active (contract, section 3) */
export function insistIn(inbox: ReachedInbox, act: Act): void {
  insist(inbox, act)
  if (inbox.status !== 'active' && NEEDS_ACTIVE.has(act)) throw new Problem('forbidden')
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
  insistIn(inbox, act)
  return { ...message, role: inbox.role, workspace_id: inbox.workspace_id }
}

/** The path of the message that a request is about, whichever part of it was asked for. */
export function messagePathOf(request: FastifyRequest): string {
  return /^.*?\/messages\/\d+/.exec(request.url)?.[0] ?? ''
}

function only(request: FastifyRequest): { workspaceId?: number } {
  const workspaceId = accountOf(request)
  return workspaceId === undefined ? {} : { workspaceId }
}

/** @throws Problem `absent`: the message was deleted since it was found */
export async function rawOf({ storage }: Sandbox, message: Pick<Message, 'id'>): Promise<Buffer> {
  const raw = await rawMessage(storage.read, message.id)
  if (raw === undefined) throw new Problem('absent')
  return raw
}
