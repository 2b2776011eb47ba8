// Who may do what: every route, asked by everybody, about things of their own, shared, foreign and deleted.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { APIS, routesOf } from '../../scripts/openapi.ts'
import { eachEngine } from '../engines.ts'
import { type Row, ROWS } from './rows.ts'
import { OF_SENDPORTAL } from './sendportal-rows.ts'
import {
  buildWorld,
  type CallerName,
  CALLERS,
  FIRST_MARK,
  FOREIGN_MARK,
  type Level,
  roleOf,
  type Target,
  type TargetName,
  TARGETS,
  type World,
} from './world.ts'

const routes = (
  await Promise.all(
    APIS.map(async api =>
      (await routesOf(api)).map(({ method, path }) => ({ key: `${method} ${path}`, method, path })),
    ),
  )
).flat()

it('has a row for every route, and no other', () => {
  expect(Object.keys(ROWS).toSorted()).toEqual(routes.map(({ key }) => key).toSorted())
})

/** For rows that are brief. */
const ONE_OF_EACH = ['owner', 'viewer', 'project admin', 'stranger', 'workspace token', 'nobody'] as const
const APART = ['own', 'foreign', 'deleted'] as const

const STRENGTH = { viewer: 1, admin: 2, owner: 3 }

/** V2 without an account in the path speaks of the one its caller works in. */
const OF_CURRENT_ACCOUNT = /^\w+ \/api\/(projects|sandboxes|account_accesses|permissions)\b/
const WORKS_IN_FIRST: CallerName[] = ['owner', 'admin', 'viewer', 'workspace token']

/** The status that the rules of the house ask for; `through` where the route itself may answer. */
function expected(key: string, row: Row, caller: CallerName, target: TargetName): number | 'through' {
  if (row.needs === 'open') return 'through'
  if (caller === 'nobody') return 401
  if (caller === 'workspace token' && !key.includes('/api/posthorn/') && !OF_SENDPORTAL.test(key)) return 401
  if ((row.needs === 'user' || row.usersOnly) && caller === 'workspace token') return 403
  if (row.needs === 'person' || row.needs === 'user') return 'through'
  if (row.needs === 'theirs') {
    const whose = target === 'foreign' ? 'stranger' : 'owner'
    return caller === whose && target !== 'deleted' ? 'through' : 404
  }
  const { level, role, also } = row.needs
  const named = /\{/.test(key)
  const ofCurrent = OF_CURRENT_ACCOUNT.test(key)
  // Without an id in the path it is the caller's own workspace that is meant, where guests are owners.
  if (!named || (ofCurrent && level === 'workspace')) {
    const held = roleOf(caller, 'own', 'workspace') ?? 'owner'
    return STRENGTH[held] >= STRENGTH[role] ? 'through' : 403
  }
  if (ofCurrent && (WORKS_IN_FIRST.includes(caller) ? 'foreign' === target : caller !== 'stranger'))
    return 404
  const exception = also?.(caller, target)
  if (exception !== undefined) return exception
  const held = roleOf(caller, target, level)
  if (held === null) return key.includes('{account_id}') ? accountStatus(level, caller, target) : 404
  return STRENGTH[held] >= STRENGTH[role] ? 'through' : 403
}

/** V2 names the account: one that the caller reaches nothing of is forbidden, not absent. */
function accountStatus(level: Level, caller: CallerName, target: TargetName): number {
  if (level === 'workspace') return 403
  return (target === 'foreign') === (caller === 'stranger') ? 404 : 403
}

function pathFor(path: string, row: Row, name: TargetName, target: Target): string {
  const ofWorkspace = typeof row.needs === 'object' && row.needs.level === 'workspace'
  // There is nothing deleted about the workspace of deleted things.
  const workspace = ofWorkspace && name === 'deleted' ? 999_999 : target.workspace
  const project = /\/(companies|projects)\/\{id\}/.test(path)
  const usual: Record<string, number | string> = {
    id: ofWorkspace ? workspace : project ? target.project : target.inbox,
    account_id: workspace,
    workspace_id: workspace,
    project_id: target.project,
    inbox_id: target.inbox,
    message_id: target.message,
    attachment_id: target.attachment,
    ...row.params?.(target),
  }
  return path.replaceAll(/\{(\w+)\}/g, (_, parameter: string) =>
    String(usual[parameter] ?? `no-${parameter}`),
  )
}

function bodyFor({ body }: Row, target: Target): unknown {
  return typeof body === 'function' ? (body as (target: Target) => unknown)(target) : body
}

eachEngine('permissions', engine => {
  let world: World
  let cells = 0
  beforeAll(async () => {
    world = await buildWorld(engine)
  })
  afterAll(async () => {
    process.stdout.write(`${cells} cells of the permission matrix were checked on ${engine.name}\n`)
    await world.close()
  })

  async function ask(method: string, path: string, caller: CallerName, body: unknown) {
    const response = await fetch(world.base + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(caller !== 'nobody' && { 'api-token': world.tokens[caller] }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status: response.status, text: await response.text() }
  }

  describe.each(routes)('$key', ({ key, method, path }) => {
    const row = ROWS[key] ?? { needs: 'open' }
    it('lets in whom it should, and nobody else', async () => {
      const wrong: string[] = []
      for (const caller of row.brief ? ONE_OF_EACH : CALLERS)
        for (const name of path.includes('{') ? (row.brief ? APART : TARGETS) : (['own'] as const)) {
          // Guests reach nothing while what they were given is not there.
          await world.target('shared')
          const target = await world.target(name)
          const { status, text } = await ask(
            method,
            pathFor(path, row, name, target),
            caller,
            bodyFor(row, target),
          )
          const wanted = expected(key, row, caller, name)
          const fits = wanted === 'through' ? (row.answers ?? [200]).includes(status) : status === wanted
          if (!fits) wrong.push(`${caller}, ${name}: ${status} instead of ${wanted}: ${text.slice(0, 120)}`)
          // Nothing crosses the wall, whatever the status.
          const others = caller === 'stranger' ? FIRST_MARK : FOREIGN_MARK
          if (caller !== 'stranger' || name !== 'foreign')
            if (row.needs !== 'open' && text.includes(others))
              wrong.push(`${caller}, ${name}: reads ${others}`)
          if (wanted === 'through' && row.spoils) world.spoil(name)
          if (wanted === 'through' && row.endsToken) await world.renewToken(caller)
          cells++
        }
      expect(wrong).toEqual([])
    })
  })
})
