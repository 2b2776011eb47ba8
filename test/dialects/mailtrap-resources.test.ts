// Mailtrap's API V1, sections 4 to 8 and 16 of the contract: every resource, field by field, in both formats.
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { eachEngine } from '../engines.ts'
import { ADMIN_API_TOKEN, INBOX_PASSWORD, INBOX_USERNAME } from '../posthorn.ts'
import { expectFields, useDialect } from './dialect.ts'
import { ATTACHMENT, COMPANY, CORS_DOMAIN, FORWARD_RULE, INBOX, MESSAGE, USER } from './mailtrap-shapes.ts'

eachEngine("Mailtrap's V1", engine => {
  const dialect = useDialect({}, engine)
  const { ask, get, both, send } = dialect
  const fields = (status: number, json: unknown) => ({ status, json })

  describe('section 4: user', () => {
    it('the object', async () => {
      const user = await both<Record<string, unknown>>('/user', 'user')
      expectFields(user, USER)
      expect(user).toMatchObject({
        id: 1,
        api_token: ADMIN_API_TOKEN,
        timezone: 'Etc/UTC',
        timezone_in_int: 0,
        pending_email: null,
        gravatar_img: '/avatars/1?s=100',
        gravatar_icon: '/avatars/1?s=100',
        gravatar_little_icon: '/avatars/1?s=30',
        created_at_int: Math.floor(Date.parse(String(user.created_at)) / 1000),
      })
      expect(
        (await fetch(dialect.server.url + String(user.gravatar_img))).headers.get('content-type'),
      ).toContain('image/')
    })

    it('PATCH changes name and time zone, and says what is wrong', async () => {
      const token = await dialect.person('user@example.com')
      const patch = (user: object) => ask('/user', { method: 'PATCH', token, body: { user } })
      const now = await patch({ name: 'New name', timezone: 'Asia/Kolkata', id: 77 })
      expect(now.status).toBe(200)
      expect(now.json).toMatchObject({ name: 'New name', timezone: 'Asia/Kolkata', timezone_in_int: 19_800 })
      expect((now.json as { created_at: string }).created_at).toMatch(/\+05:30$/)
      for (const [wrong, key] of [
        [{ name: ' ' }, 'name'],
        [{ timezone: 'Moon/Base' }, 'timezone'],
        [{ email: 'no address' }, 'email'],
      ] as const) {
        const said = await patch(wrong)
        expect(said.status).toBe(422)
        expect(Object.keys((said.json as { errors: object }).errors)).toEqual([key])
      }
      expect((await patch({ name: '' })).json).toEqual({
        errors: { name: expect.arrayContaining(["can't be blank"]) },
      })
      expect((await ask('/user', { method: 'PATCH', token, body: {} })).status).toBe(400)
    })

    it('1.9: times are in the zone of the user, in every object', async () => {
      const token = await dialect.person('kolkata@example.com')
      await ask('/user', { method: 'PATCH', token, body: { user: { timezone: 'Asia/Kolkata' } } })
      const [inbox] = await get<{ id: number; username: string; password: string }[]>('/inboxes', token)
      await send('Date: Tue, 14 Jun 2016 08:51:25 +0000\nSubject: x\n\nx', inbox)
      const [message] = await get<{ sent_at: string; sent_at_timestamp: number }[]>(
        `/inboxes/${inbox?.id}/messages`,
        token,
      )
      expect(message).toMatchObject({
        sent_at: '2016-06-14T14:21:25.000+05:30',
        sent_at_timestamp: 1_465_894_285,
      })
    })
  })

  describe('section 5: project', () => {
    it('the object and its life', async () => {
      const made = await ask('/companies', { method: 'POST', body: { company: { name: 'Shop' } } })
      const project = made.json as { id: number; ext_id: string; share_link: string; inboxes: object[] }
      expectFields(project, COMPANY)
      expect(project).toMatchObject({ name: 'Shop', is_owner: true, inboxes: [] })
      expect(project.ext_id).toMatch(/^[A-Za-z0-9]{14,}$/)
      expect(project.share_link).toBe(
        `http://localhost:${dialect.server.httpPort}/share/${project.id}/${project.ext_id}`,
      )
      const inbox = await ask(`/companies/${project.id}/inboxes`, {
        method: 'POST',
        body: { inbox: { name: 'Orders' } },
      })
      expect(inbox.status).toBe(200)
      expectFields(inbox.json, INBOX)

      const one = await both<{ inboxes: object[] }>(`/companies/${project.id}`, 'company')
      expect(one.inboxes).toEqual([inbox.json])
      const all = await both<{ id: number }[]>('/companies', 'companies')
      expect(all.map(({ id }) => id)).toEqual(all.map(({ id }) => id).toSorted((a, b) => a - b))
      expect(all.at(-1)).toEqual(one)

      const renamed = await ask(`/companies/${project.id}`, {
        method: 'PATCH',
        body: { company: { name: 'Shop 2' } },
      })
      expect(renamed.json).toMatchObject({ id: project.id, name: 'Shop 2', inboxes: [inbox.json] })
      expect((await ask(`/companies/${project.id}`, { method: 'DELETE' })).json).toEqual(renamed.json)
      expect((await ask(`/inboxes/${(inbox.json as { id: number }).id}`)).status).toBe(404)
    })

    it.each([
      ['', ["can't be blank", 'is too short (minimum is 2 characters)']],
      ['x', ['is too short (minimum is 2 characters)']],
      ['x'.repeat(101), ['is too long (maximum is 100 characters)']],
    ])('a name of %j is refused', async (name, faults) => {
      const said = await ask('/companies', { method: 'POST', body: { company: { name } } })
      expect(fields(said.status, said.json)).toEqual(fields(422, { errors: { name: faults } }))
    })
  })

  describe('section 6: inbox', () => {
    it('the object', async () => {
      const inbox = await both<Record<string, unknown>>('/inboxes/1', 'inbox')
      expectFields(inbox, INBOX)
      expect(inbox).toMatchObject({
        id: 1,
        username: INBOX_USERNAME,
        password: INBOX_PASSWORD,
        max_size: 1000,
        status: 'active',
        email_username_enabled: false,
        used: false,
        domain: 'localhost',
        pop3_domain: 'localhost',
        email_domain: 'inbox.test',
        smtp_ports: [dialect.server.smtpPort],
        pop3_ports: [dialect.server.pop3Port],
        max_message_size: 26_214_400,
        last_message_sent_at: null,
        last_message_sent_at_timestamp: null,
      })
      expect(inbox.email_username).toMatch(/^[0-9a-f]{10}-[0-9a-f]{6}$/)
      expect(String(inbox.forward_from_email_address)).toMatch(/^a\d+-i1@/)
    })

    it('the list, by ascending id', async () => {
      await ask('/companies/1/inboxes', { method: 'POST', body: { inbox: { name: 'Second' } } })
      const all = await both<{ id: number }[]>('/inboxes', 'inboxes')
      for (const inbox of all) expectFields(inbox, INBOX)
      expect(all.length).toBeGreaterThan(1)
      expect(all.map(({ id }) => id)).toEqual(all.map(({ id }) => id).toSorted((a, b) => a - b))
    })

    it('generated credentials are 14 hex characters, and reset', async () => {
      const made = await ask('/companies/1/inboxes', { method: 'POST', body: { inbox: { name: 'Fresh' } } })
      const inbox = made.json as { id: number; username: string; password: string; email_username: string }
      expect(inbox.username).toMatch(/^[0-9a-f]{14}$/)
      expect(inbox.password).toMatch(/^[0-9a-f]{14}$/)
      const reset = await ask(`/inboxes/${inbox.id}/reset_credentials`, { method: 'PATCH' })
      const fresh = reset.json as typeof inbox
      expectFields(fresh, INBOX)
      expect([fresh.username, fresh.password]).not.toContain(inbox.username)
      await expect(send('Subject: old\n\nx', inbox)).rejects.toThrow(/535/)
      await send('Subject: new\n\nx', fresh)
      const address = await ask(`/inboxes/${inbox.id}/reset_email_username`, { method: 'PATCH' })
      const [alias, hash] = inbox.email_username.split('-')
      const moved = (address.json as typeof inbox).email_username.split('-')
      expect(moved[0]).not.toBe(alias)
      expect(moved[1]).not.toBe(hash)
      const toggled = await ask(`/inboxes/${inbox.id}/toggle_email_username`, { method: 'PATCH' })
      expect(toggled.json).toMatchObject({ email_username_enabled: true })
      expect(
        (await ask(`/inboxes/${inbox.id}/toggle_email_username`, { method: 'PATCH' })).json,
      ).toMatchObject({
        email_username_enabled: false,
      })
    })

    it('PATCH: name and alias, the hash stays, and section 16', async () => {
      const before = await get<{ email_username: string }>('/inboxes/1')
      const hash = before.email_username.split('-')[1]
      const patch = (inbox: object) => ask('/inboxes/1', { method: 'PATCH', body: { inbox } })
      expect((await patch({ name: 'Renamed', email_username: '' })).json).toMatchObject({
        name: 'Renamed',
        email_username: before.email_username,
      })
      expect((await patch({ email_username: 'My.Alias_1-x' })).json).toMatchObject({
        email_username: `my.alias_1-x-${hash}`,
      })
      expect((await patch({ email_username: `my.alias_1-x-${hash}` })).json).toMatchObject({
        email_username: `my.alias_1-x-${hash}`,
      })
      expect((await patch({ email_username: `other-${hash}` })).json).toMatchObject({
        email_username: `other-${hash}`,
      })
      const wrong = await patch({ email_username: 'a b' })
      expect(fields(wrong.status, wrong.json)).toEqual(
        fields(422, { errors: { email_username: ['is invalid'] } }),
      )
      for (const name of ['', ' '])
        expect((await patch({ name })).json).toMatchObject({ errors: { name: ["can't be blank"] } })
      expect((await patch({ name: 'x'.repeat(101) })).status).toBe(422)
    })

    it('clean and all_read', async () => {
      const made = await ask('/companies/1/inboxes', { method: 'POST', body: { inbox: { name: 'Busy' } } })
      const inbox = made.json as { id: number; username: string; password: string }
      for (let n = 0; n < 3; n++) await send(`Subject: ${n}\n\nx`, inbox)
      expect(await get(`/inboxes/${inbox.id}`)).toMatchObject({
        emails_count: 3,
        emails_unread_count: 3,
        used: true,
        sent_messages_count: 3,
      })
      const read = await ask(`/inboxes/${inbox.id}/all_read`, { method: 'PATCH' })
      expect(read.json).toMatchObject({ emails_count: 3, emails_unread_count: 0 })
      const clean = await ask(`/inboxes/${inbox.id}/clean`, { method: 'PATCH' })
      expect(clean.json).toMatchObject({
        emails_count: 0,
        emails_unread_count: 0,
        used: true,
        sent_messages_count: 3,
      })
      expect(await get(`/inboxes/${inbox.id}/messages`)).toEqual([])
      const gone = await ask(`/inboxes/${inbox.id}`, { method: 'DELETE' })
      expect(gone.json).toMatchObject({ id: inbox.id, name: 'Busy' })
    })
  })

  describe('section 6.2: forward rules', () => {
    it('the object and its life, without a relay', async () => {
      const rules = '/inboxes/1/forward_rules'
      expect(await both(rules, 'forward_rules')).toEqual([])
      const body = { forward_rule: { forward_type: 'email', forward_value: 'Dev@Example.com' } }
      const made = await ask(rules, { method: 'POST', body })
      const rule = made.json as { id: number }
      expect(made.status, made.text).toBe(200)
      expectFields(rule, FORWARD_RULE)
      expect(rule).toMatchObject({ inbox_id: 1, forward_type: 'email', status: 'pending' })
      expect(await both(rules, 'forward_rules')).toEqual([rule])
      expect(await both(`${rules}/${rule.id}`, 'forward_rule')).toEqual(rule)
      const changed = await ask(`${rules}/${rule.id}`, {
        method: 'PATCH',
        body: { forward_rule: { forward_type: 'domain', forward_value: 'example.org' } },
      })
      expect(changed.json).toMatchObject({
        forward_type: 'domain',
        forward_value: 'example.org',
        status: 'pending',
      })
      const wrong = (forward_rule: object) => ask(rules, { method: 'POST', body: { forward_rule } })
      expect((await wrong({ forward_type: 'fax', forward_value: 'x@example.com' })).json).toEqual({
        errors: { forward_type: ['is not included in the list'] },
      })
      expect((await wrong({ forward_type: 'email', forward_value: 'no address' })).json).toEqual({
        errors: { forward_value: ['is invalid'] },
      })
      expect((await wrong({ forward_type: 'domain', forward_value: 'example.org' })).json).toEqual({
        errors: { forward_value: ['has already been taken'] },
      })
      expect((await ask(`${rules}/${rule.id}`, { method: 'DELETE' })).json).toEqual(changed.json)
      expect((await ask(`${rules}/${rule.id}`)).status).toBe(404)
    })
  })

  const MAIL = `Date: Tue, 14 Jun 2016 08:51:25 +0000
From: =?utf-8?q?J=C3=B6rg?= <jorg@example.com>
To: Ada <ada@example.com>, bob@example.com
Cc: cc@example.com
Subject: =?utf-8?b?R3LDvMOfZSAmIE3DvGxsZXI=?=
Message-ID: <one@example.com>
Received: one
Received: two
X-1st: 7
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: multipart/related; boundary=c

--c
Content-Type: multipart/alternative; boundary=d

--d
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Gr=FC=DFe
--d
Content-Type: text/html; charset=utf-8

<p>Grüße <img src="cid:logo"><script>alert(1)</script></p>
--d--
--c
Content-Type: image/png; name=logo.png
Content-ID: <logo>
Content-Disposition: inline; filename=logo.png
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--c--
--b
Content-Type: text/csv; charset=utf-8; name=report.csv
Content-Disposition: attachment; filename=report.csv
Content-Transfer-Encoding: base64

YSxiCjEsMgo=
--b--
`

  describe('section 8: message', () => {
    let inbox: { id: number; username: string; password: string }
    const path = () => `/inboxes/${inbox.id}/messages`

    it('8.1: the object', async () => {
      const made = await ask('/companies/1/inboxes', {
        method: 'POST',
        body: { inbox: { name: 'Messages' } },
      })
      inbox = made.json as typeof inbox
      await send(MAIL, { ...inbox, to: ['ada@example.com', 'hidden@example.com'] })
      const list = await both<Record<string, unknown>[]>(path(), 'messages')
      expect(list).toHaveLength(1)
      const [message = {}] = list
      expectFields(message, MESSAGE)
      expect(await both(`${path()}/${message.id}`, 'message')).toEqual(message)
      const own = `/api/v1/inboxes/${inbox.id}/messages/${message.id}`
      const size = Buffer.byteLength(MAIL.replaceAll('\n', '\r\n'))
      expect(message).toMatchObject({
        inbox_id: inbox.id,
        subject: 'Grüße & Müller',
        sent_at: '2016-06-14T08:51:25.000Z',
        from_email: 'jorg@example.com',
        from_name: 'Jörg',
        to_email: 'ada@example.com, bob@example.com',
        to_name: 'Ada',
        email_size: size,
        human_size: `${size} Bytes`,
        is_read: false,
        text_body: 'Grüße',
        text_body_size: 7,
        sent_at_timestamp: 1_465_894_285,
        html_path: `${own}/body.html`,
        txt_path: `${own}/body.txt`,
        raw_path: `${own}/body.raw`,
        download_path: `${own}/body.eml`,
        html_source_path: `${own}/body.htmlsource`,
        viruses_report_info: false,
        blacklists_report_info: false,
        smtp_information: {
          ok: true,
          data: {
            mail_from_addr: 'app@example.com',
            client_ip: '127.0.0.1',
            rcpt_to_addrs: ['ada@example.com', 'hidden@example.com'],
          },
        },
      })
    })

    it('8.1: what is not there is empty, and the recipients come from the envelope', async () => {
      await send('X: y\n\n', { ...inbox, to: ['a@example.com', 'b@example.com'] })
      const [message] = await both<Record<string, unknown>[]>(path(), 'messages')
      expect(message).toMatchObject({
        subject: '',
        from_email: '',
        from_name: '',
        to_email: 'a@example.com, b@example.com',
        to_name: '',
        html_body: '',
        html_body_size: 0,
        sent_at: message?.created_at,
      })
      await ask(`${path()}/${message?.id}`, { method: 'DELETE' })
    })

    it('8.2: bodies', async () => {
      const [message] = await get<{ id: number }[]>(path())
      const body = (part: string) => ask(`${path()}/${message?.id}/body.${part}`)
      const text = await body('txt')
      expect([text.headers.get('content-type'), text.text]).toEqual(['text/plain; charset=utf-8', 'Grüße'])
      const html = await body('html')
      expect(html.headers.get('content-type')).toBe('text/html; charset=utf-8')
      expect(html.headers.get('content-security-policy')).toBe(
        "sandbox; default-src 'none'; img-src * data:; style-src 'unsafe-inline'",
      )
      expect(html.text).toMatch(/src="\/api\/v1\/inboxes\/\d+\/messages\/\d+\/attachments\/\d+\/download"/)
      expect(html.text).not.toContain('script')
      const source = await body('htmlsource')
      expect(source.headers.get('content-type')).toBe('text/html; charset=utf-8')
      expect(source.text).toContain('<img src="cid:logo"><script>alert(1)</script>')
      const bytes = Buffer.from(MAIL.replaceAll('\n', '\r\n'))
      const raw = await body('raw')
      expect([raw.headers.get('content-type'), raw.bytes.equals(bytes)]).toEqual([
        'text/plain; charset=utf-8',
        true,
      ])
      const eml = await body('eml')
      expect([eml.headers.get('content-type'), eml.bytes.equals(bytes)]).toEqual(['message/rfc822', true])
      expect(eml.headers.get('content-transfer-encoding')).toBe('binary')
      expect(eml.headers.get('content-disposition')).toMatch(
        /^attachment; filename=".*\.eml"; filename\*=UTF-8''Gr%C3%BC%C3%9Fe%20%26%20M%C3%BCller\.eml$/,
      )
    })

    it('8.2: read by PATCH alone, in every spelling', async () => {
      const [message] = await get<{ id: number }[]>(path())
      const one = `${path()}/${message?.id}`
      await ask(one)
      expect(await get(one)).toMatchObject({ is_read: false })
      for (const [value, is_read] of [
        [true, true],
        ['false', false],
        ['1', true],
        [0, false],
        ['true', true],
        ['0', false],
      ])
        expect(
          (await ask(one, { method: 'PATCH', body: { message: { is_read: value } } })).json,
        ).toMatchObject({ is_read })
      expect((await ask(one, { method: 'PATCH' })).json).toMatchObject({ is_read: true })
      const xml = '<message><is-read type="boolean">false</is-read></message>'
      const said = await ask(one, {
        method: 'PATCH',
        headers: { 'content-type': 'application/xml' },
        body: xml,
      })
      expect(said.json).toMatchObject({ is_read: false })
      expect((await ask(one, { method: 'PATCH', body: { message: { is_read: 'perhaps' } } })).status).toBe(
        422,
      )
    })

    it('8.4: mail_headers', async () => {
      const [message] = await get<{ id: number }[]>(path())
      const { headers } = await get<{ headers: Record<string, unknown> }>(
        `${path()}/${message?.id}/mail_headers`,
      )
      expect(Object.keys(headers)).toEqual([
        'date',
        'from',
        'to',
        'cc',
        'subject',
        'message_id',
        'received',
        'x_1st',
        'mime_version',
        'content_type',
        'bcc',
      ])
      expect(headers).toMatchObject({
        from: 'Jörg <jorg@example.com>',
        subject: 'Grüße & Müller',
        message_id: '<one@example.com>',
        received: ['one', 'two'],
        bcc: 'hidden@example.com',
      })
      const xml = await ask(`${path()}/${message?.id}/mail_headers.xml`)
      expect(xml.text).toContain('<hash>\n  <headers>\n')
      expect(xml.text).toContain('    <subject>Grüße &amp; Müller</subject>\n')
      expect(xml.text).toContain('    <received type="array">\n      <received>one</received>\n')
    })

    it('8.6 and 16: the spam report without a checker makes nothing up', async () => {
      const [message] = await get<{ id: number }[]>(path())
      const report = {
        ResponseCode: 0,
        ResponseMessage: 'EX_OK',
        ResponseVersion: '1.1',
        Score: 0,
        Spam: false,
        Threshold: 5,
        Details: [],
      }
      expect(await both(`${path()}/${message?.id}/spam_report`, 'hash')).toEqual({ report })
    })

    it('8.7: analyze', async () => {
      const { report } = await both<{ report: { status: string; errors: Record<string, never>[] } }>(
        `${path()}/${(await get<{ id: number }[]>(path()))[0]?.id}/analyze`,
        'hash',
      )
      expect(report.status).toBe('success')
      for (const error of report.errors)
        expect(Object.keys(error)).toEqual(['error_line', 'rule_name', 'email_clients'])
      await send('Subject: no HTML\n\nx', inbox)
      const [plain] = await get<{ id: number }[]>(path())
      expect(await get(`${path()}/${plain?.id}/analyze`)).toMatchObject({
        report: { status: 'error', msg: expect.any(String) },
      })
      await ask(`${path()}/${plain?.id}`, { method: 'DELETE' })
    })

    it('8.8: attachments', async () => {
      const [message] = await get<{ id: number }[]>(path())
      const all = `${path()}/${message?.id}/attachments`
      const list = await both<{ id: number; filename: string; download_path: string }[]>(all, 'attachments')
      for (const attachment of list) expectFields(attachment, ATTACHMENT)
      expect(list.map(({ filename }) => filename)).toEqual(['report.csv', 'logo.png'])
      expect(list[0]?.id).toBeGreaterThan(list[1]?.id ?? 0)
      expect(list).toMatchObject([
        {
          attachment_type: 'attachment',
          content_type: 'text/csv',
          content_id: '',
          transfer_encoding: 'base64',
          attachment_size: 8,
          attachment_human_size: '8 Bytes',
        },
        { attachment_type: 'inline', content_type: 'image/png', content_id: 'logo', attachment_size: 8 },
      ])
      expect(await both(`${all}/${list[0]?.id}`, 'attachment')).toEqual(list[0])
      expect(await get(`${all}?attachment_type=inline`)).toEqual([list[1]])
      const file = await ask(list[0]?.download_path ?? '')
      expect([file.status, file.text]).toEqual([200, 'a,b\n1,2\n'])
      expect(file.headers.get('content-type')).toContain('text/csv')
      expect(file.headers.get('content-disposition')).toContain('attachment; filename="report.csv"')
      expect(createHash('sha256').update(file.bytes).digest('hex')).toBe(
        createHash('sha256').update('a,b\n1,2\n').digest('hex'),
      )
    })

    it('8.2 and 9.4: forwarding says what is missing', async () => {
      const [message] = await get<{ id: number }[]>(path())
      const said = await ask(`${path()}/${message?.id}/forward`, {
        method: 'POST',
        body: { email: 'dev@example.com' },
      })
      expect(fields(said.status, said.json)).toEqual(
        fields(422, { errors: { base: ['forwarding is not configured'] } }),
      )
    })

    it('8.2: DELETE answers with the message as it was', async () => {
      const [message] = await get<{ id: number }[]>(path())
      const gone = await ask(`${path()}/${message?.id}`, { method: 'DELETE' })
      expect(gone.json).toEqual(message)
      expect((await ask(`${path()}/${message?.id}`)).status).toBe(404)
    })
  })

  describe('section 8.3: lists of messages', () => {
    it('pages, last_id, search', async () => {
      const made = await ask('/companies/1/inboxes', { method: 'POST', body: { inbox: { name: 'Many' } } })
      const inbox = made.json as { id: number; username: string; password: string }
      for (let n = 1; n <= 35; n++)
        await send(
          `Subject: Number ${n}${n === 7 ? ' 100%_sure' : ''}\nTo: "Person ${n}" <p${n}@example.com>\n\nx`,
          inbox,
        )
      const list = async (query: string) =>
        (await get<{ id: number; subject: string }[]>(`/inboxes/${inbox.id}/messages${query}`)) ?? []
      const first = await list('')
      const numbers = first.map(({ subject }) => Number(subject.split(' ')[1]))
      expect(numbers).toEqual(Array.from({ length: 30 }, (_, i) => 35 - i))
      expect(await list('?page=1')).toEqual(first)
      for (const page of ['0', '-1', 'x', '']) expect(await list(`?page=${page}`)).toEqual(first)
      const second = await list('?page=2')
      expect(second).toHaveLength(5)
      expect(await list('?page=3')).toEqual([])
      const last = first.at(-1)?.id ?? 0
      expect(await list(`?last_id=${last}`)).toEqual(second)
      expect(await list(`?last_id=${last}&page=9`)).toEqual(second)
      expect(await list('?last_id=999999999')).toEqual(first)
      expect((await list('?search=NUMBER+7')).map(({ subject }) => subject)).toEqual(['Number 7 100%_sure'])
      expect(await list('?search=P33%40EXAMPLE')).toHaveLength(1)
      expect(await list('?search=person+33')).toHaveLength(1)
      expect(await list('?search=%25_')).toHaveLength(1)
      expect(await list('?search=Number&page=2')).toHaveLength(5)
      expect(await list(`?search=Number&last_id=${last}`)).toHaveLength(5)
      expect(await list('?search=')).toEqual(first)
      const reply = await ask(`/inboxes/${inbox.id}/messages`)
      expect(reply.headers.get('link')).toBeNull()
    })
  })

  describe('section 10.4: CORS domains', () => {
    it('the object and its life', async () => {
      const made = await ask('/cors_domains', {
        method: 'POST',
        body: { cors_domain: { domain: 'app.example.com' } },
      })
      const domain = made.json as { id: number }
      expect(made.status, made.text).toBe(200)
      expectFields(domain, CORS_DOMAIN)
      expect(domain).toMatchObject({ user_id: 1, domain: 'app.example.com' })
      expect(await both('/cors_domains', 'cors_domains')).toEqual([domain])
      expect(await both(`/cors_domains/${domain.id}`, 'cors_domain')).toEqual(domain)
      const again = await ask('/cors_domains', {
        method: 'POST',
        body: { cors_domain: { domain: 'app.example.com' } },
      })
      expect(again.json).toEqual({ errors: { domain: ['has already been taken'] } })

      const preflight = (origin: string) =>
        ask('/inboxes', {
          method: 'OPTIONS',
          token: null,
          headers: {
            origin,
            'access-control-request-method': 'GET',
            'access-control-request-headers': 'api-token, access-control-allow-origin',
          },
        })
      for (const origin of ['https://app.example.com', 'http://app.example.com:3000']) {
        const allowed = await preflight(origin)
        expect(allowed.status).toBe(204)
        expect(allowed.headers.get('access-control-allow-origin')).toBe(origin)
        expect(allowed.headers.get('access-control-allow-methods')).toBe('GET, POST, PATCH, DELETE')
        expect(allowed.headers.get('access-control-allow-headers')?.toLowerCase()).toContain(
          'access-control-allow-origin',
        )
        expect(allowed.headers.get('access-control-allow-credentials')).toBeNull()
        const real = await ask('/inboxes', { headers: { origin } })
        expect(real.headers.get('access-control-allow-origin')).toBe(origin)
      }
      for (const origin of [
        'https://sub.app.example.com',
        'https://example.com',
        'https://evil.example',
        'null',
      ]) {
        expect((await preflight(origin)).headers.get('access-control-allow-origin')).toBeNull()
        expect(
          (await ask('/inboxes', { headers: { origin } })).headers.get('access-control-allow-origin'),
        ).toBeNull()
      }
      const other = await dialect.person('cors@example.com')
      const theirs = await ask('/inboxes', { token: other, headers: { origin: 'https://app.example.com' } })
      expect(theirs.headers.get('access-control-allow-origin')).toBeNull()
      expect((await ask(`/cors_domains/${domain.id}`, { token: other })).status).toBe(404)

      const changed = await ask(`/cors_domains/${domain.id}`, {
        method: 'PATCH',
        body: { cors_domain: { domain: 'other.example' } },
      })
      expect(changed.json).toEqual({ ...domain, domain: 'other.example' })
      expect((await ask(`/cors_domains/${domain.id}`, { method: 'DELETE' })).json).toEqual(changed.json)
      expect(await get('/cors_domains')).toEqual([])
    })
  })
})
