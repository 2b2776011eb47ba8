// Sections 5.1, 6.1, 7 and 10 of the contract: what people share, and what each of them may do with it.
import { beforeAll, describe, expect, it } from 'vitest'
import { eachEngine } from '../engines.ts'
import { expectFields, useDialect } from './dialect.ts'
import { COMPANY, INBOX, SHARED_INBOX, SHARED_USER } from './mailtrap-shapes.ts'

eachEngine("Mailtrap's V1", engine => {
  const dialect = useDialect({}, engine)
  const { ask, get, both } = dialect
  let project: { id: number; ext_id: string }
  let inbox: { id: number; name: string; username: string; password: string }
  const people = { admin: '', viewer: '', guest: '', stranger: '' }

  beforeAll(async () => {
    project = (await ask('/companies', { method: 'POST', body: { company: { name: 'Team' } } })).json
    inbox = (
      await ask(`/companies/${project.id}/inboxes`, { method: 'POST', body: { inbox: { name: 'Shared' } } })
    ).json
    for (const name of Object.keys(people) as (keyof typeof people)[])
      people[name] = await dialect.person(`${name}@example.com`)
  })

  const give = (path: string, wrapper: string, email: string, role: string) =>
    ask(path, { method: 'POST', body: { [wrapper]: { email, role } } })

  describe('section 5.1: shared users', () => {
    const path = () => `/companies/${project.id}/shared_users`

    it('are given, listed, shown', async () => {
      const admin = await give(path(), 'shared_user', 'admin@example.com', 'user')
      expect(admin.status, admin.text).toBe(200)
      expectFields(admin.json, SHARED_USER)
      // `user` is the word of the first generation for an admin.
      expect(admin.json).toMatchObject({ role: 'admin', is_owner: false, email: 'admin@example.com' })
      const viewer = await give(path(), 'shared_user', 'viewer@example.com', 'viewer')
      const all = await both<{ id: number; email: string; is_owner: boolean }[]>(path(), 'shared_users')
      for (const one of all) expectFields(one, SHARED_USER)
      expect(all).toEqual(expect.arrayContaining([admin.json, viewer.json]))
      expect(all.some(one => one.is_owner)).toBe(true)
      expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
      expect(await both(`${path()}/${(viewer.json as { id: number }).id}`, 'shared_user')).toEqual(
        viewer.json,
      )
    })

    it('the owner stays', async () => {
      const all = await get<{ id: number; is_owner: boolean }[]>(path())
      const owner = all.find(one => one.is_owner)
      const said = await ask(`${path()}/${owner?.id}`, { method: 'DELETE' })
      expect(said.status).toBe(422)
      expect(said.json).toEqual({ errors: { base: [expect.any(String)] } })
    })

    it('the admin sees what the owner sees, but is none', async () => {
      const seen = await get<{ is_owner: boolean; ext_id: string }[]>('/companies', people.admin)
      const shared = seen.find(one => (one as { id?: number }).id === project.id)
      expect(shared).toMatchObject({ is_owner: false, ext_id: project.ext_id })
      expect(await get(`/inboxes/${inbox.id}`, people.admin)).toMatchObject({ password: inbox.password })
      expect((await ask(`/companies/${project.id}`, { method: 'DELETE', token: people.admin })).status).toBe(
        403,
      )
      const renamed = await ask(`/companies/${project.id}`, {
        method: 'PATCH',
        token: people.admin,
        body: { company: { name: 'Team of two' } },
      })
      expect(renamed.status).toBe(200)
    })

    it('10.2: a viewer reads everything and changes nothing', async () => {
      await dialect.send('Subject: for all\n\nx', inbox)
      const token = people.viewer
      const company = await get<object>(`/companies/${project.id}`, token)
      expectFields(company, COMPANY)
      expect(company).toMatchObject({ is_owner: false, share_link: null, ext_id: null })
      const seen = await get<object>(`/inboxes/${inbox.id}`, token)
      expectFields(seen, INBOX)
      expect(seen).toMatchObject({ username: inbox.username, password: null })
      const [message] = await get<{ id: number }[]>(`/inboxes/${inbox.id}/messages`, token)
      const one = `/inboxes/${inbox.id}/messages/${message?.id}`
      for (const part of ['', '/body.txt', '/body.raw', '/mail_headers', '/spam_report', '/attachments'])
        expect((await ask(one + part, { token })).status).toBe(200)
      for (const [method, at, body] of [
        ['PATCH', one, { message: { is_read: true } }],
        ['DELETE', one, undefined],
        ['POST', `${one}/forward`, { email: 'dev@example.com' }],
        ['PATCH', `/inboxes/${inbox.id}`, { inbox: { name: 'Mine' } }],
        ['PATCH', `/inboxes/${inbox.id}/clean`, undefined],
        ['PATCH', `/inboxes/${inbox.id}/all_read`, undefined],
        ['PATCH', `/inboxes/${inbox.id}/reset_credentials`, undefined],
        ['PATCH', `/inboxes/${inbox.id}/reset_email_username`, undefined],
        ['PATCH', `/inboxes/${inbox.id}/toggle_email_username`, undefined],
        ['DELETE', `/inboxes/${inbox.id}`, undefined],
        [
          'POST',
          `/inboxes/${inbox.id}/forward_rules`,
          { forward_rule: { forward_type: 'email', forward_value: 'x@example.com' } },
        ],
        ['POST', `/companies/${project.id}/inboxes`, { inbox: { name: 'Mine' } }],
        ['PATCH', `/companies/${project.id}`, { company: { name: 'Mine' } }],
        ['DELETE', `/companies/${project.id}`, undefined],
        ['POST', path(), { shared_user: { email: 'stranger@example.com', role: 'admin' } }],
      ] as const) {
        const said = await ask(at, { method, token, body })
        expect([said.status, said.text], `${method} ${at}`).toEqual([403, '{"errors":"Access forbidden"}'])
        const xml = await ask(at, { method, token, body, headers: { accept: 'application/xml' } })
        expect(xml.text).toContain('<hash>\n  <errors>Access forbidden</errors>\n</hash>')
      }
    })

    it('are removed, and at once see nothing', async () => {
      const all = await get<{ id: number; email: string }[]>(path())
      const viewer = all.find(one => one.email === 'viewer@example.com')
      const gone = await ask(`${path()}/${viewer?.id}`, { method: 'DELETE' })
      expect(gone.json).toEqual(viewer)
      for (const one of [`/companies/${project.id}`, `/inboxes/${inbox.id}`, `/inboxes/${inbox.id}/messages`])
        expect((await ask(one, { token: people.viewer })).status).toBe(404)
    })

    it('10.3: a transfer needs both projects', async () => {
      const other = (await ask('/companies', { method: 'POST', body: { company: { name: 'Other' } } }))
        .json as { id: number }
      const move = (token?: string) =>
        ask(`/inboxes/${inbox.id}`, {
          method: 'PATCH',
          ...(token && { token }),
          body: { inbox: { company_id: other.id } },
        })
      expect((await move(people.admin)).status).not.toBe(200)
      expect((await move()).json).toMatchObject({ id: inbox.id, company_id: other.id })
      const back = await ask(`/inboxes/${inbox.id}`, {
        method: 'PATCH',
        body: { inbox: { company_id: project.id } },
      })
      expect(back.json).toMatchObject({ company_id: project.id })
    })
  })

  describe('sections 6.1 and 7: one inbox, shared', () => {
    it('given to somebody, listed by both, left by them', async () => {
      const path = `/inboxes/${inbox.id}/inboxes_users`
      const given = await give(path, 'inbox_user', 'guest@example.com', 'viewer')
      expect(given.status, given.text).toBe(200)
      const membership = given.json as { id: number }
      expect(Object.keys(membership).slice(0, 5)).toEqual([
        'id',
        'inbox_id',
        'created_at',
        'updated_at',
        'email',
      ])
      expect(membership).toMatchObject({ inbox_id: inbox.id, email: 'guest@example.com', role: 'viewer' })
      expect(await both(path, 'inboxes_users')).toEqual([membership])
      expect(await both(`${path}/${membership.id}`, 'inboxes_user')).toEqual(membership)

      const token = people.guest
      const shared = await both<object[]>('/shared_inboxes', 'shared_inboxes', { token })
      expect(shared).toHaveLength(1)
      expectFields(shared[0] ?? {}, SHARED_INBOX)
      expect(shared[0]).toMatchObject({
        id: inbox.id,
        company_id: project.id,
        name: inbox.name,
        password: null,
      })
      expect((await ask(`/inboxes/${inbox.id}/messages`, { token })).status).toBe(200)
      expect((await ask(`/companies/${project.id}`, { token })).status).toBe(404)
      expect(await get<{ id: number }[]>('/inboxes', token)).not.toContainEqual(
        expect.objectContaining({ id: inbox.id }),
      )

      const left = await ask(`/shared_inboxes/${inbox.id}`, { method: 'DELETE', token })
      expect(left.json).toEqual(shared[0])
      expect(await get('/shared_inboxes', token)).toEqual([])
      expect((await ask(`/inboxes/${inbox.id}`, { token })).status).toBe(404)
      expect((await ask(`/inboxes/${inbox.id}`)).status).toBe(200)
      expect(await get(path)).toEqual([])
      expect((await ask('/sharedInboxes', { token })).status).toBe(404)
    })

    it('an inbox admin has the settings and the people, but not the project', async () => {
      await give(`/inboxes/${inbox.id}/inboxes_users`, 'inbox_user', 'guest@example.com', 'admin')
      const token = people.guest
      const patch = await ask(`/inboxes/${inbox.id}`, {
        method: 'PATCH',
        token,
        body: { inbox: { name: 'By the guest' } },
      })
      expect(patch.json).toMatchObject({ name: 'By the guest', password: inbox.password })
      expect((await ask(`/inboxes/${inbox.id}/inboxes_users`, { token })).status).toBe(200)
      const more = await ask(`/companies/${project.id}/inboxes`, {
        method: 'POST',
        token,
        body: { inbox: { name: 'x' } },
      })
      expect(more.status).toBe(404)
    })
  })

  it('section 10: what is not shared does not exist', async () => {
    const token = people.stranger
    for (const path of ['', '/messages', '/forward_rules', '/inboxes_users'])
      expect((await ask(`/inboxes/${inbox.id}${path}`, { token })).status).toBe(404)
    for (const path of ['', '/shared_users'])
      expect((await ask(`/companies/${project.id}${path}`, { token })).status).toBe(404)
    const own = await get<{ inboxes: object[] }[]>('/companies', token)
    // Section 5: a new user has one project with one inbox.
    expect(own.map(({ inboxes }) => inboxes.length)).toEqual([1])
  })
})
