import { afterAll, beforeAll, expect, it } from 'vitest'
import { eachEngine } from '../../../test/engines.ts'
import { posthornApi } from '../../accounts/api/posthorn-api.ts'
import { Callers } from '../../accounts/callers.ts'
import { createPerson } from '../../accounts/people.ts'
import { openSecrets } from '../../accounts/secrets.ts'
import { addMember } from '../../accounts/workspaces.ts'
import { Metrics } from '../../http/metrics.ts'
import { createHttpServer, type HttpServer } from '../../http/server.ts'
import { createLog } from '../../log.ts'
import { openStorage, type Storage } from '../../storage/database.ts'
import { parseLocation } from '../../storage/location.ts'
import { type AudienceJobRunner, createAudienceJobRunner } from '../audience/audience-job-runner.ts'
import { createSubscriber } from '../audience/subscribers.ts'
import { suppressedAmong } from '../audience/suppressions.ts'
import { audienceOwnRoutes } from './audience.ts'
import { bulkRoutes } from './bulk.ts'
import { exportRoutes } from './export.ts'
import { fieldRoutes } from './fields.ts'
import { subscriberListRoutes } from './subscriber-lists.ts'
import { timelineRoutes } from './subscriber-timeline.ts'
import { subscriberRoutes } from './subscribers.ts'
import type {
  AudienceJobWire,
  AudienceWire,
  FieldWire,
  SubscriberPage,
  SubscriberReply,
  SubscriberWire,
  SuppressionPage,
  SuppressionWire,
  TagWire,
  TimelineEventWire,
  TimelinePage,
} from './subscribers-wire.ts'
import { suppressionRoutes } from './suppressions.ts'
import { tagRoutes } from './tags.ts'

/** Whatever may be answered. */
interface Answer
  extends SubscriberPage,
    SubscriberReply,
    TimelinePage,
    AudienceWire,
    Pick<SuppressionPage, 'suppressions'> {
  error: { code: string; fields: Record<string, string[]> }
  count: number
  field: FieldWire
  fields: FieldWire[]
  tag: TagWire
  tags: TagWire[]
  event: TimelineEventWire
  job: AudienceJobWire
  suppression: SuppressionWire
}

