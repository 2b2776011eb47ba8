// SendPortal's API, sections 4.1 and 4.2 of the contract: subscribers and their tags.
import { describe, expect, it } from 'vitest'
import { eachEngine } from '../engines.ts'
import { DATE, expectAbsent, expectErrors, useSendPortal } from './sendportal.ts'

interface Subscriber {
  id: number
  email: string
  first_name: string | null
  unsubscribed_at: string | null
  created_at: string
  updated_at: string
  tags?: { id: number; name: string }[]
}

const KEYS = ['id', 'first_name', 'last_name', 'email', 'unsubscribed_at', 'created_at', 'updated_at']

eachEngine("SendPortal's subscribers", engine => {
  const portal = useSendPortal(engine)
  const { call, data } = portal
  let made = 0
  const create = (more: object = {}) =>
    data<Subscriber>('POST', '/subscribers', { email: `s${++made}@example.com`, ...more })
  const newTag = async () => (await data<{ id: number }>('POST', '/tags', { name: `tag ${++made}` })).id
  const foreign = () => ({ token: portal.foreignToken })
  const row = (id: number) =>
    portal.storage.read.selectFrom('subscribers').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

  describe('4.1 subscribers', () => {
    it('4.1: POST creates with 201, and the keys are as section 2 has them', async () => {
      const said = await call('POST', '/subscribers', {
        email: 'Ada@Example.com',
        first_name: 'Ada',
        last_name: 'L',
      })
      expect(said.status).toBe(201)
      const { data: ada } = said.json as { data: Subscriber }
      expect(Object.keys(ada)).toEqual(KEYS.toSpliced(4, 0, 'tags'))
      expect(ada).toMatchObject({
        first_name: 'Ada',
        last_name: 'L',
        email: 'Ada@Example.com',
        tags: [],
        unsubscribed_at: null,
      })
      expect(ada.created_at).toMatch(DATE)
      expect(await data('GET', `/subscribers/${ada.id}`)).toEqual(ada)
      const list = (await call('GET', '/subscribers?email=ada@example.com')).json as { data: Subscriber[] }
      expect(list.data.map(one => Object.keys(one))).toEqual([KEYS])
      expect(Object.keys(await data('PUT', `/subscribers/${ada.id}`, { email: 'Ada@Example.com' }))).toEqual(
        KEYS,
      )
    })

    it('4.1: POST updates with 200 whoever has the address, in any case of letters, and keeps its spelling', async () => {
      const tag = await newTag()
      const one = await create({ email: 'Bob@Example.com', first_name: 'B', last_name: 'L', tags: [tag] })
      const said = await call('POST', '/subscribers', { email: 'bob@example.COM', first_name: 'Robert' })
      expect(said.status).toBe(200)
      expect(said.json).toMatchObject({
        data: {
          id: one.id,
          email: 'Bob@Example.com',
          first_name: 'Robert',
          last_name: 'L',
          tags: [{ id: tag }],
        },
      })
      const cleared = await create({ email: 'bob@example.com', first_name: null, last_name: '' })
      expect(cleared).toMatchObject({ id: one.id, first_name: null, last_name: null })
    })

    it('4.1: the same address in two workspaces is two people', async () => {
      const body = { email: 'both@example.com' }
      const one = await data<Subscriber>('POST', '/subscribers', body)
      const other = await call('POST', '/subscribers', body, foreign())
      expect(other.status).toBe(201)
      expect((other.json as { data: Subscriber }).data.id).not.toBe(one.id)
    })

    it('4.1: many at once with one address make one subscriber', async () => {
      const replies = await Promise.all(
        Array.from({ length: 8 }, (_, n) =>
          call('POST', '/subscribers', { email: 'race@example.com', first_name: `n${n}` }),
        ),
      )
      expect(replies.map(({ status }) => status).toSorted()).toEqual([...Array(7).fill(200), 201])
      expect(new Set(replies.map(({ json }) => (json as { data: Subscriber }).data.id)).size).toBe(1)
    })

    it.each(['POST', 'PUT'])('4.1: what %s refuses', async method => {
      const { id } = await create()
      const refused = async (body: object, errors: Record<string, string[]>) =>
        expectErrors(
          await call(method, method === 'PUT' ? `/subscribers/${id}` : '/subscribers', body),
          errors,
        )
      const email = 'fine@example.com'
      const notAnEmail = { email: ['The email field must be a valid email address.'] }
      await refused({}, { email: ['The email field is required.'] })
      await refused({ email: '  ' }, { email: ['The email field is required.'] })
      await refused({ email: [] }, { email: ['The email field is required.'] })
      await refused({ email: ['a@b.c'] }, notAnEmail)
      await refused({ email: 'a b@c' }, notAnEmail)
      await refused({ email: 5 }, notAnEmail)
      await refused(
        { email, first_name: 'x'.repeat(256), last_name: ['x'] },
        {
          first_name: ['The first name field must not be greater than 255 characters.'],
          last_name: ['The last name field must be a string.'],
        },
      )
      await refused({ email, tags: 'x' }, { tags: ['The tags field must be an array.'] })
      await refused(
        { email, tags: [99999, 'abc', 1.5] },
        {
          'tags.0': ['Tag ID 99999 does not exist.'],
          'tags.1': ['Tag ID abc does not exist.'],
          'tags.2': ['Tag ID 1.5 does not exist.'],
        },
      )
      const theirs = await data<{ id: number }>('POST', '/tags', { name: `theirs ${++made}` }, foreign())
      await refused({ email, tags: [theirs.id] }, { 'tags.0': [`Tag ID ${theirs.id} does not exist.`] })
      const noDate = { unsubscribed_at: ['The unsubscribed at field must be a valid date.'] }
      await refused({ email, unsubscribed_at: 'tomorrow' }, noDate)
      await refused({ email, unsubscribed_at: ['2020-01-01'] }, noDate)
      await refused(
        { email, subscribed: 'yes' },
        { subscribed: ['The subscribed field must be true or false.'] },
      )
      const { meta } = (await call('GET', '/subscribers?email=fine@example.com')).json as { meta: object }
      expect(meta).toMatchObject({ total: 0 })
    })

    it('4.1: user@localhost is an address', async () => {
      expect((await create({ email: 'user@localhost' })).email).toBe('user@localhost')
    })

    it.each(['POST', 'PUT'])(
      '4.1: tags with %s: a list replaces, an empty one removes, none and null leave',
      async method => {
        const [a, b] = [await newTag(), await newTag()]
        const one = await create({ tags: [a] })
        const put = async (body: object) => {
          await data(method, method === 'PUT' ? `/subscribers/${one.id}` : '/subscribers', {
            email: one.email,
            ...body,
          })
          return (await data<{ id: number }[]>('GET', `/subscribers/${one.id}/tags`)).map(({ id }) => id)
        }
        expect(await put({ tags: [b, a, b] })).toEqual([a, b])
        expect(await put({})).toEqual([a, b])
        expect(await put({ tags: null })).toEqual([a, b])
        expect(await put({ tags: [String(b)] })).toEqual([b])
        expect(await put({ segments: [a] })).toEqual([a])
        expect(await put({ tags: [] })).toEqual([])
      },
    )

    it('4.1: unsubscribed_at unsubscribes with the reason of an admin, in UTC, and null takes it back', async () => {
      const one = await create({ unsubscribed_at: '2020-07-24T08:46:54+02:00' })
      expect(one.unsubscribed_at).toBe('2020-07-24 06:46:54')
      expect(await row(one.id)).toMatchObject({ status: 'unsubscribed', status_reason: 'by_admin' })
      const put = (body: object) =>
        data<Subscriber>('PUT', `/subscribers/${one.id}`, { email: one.email, ...body })
      expect((await put({ first_name: 'x' })).unsubscribed_at).toBe('2020-07-24 06:46:54')
      expect((await put({ unsubscribed_at: null })).unsubscribed_at).toBeNull()
      expect(await row(one.id)).toMatchObject({ status: 'subscribed', status_reason: null })
      expect((await put({ unsubscribed_at: '2021-01-02' })).unsubscribed_at).toBe('2021-01-02 00:00:00')
      expect((await put({ subscribed: '1' })).unsubscribed_at).toBeNull()
      expect((await put({ subscribed: false })).unsubscribed_at).toMatch(DATE)
      expect(await row(one.id)).toMatchObject({ status: 'unsubscribed', status_reason: 'by_admin' })
    })

    it('4.1: what is sent back as it was read changes nothing', async () => {
      for (const status of ['bounced', 'complained', 'pending'] as const) {
        const one = await create()
        await portal.storage.write
          .updateTable('subscribers')
          .set({
            status,
            status_reason: status === 'bounced' ? 'bounce' : null,
            status_at: 1_600_000_000_500,
          })
          .where('id', '=', one.id)
          .execute()
        const before = await row(one.id)
        const read = await data<Subscriber>('GET', `/subscribers/${one.id}`)
        expect(read.unsubscribed_at).toBe(status === 'pending' ? null : '2020-09-13 12:26:40')
        expect(await data('PUT', `/subscribers/${one.id}`, read)).toMatchObject({
          updated_at: read.updated_at,
        })
        expect(await row(one.id)).toEqual(before)
      }
    })

    it('4.1: PUT to an address that somebody else has is refused, its own is not', async () => {
      const [one, other] = [await create(), await create()]
      const said = await call('PUT', `/subscribers/${one.id}`, { email: other.email.toUpperCase() })
      expectErrors(said, { email: ['The email has already been taken.'] })
      const own = await data<Subscriber>('PATCH', `/subscribers/${one.id}`, {
        email: one.email.toUpperCase(),
      })
      expect(own).toMatchObject({ id: one.id, email: one.email.toUpperCase() })
    })

    it('4.1: DELETE is 204 without a body, and takes the links to tags along', async () => {
      const tag = await newTag()
      const one = await create({ tags: [tag] })
      const said = await call('DELETE', `/subscribers/${one.id}`)
      expect([said.status, said.text]).toEqual([204, ''])
      expectAbsent(await call('DELETE', `/subscribers/${one.id}`))
      expectAbsent(await call('GET', `/subscribers/${one.id}`))
      expectAbsent(await call('PUT', `/subscribers/${one.id}`, { email: 'x@y.z' }))
      expect(await data('GET', `/tags/${tag}/subscribers`)).toEqual([])
    })

    it('4.1: lists go by last name, those without one first, ties by id', async () => {
      const names = ['Zorn', null, 'abel', 'Abel', null, 'Zorn']
      const ids: number[] = []
      for (const last_name of names) {
        const body = { email: `order${++made}@example.com`, last_name }
        ids.push((await data<Subscriber>('POST', '/subscribers', body, foreign())).id)
      }
      const pages: number[] = []
      for (const page of [1, 2, 3]) {
        const said = await call(
          'GET',
          `/subscribers?per_page=3&page=${page}&name=order`,
          undefined,
          foreign(),
        )
        pages.push(...(said.json as { data: Subscriber[] }).data.map(({ id }) => id))
      }
      expect(pages).toEqual([1, 4, 3, 0, 5, 2].map(n => ids[n]))
      const whole = (await call('GET', '/subscribers?per_page=3&page=2', undefined, foreign())).json
      expect(whole).toMatchObject({ meta: { current_page: 2, from: 4, to: 6, per_page: 3 } })
    })

    it('4.1: filters of ours: email, name, status, tags', async () => {
      const [a, b] = [await newTag(), await newTag()]
      const tagged = await create({ first_name: 'Grüße', last_name: 'Filter', tags: [a] })
      const out = await create({ last_name: 'Filter', tags: [b], unsubscribed_at: '2020-01-01' })
      const plain = await create({ email: 'under_score@filter.example', last_name: 'Filter' })
      const found = async (query: string) => {
        const said = await call('GET', `/subscribers?${query}`)
        const { data: rows, meta } = said.json as { data: Subscriber[]; meta: { total: number } }
        expect(meta.total).toBe(rows.length)
        return rows.map(({ id }) => id)
      }
      expect(await found(`email=${tagged.email.toUpperCase()}`)).toEqual([tagged.id])
      expect(await found('name=grusse')).toEqual([])
      expect(await found('name=gru%C3%9Fe')).toEqual([tagged.id])
      expect(await found('name=R_SCORE@filt')).toEqual([plain.id])
      expect(await found('name=Filter')).toEqual([tagged.id, out.id, plain.id])
      expect(await found('name=filter&status=subscribed')).toEqual([tagged.id, plain.id])
      expect(await found('name=filter&status=unsubscribed')).toEqual([out.id])
      expect(await found(`tags[]=${a}&tags[]=${b}`)).toEqual([tagged.id, out.id])
      expect(await found(`tags[]=${a}&status=unsubscribed`)).toEqual([])
      expect(await found('tags[]=99999')).toEqual([])
      expect(await found('name=%25')).toEqual([])
      const status = await call('GET', '/subscribers?status=sleeping')
      expectErrors(status, { status: ['The selected status is invalid.'] })
      const counted = (await call('GET', '/subscribers?status=unsubscribed&per_page=1000')).json as {
        data: Subscriber[]
        meta: { total: number }
      }
      expect(counted.meta.total).toBe(counted.data.length)
      expect(counted.data.every(one => one.unsubscribed_at !== null)).toBe(true)
    })

    it('4.1: values of custom fields may be given, which is ours', async () => {
      const now = { created_at: 0, updated_at: 0 }
      await portal.storage.write
        .insertInto('custom_fields')
        .values({
          workspace_id: 1,
          key: 'age',
          label: 'Age',
          kind: 'number',
          options: '[]',
          position: 0,
          ...now,
        })
        .execute()
      const one = await create({ fields: { age: 42 } })
      expect(JSON.parse((await row(one.id)).fields)).toEqual({ age: 42 })
      await data('PUT', `/subscribers/${one.id}`, { email: one.email, fields: { age: null } })
      expect(JSON.parse((await row(one.id)).fields)).toEqual({})
      const said = await call('POST', '/subscribers', { email: one.email, fields: { age: 'old', size: 1 } })
      expect(Object.keys((said.json as { errors: object }).errors)).toEqual(['fields.age', 'fields.size'])
    })
  })

  describe('4.2 subscriber tags', () => {
    it('4.2: adds, replaces and takes away; each time the whole list, by id', async () => {
      const [a, b, c] = [await newTag(), await newTag(), await newTag()]
      const { id } = await create()
      const url = `/subscribers/${id}/tags`
      const ask = async (method: string, body?: object) =>
        (await data<{ id: number }[]>(method, url, body)).map(tag => tag.id)
      expect(await ask('GET')).toEqual([])
      expect(await ask('POST', { tags: [b] })).toEqual([b])
      expect(await ask('POST', { tags: [b, String(a)] })).toEqual([a, b])
      expect(await ask('PUT', { tags: [c, a] })).toEqual([a, c])
      expect(await ask('DELETE', { tags: [b, a] })).toEqual([c])
      const byQuery = await call('DELETE', `${url}?tags[]=${c}`)
      expect([byQuery.status, byQuery.text]).toEqual([200, '{"data":[]}'])
      expect(await ask('POST', new URLSearchParams(`tags[]=${a}`))).toEqual([a])
      const [only] = await data<object[]>('GET', url)
      expect(Object.keys(only ?? {})).toEqual(['id', 'name', 'created_at', 'update_at', 'updated_at'])
    })

    it.each(['POST', 'PUT', 'DELETE'])('4.2: what %s refuses', async method => {
      const { id } = await create()
      const theirs = await data<{ id: number }>('POST', '/tags', { name: `their ${++made}` }, foreign())
      const mine = await newTag()
      const refused = async (body: object, errors: Record<string, string[]>) =>
        expectErrors(await call(method, `/subscribers/${id}/tags`, body), errors)
      const required = { tags: ['The tags field is required.'] }
      await refused({}, required)
      await refused({ tags: [] }, required)
      await refused({ tags: null }, required)
      await refused({ tags: 5 }, { tags: ['The tags field must be an array.'] })
      await refused(
        { tags: [mine, 'x', theirs.id] },
        {
          'tags.1': ['The tags.1 field must be an integer.', 'Tag ID x does not exist.'],
          'tags.2': [`Tag ID ${theirs.id} does not exist.`],
        },
      )
      expectAbsent(await call(method, '/subscribers/99999/tags', { tags: [mine] }))
      expectAbsent(await call(method, `/subscribers/${id}/tags`, { tags: [theirs.id] }, foreign()))
      expect(await data('GET', `/subscribers/${id}/tags`)).toEqual([])
    })
  })
})
