import type { FastifyInstance, FastifyRequest } from 'fastify'
import { callerOf, insist } from '../../../accounts/caller.ts'
import { deleteInvitation, withdrawInvitations } from '../../../accounts/invitations.ts'
import { removeMember, roleIn } from '../../../accounts/members.ts'
import { may, type Role } from '../../../accounts/permissions.ts'
import { idFrom } from '../../../http/ids.ts'
import { sayJson } from '../../../http/json.ts'
import { listOf, ref, text } from '../../../http/schemas.ts'
import { Problem } from '../../../problem.ts'
import { type AccountAccess, accountAccesses } from '../../account-accesses.ts'
import { sharedThings } from '../../shares.ts'
import { insistOnAccount } from '../account.ts'
import type { Sandbox } from '../sandbox.ts'
import type { Form } from './form.ts'
import { LEVELS } from './levels.ts'
import type { AccountAccessWire, ResourceType } from './wire.ts'

/** Who has been given what in an account: people, and invitations that are still open. */
export function accountAccessRoutes(app: FastifyInstance, sandbox: Sandbox, form: Form): void {
  const { storage, changed } = sandbox

  app.get(
    '/account_accesses',
    {
      config: {
        doc: {
          summary: 'Who has been given what in the account',
          query: {
            'project_ids[]': { description: 'Only those who were given one of these', schema: listOf(text) },
            [`${form.inbox}_ids[]`]: { description: 'Or one of these', schema: listOf(text) },
          },
          reply: listOf(ref('AccountAccess')),
        },
      },
    },
    async (request, reply) => {
      const { workspaceId, role } = await insistOnManaging(sandbox, request)
      const { user } = callerOf(request)
      const wanted = wantedIn(request.query)
      const all = (await accountAccesses(storage.read, workspaceId)).filter(access => wanted(access))
      return sayJson(
        request,
        reply,
        all.map(access => accessShape(form, access, user.id, role)),
      )
    },
  )

  app.delete(
    '/account_accesses/:account_access_id',
    {
      config: {
        doc: {
          summary: 'Take everything back, or leave',
          description: 'Of an invitation: withdraw it. Everybody may leave, but for the last owner.',
          reply: ref('Deleted'),
        },
      },
    },
    async (request, reply) => {
      const { user } = callerOf(request)
      const access = await foundAccess(sandbox, request)
      const leaves = access.specifier.kind === 'user' && access.specifier.id === user.id
      const { workspaceId, role } = leaves
        ? { workspaceId: await insistOnAccount(storage.read, request), role: null }
        : await insistOnManaging(sandbox, request)
      await remove(access, workspaceId, role)
      changed()
      return sayJson(request, reply, { id: access.id })
    },
  )

  /** @param by the role of whoever does it; null: they leave */
  async function remove({ specifier }: AccountAccess, workspaceId: number, by: Role | null): Promise<void> {
    const db = storage.write
    if (specifier.kind === 'invitation') {
      if (!(await deleteInvitation(db, specifier.id))) throw new Problem('absent')
    } else if (specifier.memberId !== undefined)
      await removeMember(db, sharedThings, { workspaceId, id: specifier.memberId, by })
    else
      await db.transaction().execute(async trx => {
        await sharedThings.takeAll(trx, workspaceId, specifier.id)
        await withdrawInvitations(trx, { workspaceId, invitedBy: specifier.id })
        if (by !== null) await sharedThings.newLinks(trx, workspaceId)
      })
  }
}

/** @throws Problem `forbidden`: people are managed by those who manage the whole account */
export async function insistOnManaging(
  { storage }: Sandbox,
  request: FastifyRequest,
): Promise<{ workspaceId: number; role: Role }> {
  const workspaceId = await insistOnAccount(storage.read, request)
  const role = await roleIn(storage.read, workspaceId, callerOf(request).user.id)
  if (role === null) throw new Problem('forbidden')
  insist({ role }, 'manage_people')
  return { workspaceId, role }
}

/** @throws Problem `absent`; existence is for those alone who may manage it, or whose own it is */
export async function foundAccess(sandbox: Sandbox, request: FastifyRequest): Promise<AccountAccess> {
  const { account_access_id: given } = request.params as { account_access_id?: string }
  const id = idFrom(given)
  const workspaceId = await insistOnAccount(sandbox.storage.read, request)
  if (id !== callerOf(request).user.id * 2) await insistOnManaging(sandbox, request)
  const access = (await accountAccesses(sandbox.storage.read, workspaceId)).find(each => each.id === id)
  if (access === undefined) throw new Problem('absent')
  return access
}

function accessShape(
  form: Form,
  { id, specifier, resources }: AccountAccess,
  userId: number,
  role: Role,
): AccountAccessWire {
  const isUser = specifier.kind === 'user'
  const isSelf = isUser && specifier.id === userId
  const isOwner = resources.some(resource => resource.role === 'owner')
  const mayChange = !isSelf && may(role, 'manage_people') && (!isOwner || role === 'owner')
  return {
    id,
    specifier_type: isUser ? 'User' : 'Invite',
    resources: resources.map(resource => ({
      resource_type: resourceType(form, resource.kind),
      resource_id: resource.id,
      access_level: LEVELS[resource.role],
    })),
    specifier: isUser
      ? {
          id: specifier.id,
          email: specifier.email,
          name: specifier.name,
          two_factor_authentication_enabled: false,
        }
      : { id: specifier.id, email: specifier.email },
    // As the vendor's own replies have it, for whoever may see the list at all.
    permissions: {
      can_read: false,
      can_update: mayChange,
      can_destroy: mayChange,
      can_leave: isSelf && !isOwner,
    },
  }
}

export function resourceType(form: Form, kind: 'workspace' | 'project' | 'inbox'): ResourceType {
  return kind === 'workspace' ? 'account' : kind === 'inbox' ? form.inbox : kind
}

/** `project_ids[]=1&project_ids[]=2`, as the SDKs write it, or with commas. */
function wantedIn(query: unknown): (access: AccountAccess) => boolean {
  const ids = (...names: string[]) =>
    names
      .flatMap(name => [name, `${name}[]`])
      .flatMap(name => (query as Record<string, string | string[] | undefined>)[name] ?? [])
      .flatMap(value => value.split(','))
      .map(Number)
  const projects = ids('project_ids')
  const inboxes = ids('inbox_ids', 'sandbox_ids')
  const others = ids('domain_ids', 'domain_uuids')
  if (projects.length + inboxes.length + others.length === 0) return () => true
  return ({ resources }) =>
    resources.some(
      ({ kind, id }) =>
        (kind === 'project' && projects.includes(id)) || (kind === 'inbox' && inboxes.includes(id)),
    )
}
