import type { FastifyInstance, FastifyRequest } from 'fastify'
import { callerOf } from '../../../accounts/caller.ts'
import { changeMember, letIn, removeMember, roleIn } from '../../../accounts/members.ts'
import { may, type Role } from '../../../accounts/permissions.ts'
import { workspaceById } from '../../../accounts/workspaces.ts'
import { sayJson } from '../../../http/json.ts'
import { listOf, objectOf, oneOf, optional, ref, text, truth } from '../../../http/schemas.ts'
import { Problem } from '../../../problem.ts'
import { inboxesInReach, projectsInReach, reachOf } from '../../access.ts'
import type { AccountAccess } from '../../account-accesses.ts'
import { changeShare, removeShare, sharedThings, sharesOf } from '../../shares.ts'
import { insistOnAccount } from '../account.ts'
import type { Sandbox } from '../sandbox.ts'
import { foundAccess, insistOnManaging, resourceType } from './account-accesses.ts'
import type { Form } from './form.ts'
import { LEVELS } from './levels.ts'
import type { ResourceWire } from './wire.ts'

/** One permission that was asked for. */
interface Wanted {
  kind: 'workspace' | 'project' | 'inbox'
  id: number
  /** Null: it is taken back. */
  role: 'admin' | 'viewer' | null
}

const KINDS = new Map<unknown, Wanted['kind']>([
  ['account', 'workspace'],
  ['project', 'project'],
  ['inbox', 'inbox'],
  ['sandbox', 'inbox'],
])

const ROLES = new Map<unknown, 'admin' | 'viewer'>([
  ['admin', 'admin'],
  [100, 'admin'],
  ['100', 'admin'],
  ['viewer', 'viewer'],
  [10, 'viewer'],
  ['10', 'viewer'],
])

const MAX_PERMISSIONS = 1000

