import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { eachEngine } from '../../../test/engines.ts'
import { type SandboxApi, startSandboxApi } from '../../../test/sandbox-api.ts'
import type { InboxWire, MessageWire } from './wire.ts'

const mail = (subject: string, to = 'ada@example.com') =>
  `From: App <app@example.com>\r\nTo: ${to}\r\nSubject: ${subject}\r\nDate: Tue, 14 Jun 2016 10:51:25 +0200\r\n\r\nHello\r\n`

const range = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, i) => `n${from - i}`)

eachEngine('messages', engine => {
  let sandbox: SandboxApi
  beforeAll(async () => {
    sandbox = await startSandboxApi(engine)
  })
  afterAll(() => sandbox.close())

  const newInbox = async () => {
    const path = `/api/v1/companies/${sandbox.project.id}/inboxes`
    const made: InboxWire = (await sandbox.call('POST', path, { body: { inbox: { name: 'x' } } })).json
    return made.id
  }
  const subjects = async (inboxId: number, query = '') => {
    const reply = await sandbox.call('GET', `/api/v1/inboxes/${inboxId}/messages${query}`)
    expect(reply.status).toBe(200)
    return (reply.json as MessageWire[]).map(message => message.subject)
  }

  it('gives a message in the order of the contract', async () => {
    const inboxId = await newInbox()
    const raw =
      'From: "Ann Ex" <ann@example.com>\r\nTo: Bob <bob@example.com>, carl@example.com\r\nSubject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=\r\n' +
      'Date: Tue, 14 Jun 2016 10:51:25 +0200\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n' +
      '--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHallo\r\n--b\r\nContent-Type: text/html; charset=iso-8859-1\r\n' +
      'Content-Transfer-Encoding: quoted-printable\r\n\r\n<p>Gr=FC=DFe</p>\r\n--b--\r\n'
    const id = await sandbox.keep(raw, { inboxId, at: Date.parse('2026-11-21T09:00:00.123Z') })
    const path = `/api/v1/inboxes/${inboxId}/messages/${id}`
    const reply = await sandbox.call('GET', path)
    expect(reply.text).toBe(
      `{"id":${id},"inbox_id":${inboxId},"subject":"Grüße","sent_at":"2016-06-14T08:51:25.000Z",` +
        '"from_email":"ann@example.com","from_name":"Ann Ex","to_email":"bob@example.com, carl@example.com","to_name":"Bob",' +
        `"html_body":"<p>Grüße</p>","text_body":"Hallo","email_size":${raw.length},"is_read":false,` +
        '"created_at":"2026-11-21T09:00:00.123Z","updated_at":"2026-11-21T09:00:00.123Z","html_body_size":14,"text_body_size":5,' +
        `"sent_at_timestamp":1465894285,"human_size":"${raw.length} Bytes","html_path":"${path}/body.html",` +
        `"txt_path":"${path}/body.txt","raw_path":"${path}/body.raw","download_path":"${path}/body.eml",` +
        `"html_source_path":"${path}/body.htmlsource","viruses_report_info":false,"blacklists_report_info":false,` +
        '"smtp_information":{"ok":true,"data":{"mail_from_addr":"app@example.com","client_ip":"192.0.2.7","rcpt_to_addrs":["ada@example.com"]}}}',
    )
    expect((await sandbox.call('GET', `/api/v1/inboxes/${inboxId}/messages`)).text).toBe(`[${reply.text}]`)
  })

  it('falls back to the envelope and the arrival where the header says nothing', async () => {
    const inboxId = await newInbox()
    const id = await sandbox.keep('\r\nno header at all\r\n', {
      inboxId,
      at: Date.parse('2026-01-02T03:04:05.678Z'),
      arrival: { source: 'api', rcpt_to: ['x@example.com', 'y@example.com'] },
    })
    expect((await sandbox.call('GET', `/api/v1/inboxes/${inboxId}/messages/${id}`)).json).toMatchObject({
      subject: '',
      from_email: '',
      from_name: '',
      to_email: 'x@example.com, y@example.com',
      to_name: '',
      sent_at: '2026-01-02T03:04:05.678Z',
      html_body: '',
      html_body_size: 0,
      smtp_information: { ok: false },
    })
  })

  it('leaves out bodies of more than 256 KiB', async () => {
    const inboxId = await newInbox()
    await sandbox.keep(`${mail('big')}${'x'.repeat(300_000)}\r\n`, { inboxId })
    const [message] = (await sandbox.call('GET', `/api/v1/inboxes/${inboxId}/messages`)).json as MessageWire[]
    expect(message).toMatchObject({ text_body: null, html_body: '', human_size: '290 KB' })
  })

  it('brings the small body of a big message along', async () => {
    const inboxId = await newInbox()
    const attachment = Buffer.alloc(1_200_000, 'noise').toString('base64').replaceAll(/.{76}/g, '$&\r\n')
    const id = await sandbox.keep(
      'Subject: heavy\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSmall\r\n--b\r\n' +
        `Content-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n${attachment}\r\n--b--\r\n`,
      { inboxId },
    )
    const [message] = (await sandbox.call('GET', `/api/v1/inboxes/${inboxId}/messages`)).json as MessageWire[]
    expect(message).toMatchObject({ id, text_body: 'Small', html_body: '' })
  })

  describe('pages', () => {
    let inboxId: number
    const ids: number[] = []
    beforeAll(async () => {
      inboxId = await newInbox()
      for (let i = 1; i <= 65; i++) ids.push(await sandbox.keep(mail(`n${i}`), { inboxId }))
    })

    it('of thirty, newest first, and none past the end', async () => {
      expect(await subjects(inboxId)).toEqual(range(65, 36))
      expect(await subjects(inboxId, '?page=1')).toEqual(range(65, 36))
      expect(await subjects(inboxId, '?page=2')).toEqual(range(35, 6))
      expect(await subjects(inboxId, '?page=3')).toEqual(range(5, 1))
      for (const page of ['4', '1000000', '9007199254740993', '1'.repeat(400)])
        expect(await subjects(inboxId, `?page=${page}`)).toEqual([])
    })

    it.each(['0', '-1', 'x', '', '1.5'])('takes page %j for the first', async page => {
      expect(await subjects(inboxId, `?page=${page}`)).toEqual(range(65, 36))
    })

    it('below last_id, which wins over page and need not exist', async () => {
      expect(await subjects(inboxId, `?last_id=${ids[35]}&page=7`)).toEqual(range(35, 6))
      expect(await subjects(inboxId, `?last_id=${ids[0]}`)).toEqual([])
      expect(await subjects(inboxId, '?last_id=999999999')).toEqual(range(65, 36))
      await sandbox.call('DELETE', `/api/v1/inboxes/${inboxId}/messages/${ids[35]}`)
      expect(await subjects(inboxId, `?last_id=${ids[35]}`)).toEqual(range(35, 6))
    })

    it('of what was found', async () => {
      await vi.waitFor(async () => expect(await subjects(inboxId, '?search=ada@example')).toHaveLength(30))
      expect(await subjects(inboxId, '?search=n')).toEqual([...range(65, 37), 'n35'])
      expect(await subjects(inboxId, '?search=ada@example&page=3')).toEqual(range(4, 1))
      expect(await subjects(inboxId, `?search=EXAMPLE.com&last_id=${ids[3]}`)).toEqual(range(3, 1))
    })
  })

  it('walks through thousands without losing or repeating one', async () => {
    const inboxId = await newInbox()
    await sandbox.storage.write
      .updateTable('inboxes')
      .set({ max_size: 0 })
      .where('id', '=', inboxId)
      .execute()
    const ids = await Promise.all(
      Array.from({ length: 2000 }, (_, i) => sandbox.keep(mail(`t${i}`), { inboxId })),
    )
    const newestFirst = ids.toSorted((a, b) => b - a)
    const seen: number[] = []
    for (let last = ''; ; last = `?last_id=${seen.at(-1)}`) {
      const page = (await sandbox.call('GET', `/api/v1/inboxes/${inboxId}/messages${last}`))
        .json as MessageWire[]
      if (page.length === 0) break
      seen.push(...page.map(({ id }) => id))
    }
    expect(seen).toEqual(newestFirst)
    const [deep] = (await sandbox.call('GET', `/api/v1/inboxes/${inboxId}/messages?page=67`))
      .json as MessageWire[]
    expect(deep?.id).toBe(newestFirst[66 * 30])
    expect((await sandbox.call('GET', `/api/v1/inboxes/${inboxId}`)).json).toMatchObject({
      emails_count: 2000,
    })
  })

  describe('search', () => {
    let inboxId: number
    beforeAll(async () => {
      inboxId = await newInbox()
      for (const subject of ['100% sure', '100 sure', 'under_score', 'underXscore', 'back\\slash', 'plain'])
        await sandbox.keep(mail(subject), { inboxId })
      await sandbox.keep(
        mail('=?UTF-8?Q?=C3=84RGER_im_B=C3=BCro?=', '=?UTF-8?B?xYF1a2Fzeg==?= <lukasz@example.pl>'),
        {
          inboxId,
        },
      )
    })
    // The index follows the messages at a little distance.
    beforeAll(() =>
      vi.waitFor(async () => expect(await subjects(inboxId, '?search=plain')).toEqual(['plain'])),
    )
    it.each([
      ['100%', ['100% sure']],
      ['%', ['100% sure']],
      ['r_s', ['under_score']],
      ['_', ['under_score']],
      ['\\', ['back\\slash']],
      ['k\\s', ['back\\slash']],
      ['PLAIN', ['plain']],
      ['ärger', ['ÄRGER im Büro']],
      ['büRO', ['ÄRGER im Büro']],
      ['łukasz', ['ÄRGER im Büro']],
      ['lukasz@EXAMPLE', ['ÄRGER im Büro']],
      ['nothing of the kind', []],
      ['a\0b', []],
      ["' OR 1=1 --", []],
      ['" OR "', []],
    ])('for %j', async (text, found) => {
      expect(await subjects(inboxId, `?search=${encodeURIComponent(text)}`)).toEqual(found)
    })

    it('survives very long texts', async () => {
      expect(await subjects(inboxId, `?search=${'long text '.repeat(500)}`)).toEqual([])
    })

    it('for nothing finds everything', async () => {
      expect(await subjects(inboxId, '?search=')).toHaveLength(7)
    })
  })

  it('never shows a list that is older than the last change', async () => {
    const inboxId = await newInbox()
    expect(await subjects(inboxId)).toEqual([])
    const id = await sandbox.keep(mail('one'), { inboxId })
    expect(await subjects(inboxId)).toEqual(['one'])
    const list = async () =>
      ((await sandbox.call('GET', `/api/v1/inboxes/${inboxId}/messages`)).json as MessageWire[]).map(
        message => message.is_read,
      )
    const path = `/api/v1/inboxes/${inboxId}/messages/${id}`
    await sandbox.call('PATCH', path, { body: { message: { is_read: true } } })
    expect(await list()).toEqual([true])
    await sandbox.call('PATCH', path, { body: { message: { is_read: false } } })
    expect(await list()).toEqual([false])
    await sandbox.keep(mail('elsewhere'))
    expect(await subjects(inboxId)).toEqual(['one'])
    await sandbox.call('DELETE', path)
    expect(await list()).toEqual([])
  })

  it('marks a message in every spelling, and as read without a body', async () => {
    const inboxId = await newInbox()
    const path = `/api/v1/inboxes/${inboxId}/messages/${await sandbox.keep(mail('x'), { inboxId })}`
    const mark = async (body?: unknown) =>
      (
        (await sandbox.call('PATCH', path, { body, headers: { 'content-type': 'application/json' } }))
          .json as MessageWire
      ).is_read
    expect(await mark()).toBe(true)
    for (const no of [false, 'false', '0', 0]) {
      expect(await mark({ message: { is_read: no } })).toBe(false)
      expect(await mark({ message: { is_read: 'true' } })).toBe(true)
    }
    for (const yes of [true, '1', 1]) {
      expect(await mark({ message: { is_read: '0' } })).toBe(false)
      expect(await mark({ message: { is_read: yes } })).toBe(true)
    }
    expect(await mark({ message: { subject: 'ignored' } })).toBe(true)
    expect(await sandbox.call('PATCH', path, { body: { message: { is_read: 'perhaps' } } })).toMatchObject({
      status: 422,
      text: '{"errors":{"is_read":["is not included in the list"]}}',
    })
    expect(await sandbox.call('PATCH', path, { body: {} })).toMatchObject({ status: 400 })
    const inbox = await sandbox.call('GET', `/api/v1/inboxes/${inboxId}`)
    expect(inbox.json).toMatchObject({ emails_count: 1, emails_unread_count: 0 })
  })

  it('gives a deleted message back as it was', async () => {
    const inboxId = await newInbox()
    const id = await sandbox.keep(mail('gone'), { inboxId })
    const path = `/api/v1/inboxes/${inboxId}/messages/${id}`
    const before = await sandbox.call('GET', path)
    const deleted = await sandbox.call('DELETE', path)
    expect([deleted.status, deleted.text]).toEqual([200, before.text])
    expect((await sandbox.call('GET', path)).status).toBe(404)
    expect((await sandbox.call('DELETE', path)).status).toBe(404)
    expect((await sandbox.call('GET', `/api/v1/inboxes/${inboxId}`)).json).toMatchObject({ emails_count: 0 })
  })

  it('writes times in the zone of the user', async () => {
    const inboxId = await newInbox()
    const id = await sandbox.keep(mail('zoned'), { inboxId, at: Date.parse('2026-01-15T12:00:00.000Z') })
    await sandbox.storage.write
      .updateTable('users')
      .set({ timezone: 'Europe/Kiev' })
      .where('id', '=', sandbox.userId)
      .execute()
    const reply = await sandbox.call('GET', `/api/v1/inboxes/${inboxId}/messages/${id}`)
    await sandbox.storage.write
      .updateTable('users')
      .set({ timezone: 'Etc/UTC' })
      .where('id', '=', sandbox.userId)
      .execute()
    expect(reply.json).toMatchObject({
      sent_at: '2016-06-14T11:51:25.000+03:00',
      created_at: '2026-01-15T14:00:00.000+02:00',
      sent_at_timestamp: 1465894285,
    })
  })

  it('answers 304 to those who have the list already', async () => {
    const inboxId = await newInbox()
    await sandbox.keep(mail('x'), { inboxId })
    const path = `/api/v1/inboxes/${inboxId}/messages`
    const etag = (await sandbox.call('GET', path)).headers.get('etag') ?? ''
    expect(etag).toMatch(/^W\/".+"$/)
    const again = await sandbox.call('GET', path, { headers: { 'if-none-match': etag } })
    expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag])
    await sandbox.keep(mail('y'), { inboxId })
    expect((await sandbox.call('GET', path, { headers: { 'if-none-match': etag } })).status).toBe(200)
  })
})
