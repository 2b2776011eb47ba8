import type { FastifyReply, FastifyRequest } from 'fastify'
import type { BrowserSession } from '../callers.ts'
import { localModeOn, looksLocal } from '../local-mode.ts'
import { overTls } from '../own-origin.ts'
import { clearSessionCookie, setSessionCookie } from '../session-cookie.ts'
import { openSession, type Session } from '../sessions.ts'
import { firstOwner, somebodyHasPassword, userById } from '../users.ts'
import { currentMembership, membershipsOf, workspaceById } from '../workspaces.ts'
import type { AccountsDoor } from './accounts-door.ts'
import { type SessionWire, userWire, workspaceWire } from './wire.ts'

/** How a browser stands; in local mode it is let in here. */
export async function stateOf(
  door: AccountsDoor,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<SessionWire> {
  const { storage, callers, loopback } = door
  const session = await callers.session(request)
  if (session !== undefined) return signedIn(door, session)
  if (looksLocal(request) && (await localModeOn(storage.read, loopback))) {
    const owner = await firstOwner(storage.read)
    if (owner !== undefined) return enter(door, request, reply, owner.id)
  }
  const state = (await somebodyHasPassword(storage.read)) ? 'signed_out' : 'setup'
  return { state, csrf: null, user: null, workspace: null, server: door.server() }
}

/** A new session, always under a new name: one that was planted in the browser before is worth nothing. */
export async function enter(
  door: AccountsDoor,
  request: FastifyRequest,
  reply: FastifyReply,
  userId: number,
): Promise<SessionWire> {
  const { session, value } = await openSession(door.storage.write, userId)
  reply.header('set-cookie', setSessionCookie(value, overTls(request, door.publicUrl)))
  return describe(door, session.csrf, session.user_id)
}

export function leave(door: AccountsDoor, request: FastifyRequest, reply: FastifyReply): SessionWire {
  reply.header('set-cookie', clearSessionCookie(overTls(request, door.publicUrl)))
  return { state: 'signed_out', csrf: null, user: null, workspace: null, server: door.server() }
}

export function signedIn(door: AccountsDoor, { csrf, caller }: BrowserSession): Promise<SessionWire> {
  return describe(door, csrf, caller.user.id)
}

async function describe(door: AccountsDoor, csrf: Session['csrf'], userId: number): Promise<SessionWire> {
  const db = door.storage.read
  const user = await userById(db, userId)
  if (user === undefined)
    return { state: 'signed_out', csrf: null, user: null, workspace: null, server: door.server() }
  const membership = currentMembership(await membershipsOf(db, user.id), user.current_workspace_id)
  const workspace = membership && (await workspaceById(db, membership.workspaceId))
  return {
    state: user.password_hash === null ? 'local' : user.verified_at === null ? 'unverified' : 'signed_in',
    csrf,
    user: userWire(user),
    workspace: membership && workspace ? workspaceWire(workspace, membership.role) : null,
    server: door.server(),
  }
}
