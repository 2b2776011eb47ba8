// Imports and exports through the door, on a whole server.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPerson } from '../../accounts/people.ts'
import { createToken } from '../../accounts/tokens.ts'
import { addMember } from '../../accounts/workspaces.ts'
import { assemble, type Running } from '../../assemble.ts'
import { databaseLocation, readSettings, type Settings } from '../../config.ts'
import { createLog } from '../../log.ts'
import { openDatabase } from '../../storage/database.ts'
import type { Database } from '../../storage/schema.ts'
import { eachEngine } from '../../../test/engines.ts'
import type {
  ImportFaultsWire,
  ImportOptionsWire,
  ImportPreviewWire,
  ImportWire,
} from '../api/imports-wire.ts'
import type { SubscriberPage, SubscriberWire } from '../api/subscribers-wire.ts'

const LOG = createLog({ level: 'error', human: false, write: line => process.stderr.write(line) })

eachEngine('importing subscribers', engine => {
  let settings: Settings
  let running: Running
  let base: string
  let db: Database

  beforeAll(async () => {
    const url = await engine.freshUrl()
    const dataDir = engine.freshDataDir()
    const read = readSettings(
      {},
      {
        POSTHORN_DATA_DIR: dataDir,
        POSTHORN_MAX_IMPORT_SIZE: '20000000',
        ...(url.startsWith('postgres') && { DATABASE_URL: url }),
      },
      dataDir,
    )
    settings = { ...read, httpPort: 0, smtpPorts: [0], pop3Ports: [] }
    await start()
    db = await openDatabase(databaseLocation(settings))
  })

  afterAll(async () => {
    await running?.stop()
    await db?.destroy()
  })

  async function start(): Promise<void> {
    running = await assemble(settings, LOG)
    base = `http://127.0.0.1:${running.httpPort}/api/posthorn`
  }

  let people = 0

  /** Somebody with an empty workspace, and how they call. */
  async function somebody() {
    const name = `p${++people}`
    const { user, workspace } = await createPerson(db, {
      name,
      email: `${name}@example.com`,
      password: null,
      workspaceName: name,
    })
    const { value } = await createToken(db, {
      kind: 'user',
      userId: user.id,
      workspaceId: null,
      description: '',
    })
    return { userId: user.id, workspaceId: workspace.id, token: value, ...callsAs(value) }
  }

  function callsAs(token: string) {
    const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
      const response = await fetch(base + path, {
        method,
        headers: { 'api-token': token, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      if (!response.ok) throw new Error(`${response.status} ${text}`)
      return (/json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : text) as T
    }
    const bring = async (file: string | Uint8Array, name = 'people.csv'): Promise<ImportWire> => {
      const response = await fetch(`${base}/imports`, {
        method: 'POST',
        headers: { 'api-token': token, 'content-type': 'text/csv', 'x-file-name': encodeURIComponent(name) },
        body: file as never,
      })
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
      return ((await response.json()) as { import: ImportWire }).import
    }
    const ended = async (id: number): Promise<ImportWire> => {
      let found: ImportWire | undefined
      await expect
        .poll(
          async () => {
            found = (await call<{ import: ImportWire }>('GET', `/imports/${id}`)).import
            return found.status
          },
          { timeout: 60_000 },
        )
        .not.toBe('running')
      return found as ImportWire
    }
    const run = async (
      file: string | Uint8Array,
      options: Partial<ImportOptionsWire> = {},
    ): Promise<ImportWire> => {
      const { id } = await bring(file)
      await call('POST', `/imports/${id}/start`, { options })
      return ended(id)
    }
    const everybody = async () =>
      (await call<SubscriberPage>('GET', '/subscribers?order=email&limit=200')).subscribers.map(shown)
    const faults = async (id: number) =>
      (await call<ImportFaultsWire>('GET', `/imports/${id}/faults`)).faults.map(
        ({ line, reason, row }) => [line, reason, row] as const,
      )
    return { call, bring, ended, run, everybody, faults }
  }

  const shown = (row: SubscriberWire) => ({
    email: row.email,
    first: row.first_name,
    last: row.last_name,
    status: row.status,
    tags: row.tags.map(({ name }) => name).toSorted(),
    fields: row.fields,
  })
  const counts = ({ status, rows, created, updated, skipped, failed }: ImportWire) => ({
    status,
    rows,
    created,
    updated,
    skipped,
    failed,
  })
  const person = (email: string, more: object = {}) => ({
    email,
    first: null,
    last: null,
    status: 'subscribed',
    tags: [],
    fields: {},
    ...more,
  })

  it('detects, proposes, and imports what was proposed, with new fields', async () => {
    const me = await somebody()
    const file =
      '\ufeffE-Mail;Vorname;Nachname;Tags;Age;Town;Joined\r\n' +
      'Ann@Example.com;Änne;"O""Neil; Jr";vip,new;33;Köln;2024-02-29\r\n' +
      'ben@example.com;;;new;;;\r\n'
    const { id } = await me.bring(file, 'Kunden – März.csv')
    const preview = await me.call<ImportPreviewWire>('GET', `/imports/${id}/preview`)
    expect(preview).toMatchObject({
      format: 'csv',
      read: { delimiter: ';', quote: '"', encoding: 'utf-8', bom: true, has_header: true },
      options: {
        mapping: [
          'email',
          'first_name',
          'last_name',
          'tags',
          'new_field:number:Age',
          'new_field:text:Town',
          'new_field:date:Joined',
        ],
        tags_separator: ',',
      },
    })
    expect(preview.rows[0]?.slice(1, 3)).toEqual(['Änne', 'O"Neil; Jr'])
    await me.call('POST', `/imports/${id}/start`, {})
    const ended = await me.ended(id)
    expect(ended).toMatchObject({ name: 'Kunden – März.csv', progress: 1, error: null })
    expect(counts(ended)).toEqual({ status: 'done', rows: 2, created: 2, updated: 0, skipped: 0, failed: 0 })
    expect(await me.everybody()).toEqual([
      person('Ann@Example.com', {
        first: 'Änne',
        last: 'O"Neil; Jr',
        tags: ['new', 'vip'],
        fields: { age: 33, town: 'Köln', joined: '2024-02-29' },
      }),
      person('ben@example.com', { tags: ['new'] }),
    ])
    const { counts: audience } = await me.call<{ counts: object }>('GET', '/audience')
    expect(audience).toMatchObject({ subscribed: 2, total: 2 })
  })

  it.each([
    ['UTF-8', Buffer.from('email,name\na@x.test,Zoë Löwe\n')],
    ['UTF-16 with a mark, little end first', Buffer.from('\ufeffemail,name\na@x.test,Zoë Löwe\n', 'utf16le')],
    [
      'UTF-16 with a mark, big end first',
      Buffer.from('\ufeffemail,name\na@x.test,Zoë Löwe\n', 'utf16le').swap16(),
    ],
    ['UTF-16 without', Buffer.from('email,name\na@x.test,Zoë Löwe\n', 'utf16le')],
    ['windows-1252', Buffer.from('email,name\na@x.test,Zo\xeb L\xf6we\n', 'latin1')],
    ['tabs and CR', Buffer.from('email\tname\ra@x.test\tZoë Löwe\r')],
    ['single quotes', Buffer.from("'email','name'\n'a@x.test','Zoë Löwe'\n")],
    ['pipes', Buffer.from('email|name\na@x.test|Zoë Löwe')],
  ])('%s', async (_, file) => {
    const me = await somebody()
    await me.run(file)
    expect(await me.everybody()).toEqual([person('a@x.test', { first: 'Zoë', last: 'Löwe' })])
  })

  it('keeps what is wrong in a report, and imports the rest', async () => {
    const me = await somebody()
    await me.call('POST', '/fields', { label: 'Age', kind: 'number' })
    const file = [
      'email,first_name,age',
      'good@x.test,Good,1',
      'bad@,Bad,1',
      'late@x.test,Late,soon',
      `long@x.test,${'x'.repeat(256)},1`,
      'shifted@x.test,Doe, John,1',
      '"quoted@x.test"no,x,1',
      'nul\0@x.test,N\0ul,2',
      ',,',
      `huge@x.test,"${'x'.repeat(300_000)}",1`,
      'fine@x.test,"two\nlines",2',
      ',Nobody,1',
    ].join('\n')
    const ended = await me.run(file)
    expect(counts(ended)).toEqual({ status: 'done', rows: 10, created: 3, updated: 0, skipped: 0, failed: 7 })
    const faults = await me.faults(ended.id)
    expect(faults.map(([line, reason]) => [line, reason])).toEqual([
      [3, 'email must be a valid email address'],
      [4, 'Age must be a number'],
      [5, 'first_name must not be longer than 255 characters'],
      [6, '4 cells, where 3 are expected'],
      [7, 'text stands behind a closing quote'],
      [10, 'too long'],
      [13, 'email is required'],
    ])
    expect(faults[1]?.[2]).toBe('late@x.test,Late,soon')
    expect((await me.everybody()).map(({ email, first }) => [email, first])).toEqual([
      ['fine@x.test', 'two\nlines'],
      ['good@x.test', 'Good'],
      ['nul@x.test', 'Nul'],
    ])
    const report = await me.call<string>('GET', `/imports/${ended.id}/faults.csv`)
    expect(report.split('\r\n').slice(0, 2)).toEqual([
      'line,reason,row',
      '3,email must be a valid email address,"bad@,Bad,1"',
    ])
    const first = await me.call<ImportFaultsWire>('GET', `/imports/${ended.id}/faults?limit=5`)
    const rest = await me.call<ImportFaultsWire>(
      'GET',
      `/imports/${ended.id}/faults?limit=5&cursor=${first.next_cursor}`,
    )
    expect([first.total, first.faults.length, rest.faults.length, rest.next_cursor]).toEqual([7, 5, 2, null])
  })

  it('a file without a good row, one with a header alone, and an empty one, end like any other', async () => {
    const me = await somebody()
    const nothing = { status: 'done', rows: 0, created: 0, updated: 0, skipped: 0, failed: 0 }
    expect(counts(await me.run('email\nx\ny\nz\n'))).toEqual({ ...nothing, rows: 3, failed: 3 })
    expect(counts(await me.run('email,first_name\n'))).toEqual(nothing)
    const { id } = await me.bring('')
    await expect(me.call('POST', `/imports/${id}/start`, {})).rejects.toThrow('email')
    await me.call('POST', `/imports/${id}/start`, { options: { mapping: ['email'] } })
    expect(counts(await me.ended(id))).toEqual(nothing)
    expect(await me.everybody()).toEqual([])
  })

  describe('those who are here already', () => {
    it('are updated, tags only added, and stay as they left', async () => {
      const me = await somebody()
      await me.run(
        'email,first_name,status,tags\na@x.test,Ann,unsubscribed,old\nb@x.test,Ben,,old\nc@x.test,Cid,bounced,\n',
      )
      const again =
        'email,first_name,last_name,tags\nA@X.TEST,,Abel,new\nb@x.test,Benno,,\nb@x.test,Bruno,,old\nc@x.test,,,\nd@x.test,,,new\n'
      const ended = await me.run(again)
      expect(counts(ended)).toEqual({
        status: 'done',
        rows: 5,
        created: 1,
        updated: 4,
        skipped: 0,
        failed: 0,
      })
      expect(await me.everybody()).toEqual([
        person('a@x.test', { first: 'Ann', last: 'Abel', status: 'unsubscribed', tags: ['new', 'old'] }),
        person('b@x.test', { first: 'Bruno', tags: ['old'] }),
        person('c@x.test', { first: 'Cid', status: 'bounced' }),
        person('d@x.test', { tags: ['new'] }),
      ])
      const events = await db
        .selectFrom('subscriber_events')
        .innerJoin('subscribers', 'subscribers.id', 'subscriber_events.subscriber_id')
        .select(['email', 'kind', 'detail'])
        .where('workspace_id', '=', me.workspaceId)
        .orderBy('email')
        .execute()
      expect(events.map(({ email, kind, detail }) => [email, kind, JSON.parse(detail)])).toEqual([
        [
          'a@x.test',
          'imported',
          {
            import_id: ended.id,
            name: 'people.csv',
            changes: { last_name: [null, 'Abel'], tags: [null, ['new']] },
          },
        ],
        [
          'b@x.test',
          'imported',
          { import_id: ended.id, name: 'people.csv', changes: { first_name: ['Ben', 'Bruno'] } },
        ],
      ])
      await me.run(again, { resubscribe: true })
      expect((await me.everybody()).map(({ status }) => status)).toEqual([
        'subscribed',
        'subscribed',
        'bounced',
        'subscribed',
      ])
    })

    it('are left alone, or are all that counts', async () => {
      const me = await somebody()
      await me.run('email,first_name\na@x.test,Ann\n')
      const file = 'email,first_name\na@x.test,Other\nb@x.test,Ben\nb@x.test,Again\n'
      expect(counts(await me.run(file, { policy: 'update_only' }))).toMatchObject({ updated: 1, skipped: 2 })
      expect(counts(await me.run(file, { policy: 'create_only' }))).toMatchObject({ created: 1, skipped: 2 })
      expect(await me.everybody()).toEqual([
        person('a@x.test', { first: 'Other' }),
        person('b@x.test', { first: 'Ben' }),
      ])
    })

    it('are found by id, and may change their address that way', async () => {
      const me = await somebody()
      await me.run('email\na@x.test\nb@x.test\nc@x.test\n')
      const page = await me.call<SubscriberPage>('GET', '/subscribers?order=email')
      const [a, b, c] = page.subscribers.map(({ id }) => id)
      const swap = `id,email,first_name,last_name\n${a},c@x.test,Ann,\n${b},b2@x.test,Ben,\n${c},new@x.test,Cid,\n999999999,d@x.test,,\n`
      const ended = await me.run(swap)
      expect(counts(ended)).toMatchObject({ created: 1, updated: 2, failed: 1 })
      expect(await me.faults(ended.id)).toEqual([
        [2, 'email belongs to another subscriber', `${a},c@x.test,Ann,`],
      ])
      expect((await me.everybody()).map(({ email }) => email)).toEqual([
        'a@x.test',
        'b2@x.test',
        'd@x.test',
        'new@x.test',
      ])
    })

    it('are kept and reported when nothing is to be sent to them', async () => {
      const me = await somebody()
      await me.call('POST', '/suppressions', { value: 'no@x.test' })
      await me.call('POST', '/suppressions', { value: 'gone.test' })
      const ended = await me.run('email\nyes@x.test\nNo@x.test\na@gone.test\n')
      expect(counts(ended)).toMatchObject({ created: 1, skipped: 2 })
      expect((await me.faults(ended.id)).map(([line, reason]) => [line, reason])).toEqual([
        [3, 'the address is suppressed (it was put there by hand): kept, and not written to'],
        [4, 'the domain is suppressed: kept, and not written to'],
      ])
      expect(await me.everybody()).toHaveLength(3)
    })
  })

  it('a dry run counts and reports the same, and changes nothing; then it is done in earnest', async () => {
    const me = await somebody()
    await me.run('email\nknown@x.test\n')
    const { id } = await me.bring(
      'email,age,tags\nknown@x.test,1,t\nfresh@x.test,2,t\nFRESH@x.test,3,\nbad,4,\nold@x.test,very,\n',
    )
    const options = { mapping: ['email', 'new_field:number:Age', 'tags'] as ImportOptionsWire['mapping'] }
    await me.call('POST', `/imports/${id}/start`, { options: { ...options, dry_run: true } })
    const tried = await me.ended(id)
    const faults = await me.faults(id)
    expect(counts(tried)).toEqual({ status: 'done', rows: 5, created: 1, updated: 2, skipped: 0, failed: 2 })
    expect(tried.dry_run).toBe(true)
    expect((await me.everybody()).map(({ email }) => email)).toEqual(['known@x.test'])
    expect(await me.call('GET', '/tags')).toEqual({ tags: [] })
    expect(await me.call('GET', '/fields')).toEqual({ fields: [] })
    await me.call('POST', `/imports/${id}/start`, { options })
    const done = await me.ended(id)
    expect(counts(done)).toEqual(counts(tried))
    expect(await me.faults(id)).toEqual(faults)
    expect(await me.everybody()).toEqual([
      person('fresh@x.test', { fields: { age: 3 }, tags: ['t'] }),
      person('known@x.test', { fields: { age: 1 }, tags: ['t'] }),
    ])
    await expect(me.call('POST', `/imports/${id}/start`, { options })).rejects.toThrow('409')
  })

  it.each([
    [
      'listmonk',
      'uuid,email,name,attributes,status,created_at,updated_at\nu,a@x.test,Ann B. Cee,"{""city"":""Oslo"",""x"":1}",enabled,2020-01-02T03:04:05Z,\nv,b@x.test,Ben,{},blocklisted,,\n',
      [
        person('a@x.test', { first: 'Ann', last: 'B. Cee', fields: { city: 'Oslo' } }),
        person('b@x.test', { first: 'Ben', status: 'unsubscribed' }),
      ],
    ],
    [
      'mailchimp',
      'Email Address,First Name,Last Name,City,MEMBER_RATING,OPTIN_TIME,UNSUB_TIME,LEID,EUID,NOTES,TAGS\na@x.test,Ann,Cee,Oslo,2,2020-01-02 03:04:05,2021-01-02 03:04:05,1,x,,"""one"",""two"""\n',
      [
        person('a@x.test', {
          first: 'Ann',
          last: 'Cee',
          status: 'unsubscribed',
          fields: { city: 'Oslo' },
          tags: ['one', 'two'],
        }),
      ],
    ],
    [
      'mailchimp',
      'Email Address,First Name,CLEAN_TIME,LEID\na@x.test,Ann,2021-01-02 03:04:05,1\n',
      [person('a@x.test', { first: 'Ann', status: 'bounced' })],
    ],
    [
      'mailcoach',
      'email,first_name,last_name,tags,subscribed_at,unsubscribed_at\na@x.test,Ann,Cee,one;two,2020-01-02 03:04:05,\n',
      [person('a@x.test', { first: 'Ann', last: 'Cee', tags: ['one', 'two'] })],
    ],
    [
      'sendportal',
      'id,hash,email,first_name,last_name,created_at\n1,4f1d3a34-0000-4000-8000-000000000000,a@x.test,Ann,Cee,2020-01-02 03:04:05\n',
      [person('a@x.test', { first: 'Ann', last: 'Cee' })],
    ],
  ])('an export of %s is known by its header', async (format, file, expected) => {
    const me = await somebody()
    await me.call('POST', '/fields', { label: 'City', kind: 'text' })
    const { id } = await me.bring(file)
    const preview = await me.call<ImportPreviewWire>('GET', `/imports/${id}/preview`)
    expect(preview.format).toBe(format)
    // Another system's ids are not ours.
    expect(preview.options.mapping).not.toContain('id')
    await me.call('POST', `/imports/${id}/start`, {})
    expect(await me.ended(id)).toMatchObject({ status: 'done', failed: 0 })
    expect(await me.everybody()).toEqual(expected)
  })

  it('what is exported comes back as it was, formulas too', async () => {
    const me = await somebody()
    await me.call('POST', '/fields', { label: 'Age', kind: 'number' })
    await me.call('POST', '/fields', { label: 'Likes', kind: 'many_of', options: ['Tea', 'Cake, sweet'] })
    await me.run(
      'email,first_name,last_name,status,tags,age,likes\n' +
        'a@x.test,=1+1,+49 1,subscribed,"x;y, z",-5,"Tea;Cake, sweet"\nb@x.test,@me,\'quoted,unsubscribed,x,,\n"c@x.test","-a\nb","q""q",bounced,,0,\n',
      { tags_separator: ';' },
    )
    const before = await me.everybody()
    const csv = await me.call<string>('GET', '/subscribers/export')
    expect(csv.split('\r\n')[0]).toBe(
      'id,hash,email,first_name,last_name,status,unsubscribed_at,tags,created_at,updated_at,age,likes',
    )
    expect(csv).toContain(",'=1+1,'+49 1,")
    const same = await me.run(csv)
    expect(counts(same)).toMatchObject({ created: 0, updated: 3, failed: 0 })
    expect(await me.everybody()).toEqual(before)

    const other = await somebody()
    await other.call('POST', '/fields', { label: 'Age', kind: 'number' })
    await other.call('POST', '/fields', { label: 'Likes', kind: 'many_of', options: ['Tea', 'Cake, sweet'] })
    expect(counts(await other.run(csv))).toMatchObject({ created: 3, failed: 0 })
    expect(await other.everybody()).toEqual(before)
    // The ids in the file are those of the first workspace, where nothing has changed.
    expect(await me.everybody()).toEqual(before)
  })

  it('pauses, goes on, is cancelled, and goes on after a restart', { timeout: 60_000 }, async () => {
    const me = await somebody()
    const rows = 12_000
    const file = `email,tags\n${Array.from({ length: rows }, (_, i) => `n${(i * 7919) % rows}@x.test,t${i % 3}`).join('\n')}\n`
    const { id } = await me.bring(file)
    await me.call('POST', `/imports/${id}/start`, { options: {} })
    const paused = (await me.call<{ import: ImportWire }>('POST', `/imports/${id}/pause`)).import
    expect(paused.status).toBe('paused')
    expect(paused.rows).toBeLessThan(rows)
    await expect(me.call('DELETE', `/imports/${id}`)).resolves.toEqual({})
    await expect(me.call('GET', `/imports/${id}`)).rejects.toThrow('404')

    const next = await me.bring(file)
    await me.call('POST', `/imports/${next.id}/start`, { options: {} })
    await expect(me.call('DELETE', `/imports/${next.id}`)).rejects.toThrow('409')
    await running.stop()
    await start()
    expect(counts(await me.ended(next.id))).toMatchObject({ status: 'done', rows, failed: 0 })
    const { counts: audience } = await me.call<{ counts: { total: number } }>('GET', '/audience')
    expect(audience.total).toBe(rows)
    const { tags } = await me.call<{ tags: { subscribers_count: number }[] }>('GET', '/tags')
    expect(tags.map(tag => tag.subscribers_count)).toEqual([rows / 3, rows / 3, rows / 3])

    const last = await me.bring(file)
    await me.call('POST', `/imports/${last.id}/start`, { options: {} })
    await me.call('POST', `/imports/${last.id}/pause`)
    await me.call('POST', `/imports/${last.id}/resume`)
    await me.call('POST', `/imports/${last.id}/cancel`)
    expect((await me.ended(last.id)).status).toBe('cancelled')
    await expect(me.call('POST', `/imports/${last.id}/resume`)).rejects.toThrow('409')
  })

  it("SendPortal's clients import and export too", async () => {
    const me = await somebody()
    const v1 = base.replace('/posthorn', '/v1')
    const headers = { authorization: `Bearer ${me.token}` }
    const created = await fetch(`${v1}/tags`, {
      method: 'POST',
      headers,
      body: new URLSearchParams({ name: 'vip' }),
    })
    const { data: tag } = (await created.json()) as { data: { id: number } }
    const send = async (body: unknown, type?: string, query = '') => {
      const response = await fetch(`${v1}/subscribers/import${query}`, {
        method: 'POST',
        headers: { ...headers, ...(type && { 'content-type': type }) },
        body: body as never,
      })
      return {
        status: response.status,
        json: (await response.json()) as { data?: { id: number }; errors?: object },
      }
    }
    const file = 'id,email,first_name,last_name\n,a@x.test,Ann,Abel\n,b@x.test,,\n'
    const plain = await send(file, 'text/csv', `?tags[]=${tag.id}`)
    expect(plain.status).toBe(202)
    await me.ended(plain.json.data?.id ?? 0)
    const form = new FormData()
    form.set('file', new File(['email\nc@x.test\n'], 'more.csv'))
    const asForm = await send(form)
    expect(asForm).toMatchObject({ status: 202, json: { data: { name: 'more.csv', status: 'running' } } })
    await me.ended(asForm.json.data?.id ?? 0)
    expect(await me.everybody()).toEqual([
      person('a@x.test', { first: 'Ann', last: 'Abel', tags: ['vip'] }),
      person('b@x.test', { tags: ['vip'] }),
      person('c@x.test'),
    ])
    expect(await send('name\nx\n', 'text/csv')).toMatchObject({
      status: 422,
      json: { errors: { file: ['The file must have a column email.'] } },
    })
    expect((await send('email\n', 'text/csv', '?tags[]=999999')).status).toBe(422)
    expect((await send('{}', 'application/json')).json.errors).toEqual({
      file: ['The file field is required.'],
    })
    const csv = await (await fetch(`${v1}/subscribers/export`, { headers })).text()
    expect(csv.split('\r\n').map(line => line.split(',')[2])).toEqual([
      'email',
      'a@x.test',
      'b@x.test',
      'c@x.test',
      undefined,
    ])
  })

  it('two workspaces do not see each other, viewers may look, and what is too large is refused', async () => {
    const me = await somebody()
    const other = await somebody()
    const { id } = await me.bring('email\na@x.test\n')
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/preview'],
      ['POST', '/start'],
      ['POST', '/cancel'],
      ['GET', '/faults'],
      ['GET', '/faults.csv'],
      ['DELETE', ''],
    ] as const)
      await expect(
        other.call(method, `/imports/${id}${path}`, method === 'POST' ? {} : undefined),
      ).rejects.toThrow('404')
    expect(await other.call('GET', '/imports')).toEqual({ imports: [] })

    await addMember(db, me.workspaceId, other.userId, 'viewer')
    await db
      .updateTable('users')
      .set({ current_workspace_id: me.workspaceId })
      .where('id', '=', other.userId)
      .execute()
    await running.stop()
    await start()
    expect(await other.call('GET', `/imports/${id}`)).toMatchObject({ import: { status: 'waiting' } })
    await expect(other.call('POST', `/imports/${id}/start`, {})).rejects.toThrow('403')
    await expect(other.bring('email\n')).rejects.toThrow('403')
    await expect(other.call('GET', '/subscribers/export')).rejects.toThrow('403')

    await expect(me.bring(Buffer.alloc(20_000_001, 97))).rejects.toThrow(/413|EPIPE|fetch failed/)
    await expect(
      me.call('POST', `/imports/${id}/start`, {
        options: { mapping: ['field:nope'], policy: 'x', tag_ids: [999_999] },
      }),
    ).rejects.toThrow(/mapping.*policy|policy.*mapping/)
    expect(await me.everybody()).toEqual([])
  })
})
