import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Running, start, stop } from '../../../test/accounts.ts'
import { eachEngine } from '../../../test/engines.ts'
import { createProject } from '../../catch/projects.ts'
import { createPerson } from '../people.ts'
import { createToken } from '../tokens.ts'
import { abandonedWorkspaces, abandonWorkspace, finishRemoval } from '../workspace-removal.ts'
import { addMember, workspacesOf } from '../workspaces.ts'
import type { MemberWire, WorkspaceWire } from './wire.ts'

eachEngine('workspaces', engine => {
  let running: Running
  const tokens: Record<string, string> = {}
  const ids: Record<string, number> = {}

  beforeAll(async () => {
    running = await start(engine, { loopback: false })
    const { storage, owner } = running
    for (const name of ['Ada', 'Vi', 'Zed']) {
      const { user, apiToken } = await createPerson(storage.write, {
        name,
        email: `${name}@example.com`,
        password: null,
      })
      tokens[name] = apiToken
      ids[name] = user.id
    }
    await addMember(storage.write, owner.workspace.id, ids.Ada ?? 0, 'admin')
    await addMember(storage.write, owner.workspace.id, ids.Vi ?? 0, 'viewer')
    tokens.Ann = owner.userToken
    tokens.machine = owner.workspaceToken
  })
  afterAll(() => stop(running))

  async function ask(who: string, method: string, path: string, body?: unknown) {
    const response = await fetch(`${running.base}/api/posthorn/workspaces${path}`, {
      method,
      headers: { authorization: `Bearer ${tokens[who]}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const answer: unknown = await response.json()
    return { status: response.status, answer: answer as never }
  }
  const membersOf = async (who: string, workspaceId: number): Promise<MemberWire[]> =>
    ((await ask(who, 'GET', `/${workspaceId}/members`)).answer as { members: MemberWire[] }).members
  const made = async (who: string, name: string): Promise<WorkspaceWire> =>
    ((await ask(who, 'POST', '', { name })).answer as { workspace: WorkspaceWire }).workspace

  it('are made, listed, renamed, and worked in', async () => {
    const first = running.owner.workspace.id
    const second = await made('Ann', ' Second ')
    expect(second).toEqual({
      id: expect.any(Number),
      name: 'Second',
      role: 'owner',
      is_current: true,
      members_count: 1,
    })
    const listed = await ask('Ann', 'GET', '')
    expect(listed.answer).toEqual({
      workspaces: [
        { id: first, name: 'My workspace', role: 'owner', is_current: false, members_count: 3 },
        second,
      ],
    })
    const renamed = await ask('Ann', 'PATCH', `/${second.id}`, { name: 'Other' })
    expect(renamed.answer).toEqual({ workspace: { ...second, name: 'Other' } })
    expect((await ask('Ann', 'PATCH', `/${second.id}`, { name: ' ' })).status).toBe(422)
    expect((await ask('Ann', 'POST', `/${first}/current`)).answer).toMatchObject({
      workspace: { id: first, is_current: true },
    })
  })

  it('are there for their members only, and for no workspace token', async () => {
    const { id } = running.owner.workspace
    for (const [method, path, body] of [
      ['PATCH', `/${id}`, { name: 'Mine' }],
      ['POST', `/${id}/current`],
      ['GET', `/${id}/members`],
      ['PATCH', `/${id}/members/1`, { role: 'viewer' }],
      ['DELETE', `/${id}/members/1`],
    ] as const) {
      expect((await ask('Zed', method, path, body)).status, method + path).toBe(404)
      expect((await ask('machine', method, path, body)).status, method + path).toBe(403)
    }
    expect((await ask('machine', 'GET', '')).status).toBe(403)
    expect((await ask('Ada', 'PATCH', `/${id}`, { name: 'Mine' })).status).toBe(403)
  })

  it('let admins manage people, but not owners', async () => {
    const { id } = running.owner.workspace
    const members = await membersOf('Ada', id)
    expect(members.map(({ name, role, is_you }) => [name, role, is_you])).toEqual([
      ['Owner', 'owner', false],
      ['Ada', 'admin', true],
      ['Vi', 'viewer', false],
    ])
    const [owner, , viewer] = members.map(member => member.id)
    const change = (who: string, member: number | undefined, role: string) =>
      ask(who, 'PATCH', `/${id}/members/${member}`, { role })
    expect((await change('Ada', viewer, 'admin')).answer).toMatchObject({
      member: { id: viewer, role: 'admin' },
    })
    expect((await change('Vi', viewer, 'viewer')).status).toBe(200)
    expect((await change('Vi', viewer, 'admin')).status).toBe(403)
    expect((await change('Ada', owner, 'viewer')).status).toBe(403)
    expect((await change('Ada', viewer, 'owner')).status).toBe(403)
    expect((await ask('Ada', 'DELETE', `/${id}/members/${owner}`)).status).toBe(403)
    expect((await ask('Vi', 'DELETE', `/${id}/members/${owner}`)).status).toBe(403)
    expect((await change('Ann', viewer, 'king')).status).toBe(422)
    expect((await change('Ann', 999_999, 'viewer')).status).toBe(404)
  })

  it('keep their last owner', async () => {
    const { id } = running.owner.workspace
    const [owner] = await membersOf('Ann', id)
    const refused = { error: { fields: { base: [expect.stringContaining('last owner')] } } }
    const left = await ask('Ann', 'DELETE', `/${id}/members/${owner?.id}`)
    expect([left.status, left.answer]).toMatchObject([422, refused])
    const lowered = await ask('Ann', 'PATCH', `/${id}/members/${owner?.id}`, { role: 'admin' })
    expect([lowered.status, lowered.answer]).toMatchObject([422, refused])
  })

  it('keep one of two owners who leave at the same moment', async () => {
    for (let round = 0; round < 5; round++) {
      const { id } = await made('Ann', `Round ${round}`)
      await addMember(running.storage.write, id, ids.Zed ?? 0, 'owner')
      const members = await membersOf('Ann', id)
      const [ann, zed] = members.map(member => member.id)
      const left = await Promise.all([
        ask('Ann', 'DELETE', `/${id}/members/${ann}`),
        ask('Zed', 'DELETE', `/${id}/members/${zed}`),
      ])
      expect(left.map(({ status }) => status).toSorted()).toEqual([200, 422])
    }
  })

  it('leave whoever is put out of the last one with an empty one, and able to sign in', async () => {
    const [own] = ((await ask('Zed', 'GET', '')).answer as { workspaces: WorkspaceWire[] }).workspaces
    for (const { id } of ((await ask('Zed', 'GET', '')).answer as { workspaces: WorkspaceWire[] })
      .workspaces) {
      const members = await membersOf('Zed', id)
      if (members.length === 1) await addMember(running.storage.write, id, ids.Ada ?? 0, 'owner')
      const zed = members.find(member => member.is_you)
      expect((await ask('Zed', 'DELETE', `/${id}/members/${zed?.id}`)).status).toBe(200)
    }
    const after = ((await ask('Zed', 'GET', '')).answer as { workspaces: WorkspaceWire[] }).workspaces
    expect(after).toMatchObject([
      { name: "Zed's workspace", role: 'owner', is_current: true, members_count: 1 },
    ])
    expect(after[0]?.id).not.toBe(own?.id)
    expect((await ask('Zed', 'GET', `/${own?.id}/members`)).status).toBe(404)
  })

  it('are deleted by an owner with all that is in them, and nobody is left without one', async () => {
    const { storage } = running
    const { id } = await made('Ada', 'Short-lived')
    await addMember(storage.write, id, ids.Vi ?? 0, 'admin')
    await ask('Vi', 'POST', `/${id}/current`)
    const { value } = await createToken(storage.write, {
      kind: 'workspace',
      userId: ids.Ada ?? 0,
      workspaceId: id,
      description: '',
    })
    await createProject(storage.write, { workspaceId: id, ownerId: ids.Ada ?? 0, name: 'Shop' })
    expect((await ask('Vi', 'DELETE', `/${id}`)).status).toBe(403)
    expect((await ask('Zed', 'DELETE', `/${id}`)).status).toBe(404)
    expect(await ask('Ada', 'DELETE', `/${id}`)).toMatchObject({ status: 200, answer: {} })
    // At once for everybody; what was in it goes behind their backs.
    expect((await ask('Ada', 'GET', `/${id}/members`)).status).toBe(404)
    for (const name of ['Ada', 'Vi']) {
      const { workspaces } = (await ask(name, 'GET', '')).answer as { workspaces: WorkspaceWire[] }
      expect(workspaces.map(one => one.id)).not.toContain(id)
      expect(workspaces.some(one => one.is_current)).toBe(true)
    }
    tokens.gone = value
    expect((await ask('gone', 'GET', '')).status).toBe(401)
    await expect
      .poll(() => storage.read.selectFrom('workspaces').select('id').where('id', '=', id).execute())
      .toEqual([])
    expect(
      await storage.read.selectFrom('projects').select('id').where('workspace_id', '=', id).execute(),
    ).toEqual([])

    // Somebody whose only one it was finds an empty one, also where a crash left the work half done.
    const { user, workspace } = await createPerson(storage.write, {
      name: 'Solo',
      email: 'solo@example.com',
      password: null,
    })
    await abandonWorkspace(storage.write, workspace.id)
    expect(await abandonedWorkspaces(storage.read)).toEqual([workspace.id])
    await finishRemoval(storage.write, async () => {}, workspace.id)
    expect(await abandonedWorkspaces(storage.read)).toEqual([])
    expect(await workspacesOf(storage.read, user.id)).toMatchObject([
      { name: "Solo's workspace", role: 'owner' },
    ])
    await expect(abandonWorkspace(storage.write, workspace.id)).rejects.toMatchObject({ kind: 'absent' })
  })
})