eachEngine('the audience over the API', engine => {
  let storage: Storage
  let http: HttpServer
  let jobs: AudienceJobRunner
  let base: string
  let ours: number
  let theirs: number
  const tokens: Record<'ann' | 'vic' | 'eve', string> = { ann: '', vic: '', eve: '' }

  beforeAll(async () => {
    storage = await openStorage(
      parseLocation(await engine.freshUrl()),
      new URL('data:text/javascript,export const operations = {}'),
      error => {
        throw error
      },
    )
    const secrets = openSecrets({ dataDir: engine.freshDataDir(), secretKey: '' })
    const person = (name: string) =>
      createPerson(storage.write, {
        name,
        email: `${name}@example.com`,
        password: null,
        workspaceName: `of ${name}`,
      })
    const [ann, vic, eve] = [await person('ann'), await person('vic'), await person('eve')]
    ours = ann.workspace.id
    theirs = eve.workspace.id
    await addMember(storage.write, ours, vic.user.id, 'viewer')
    await storage.write
      .updateTable('users')
      .set({ current_workspace_id: ours })
      .where('id', '=', vic.user.id)
      .execute()
    Object.assign(tokens, { ann: ann.apiToken, vic: vic.apiToken, eve: eve.apiToken })
    const log = createLog({ level: 'error', human: false, write: line => process.stderr.write(line) })
    jobs = createAudienceJobRunner(storage, log)
    jobs.start()
    http = createHttpServer({ log, metrics: new Metrics(), maxBodySize: 1_000_000, trustedProxies: [] })
    const door = { storage, jobs, secrets }
    http.mount(
      posthornApi(new Callers({ storage, secrets, publicUrl: 'http://localhost', loopback: true })),
      app => {
        subscriberListRoutes(app, door)
        exportRoutes(app, door)
        for (const add of [audienceOwnRoutes, subscriberRoutes, timelineRoutes, tagRoutes, suppressionRoutes])
          add(app, door)
        bulkRoutes(app, door)
        fieldRoutes(app, door)
      },
    )
    base = `http://127.0.0.1:${await http.listen('127.0.0.1', 0)}/api/posthorn`
  })
  afterAll(async () => {
    await http.close(0)
    await jobs.close()
    await storage.close()
  })

  async function call(
    method: string,
    path: string,
    body?: unknown,
    who: keyof typeof tokens = 'ann',
  ): Promise<{ status: number; body: Answer; text: string }> {
    const response = await fetch(base + path, {
      method,
      headers: {
        authorization: `Bearer ${tokens[who]}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const json = response.headers.get('content-type')?.includes('json')
    return { status: response.status, text, body: json ? (JSON.parse(text) as Answer) : ({} as Answer) }
  }
  const faultsOf = async (method: string, path: string, body: unknown) => {
    const { status, body: answer } = await call(method, path, body)
    expect([status, answer.error.code]).toEqual([422, 'invalid'])
    return answer.error.fields as Record<string, string[]>
  }
  /** The counters, held against what is there. */
  async function counted(): Promise<AudienceWire['counts']> {
    const { counts } = (await call('GET', '/audience')).body
    const rows = await storage.read
      .selectFrom('subscribers')
      .select('status')
      .where('workspace_id', '=', ours)
      .execute()
    const expected: Record<string, number> = {
      subscribed: 0,
      unsubscribed: 0,
      pending: 0,
      bounced: 0,
      complained: 0,
    }
    for (const { status } of rows) expected[status] = (expected[status] ?? 0) + 1
    expect(counts).toEqual({ ...expected, total: rows.length })
    for (const tag of (await call('GET', '/tags')).body.tags) {
      const having = await storage.read
        .selectFrom('subscriber_tags')
        .select('subscriber_id')
        .where('tag_id', '=', tag.id)
        .execute()
      expect(tag.subscribers_count, tag.name).toBe(having.length)
    }
    return counts
  }

  it('fields are made, changed, ordered, refused and deleted with their values', async () => {
    const make = async (given: object) => (await call('POST', '/fields', given)).body.field
    const city = await make({ label: ' City of Birth ', kind: 'text' })
    expect(city).toEqual({
      id: city.id,
      key: 'city_of_birth',
      label: 'City of Birth',
      kind: 'text',
      options: [],
      position: 0,
    })
    expect((await make({ label: 'Größe', kind: 'number' })).key).toBe('gro_e')
    expect((await make({ label: 'email', kind: 'text' })).key).toBe('email_2')
    expect((await make({ label: '2026', kind: 'boolean' })).key).toBe('field')
    const size = await make({ label: 'Size', key: 'size', kind: 'one_of', options: ['S', 'M', 'L'] })
    await make({ label: 'Likes', kind: 'many_of', options: ['tea', 'milk'] })
    await make({ label: 'Born', kind: 'date' })
    for (const [given, field] of [
      [{ label: ' ', kind: 'text' }, 'label'],
      [{ label: 'x', kind: 'colour' }, 'kind'],
      [{ label: 'x', kind: 'text', key: 'email' }, 'key'],
      [{ label: 'x', kind: 'text', key: 'size' }, 'key'],
      [{ label: 'x', kind: 'text', key: 'Größe' }, 'key'],
      [{ label: 'x', kind: 'text', options: ['a'] }, 'options'],
      [{ label: 'x', kind: 'one_of' }, 'options'],
      [{ label: 'x', kind: 'one_of', options: ['a', 'A'] }, 'options'],
      [{ label: 'x', kind: 'one_of', options: 'a' }, 'options'],
    ] as const)
      expect(Object.keys(await faultsOf('POST', '/fields', given))).toEqual([field])
    const moved = await call('PATCH', `/fields/${size.id}`, { position: 0, options: ['S', 'M', 'L', 'XL'] })
    expect(moved.body.field).toMatchObject({ position: 0, options: ['S', 'M', 'L', 'XL'], key: 'size' })
    const listed = (await call('GET', '/fields')).body.fields
    expect(listed.map(({ key, position }) => [key, position])).toEqual(
      ['size', 'city_of_birth', 'gro_e', 'email_2', 'field', 'likes', 'born'].map((key, at) => [key, at]),
    )

    const values = { size: 'XL', likes: ['milk', 'tea'], born: '2000-02-29', gro_e: 1.8, field: false }
    const { subscriber } = (
      await call('POST', '/subscribers', { email: 'fields@example.com', fields: values })
    ).body
    expect(subscriber.fields).toEqual({ ...values, likes: ['tea', 'milk'] })
    expect(
      await faultsOf('PATCH', `/subscribers/${subscriber.id}`, {
        fields: { size: 'xl', likes: 'tea', born: '2001-02-29', gro_e: '1', field: 0, no: 1 },
      }),
    ).toEqual({
      'fields.size': [expect.any(String)],
      'fields.likes': [expect.any(String)],
      'fields.born': [expect.any(String)],
      'fields.gro_e': ['must be a number'],
      'fields.field': ['must be true or false'],
      'fields.no': ['is no field of this workspace'],
    })
    const changed = await call('PATCH', `/subscribers/${subscriber.id}`, { fields: { size: null, gro_e: 2 } })
    expect(changed.body.subscriber.fields).toEqual({
      likes: ['tea', 'milk'],
      born: '2000-02-29',
      gro_e: 2,
      field: false,
    })
    for (const key of ['likes', 'gro_e', 'field'])
      expect((await call('DELETE', `/fields/${listed.find(one => one.key === key)?.id}`)).status).toBe(200)
    const left = (await call('GET', `/subscribers/${subscriber.id}`)).body.subscriber
    expect(left.fields).toEqual({ born: '2000-02-29' })
    expect((await make({ label: 'Likes', kind: 'text' })).key).toBe('likes')
    await call('DELETE', `/subscribers/${subscriber.id}`)
    await counted()
  })

  it('a person is made, changed, written about, and remembers it all', async () => {
    const { tag: red } = (await call('POST', '/tags', { name: 'Red' })).body
    const { tag: blue } = (await call('POST', '/tags', { name: 'Blue' })).body
    expect(await faultsOf('POST', '/tags', { name: ' red ' })).toEqual({ name: ['has already been taken'] })
    const made = await call('POST', '/subscribers', {
      email: ' Ada@Example.com ',
      first_name: '',
      last_name: ' Lovelace ',
      tag_ids: [red.id],
    })
    const { subscriber } = made.body
    expect(subscriber).toMatchObject({
      email: 'Ada@Example.com',
      first_name: null,
      last_name: 'Lovelace',
      status: 'subscribed',
      status_at: null,
      tags: [{ id: red.id, name: 'Red' }],
      source: 'api',
      suppressed: false,
    })
    const path = `/subscribers/${subscriber.id}`
    expect(await faultsOf('POST', '/subscribers', { email: 'ADA@example.COM' })).toEqual({
      email: ['has already been taken'],
    })
    expect(
      await faultsOf('POST', '/subscribers', {
        email: 'a b@c',
        status: 'gone',
        tag_ids: [0],
        first_name: 1,
        fields: [],
      }),
    ).toEqual({
      email: ['must be an e-mail address'],
      status: [expect.any(String)],
      tag_ids: [expect.any(String)],
      first_name: ['must be text'],
      fields: ['must be an object'],
    })
    const changed = await call('PATCH', path, {
      email: 'ada@lovelace.example',
      first_name: 'Ada',
      status: 'unsubscribed',
      tag_ids: [blue.id],
      fields: { city_of_birth: 'London' },
    })
    expect(changed.body.subscriber).toMatchObject({
      status_reason: 'by_admin',
      status_at: expect.any(String),
    })
    const note = (await call('POST', `${path}/notes`, { text: ' Met in *Berlin* ' })).body.event
    expect(note).toMatchObject({ kind: 'note', detail: { text: 'Met in *Berlin*' }, user: { name: 'ann' } })
    expect(await faultsOf('POST', `${path}/notes`, { text: '  ' })).toEqual({ text: ['is required'] })

    const later = Date.now() + 1_000
    const { id: campaign_id } = await storage.write
      .insertInto('campaigns')
      .values({
        workspace_id: ours,
        name: 'Spring',
        subject: 's',
        content: null,
        status_id: 4,
        template_id: null,
        email_service_id: null,
        from_name: 'a',
        from_email: 'a@example.com',
        is_open_tracking: 1,
        is_click_tracking: 1,
        send_to_all: 1,
        save_as_draft: 0,
        scheduled_at: null,
        sent_at: later,
        created_at: later,
        updated_at: later,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await storage.write
      .insertInto('deliveries')
      .values({
        workspace_id: ours,
        campaign_id,
        subscriber_id: subscriber.id,
        email: subscriber.email,
        status: 'sent',
        created_at: later,
        sent_at: later,
        opened_at: later,
        clicked_at: null,
      })
      .execute()

    const told: TimelineEventWire[] = []
    for (let before = ''; ; ) {
      const page = (
        await call('GET', `${path}/timeline?limit=3${before && `&before=${before}`}`, undefined, 'vic')
      ).body
      told.push(...page.events)
      if (page.next_before === null) break
      expect(page.events).toHaveLength(3)
      before = page.next_before
    }
    expect(told.map(({ kind }) => kind)).toEqual([
      'opened',
      'sent',
      'note',
      'status',
      'tagged',
      'untagged',
      'changed',
      'tagged',
      'added',
    ])
    expect(told[0]?.detail).toEqual({ campaign: { id: campaign_id, name: 'Spring' } })
    expect(told[3]).toMatchObject({
      detail: { from: 'subscribed', to: 'unsubscribed', reason: 'by_admin' },
      user: { name: 'ann' },
    })
    expect(told[6]?.detail).toEqual({
      changes: {
        email: ['Ada@Example.com', 'ada@lovelace.example'],
        first_name: [null, 'Ada'],
        city_of_birth: [null, 'London'],
      },
    })
    expect(told[8]).toMatchObject({ id: 0, detail: { source: 'api' }, user: null })

    const tagged = told.find(({ kind }) => kind === 'tagged')
    expect((await call('DELETE', `${path}/notes/${tagged?.id}`)).status).toBe(404)
    expect((await call('DELETE', `${path}/notes/${note.id}`)).status).toBe(200)
    expect((await call('DELETE', `${path}/notes/${note.id}`)).status).toBe(404)

    expect((await call('PATCH', `/tags/${blue.id}`, { name: 'Navy' })).body.tag).toMatchObject({
      name: 'Navy',
      subscribers_count: 1,
    })
    await counted()
    expect((await call('DELETE', `/tags/${blue.id}`)).status).toBe(200)
    expect((await call('GET', path)).body.subscriber.tags).toEqual([])
    expect((await call('DELETE', path)).status).toBe(200)
    expect((await call('GET', path)).status).toBe(404)
    expect((await call('GET', `${path}/timeline`)).status).toBe(404)
    await counted()
  })

  it('a list says how many there are where that is known, and gives no cursor it would not take', async () => {
    for (let at = 0; at < 5; at++)
      await createSubscriber(storage.write, ours, {
        email: `l${at}@list.example`,
        last_name: 'List',
        source: 'web',
      })
    await createSubscriber(storage.write, theirs, { email: 'l0@list.example', source: 'web' })
    const first = (
      await call('GET', '/subscribers?search=list.example&limit=2&order=email', undefined, 'vic')
    ).body
    expect(first.total).toBeNull()
    expect(first.subscribers.map(({ email }) => email)).toEqual(['l0@list.example', 'l1@list.example'])
    const rest = (
      await call('GET', `/subscribers?search=list.example&order=email&cursor=${first.next_cursor}`)
    ).body
    expect(rest.subscribers.map(({ email }) => email)).toEqual([2, 3, 4].map(at => `l${at}@list.example`))
    expect(rest.next_cursor).toBeNull()
    const all = (await call('GET', '/subscribers?limit=200')).body
    expect(all.total).toBe((await counted()).total)
    expect(all.subscribers).toHaveLength(all.total ?? 0)
    for (const [query, field] of [
      [`order=name&cursor=${first.next_cursor}`, 'cursor'],
      ['cursor=bm90aGluZw', 'cursor'],
      ['order=age', 'order'],
      ['status=gone', 'status'],
      ['tag_id=999999', 'tag_id'],
      ['tag_id=x', 'tag_id'],
      ['segment_id=999999', 'segment_id'],
      ['filter={', 'filter'],
      ['filter={"match":"some"}', 'definition'],
      [`search=${'x'.repeat(501)}`, 'search'],
    ])
      expect(Object.keys(await faultsOf('GET', `/subscribers?${query}`, undefined)), query).toEqual([field])
    const count = async (selection: unknown) =>
      (await call('POST', '/subscribers/count', { selection })).body.count
    expect(await count({})).toBe(all.total)
    expect(await count({ search: 'l3@list.example' })).toBe(1)
    expect(await count({ filter: { match: 'all', conditions: [] }, search: 'list' })).toBe(5)
    const foreign = await storage.read
      .selectFrom('subscribers')
      .select('id')
      .where('workspace_id', '=', theirs)
      .execute()
    expect(await count({ ids: [all.subscribers[0]?.id, ...foreign.map(({ id }) => id)] })).toBe(1)
    expect(Object.keys(await faultsOf('POST', '/subscribers/count', { selection: { ids: ['1'] } }))).toEqual([
      'ids',
    ])
    expect(Object.keys(await faultsOf('POST', '/subscribers/count', {}))).toEqual(['selection'])
  })

  it('many are changed at once, and a file holds what was asked for', async () => {
    const { tag } = (await call('POST', '/tags', { name: '=chosen' })).body
    const bulk = (body: object) => call('POST', '/subscribers/bulk', body)
    const selection = { search: 'list.example' }
    const { job } = (await bulk({ action: 'tag', tag_ids: [tag.id], selection })).body
    expect(job).toMatchObject({ kind: 'tag', status: 'done', done: 5, total: 5, error: null })
    expect((await call('GET', `/audience/jobs/${job.id}`, undefined, 'vic')).body.job).toEqual(job)
    expect((await call('GET', `/audience/jobs/${job.id}`, undefined, 'eve')).status).toBe(404)
    expect((await call('GET', `/subscribers?tag_id=${tag.id}`)).body.total).toBe(5)

    await bulk({ action: 'unsubscribe', selection: { tag_id: tag.id } })
    const { subscribers } = (await call('GET', `/subscribers?tag_id=${tag.id}&order=email`)).body
    const [one, two] = subscribers as [SubscriberWire, SubscriberWire]
    await storage.write
      .updateTable('subscribers')
      .set({ status_reason: 'by_subscriber' })
      .where('id', '=', one.id)
      .execute()
    await bulk({ action: 'resubscribe', selection: { ids: subscribers.map(({ id }) => id) } })
    expect(await counted()).toMatchObject({ unsubscribed: 1 })
    await bulk({ action: 'resubscribe', even_by_subscriber: true, selection: { ids: [one.id] } })
    expect(await counted()).toMatchObject({ unsubscribed: 0 })

    await call('PATCH', `/subscribers/${two.id}`, { first_name: '=1+1', last_name: 'a "b", c' })
    const file = await call('GET', `/subscribers/export?tag_id=${tag.id}`)
    const lines = file.text.split('\r\n')
    expect(lines).toHaveLength(7)
    expect(lines[0]).toMatch(
      /^id,hash,email,first_name,last_name,status,unsubscribed_at,tags,created_at,updated_at,size,/,
    )
    expect(lines[2]).toContain(`,l1@list.example,'=1+1,"a ""b"", c",subscribed,,'=chosen,`)
    expect(
      (await call('GET', `/subscribers/export?ids=${two.id},${one.id}`)).text.split('\r\n'),
    ).toHaveLength(4)
    expect((await call('GET', '/subscribers/export?tag_id=999999')).status).toBe(422)

    await bulk({ action: 'untag', tag_ids: [tag.id], selection: { ids: [two.id] } })
    await bulk({ action: 'delete', selection: { tag_id: tag.id } })
    expect((await call('GET', '/subscribers?search=list.example')).body.subscribers).toHaveLength(1)
    await counted()
    for (const [given, field] of [
      [{ action: 'praise', selection: {} }, 'action'],
      [{ action: 'tag', selection: {} }, 'tag_ids'],
      [{ action: 'tag', tag_ids: [], selection: {} }, 'tag_ids'],
      [{ action: 'delete', selection: { ids: Array.from({ length: 10_001 }, (_, at) => at + 1) } }, 'ids'],
      [{ action: 'delete' }, 'selection'],
    ] as const)
      expect(Object.keys(await faultsOf('POST', '/subscribers/bulk', given))).toEqual([field])
  })

  it('nothing goes to who is on the list, by address or by domain', async () => {
    const add = async (value: string, evidence?: string) =>
      (await call('POST', '/suppressions', { value, evidence })).body.suppression
    const { subscriber } = (await call('POST', '/subscribers', { email: 'Bob@Bad.example' })).body
    const suppressed = async () =>
      (await call('GET', `/subscribers/${subscriber.id}`)).body.subscriber.suppressed
    expect(await suppressed()).toBe(false)
    const domain = await add(' BAD.example', 'They asked on the phone')
    expect(domain).toMatchObject({
      kind: 'domain',
      value: 'bad.example',
      reason: 'manual',
      evidence: 'They asked on the phone',
      user: { name: 'ann' },
    })
    expect(await suppressed()).toBe(true)
    const address = await add('bob@bad.EXAMPLE')
    expect(address).toMatchObject({ kind: 'address', value: 'bob@bad.example' })
    await call('DELETE', `/suppressions/${domain.id}`)
    expect(await suppressed()).toBe(true)
    await call('DELETE', `/suppressions/${address.id}`)
    expect(await suppressed()).toBe(false)
    expect((await call('DELETE', `/suppressions/${address.id}`)).status).toBe(404)
    for (const value of ['', 'two words', 'nodots', 'a@b@c', '@', 'x@'])
      expect(Object.keys(await faultsOf('POST', '/suppressions', { value })), value).toEqual(['value'])

    const text = `\ufeffone@bad.example\r\n"two@bad.example"\n\nOne@BAD.example\nnot one\n@worse.example\n100%@bad.example`
    expect((await call('POST', '/suppressions/import', { text })).body).toEqual({
      added: 4,
      known: 0,
      faults: [{ line: 5, reason: 'must be an address, or a domain', row: 'not one' }],
    })
    expect((await call('POST', '/suppressions/import', { text })).body).toMatchObject({ added: 0, known: 4 })
    expect(await faultsOf('POST', '/suppressions', { value: 'one@bad.example' })).toEqual({
      value: ['is on the list already'],
    })
    const first = (await call('GET', '/suppressions?limit=3', undefined, 'vic')).body
    expect([first.total, first.suppressions.length]).toEqual([4, 3])
    const rest = (await call('GET', `/suppressions?cursor=${first.next_cursor}`)).body
    expect([...first.suppressions, ...rest.suppressions].map(({ value }) => value)).toEqual([
      '100%@bad.example',
      'worse.example',
      'two@bad.example',
      'one@bad.example',
    ])
    const found = async (query: string) => (await call('GET', `/suppressions?${query}`)).body
    expect((await found('search=O%25%40')).suppressions).toHaveLength(0)
    expect((await found('search=0%25%40B')).total).toBe(1)
    expect((await found('kind=domain')).suppressions).toMatchObject([
      { value: 'worse.example', reason: 'import' },
    ])
    expect((await call('GET', '/suppressions', undefined, 'eve')).body.total).toBe(0)
    expect((await call('GET', '/suppressions/export')).text.split('\r\n')[1]).toMatch(
      /^address,100%@bad\.example,import,/,
    )
    const keys = ['x@worse.example', 'x@sub.worse.example', 'one@bad.example', 'three@bad.example']
    const among = await suppressedAmong(storage.read, ours, keys)
    expect([...among].map(([key, { kind }]) => [key, kind])).toEqual([
      ['x@worse.example', 'domain'],
      ['one@bad.example', 'address'],
    ])
    expect(await suppressedAmong(storage.read, theirs, keys)).toEqual(new Map())
  })

  it('the workspace says how it shows itself', async () => {
    const changed = await call('PATCH', '/audience', { public_name: 'Fern & Co', colour: '#AABBCC' })
    expect(changed.body.settings).toEqual({ public_name: 'Fern & Co', colour: '#aabbcc', locale: '' })
    expect(await faultsOf('PATCH', '/audience', { colour: 'red' })).toEqual({ colour: [expect.any(String)] })
    expect((await call('GET', '/audience', undefined, 'eve')).body.settings.public_name).toBe('')
  })
})
