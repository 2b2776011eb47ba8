// SendPortal's API, sections 3 and 12 of the contract: workspaces, both generations of paths, and the wall between two.
import { describe, expect, it } from 'vitest'
import { APIS, routesOf } from '../../scripts/openapi.ts'
import { eachEngine } from '../engines.ts'
import { ADMIN_API_TOKEN } from '../posthorn.ts'
import { DATE, expectAbsent, expectErrors, type Said, useSendPortal } from './sendportal.ts'

const api = APIS.find(({ file }) => file === 'sendportal-v1.yaml')
const routes = api === undefined ? [] : await routesOf(api)

const user = { token: ADMIN_API_TOKEN }
const forbidden = [403, '{"message":"Unauthorized"}']
const answer = ({ status, text }: Said) => [status, text]

interface Named {
  id: number
  name: string
}

eachEngine("SendPortal's workspaces", engine => {
  const portal = useSendPortal(engine)
  const { call, data } = portal
  const foreign = () => ({ token: portal.foreignToken })
  const names = async (ask = {}) =>
    ((await call('GET', '/workspaces', undefined, ask)).json as { data: Named[] }).data.map(
      ({ name }) => name,
    )

  it('3: GET /workspaces lists those of the user, to a token of a workspace that one', async () => {
    const said = await call('GET', '/workspaces')
    const U = `${portal.url}/api/v1/workspaces`
    expect(said.json).toEqual({
      data: [
        {
          id: 1,
          name: expect.any(String),
          created_at: expect.stringMatching(DATE),
          updated_at: expect.stringMatching(DATE),
        },
      ],
      links: { first: `${U}?page=1`, last: `${U}?page=1`, prev: null, next: null },
      meta: { current_page: 1, from: 1, last_page: 1, path: U, per_page: 25, to: 1, total: 1 },
    })
    expect(await names({ token: portal.viewerToken })).toHaveLength(2)
    expect(await names(foreign())).toHaveLength(1)
  })

  it('12: a user makes and renames workspaces, and works where they worked', async () => {
    const said = await call('POST', '/workspaces', { name: ' Second ' }, user)
    expect(said.status).toBe(201)
    const { data: made } = said.json as { data: Named }
    expect(Object.keys(made)).toEqual(['id', 'name', 'created_at', 'updated_at'])
    expect(await names(user)).toEqual([expect.any(String), 'Second'])
    await data('POST', '/tags', { name: 'in the first' }, user)
    expect((await call('GET', `/workspaces/${made.id}/tags`, undefined, user)).json).toMatchObject({
      data: [],
    })
    for (const method of ['PUT', 'PATCH'])
      expect(await data(method, `/workspaces/${made.id}`, { name: method }, user)).toMatchObject({
        name: method,
      })
    for (const [method, path] of [
      ['POST', '/workspaces'],
      ['PUT', `/workspaces/${made.id}`],
    ] as const) {
      expectErrors(await call(method, path, {}, user), { name: ['The name field is required.'] })
      expectErrors(await call(method, path, { name: 'x'.repeat(256) }, user), {
        name: ['The name field must not be greater than 255 characters.'],
      })
    }
    expect(answer(await call('POST', '/workspaces', { name: 'x' }))).toEqual(forbidden)
    expect(answer(await call('PUT', '/workspaces/1', { name: 'x' }))).toEqual(forbidden)
    expect(answer(await call('PUT', '/workspaces/1', { name: 'x' }, { token: portal.viewerToken }))).toEqual(
      forbidden,
    )
  })

  it('12: tokens of a workspace are made, listed and deleted by people; what they say is shown once', async () => {
    const said = await call('POST', '/workspaces/1/api-tokens', { description: 'shop' }, user)
    expect(said.status).toBe(201)
    const { data: made } = said.json as { data: { id: number; token: string } }
    expect(made).toEqual({
      id: made.id,
      description: 'shop',
      token: expect.stringMatching(/^[\w-]{32,}$/),
      created_at: expect.stringMatching(DATE),
    })
    expect((await call('GET', '/tags', undefined, { token: made.token })).status).toBe(200)
    const plain = await data<{ description: null }>('POST', '/workspaces/1/api-tokens', {}, user)
    expect(plain.description).toBeNull()
    const list = await call('GET', '/workspaces/1/api-tokens', undefined, user)
    expect(list.json).toMatchObject({ meta: { total: 3 } })
    expect(list.text).not.toContain(made.token)
    const wrong = { description: 'x'.repeat(256) }
    expect((await call('POST', '/workspaces/1/api-tokens', wrong, user)).status).toBe(422)
    for (const ask of [{}, foreign(), { token: portal.viewerToken }]) {
      expect(answer(await call('GET', '/workspaces/1/api-tokens', undefined, ask))).toEqual(forbidden)
      expect(answer(await call('POST', '/workspaces/1/api-tokens', {}, ask))).toEqual(forbidden)
      expect(answer(await call('DELETE', `/workspaces/1/api-tokens/${made.id}`, undefined, ask))).toEqual(
        forbidden,
      )
    }
    expect((await call('DELETE', `/workspaces/1/api-tokens/${made.id}`, undefined, user)).status).toBe(204)
    expectAbsent(await call('DELETE', `/workspaces/1/api-tokens/${made.id}`, undefined, user))
    const own = await portal.storage.read
      .selectFrom('tokens')
      .select('id')
      .where('kind', '=', 'user')
      .executeTakeFirstOrThrow()
    expectAbsent(await call('DELETE', `/workspaces/1/api-tokens/${own.id}`, undefined, user))
  })

  it('3: the path names the workspace: its own token and its people, and nobody else', async () => {
    const { id } = await data<Named>('POST', '/tags', { name: 'of the path' })
    for (const ask of [{}, user, { token: portal.viewerToken }])
      for (const many of ['segments', 'tags'])
        expect((await call('GET', `/workspaces/1/${many}/${id}`, undefined, ask)).status).toBe(200)
    for (const path of [
      `/workspaces/1/segments/${id}`,
      '/workspaces/99999/segments',
      '/workspaces/1/campaigns',
    ])
      expect(answer(await call('GET', path, undefined, foreign()))).toEqual(forbidden)
    expect(answer(await call('POST', '/workspaces/99999/subscribers', {}))).toEqual(forbidden)
    expect(
      answer(await call('DELETE', `/workspaces/1/tags/${id}`, undefined, { token: portal.viewerToken })),
    ).toEqual(forbidden)
    expect((await call('GET', '/workspaces/x/segments')).status).toBe(404)
    expect((await call('GET', '/workspaces/1/segments', undefined, { token: null })).status).toBe(401)
    // The stranger's people by their own token, in their own workspace: where it is they do not find it.
    const there = `/workspaces/${portal.foreignId}/segments/${id}`
    expectAbsent(await call('GET', there, undefined, foreign()))
  })

  it('3: a token of a user acts in the workspace they work in', async () => {
    const { token } = await data<{ token: string }>('POST', `/workspaces/1/api-tokens`, {}, user)
    await data('POST', '/tags', { name: 'by the user' }, user)
    const listed = async (ask: object) => (await call('GET', '/tags?per_page=1000', undefined, ask)).text
    expect(await listed({ token })).toContain('by the user')
    expect(await listed({ token: portal.viewerToken })).toContain('by the user')
    expect(await listed(foreign())).not.toContain('by the user')
  })

  describe('1.2 the wall', () => {
    const NAMES_A_THING = /\{(?:id|service_token)\}/

    it('1.2: whatever route it is, ids of the other workspace are not there', async () => {
      const mark = 'mine-alone'
      const service = await data<Named>('POST', '/email-services', { name: mark, type_id: 9 })
      const template = await data<Named>('POST', '/templates', { name: mark, content: mark })
      const tag = await data<Named>('POST', '/tags', { name: mark })
      const body = { email: `${mark}@example.com`, first_name: mark, tags: [tag.id] }
      const subscriber = await data<Named>('POST', '/subscribers', body)
      const text = { name: mark, subject: mark, content: mark, from_name: mark, from_email: 'a@example.com' }
      const draft = { ...text, email_service_id: service.id, send_to_all: true, scheduled_at: '2026-12-24' }
      const campaign = await data<Named>('POST', '/campaigns', draft)
      const ids: Record<string, number> = {
        subscribers: subscriber.id,
        tags: tag.id,
        segments: tag.id,
        templates: template.id,
        campaigns: campaign.id,
        'email-services': service.id,
        'api-tokens': 1,
      }
      /** Fine for every route, but for the ids in it. */
      const given = {
        ...draft,
        ...body,
        template_id: template.id,
        segments: [tag.id],
        subscribers: [subscriber.id],
      }
      const before = await everything()
      const wrong: string[] = []
      for (const { method, path } of routes) {
        const last = [...path.matchAll(/([\w-]+)\/\{id\}/g)].at(-1)?.[1] ?? ''
        const withId = path.replace('{id}', String(ids[last] ?? 1))
        for (const workspace of path.includes('{workspace_id}') ? [1, portal.foreignId] : [0]) {
          const url = withId.replace('{workspace_id}', String(workspace))
          const sends = method === 'GET' ? undefined : given
          const said = await call(method, url, sends, foreign())
          const fine =
            workspace === 1 ? [403] : NAMES_A_THING.test(path) ? [403, 404, 422] : [200, 201, 403, 422]
          if (!fine.includes(said.status)) wrong.push(`${method} ${url}: ${said.status} ${said.text}`)
          // What they have made by these very bodies says so too: only what is mine is looked for.
          if (method === 'GET' && said.text.includes(mark) && path.includes('{id}'))
            wrong.push(`${method} ${url} shows ${said.text}`)
        }
      }
      expect(wrong).toEqual([])
      expect(routes.length).toBeGreaterThan(80)
      expect(await everything()).toEqual(before)

      async function everything(): Promise<unknown[]> {
        const lists = [
          'subscribers',
          'tags',
          'templates',
          'campaigns',
          'email-services',
          `tags/${tag.id}/subscribers`,
        ]
        return Promise.all(lists.map(async path => (await call('GET', `/${path}?per_page=1000`)).json))
      }
    })
  })
})
