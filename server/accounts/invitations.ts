import { hash, randomBytes } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Database, Tables } from '../storage/schema.ts'
import type { Scope } from './scopes.ts'
import { emailKey } from './users.ts'

export type Invitation = Selectable<Tables['invitations']>

const DAY_MS = 86_400_000
const LIFETIME_MS = 7 * DAY_MS
/** Those that expired can be sent again for so long. */
const FORGOTTEN_AFTER_MS = 30 * DAY_MS

interface NewInvitation {
  workspaceId: number
  scope: Scope
  email: string
  role: 'admin' | 'viewer'
  invitedBy: number
}

/**
 * Instead of an older one of the same address to the same thing, whose link stops.
 * @returns the secret of the link in clear, this once
 */
export async function createInvitation(
  trx: Database,
  { workspaceId, scope, email, role, invitedBy }: NewInvitation,
  now = Date.now(),
): Promise<{ invitation: Invitation; secret: string }> {
  const secret = newSecret()
  const to = {
    workspace_id: workspaceId,
    project_id: scope.kind === 'project' ? scope.id : null,
    inbox_id: scope.kind === 'inbox' ? scope.id : null,
    email: emailKey(email),
  }
  await trx
    .deleteFrom('invitations')
    .where(either =>
      either.or([
        either('expires_at', '<', now - FORGOTTEN_AFTER_MS),
        either.and([
          either('workspace_id', '=', to.workspace_id),
          either('project_id', to.project_id === null ? 'is' : '=', to.project_id),
          either('inbox_id', to.inbox_id === null ? 'is' : '=', to.inbox_id),
          either('email', '=', to.email),
        ]),
      ]),
    )
    .execute()
  const invitation = await trx
    .insertInto('invitations')
    .values({
      ...to,
      role,
      hash: secretHash(secret),
      invited_by: invitedBy,
      created_at: now,
      expires_at: now + LIFETIME_MS,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return { invitation, secret }
}

/** Oldest first, expired ones too. */
export function invitationsOf(db: Database, workspaceId: number): Promise<Invitation[]> {
  return db
    .selectFrom('invitations')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .orderBy('id')
    .execute()
}

export function invitationById(db: Database, id: number): Promise<Invitation | undefined> {
  return db.selectFrom('invitations').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Undefined: unknown, used or expired. */
export async function invitationBySecret(
  db: Database,
  secret: string,
  now = Date.now(),
): Promise<Invitation | undefined> {
  return db
    .selectFrom('invitations')
    .selectAll()
    .where('hash', '=', secretHash(secret))
    .where('expires_at', '>', now)
    .executeTakeFirst()
}

/** Uses it up: of several who try at once, one gets it. */
export async function takeInvitation(
  trx: Database,
  secret: string,
  now = Date.now(),
): Promise<Invitation | undefined> {
  return trx
    .deleteFrom('invitations')
    .where('hash', '=', secretHash(secret))
    .where('expires_at', '>', now)
    .returningAll()
    .executeTakeFirst()
}

/** @returns the new secret; the old link stops. Undefined: the invitation is gone */
export async function renewInvitation(
  db: Database,
  id: number,
  now = Date.now(),
): Promise<{ invitation: Invitation; secret: string } | undefined> {
  const secret = newSecret()
  const invitation = await db
    .updateTable('invitations')
    .set({ hash: secretHash(secret), expires_at: now + LIFETIME_MS })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  return invitation && { invitation, secret }
}

/** @returns false: it was gone already */
export async function deleteInvitation(db: Database, id: number): Promise<boolean> {
  const deleted = await db.deleteFrom('invitations').where('id', '=', id).returning('id').executeTakeFirst()
  return deleted !== undefined
}

/** What somebody has sent who may not invite any more: they may know the links. */
export async function withdrawInvitations(
  db: Database,
  from: { invitedBy: number } & ({ workspaceId: number } | { projectId: number } | { inboxId: number }),
): Promise<void> {
  const sent = db.deleteFrom('invitations').where('invited_by', '=', from.invitedBy)
  if ('workspaceId' in from) await sent.where('workspace_id', '=', from.workspaceId).execute()
  else if ('inboxId' in from) await sent.where('inbox_id', '=', from.inboxId).execute()
  else
    await sent
      .where(either =>
        either.or([
          either('project_id', '=', from.projectId),
          either(
            'inbox_id',
            'in',
            db.selectFrom('inboxes').select('id').where('project_id', '=', from.projectId),
          ),
        ]),
      )
      .execute()
}

export function scopeOf({ workspace_id, project_id, inbox_id }: Invitation): Scope {
  if (inbox_id !== null) return { kind: 'inbox', id: inbox_id }
  if (project_id !== null) return { kind: 'project', id: project_id }
  return { kind: 'workspace', id: workspace_id }
}

function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** Secrets are random, so a fast hash is enough. */
function secretHash(secret: string): string {
  return hash('sha256', secret, 'hex')
}
