// Who reaches what, and no longer: people of projects and inboxes, over the whole server.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { InviteReply } from '../server/accounts/api/wire.ts'
import { createPerson } from '../server/accounts/people.ts'
import { openSecrets } from '../server/accounts/secrets.ts'
import { openSession } from '../server/accounts/sessions.ts'
import { addMember } from '../server/accounts/workspaces.ts'
import { assemble, type Running } from '../server/assemble.ts'
import type {
  CompanyWire,
  InboxUserWire,
  InboxWire,
  PeopleList,
  ProjectSummary,
  SharedInboxWire,
  SharedUserWire,
} from '../server/catch/api/wire.ts'
import { createInbox } from '../server/catch/inboxes.ts'
import { createProject } from '../server/catch/projects.ts'
import { databaseLocation, readSettings } from '../server/config.ts'
import { createLog } from '../server/log.ts'
import { openDatabase } from '../server/storage/database.ts'
import type { Database } from '../server/storage/schema.ts'
import { eachEngine } from './engines.ts'

type Name = 'owner' | 'colleague' | 'Ada' | 'Vi' | 'Zed'
const V1 = '/api/v1'
const OURS = '/api/posthorn'

eachEngine('people of projects and inboxes', engine => {
  let running: Running
  let db: Database
  let project: number
  let inbox: number
  let other: number
  let workspace: number
  const people = {} as Record<Name, { id: number; token: string; email: string }>

  beforeAll(async () => {
    const url = await engine.freshUrl()
    const dataDir = engine.freshDataDir()
    const read = readSettings(
      {},
      {
        POSTHORN_DATA_DIR: dataDir,
        POSTHORN_API_RATE_LIMIT: '0',
        POSTHORN_ADMIN_PASSWORD: 'correct horse battery',
        ...(url.startsWith('postgres') && { DATABASE_URL: url }),
      },
      dataDir,
    )
    const settings = { ...read, httpPort: 0, smtpPorts: [0], pop3Ports: [] }
    running = await assemble(
      settings,
      createLog({ level: 'error', human: false, write: line => process.stderr.write(line) }),
    )
    db = await openDatabase(databaseLocation(settings))
    const secrets = openSecrets(settings)
    for (const name of ['owner', 'colleague', 'Ada', 'Vi', 'Zed'] as const) {
      const email = `${name.toLowerCase()}@example.com`
      const made = await createPerson(db, { name, email, password: null })
      // Signed in without waiting for a hash.
      await db.updateTable('users').set({ password_hash: 'none' }).where('id', '=', made.user.id).execute()
      people[name] = { id: made.user.id, token: made.apiToken, email }
      if (name === 'owner') workspace = made.workspace.id
    }
    await addMember(db, workspace, people.colleague.id, 'viewer')
    const ownerId = people.owner.id
    project = (await createProject(db, { workspaceId: workspace, ownerId, name: 'Shop' })).id
    const limits = { maxSize: 100, maxMessageSize: 1 << 20 }
    inbox = (await createInbox(db, secrets, { projectId: project, name: 'Staging', ...limits })).id
    other = (await createInbox(db, secrets, { projectId: project, name: 'Other', ...limits })).id
  })
  afterAll(async () => {
    await db.destroy()
    await running.stop()
  })

  async function ask<T = never>(who: Name | null, method: string, path: string, body?: unknown) {
    const response = await fetch(`http://localhost:${running.httpPort}${path}`, {
      method,
      headers: {
        ...(who !== null && { 'api-token': people[who].token }),
        'content-type': 'application/json',
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, text, json: JSON.parse(text) as T }
  }
  const sees = async (who: Name) => {
    const paths = [
      `${V1}/companies/${project}`,
      `${V1}/companies/${project}/shared_users`,
      `${V1}/inboxes/${inbox}`,
      `${V1}/inboxes/${inbox}/messages`,
      `${V1}/inboxes/${inbox}/inboxes_users`,
      `${OURS}/projects/${project}/people`,
      `${OURS}/inboxes/${inbox}/people`,
      `${OURS}/inboxes/${inbox}/messages`,
    ]
    const answered = await Promise.all(paths.map(path => ask(who, 'GET', path)))
    const lists = await Promise.all(
      [`${V1}/companies`, `${V1}/inboxes`, `${V1}/shared_inboxes`, `${OURS}/projects`].map(path =>
        ask(who, 'GET', path),
      ),
    )
    return {
      statuses: answered.map(({ status }) => status),
      listed: lists.map(({ text }) => /Shop|Staging/.test(text)),
    }
  }
  const NOTHING = { statuses: Array(8).fill(404), listed: [false, false, false, false] }
  const sharedUsers = async (who: Name = 'owner') =>
    (await ask<SharedUserWire[]>(who, 'GET', `${V1}/companies/${project}/shared_users`)).json
  const share = (who: Name, email: string, role?: string) =>
    ask<SharedUserWire>(who, 'POST', `${V1}/companies/${project}/shared_users`, {
      shared_user: { email, role },
    })
  const peopleOf = async (who: Name, path: string) =>
    (await ask<PeopleList>(who, 'GET', `${OURS}/${path}/people`)).json
  const invite = (who: Name, scope: object, email: string, role = 'viewer') =>
    ask<InviteReply>(who, 'POST', `${OURS}/invitations`, { scope, email, role })

  /**
   * An open browser: what it hears until its stream ends. What was given is told before it is taken away here: of
   * what comes and goes between two looks nobody would hear.
   */
  async function watching(who: Name): Promise<() => Promise<string>> {
    const { value } = await openSession(db, people[who].id)
    const headers = { cookie: `posthorn_session=${value}` }
    const feed = await fetch(`http://localhost:${running.httpPort}${OURS}/live`, { headers })
    expect(feed.status).toBe(200)
    const heard = feed.text()
    return () => heard
  }

  it('are given a project, with a role that counts at once, and taken from it', async () => {
    expect(await sees('Ada')).toEqual(NOTHING)
    const given = await share('owner', 'ADA@example.com')
    expect(given.json).toEqual({
      id: expect.any(Number),
      user_id: people.Ada.id,
      role: 'viewer',
      is_owner: false,
      name: 'Ada',
      email: 'ada@example.com',
    })
    expect((await sees('Ada')).statuses).toEqual(Array(8).fill(200))
    expect((await ask('Ada', 'PATCH', `${V1}/companies/${project}`, { company: { name: 'x' } })).status).toBe(
      403,
    )
    expect((await share('Ada', 'zed@example.com')).status).toBe(403)
    const tree = await ask<{ projects: ProjectSummary[] }>('Ada', 'GET', `${OURS}/projects`)
    expect(tree.json.projects.find(({ id }) => id === project)).toMatchObject({
      role: 'viewer',
      is_owner: false,
      workspace: { id: workspace, name: "owner's workspace" },
    })

    const [ada] = (await peopleOf('owner', `projects/${project}`)).people.filter(({ name }) => name === 'Ada')
    const path = `${OURS}/projects/${project}/people/${ada?.id}`
    expect((await ask('Ada', 'PATCH', path, { role: 'admin' })).status).toBe(403)
    expect((await ask('owner', 'PATCH', path, { role: 'owner' })).status).toBe(422)
    const told = await watching('Ada')
    expect((await ask('owner', 'PATCH', path, { role: 'admin' })).json).toMatchObject({
      person: { role: 'admin', through: 'project', is_owner: false },
    })
    await told()
    const shown = await ask<CompanyWire>('Ada', 'GET', `${V1}/companies/${project}`)
    expect(shown.json.share_link).toContain(`/share/${project}/${shown.json.ext_id}`)
    expect((await ask('Ada', 'DELETE', `${V1}/companies/${project}`)).status).toBe(403)
    expect((await share('Ada', 'zed@example.com')).status).toBe(200)
    // Nobody loses a stronger role by being given less.
    expect((await share('owner', 'ada@example.com', 'viewer')).json.role).toBe('admin')

    const heard = await watching('Ada')
    const zeds = (await sharedUsers()).find(({ name }) => name === 'Zed')
    expect(
      (await ask('owner', 'DELETE', `${V1}/companies/${project}/shared_users/${given.json.id}`)).json,
    ).toEqual({
      ...given.json,
      role: 'admin',
    })
    expect(await sees('Ada')).toEqual(NOTHING)
    expect(await heard()).toMatch(/event: session\n/)
    expect((await sees('Zed')).statuses).toEqual(Array(8).fill(200))
    expect((await ask('Zed', 'DELETE', `${V1}/companies/${project}/shared_users/${zeds?.id}`)).status).toBe(
      200,
    )
    expect(await sees('Zed')).toEqual(NOTHING)
  })

  it('have one id each in the list, and stay if they come through the workspace', async () => {
    for (const name of ['ada', 'vi', 'zed']) await share('owner', `${name}@example.com`)
    const all = await sharedUsers()
    expect(all.map(({ name, role, is_owner }) => [name, role, is_owner])).toEqual([
      ['owner', 'owner', true],
      ['colleague', 'viewer', false],
      ['Ada', 'viewer', false],
      ['Vi', 'viewer', false],
      ['Zed', 'viewer', false],
    ])
    expect(new Set(all.map(({ id }) => id)).size).toBe(5)
    const path = `${V1}/companies/${project}/shared_users`
    for (const one of all) expect((await ask('owner', 'GET', `${path}/${one.id}`)).json).toEqual(one)
    const [owner, colleague] = all
    const refused = await ask('owner', 'DELETE', `${path}/${owner?.id}`)
    expect([refused.status, refused.json]).toEqual([
      422,
      { errors: { base: ['The owner cannot be removed'] } },
    ])
    expect((await ask('owner', 'DELETE', `${path}/${colleague?.id}`)).json).toEqual({
      errors: { base: ['Is a member of the workspace'] },
    })
    expect((await ask('Vi', 'DELETE', `${path}/${colleague?.id}`)).status).toBe(403)
    expect((await ask('owner', 'DELETE', `${path}/999998`)).status).toBe(404)
    for (const [given, fields] of [
      [{ email: '' }, { email: ["can't be blank"] }],
      [{ email: 'nobody@example.com' }, { email: ['has no account here'] }],
      [{ email: 'vi@example.com', role: 'owner' }, { role: ['is not included in the list'] }],
    ]) {
      const { status, json } = await ask('owner', 'POST', path, { shared_user: given })
      expect([status, json]).toEqual([422, { errors: fields }])
    }
    expect((await ask('owner', 'POST', path, {})).status).toBe(400)
    // A member of the workspace who may do more here than there is removed to what they are there.
    expect((await share('owner', 'colleague@example.com', 'user')).json).toMatchObject({ role: 'admin' })
    const admin = (await sharedUsers()).find(({ name }) => name === 'colleague')
    expect((await ask('colleague', 'DELETE', `${path}/${admin?.id}`)).status).toBe(200)
    expect((await sharedUsers()).find(({ name }) => name === 'colleague')).toEqual(colleague)
    for (const { id } of all.slice(2)) await ask('owner', 'DELETE', `${path}/${id}`)
  })

  it('are given one inbox, which is all they see', async () => {
    const path = `${V1}/inboxes/${inbox}/inboxes_users`
    const given = await ask<InboxUserWire>('owner', 'POST', path, {
      inbox_user: { email: 'vi@example.com', role: 'viewer' },
    })
    const at = expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/)
    expect(given.json).toEqual({
      id: expect.any(Number),
      inbox_id: inbox,
      created_at: at,
      updated_at: at,
      email: 'vi@example.com',
      role: 'viewer',
    })
    expect(Object.keys(given.json).slice(0, 5)).toEqual([
      'id',
      'inbox_id',
      'created_at',
      'updated_at',
      'email',
    ])
    expect(await sees('Vi')).toEqual({
      statuses: [404, 404, 200, 200, 200, 404, 200, 200],
      listed: [false, false, true, true],
    })
    const shared = await ask<SharedInboxWire[]>('Vi', 'GET', `${V1}/shared_inboxes`)
    expect(shared.text).toMatch(
      /^\[\{"id":\d+,"company_id":\d+,"name":"Staging","domain":"[^"]+","username":"\w+","password":null,"status":"active","max_size":100,"emails_count":0,"emails_unread_count":0,"last_message_sent_at":null,"sent_messages_count":0,"forwarded_messages_count":0,"company_name":"Shop","last_message_sent_at_timestamp":null\}\]$/,
    )
    expect((await ask('Vi', 'GET', `${V1}/inboxes/${other}`)).status).toBe(404)
    expect((await ask('Vi', 'PATCH', `${V1}/inboxes/${inbox}/clean`)).status).toBe(403)
    const tree = await ask<{ projects: ProjectSummary[] }>('Vi', 'GET', `${OURS}/projects`)
    expect(tree.json.projects.find(({ id }) => id === project)).toMatchObject({
      name: 'Shop',
      role: null,
      inboxes: [{ id: inbox, role: 'viewer' }],
    })
    const list = await peopleOf('Vi', `inboxes/${inbox}`)
    expect(list.may_manage).toBe(false)
    expect(
      list.people.map(({ id, name, role, through, is_owner, is_you }) => [
        id === null,
        name,
        role,
        through,
        is_owner,
        is_you,
      ]),
    ).toEqual([
      [true, 'owner', 'owner', 'workspace', true, false],
      [true, 'colleague', 'viewer', 'workspace', false, false],
      [false, 'Vi', 'viewer', 'inbox', false, true],
    ])

    const me = `${OURS}/inboxes/${inbox}/people/${given.json.id}`
    const told = await watching('Vi')
    expect((await ask('owner', 'PATCH', me, { role: 'admin' })).status).toBe(200)
    await told()
    expect((await ask<InboxWire>('Vi', 'GET', `${V1}/inboxes/${inbox}`)).json.password).not.toBeNull()
    expect((await ask('Vi', 'POST', path, { inbox_user: { email: 'zed@example.com' } })).status).toBe(200)
    expect(
      (await ask('Vi', 'POST', `${V1}/companies/${project}/inboxes`, { inbox: { name: 'x' } })).status,
    ).toBe(404)
    expect((await ask('Vi', 'DELETE', `${path}/${given.json.id + 1}`)).status).toBe(200)
    expect(await sees('Zed')).toEqual(NOTHING)
    const inside = await ask('owner', 'POST', path, { inbox_user: { email: 'colleague@example.com' } })
    expect(inside.json).toEqual({ errors: { email: ['has access to the project already'] } })

    const heard = await watching('Vi')
    const left = await ask<SharedInboxWire>('Vi', 'DELETE', `${V1}/shared_inboxes/${inbox}`)
    expect([left.status, left.json.id]).toEqual([200, inbox])
    expect(await sees('Vi')).toEqual(NOTHING)
    expect(await heard()).toMatch(/event: session\n/)
    expect((await ask('Vi', 'DELETE', `${V1}/shared_inboxes/${inbox}`)).status).toBe(404)
    expect((await ask('owner', 'DELETE', `${V1}/shared_inboxes/${inbox}`)).status).toBe(404)
    expect((await ask('owner', 'GET', `${V1}/inboxes/${inbox}`)).status).toBe(200)
  })

  it('come by the share link, until it is another', async () => {
    const link = async () =>
      (await ask<CompanyWire>('owner', 'GET', `${V1}/companies/${project}`)).json.ext_id
    const ext = await link()
    const path = `${OURS}/share/${project}/${ext}`
    expect((await ask(null, 'GET', path)).json).toEqual({ project: { id: project, name: 'Shop' } })
    expect((await ask(null, 'POST', path, {})).status).toBe(401)
    expect((await ask('Ada', 'POST', path, {})).json).toEqual({ project_id: project })
    expect((await ask('owner', 'POST', path, {})).status).toBe(200)
    expect((await sharedUsers()).map(({ name, role }) => [name, role])).toEqual([
      ['owner', 'owner'],
      ['colleague', 'viewer'],
      ['Ada', 'viewer'],
    ])
    expect((await ask('Ada', 'POST', `${OURS}/projects/${project}/share_link`)).status).toBe(403)
    const renewed = await ask<{ share_link: string }>(
      'owner',
      'POST',
      `${OURS}/projects/${project}/share_link`,
    )
    const second = await link()
    expect(renewed.json.share_link).toMatch(new RegExp(`^http://localhost:\\d+/share/${project}/${second}$`))
    expect(second).not.toBe(ext)
    for (const method of ['GET', 'POST']) {
      expect((await ask('Zed', method, path, method === 'POST' ? {} : undefined)).status).toBe(404)
      expect((await ask('Zed', method, `${OURS}/share/999999/${second}`)).status).toBe(404)
    }
    // Whoever leaves may come back; whoever is put out may not.
    const own = (await sharedUsers('Ada')).find(({ name }) => name === 'Ada')
    await ask('Ada', 'DELETE', `${V1}/companies/${project}/shared_users/${own?.id}`)
    expect((await ask('Ada', 'POST', `${OURS}/share/${project}/${second}`)).status).toBe(200)
    const again = (await peopleOf('owner', `projects/${project}`)).people.find(({ name }) => name === 'Ada')
    await ask('owner', 'DELETE', `${OURS}/projects/${project}/people/${again?.id}`)
    expect((await ask('Ada', 'POST', `${OURS}/share/${project}/${second}`)).status).toBe(404)
    expect(await sees('Ada')).toEqual(NOTHING)
  })

  it('are invited to a project or an inbox by whoever manages it', async () => {
    await share('owner', 'ada@example.com', 'admin')
    const toProject = await invite('Ada', { kind: 'project', id: project }, 'new@example.com', 'admin')
    expect(toProject.json).toMatchObject({
      invitation: { scope: { kind: 'project', id: project, name: 'Shop' }, invited_by: { name: 'Ada' } },
      mailed: false,
      joined: false,
    })
    const toInbox = await invite('Ada', { kind: 'inbox', id: inbox }, 'new@example.com')
    const listed = await ask<{ invitations: { scope: object }[] }>('owner', 'GET', `${OURS}/invitations`)
    expect(listed.json.invitations.map(({ scope }) => scope)).toEqual([
      { kind: 'project', id: project, name: 'Shop' },
      { kind: 'inbox', id: inbox, name: 'Staging' },
    ])
    expect((await invite('colleague', { kind: 'inbox', id: inbox }, 'x@example.com')).status).toBe(403)
    expect((await invite('Zed', { kind: 'inbox', id: inbox }, 'x@example.com')).status).toBe(404)
    const secretOf = (reply: InviteReply) => reply.link?.split('/').at(-1) ?? ''
    const accept = (who: Name | null, reply: InviteReply, body = {}) =>
      ask<{ workspace: { id: number } }>(
        who,
        'POST',
        `${OURS}/invitations/by_secret/${secretOf(reply)}`,
        body,
      )
    expect((await accept('Vi', toInbox.json)).status).toBe(200)
    expect((await sees('Vi')).statuses).toEqual([404, 404, 200, 200, 200, 404, 200, 200])
    // Vi has more by the project than by the inbox alone.
    expect((await invite('owner', { kind: 'project', id: project }, 'vi@example.com')).json.joined).toBe(true)
    expect((await sees('Vi')).listed).toEqual([true, true, false, true])
    const made = await accept(null, toProject.json, { name: 'New', password: 'correct horse battery' })
    expect(made.json.workspace.id).not.toBe(workspace)
    expect((await sharedUsers()).find(({ email }) => email === 'new@example.com')).toMatchObject({
      role: 'admin',
    })
    // What Ada has sent ends with what she may do.
    const late = await invite('Ada', { kind: 'inbox', id: inbox }, 'late@example.com')
    const ada = (await peopleOf('owner', `projects/${project}`)).people.find(({ name }) => name === 'Ada')
    await ask('owner', 'PATCH', `${OURS}/projects/${project}/people/${ada?.id}`, { role: 'viewer' })
    expect((await accept('Zed', late.json)).status).toBe(404)
  })

  it('lose with the workspace all that they were given in it, and nothing elsewhere', async () => {
    const members = await ask<{ members: { id: number; user_id: number }[] }>(
      'owner',
      'GET',
      `${OURS}/workspaces/${workspace}/members`,
    )
    const colleague = members.json.members.find(({ user_id }) => user_id === people.colleague.id)
    await share('owner', 'colleague@example.com', 'admin')
    await ask('owner', 'POST', `${V1}/inboxes/${inbox}/inboxes_users`, {
      inbox_user: { email: 'colleague@example.com', role: 'admin' },
    })
    const own = await createProject(db, {
      workspaceId: workspace,
      ownerId: people.colleague.id,
      name: 'Shop 2',
    })
    const { json: before } = await ask<CompanyWire>('colleague', 'GET', `${V1}/companies/${project}`)
    const heard = await watching('colleague')
    expect(
      (await ask('owner', 'DELETE', `${OURS}/workspaces/${workspace}/members/${colleague?.id}`)).status,
    ).toBe(200)
    expect(await sees('colleague')).toEqual(NOTHING)
    expect((await ask('colleague', 'GET', `${V1}/companies/${own.id}`)).status).toBe(404)
    expect((await ask('colleague', 'POST', `${OURS}/share/${project}/${before.ext_id}`)).status).toBe(404)
    expect(await heard()).toMatch(/event: session\n/)
    expect((await ask('colleague', 'GET', `${V1}/user`)).json).toMatchObject({ id: people.colleague.id })
    const spaces = await ask<{ workspaces: unknown[] }>('colleague', 'GET', `${OURS}/workspaces`)
    expect(spaces.json.workspaces).toMatchObject([{ name: "colleague's workspace", is_current: true }])
  })
})
