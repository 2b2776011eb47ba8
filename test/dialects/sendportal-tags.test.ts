// SendPortal's API, sections 4.3 and 4.4 of the contract: tags and whose they are; section 3: segments, their older name.
import { describe, expect, it } from 'vitest'
import { eachEngine } from '../engines.ts'
import { expectAbsent, expectErrors, useSendPortal } from './sendportal.ts'

interface Tag {
  id: number
  name: string
  subscribers?: { id: number }[]
}

eachEngine("SendPortal's tags", engine => {
  const portal = useSendPortal(engine)
  const { call, data } = portal
  const foreign = () => ({ token: portal.foreignToken })
  let made = 0
  const subscriber = async (ask = {}) =>
    (await data<{ id: number }>('POST', '/subscribers', { email: `s${++made}@example.com` }, ask)).id
  const newTag = (more: object = {}) => data<Tag>('POST', '/tags', { name: `tag ${++made}`, ...more })

  // Under both names, with the words of each.
  for (const [generation, prefix, one, many] of [
    ['B', '', 'tag', 'tags'],
    ['A', '/workspaces/1', 'segment', 'segments'],
    ['A with the new name', '/workspaces/1', 'tag', 'tags'],
  ] as const)
    describe(`4.3 and 3: generation ${generation}`, () => {
      const url = `${prefix}/${many}`
      const dates = one === 'tag' ? ['created_at', 'update_at', 'updated_at'] : ['created_at', 'update_at']
      const unique = { name: [`The ${one} name must be unique.`] }

      it(`4.3: makes, shows, renames and deletes a ${one}`, async () => {
        const name = `Name ${++made}`
        const said = await call('POST', url, { name: ` ${name} ` })
        expect(said.status).toBe(201)
        const { data: tag } = said.json as { data: Tag }
        expect(Object.keys(tag)).toEqual(['id', 'name', 'subscribers', ...dates])
        expect(tag).toMatchObject({ name, subscribers: [] })
        const shown = await data<Tag>('GET', `${url}/${tag.id}`)
        expect(Object.keys(shown)).toEqual(['id', 'name', ...dates])
        for (const method of ['PUT', 'PATCH']) {
          const put = await call(method, `${url}/${tag.id}`, {
            name: `${name} ${method}`,
            subscribers: ['x'],
          })
          expect(put.status).toBe(200)
          expect(Object.keys((put.json as { data: object }).data)).toEqual(['id', 'name', ...dates])
        }
        const gone = await call('DELETE', `${url}/${tag.id}`)
        expect([gone.status, gone.text]).toEqual([204, ''])
        for (const method of ['GET', 'DELETE']) expectAbsent(await call(method, `${url}/${tag.id}`))
        expectAbsent(await call('PUT', `${url}/${tag.id}`, { name }))
      })

      it('4.3: its name is required and unique in the workspace, on update too', async () => {
        const [a, b] = [await newTag(), await newTag()]
        for (const body of [{}, { name: '' }, { name: null }])
          expectErrors(await call('POST', url, body), { name: ['The name field is required.'] })
        expectErrors(await call('POST', url, { name: ['x'] }), { name: ['The name field must be a string.'] })
        expectErrors(await call('POST', url, { name: 'x'.repeat(256) }), {
          name: ['The name field must not be greater than 255 characters.'],
        })
        expectErrors(await call('POST', url, { name: a.name.toUpperCase() }), unique)
        expectErrors(await call('PUT', `${url}/${b.id}`, { name: a.name }), unique)
        const own = await data<Tag>('PUT', `${url}/${b.id}`, { name: b.name.toUpperCase() })
        expect(own.name).toBe(b.name.toUpperCase())
        expect((await call('POST', '/tags', { name: a.name }, foreign())).status).toBe(201)
      })

      it('4.3: is made with subscribers of the workspace', async () => {
        const [a, b] = [await subscriber(), await subscriber()]
        const theirs = await subscriber(foreign())
        const tag = await data<Tag>('POST', url, { name: `with ${++made}`, subscribers: [b, a] })
        expect(tag.subscribers?.map(({ id }) => id)).toEqual([a, b])
        expect(Object.keys(tag.subscribers?.[0] ?? {})).toEqual([
          'id',
          'first_name',
          'last_name',
          'email',
          'unsubscribed_at',
          'created_at',
          'updated_at',
        ])
        expectErrors(await call('POST', url, { name: `with ${++made}`, subscribers: [a, theirs, 'x'] }), {
          'subscribers.1': [`Subscriber ID ${theirs} does not exist.`],
          'subscribers.2': ['Subscriber ID x does not exist.'],
        })
        expectErrors(await call('POST', url, { name: `with ${++made}`, subscribers: 'x' }), {
          subscribers: ['The subscribers field must be an array.'],
        })
      })

      it(`4.4: POST gives it, PUT gives it to no others, DELETE takes it; each time the whole list`, async () => {
        const ids = [await subscriber(), await subscriber(), await subscriber()].toSorted((a, b) => a - b)
        const [a = 0, b = 0, c = 0] = ids
        const { id } = await newTag()
        const list = `${url}/${id}/subscribers`
        const ask = async (method: string, subscribers?: unknown[]) =>
          (await data<{ id: number }[]>(method, list, subscribers && { subscribers })).map(each => each.id)
        expect(await ask('GET')).toEqual([])
        expect(await ask('POST', [c, a])).toEqual([a, c])
        expect(await ask('POST', [a])).toEqual([a, c])
        expect(await ask('PUT', [String(b), a])).toEqual([a, b])
        expect(await ask('DELETE', [a, c])).toEqual([b])
        const [only] = await data<object[]>('GET', list)
        expect(Object.keys(only ?? {})).not.toContain(many)
        const counted = await portal.storage.read
          .selectFrom('tags')
          .selectAll()
          .where('id', '=', id)
          .execute()
        expect(counted).toMatchObject([{ subscribers_count: 1 }])
        expect(await ask('PUT', [a, b, c])).toEqual([a, b, c])
        const page = (await call('GET', `${list}?page=2&per_page=2`)).json
        const U = `${portal.url}/api/v1${list}`
        expect(page).toMatchObject({
          data: [{ id: c }],
          links: { first: `${U}?page=1`, last: `${U}?page=2`, prev: `${U}?page=1`, next: null },
          meta: { current_page: 2, from: 3, to: 3, total: 3, path: U },
        })
        expect(Object.keys((await call('GET', list)).json)).toEqual(['data'])
      })

      it('4.4: what the list of subscribers refuses', async () => {
        const mine = await subscriber()
        const theirs = await subscriber(foreign())
        const { id } = await newTag()
        const list = `${url}/${id}/subscribers`
        const required = { subscribers: ['The subscribers field is required.'] }
        for (const method of ['POST', 'PUT', 'DELETE']) {
          expectErrors(await call(method, list, {}), required)
          expectErrors(await call(method, list, { subscribers: [] }), required)
          expectErrors(await call(method, list, { subscribers: [mine, theirs, 'x'] }), {
            'subscribers.1': [`Subscriber ID ${theirs} does not exist.`],
            'subscribers.2': [
              'The subscribers.2 field must be an integer.',
              'Subscriber ID x does not exist.',
            ],
          })
          expectAbsent(await call(method, `${url}/99999/subscribers`, { subscribers: [mine] }))
          expectAbsent(await call(method, `/tags/${id}/subscribers`, { subscribers: [theirs] }, foreign()))
        }
        expectAbsent(await call('GET', `${url}/99999/subscribers`))
        expect(await data('GET', list)).toEqual([])
      })
    })

  it('4.3: lists by name, and a deleted one is off everybody and every campaign', async () => {
    for (const name of ['b', 'A', 'c']) await data('POST', '/tags', { name }, foreign())
    const list = (await call('GET', '/tags', undefined, foreign())).json as { data: Tag[] }
    const short = list.data.filter(({ name }) => name.length === 1)
    expect(short.map(({ name }) => name)).toEqual(['A', 'b', 'c'])

    const [tag, id] = [await newTag(), await subscriber()]
    await data('POST', `/tags/${tag.id}/subscribers`, { subscribers: [id] })
    const service = await data<{ id: number }>('POST', '/email-services', { name: 'x', type_id: 9 })
    const campaign = await data<{ id: number; tags: number[] }>('POST', '/campaigns', {
      name: 'c',
      subject: 's',
      content: 'x',
      from_name: 'n',
      from_email: 'n@example.com',
      email_service_id: service.id,
      send_to_all: false,
      scheduled_at: '2026-12-24',
      tags: [tag.id],
    })
    expect(campaign.tags).toEqual([tag.id])
    await call('DELETE', `/tags/${tag.id}`)
    expect(await data('GET', `/subscribers/${id}/tags`)).toEqual([])
    expect(await data('GET', `/campaigns/${campaign.id}`)).toMatchObject({ tags: [] })
  })

  it('4.4: a list of thousands comes whole, and PUT replaces it', async () => {
    const now = Date.now()
    const rows = Array.from({ length: 1300 }, (_, n) => ({
      workspace_id: 1,
      email: `many${n}@example.com`,
      email_key: `many${n}@example.com`,
      domain: 'example.com',
      first_name: null,
      last_name: null,
      search: `many${n}@example.com`,
      status: 'subscribed' as const,
      status_reason: null,
      status_at: null,
      fields: '{}',
      source: 'api' as const,
      import_id: null,
      created_at: now,
      updated_at: now,
    }))
    const ids: number[] = []
    for (let at = 0; at < rows.length; at += 650) {
      const some = portal.storage.write.insertInto('subscribers').values(rows.slice(at, at + 650))
      ids.push(...(await some.returning('id').execute()).map(({ id }) => id))
    }
    const tag = await newTag({ subscribers: ids })
    const whole = await data<{ id: number }[]>('GET', `/tags/${tag.id}/subscribers`)
    expect(whole.map(({ id }) => id)).toEqual(ids.toSorted((a, b) => a - b))
    const last = ids.slice(-2).toSorted((a, b) => a - b)
    const left = await data<{ id: number }[]>('PUT', `/tags/${tag.id}/subscribers`, { subscribers: last })
    expect(left.map(({ id }) => id)).toEqual(last)
    const jump = (await call('GET', '/subscribers?page=1200&per_page=1')).json
    expect(jump).toMatchObject({ data: [{}], meta: { current_page: 1200 } })
  })

  it('3: subscribers of generation A have segments', async () => {
    const segment = await data<Tag>('POST', '/workspaces/1/segments', { name: `seg ${++made}` })
    const body = { email: `s${++made}@example.com`, segments: [segment.id] }
    const one = await data<{ id: number; segments: Tag[] }>('POST', '/workspaces/1/subscribers', body)
    expect(Object.keys(one)).toEqual([
      'id',
      'first_name',
      'last_name',
      'email',
      'segments',
      'unsubscribed_at',
      'created_at',
      'updated_at',
    ])
    expect(one.segments).toMatchObject([{ id: segment.id, name: segment.name }])
    expect((await call('POST', '/workspaces/1/subscribers', body)).status).toBe(200)
    expect(await data('GET', `/subscribers/${one.id}`)).toMatchObject({ tags: [{ id: segment.id }] })
    expectErrors(await call('POST', '/workspaces/1/subscribers', { ...body, segments: [99999] }), {
      'segments.0': ['Segment ID 99999 does not exist.'],
    })
    const url = `/workspaces/1/subscribers/${one.id}/segments`
    expectErrors(await call('PUT', url, {}), { segments: ['The segments field is required.'] })
    expectErrors(await call('PUT', url, { segments: ['x'] }), {
      'segments.0': ['The segments.0 field must be an integer.', 'Segment ID x does not exist.'],
    })
    expect(await data('DELETE', url, { segments: [segment.id] })).toEqual([])
    expect(
      await data('POST', `/workspaces/1/subscribers/${one.id}/tags`, { tags: [segment.id] }),
    ).toMatchObject([{ id: segment.id }])
  })
})
