import { afterAll, beforeAll, expect, it } from 'vitest'
import { createInvitation } from '../../../accounts/invitations.ts'
import { createPerson } from '../../../accounts/people.ts'
import { letIn } from '../../../accounts/members.ts'
import { eachEngine } from '../../../../test/engines.ts'
import { type SandboxApi, startSandboxApi } from '../../../../test/sandbox-api.ts'
import { sharedThings } from '../../shares.ts'
import type { AccountAccessWire } from './wire.ts'

eachEngine('who has been given what in an account', engine => {
  let sandbox: SandboxApi
  let people: Record<'admin' | 'viewer' | 'guest', { id: number; token: string }>
  let invitation: number
  beforeAll(async () => {
    sandbox = await startSandboxApi(engine)
    const db = sandbox.storage.write
    const person = async (name: string) => {
      const { user, apiToken } = await createPerson(db, {
        name,
        email: `${name}@example.com`,
        password: null,
      })
      return { id: user.id, token: apiToken }
    }
    people = { admin: await person('admin'), viewer: await person('viewer'), guest: await person('guest') }
    await letIn(db, sandbox.workspaceId, people.admin.id, 'admin')
    await letIn(db, sandbox.workspaceId, people.viewer.id, 'viewer')
    await sharedThings.give(db, { kind: 'inbox', id: sandbox.inbox.id }, people.guest.id, 'viewer')
    invitation = (
      await createInvitation(db, {
        workspaceId: sandbox.workspaceId,
        scope: { kind: 'project', id: sandbox.project.id },
        email: 'new@example.com',
        role: 'viewer',
        invitedBy: sandbox.userId,
      })
    ).invitation.id
  })
  afterAll(() => sandbox.close())

  const ask = async (
    method: string,
    path: string,
    body?: unknown,
    who: keyof typeof people | 'owner' = 'owner',
  ) => {
    const headers: Record<string, string> = who === 'owner' ? {} : { 'api-token': people[who].token }
    const reply = await sandbox.call(method, `/api/accounts/${sandbox.workspaceId}${path}`, { body, headers })
    return { status: reply.status, json: reply.json as never }
  }
  const listed = async (query = ''): Promise<AccountAccessWire[]> =>
    (await ask('GET', `/account_accesses${query}`)).json
  const bulk = (id: number, permissions: unknown, who?: keyof typeof people) =>
    ask('PUT', `/account_accesses/${id}/permissions/bulk`, { permissions }, who)

  it('is listed, people and invitations, for those who manage the account', async () => {
    const all = await listed()
    expect(all.map(({ specifier }) => specifier.email).toSorted()).toEqual([
      'admin@example.com',
      'guest@example.com',
      'new@example.com',
      'qa@example.com',
      'viewer@example.com',
    ])
    expect(all.find(({ specifier }) => specifier.email === 'qa@example.com')).toEqual({
      id: sandbox.userId * 2,
      specifier_type: 'User',
      resources: [{ resource_type: 'account', resource_id: sandbox.workspaceId, access_level: 1000 }],
      specifier: {
        id: sandbox.userId,
        email: 'qa@example.com',
        name: 'QA',
        two_factor_authentication_enabled: false,
      },
      permissions: { can_read: false, can_update: false, can_destroy: false, can_leave: false },
    })
    expect(await listed(`?project_ids[]=${sandbox.project.id}`)).toEqual([
      {
        id: invitation * 2 + 1,
        specifier_type: 'Invite',
        resources: [{ resource_type: 'project', resource_id: sandbox.project.id, access_level: 10 }],
        specifier: { id: invitation, email: 'new@example.com' },
        permissions: { can_read: false, can_update: true, can_destroy: true, can_leave: false },
      },
    ])
    expect(await listed(`?inbox_ids=${sandbox.inbox.id}`)).toMatchObject([{ id: people.guest.id * 2 }])
    expect(await listed('?domain_uuids[]=x')).toEqual([])
    const alias = await sandbox.call('GET', `/api/account_accesses?sandbox_ids[]=${sandbox.inbox.id}`)
    expect(alias.json).toMatchObject([{ resources: [{ resource_type: 'sandbox' }] }])
    for (const who of ['viewer', 'guest'] as const)
      expect(await ask('GET', '/account_accesses', undefined, who)).toMatchObject({
        status: 403,
        json: { errors: 'Account access forbidden' },
      })
    expect((await ask('GET', '/account_accesses', undefined, 'admin')).status).toBe(200)
  })

  it('is changed one thing at a time', async () => {
    const guest = people.guest.id * 2
    const done = { status: 200, json: { message: 'Permissions have been updated!' } }
    const inbox = { resource_type: 'inbox', resource_id: String(sandbox.inbox.id) }
    const project = { resource_type: 'project', resource_id: sandbox.project.id }
    const account = { resource_type: 'account', resource_id: sandbox.workspaceId }
    const resources = async (id: number) =>
      (await listed())
        .find(access => access.id === id)
        ?.resources.map(each => [each.resource_type, each.access_level])
    expect(
      await bulk(guest, [
        { ...inbox, access_level: 'admin' },
        { ...project, access_level: 10 },
      ]),
    ).toEqual(done)
    expect(await resources(guest)).toEqual([
      ['project', 10],
      ['inbox', 100],
    ])
    expect(
      await bulk(guest, [
        { ...project, _destroy: true },
        { ...account, access_level: 'viewer' },
      ]),
    ).toEqual(done)
    expect(await resources(guest)).toEqual([
      ['account', 10],
      ['inbox', 100],
    ])
    expect(await bulk(invitation * 2 + 1, [{ ...project, access_level: 100 }], 'admin')).toEqual(done)
    expect(await resources(invitation * 2 + 1)).toEqual([['project', 100]])

    const refusal = async (...given: Parameters<typeof bulk>) => {
      const { status, json } = await bulk(...given)
      return [status, json]
    }
    expect(await refusal(guest, [])).toMatchObject([422, { errors: { base: expect.any(Array) as unknown } }])
    expect(await refusal(guest, [{ ...inbox, access_level: 'owner' }])).toEqual([
      422,
      { errors: { access_level: ['is not included in the list'] } },
    ])
    expect(await refusal(guest, [{ resource_type: 'billing', resource_id: 1, access_level: 10 }])).toEqual([
      422,
      { errors: { resource_type: ['is not included in the list'] } },
    ])
    expect(await refusal(guest, [{ ...inbox, resource_id: 987_654, access_level: 10 }])).toEqual([
      422,
      { errors: { resource_id: ['does not exist'] } },
    ])
    expect(await refusal(guest, 'x')).toEqual([400, { error: 'Bad Request' }])
    expect((await refusal(987_654, [{ ...inbox, access_level: 10 }]))[0]).toBe(404)
    for (const who of ['viewer', 'guest'] as const)
      expect((await refusal(guest, [{ ...inbox, access_level: 10 }], who))[0]).toBe(403)
    // Only owners unmake owners, and the last one stays.
    expect((await refusal(sandbox.userId * 2, [{ ...account, access_level: 10 }], 'admin'))[0]).toBe(403)
    expect((await refusal(sandbox.userId * 2, [{ ...account, access_level: 10 }]))[0]).toBe(422)
  })

  it('says what somebody manages', async () => {
    const inbox = { id: sandbox.inbox.id, name: 'Staging', type: 'inbox', access_level: 100, resources: [] }
    expect((await ask('GET', '/permissions/resources', undefined, 'admin')).json).toEqual([
      {
        id: sandbox.workspaceId,
        name: "QA's workspace",
        type: 'account',
        access_level: 100,
        resources: [
          {
            id: sandbox.project.id,
            name: 'First project',
            type: 'project',
            access_level: 100,
            resources: [inbox],
          },
        ],
      },
    ])
    expect((await ask('GET', '/permissions/resources', undefined, 'guest')).json).toEqual([inbox])
    expect((await ask('GET', '/permissions/resources', undefined, 'viewer')).json).toEqual([])
  })

  it('is taken back whole, and everybody but the last owner may leave', async () => {
    const guest = people.guest.id * 2
    const remove = (id: number, who?: keyof typeof people) =>
      ask('DELETE', `/account_accesses/${id}`, undefined, who)
    expect((await remove(guest, 'viewer')).status).toBe(403)
    expect(await remove(guest, 'guest')).toEqual({ status: 200, json: { id: guest } })
    expect((await remove(guest, 'guest')).status).toBe(403)
    expect(await remove(people.viewer.id * 2, 'admin')).toEqual({
      status: 200,
      json: { id: people.viewer.id * 2 },
    })
    expect((await remove(invitation * 2 + 1)).status).toBe(200)
    expect((await remove(invitation * 2 + 1)).json).toEqual({ error: 'Not Found' })
    expect((await remove(sandbox.userId * 2, 'admin')).status).toBe(403)
    expect((await remove(sandbox.userId * 2)).status).toBe(422)
    expect((await listed()).map(({ specifier }) => specifier.email).toSorted()).toEqual([
      'admin@example.com',
      'qa@example.com',
    ])
  })
})