/** Giving and taking, one thing at a time. */
export function permissions(app: FastifyInstance, sandbox: Sandbox, form: Form): void {
  const { storage, changed } = sandbox

  app.put(
    '/account_accesses/:account_access_id/permissions/bulk',
    {
      config: {
        doc: {
          summary: 'Give somebody of the account more, less or nothing',
          body: objectOf({
            permissions: listOf(
              optional({
                resource_type: oneOf('account', 'project', form.inbox),
                resource_id: text,
                access_level: { description: 'admin or 100, viewer or 10', type: ['string', 'integer'] },
                _destroy: truth,
              }),
            ),
          }),
          reply: objectOf({ message: text }),
        },
      },
    },
    async (request, reply) => {
      const { workspaceId, role } = await insistOnManaging(sandbox, request)
      const access = await foundAccess(sandbox, request)
      const wanted = wantedIn(request.body)
      await insistOnResources(request, workspaceId, wanted)
      for (const one of wanted) await apply(access, one, workspaceId, role)
      changed()
      return sayJson(request, reply, { message: 'Permissions have been updated!' })
    },
  )

  app.get(
    '/permissions/resources',
    {
      config: {
        doc: { summary: 'What whoever asks manages, one inside the other', reply: listOf(ref('Resource')) },
      },
    },
    async (request, reply) => {
      const workspaceId = await insistOnAccount(storage.read, request)
      const reach = reachOf(callerOf(request))
      const [workspace, role, projects, inboxes] = await Promise.all([
        workspaceById(storage.read, workspaceId),
        roleIn(storage.read, workspaceId, callerOf(request).user.id),
        projectsInReach(storage.read, reach, { workspaceId }),
        inboxesInReach(storage.read, reach, { workspaceId }),
      ])
      const managed = inboxes.filter(inbox => may(inbox.role, 'manage_people'))
      const ofProject = Map.groupBy(managed, inbox => inbox.project_id)
      const trees = projects
        .filter(project => may(project.role, 'manage_people'))
        .map(project => node(form, 'project', project, nodes(form, ofProject.get(project.id) ?? [])))
      const isThere = new Set(trees.map(({ id }) => id))
      const alone = managed.filter(inbox => !isThere.has(inbox.project_id))
      const all = [...trees, ...nodes(form, alone)]
      const manages = workspace !== undefined && role !== null && may(role, 'manage_people')
      const reached = manages ? [node(form, 'workspace', { ...workspace, role }, all)] : all
      return sayJson(request, reply, reached)
    },
  )

  /** @throws Problem `invalid`: not in this account */
  async function insistOnResources(
    request: FastifyRequest,
    workspaceId: number,
    wanted: Wanted[],
  ): Promise<void> {
    const reach = reachOf(callerOf(request))
    const [projects, inboxes] = await Promise.all([
      projectsInReach(storage.read, reach, { workspaceId }),
      inboxesInReach(storage.read, reach, { workspaceId }),
    ])
    const ids = {
      workspace: [workspaceId],
      project: projects.map(({ id }) => id),
      inbox: inboxes.map(({ id }) => id),
    }
    if (wanted.some(({ kind, id }) => !ids[kind].includes(id))) throw invalid('resource_id', 'does not exist')
  }

  async function apply(
    { specifier, resources }: AccountAccess,
    { kind, id, role }: Wanted,
    workspaceId: number,
    by: Role,
  ): Promise<void> {
    const db = storage.write
    if (specifier.kind === 'invitation') {
      if (!resources.some(resource => resource.kind === kind && resource.id === id))
        throw invalid('base', 'An invitation is to one thing; send another one')
      const { id: invitation } = specifier
      if (role === null) await db.deleteFrom('invitations').where('id', '=', invitation).execute()
      else await db.updateTable('invitations').set({ role }).where('id', '=', invitation).execute()
      return
    }
    if (kind !== 'workspace') {
      const share = (await sharesOf(db, { kind, id })).find(({ user_id }) => user_id === specifier.id)
      if (role === null) {
        if (share !== undefined) await removeShare(db, { kind, id }, share, true)
      } else if (share === undefined) await sharedThings.give(db, { kind, id }, specifier.id, role)
      else await changeShare(db, { kind, id }, share, role)
      return
    }
    const { memberId } = specifier
    if (memberId === undefined) {
      if (role !== null) await letIn(db, workspaceId, specifier.id, role)
    } else if (role === null) await removeMember(db, sharedThings, { workspaceId, id: memberId, by })
    else await changeMember(db, { workspaceId, id: memberId, role, by })
  }
}

function wantedIn(body: unknown): Wanted[] {
  const { permissions: given } = (body ?? {}) as { permissions?: unknown }
  if (!Array.isArray(given)) throw new Problem('malformed')
  if (given.length === 0) throw invalid('base', 'No permissions selected. Please choose at least one.')
  if (given.length > MAX_PERMISSIONS) throw invalid('base', `At most ${MAX_PERMISSIONS} permissions at once`)
  return given.map((each: unknown) => {
    const {
      resource_type,
      resource_id,
      access_level,
      _destroy: destroy,
    } = (each ?? {}) as Record<string, unknown>
    const kind = KINDS.get(resource_type)
    if (kind === undefined) throw invalid('resource_type', 'is not included in the list')
    const role = destroy === true || destroy === 'true' ? null : ROLES.get(access_level)
    if (role === undefined) throw invalid('access_level', 'is not included in the list')
    return { kind, id: Number(resource_id), role }
  })
}

function invalid(field: string, fault: string): Problem {
  return new Problem('invalid', '', { fields: { [field]: [fault] } })
}

function nodes(form: Form, inboxes: { id: number; name: string; role: Role }[]): ResourceWire[] {
  return inboxes.map(inbox => node(form, 'inbox', inbox, []))
}

function node(
  form: Form,
  kind: Wanted['kind'],
  { id, name, role }: { id: number; name: string; role: Role },
  resources: ResourceWire[],
): ResourceWire {
  return { id, name, type: resourceType(form, kind), access_level: LEVELS[role], resources }
}
