import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { eachEngine } from '../../../test/engines.ts'
import { type SandboxApi, startSandboxApi } from '../../../test/sandbox-api.ts'
import { isPartLink, partLink } from './part-links.ts'
import type { BulkReply, HeaderList, InboxWire, MessageDetail, MessagePage } from './wire.ts'

const mail = (subject: string) =>
  `From: App <app@example.com>\r\nTo: Ada <ada@example.com>, bob@example.com\r\nSubject: ${subject}\r\n\r\nHello, some words\r\n`

const WITH_IMAGE = `From: App <app@example.com>\r
To: Ada <ada@example.com>\r
Cc: cy@example.com\r
Reply-To: Desk <desk@example.com>\r
Message-ID: <7@example.com>\r
Subject: Picture\r
Content-Type: multipart/related; boundary=r\r
\r
--r\r
Content-Type: text/html\r
\r
<p style="background:url(//track.example/b.png)">Hi</p><img src="cid:pic"><img src="http://track.example/i.png" srcset="http://track.example/2.png 2x"><a href="https://ok.example">x</a><a href="#top">top</a>\r
--r\r
Content-Type: image/gif\r
Content-ID: <pic>\r
Content-Disposition: inline; filename=p.gif\r
Content-Transfer-Encoding: base64\r
\r
R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==\r
--r\r
Content-Type: image/svg+xml\r
Content-ID: <vector>\r
Content-Disposition: inline; filename=v.svg\r
\r
<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>\r
--r--\r
`

eachEngine('the calls of the web app', engine => {
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
  const page = async (inboxId: number, query = ''): Promise<MessagePage> =>
    (await sandbox.call('GET', `/api/posthorn/inboxes/${inboxId}/messages${query}`)).json
  const subjects = async (inboxId: number, query = '') =>
    (await page(inboxId, query)).messages.map(({ subject }) => subject)

  it('give the tree of projects and inboxes', async () => {
    const reply = await sandbox.call('GET', '/api/posthorn/projects')
    expect(reply.json).toMatchObject({
      projects: [
        {
          id: sandbox.project.id,
          name: 'First project',
          is_owner: true,
          inboxes: [
            {
              id: sandbox.inbox.id,
              project_id: sandbox.project.id,
              name: 'Staging',
              emails_count: 0,
              emails_unread_count: 0,
              last_message_at: null,
              max_size: 1000,
              version: 1,
            },
          ],
        },
      ],
    })
  })

  describe('page through messages', () => {
    let inboxId: number
    const ids: number[] = []
    beforeAll(async () => {
      inboxId = await newInbox()
      for (let i = 1; i <= 7; i++) ids.push(await sandbox.keep(mail(`number ${i}`), { inboxId }))
    })

    it('with what a row shows', async () => {
      const { messages, has_more, inbox } = await page(inboxId, '?limit=1')
      expect([has_more, inbox.emails_count]).toEqual([true, 7])
      expect(messages).toEqual([
        {
          id: ids[6],
          subject: 'number 7',
          from: { name: 'App', email: 'app@example.com' },
          to: [
            { name: '', email: 'ada@example.com' },
            { name: '', email: 'bob@example.com' },
          ],
          sent_at: messages[0]?.created_at,
          created_at: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
          size: mail('number 7').length,
          is_read: false,
          attachments_count: 0,
          snippet: 'Hello, some words',
          has_html: false,
          has_text: true,
        },
      ])
    })

    it('forward and back by id', async () => {
      expect(await subjects(inboxId, `?before=${ids[2]}`)).toEqual(['number 2', 'number 1'])
      expect(await subjects(inboxId, `?after=${ids[4]}`)).toEqual(['number 7', 'number 6'])
      expect(await subjects(inboxId, `?after=${ids[6]}`)).toEqual([])
      expect((await page(inboxId, `?before=${ids[3]}&limit=3`)).has_more).toBe(false)
      expect((await page(inboxId, `?before=${ids[4]}&limit=3`)).has_more).toBe(true)
    })

    it('that were found, or are not read yet', async () => {
      await vi.waitFor(async () => expect(await subjects(inboxId, '?search=words+hel')).toHaveLength(7))
      expect(await subjects(inboxId, '?search=umber+3')).toEqual(['number 3'])
      expect(await subjects(inboxId, `?search=number&before=${ids[2]}&limit=1`)).toEqual(['number 2'])
      expect(await subjects(inboxId, `?search=number&after=${ids[5]}`)).toEqual(['number 7'])
      await bulk(inboxId, { ids: [ids[6], ids[5]], action: 'read' })
      expect(await subjects(inboxId, '?unread=1&limit=2')).toEqual(['number 5', 'number 4'])
      expect(await subjects(inboxId, '?unread=1&search=number&limit=2')).toEqual(['number 5', 'number 4'])
    })
  })

  const bulk = (inboxId: number, body: unknown) =>
    sandbox.call('POST', `/api/posthorn/inboxes/${inboxId}/messages/bulk`, { body })

  it('change many messages at once', async () => {
    const inboxId = await newInbox()
    const ids: number[] = []
    for (let i = 0; i < 5; i++) ids.push(await sandbox.keep(mail(`m${i}`), { inboxId }))
    const elsewhere = await sandbox.keep(mail('elsewhere'))
    const change = async (body: unknown) => {
      const { changed, inbox }: BulkReply = (await bulk(inboxId, body)).json
      return [changed, inbox.emails_count, inbox.emails_unread_count]
    }
    expect(await change({ ids: [...ids.slice(0, 2), elsewhere], action: 'read' })).toEqual([2, 5, 3])
    expect(await change({ ids: ids.slice(1, 2), action: 'unread' })).toEqual([1, 5, 4])
    expect(await change({ all: true, action: 'read' })).toEqual([4, 5, 0])
    expect(await change({ ids: [ids[0], elsewhere], action: 'delete' })).toEqual([1, 4, 0])
    expect(await change({ ids: [], action: 'delete' })).toEqual([0, 4, 0])
    expect(await change({ all: true, action: 'delete' })).toEqual([4, 0, 0])
    expect(
      (await sandbox.call('GET', `/api/v1/inboxes/${sandbox.inbox.id}/messages/${elsewhere}`)).status,
    ).toBe(200)
  })

  it.each([
    [{ ids: [1] }, ['action']],
    [{ action: 'explode', all: true }, ['action']],
    [{ action: 'read' }, ['ids']],
    [{ action: 'read', ids: ['1'] }, ['ids']],
    [{ action: 'read', ids: Array.from({ length: 1001 }, (_, i) => i) }, ['ids']],
    [undefined, ['action', 'ids']],
  ])('refuse a bulk change like %.60j', async (body, fields) => {
    const reply = await bulk(sandbox.inbox.id, body)
    expect(reply.status).toBe(422)
    const { error } = reply.json as { error: { code: string; fields: Record<string, unknown> } }
    expect([error.code, Object.keys(error.fields)]).toEqual(['invalid', fields])
  })

  describe('show a message', () => {
    let path: string
    let id: number
    beforeAll(async () => {
      id = await sandbox.keep(WITH_IMAGE, {
        arrival: {
          rcpt_to: ['ada@example.com', 'secret@example.com'],
          tls: 'TLSv1.3',
          login: sandbox.inbox.username,
        },
      })
      path = `/api/posthorn/inboxes/${sandbox.inbox.id}/messages/${id}`
    })
    const detail = async (): Promise<MessageDetail> => (await sandbox.call('GET', path)).json

    it('with everything around it', async () => {
      expect(await detail()).toMatchObject({
        id,
        subject: 'Picture',
        is_read: false,
        to: [{ name: 'Ada', email: 'ada@example.com' }],
        cc: [{ name: '', email: 'cy@example.com' }],
        bcc: ['secret@example.com'],
        reply_to: [{ name: 'Desk', email: 'desk@example.com' }],
        message_id: '7@example.com',
        envelope: {
          mail_from: 'app@example.com',
          rcpt_to: ['ada@example.com', 'secret@example.com'],
          client_ip: '192.0.2.7',
          helo: 'client.example.com',
          tls: 'TLSv1.3',
          login: sandbox.inbox.username,
          source: 'smtp',
        },
        notes: [],
        attachments: [
          {
            filename: 'p.gif',
            content_type: 'image/gif',
            attachment_type: 'inline',
            content_id: 'pic',
            size: 37,
          },
          { filename: 'v.svg', content_type: 'image/svg+xml' },
        ],
        remote_content: 3,
        html_url: `${path}/html`,
        raw_url: `${path}/raw`,
      })
    })

    it('as HTML that reaches nothing outside', async () => {
      const reply = await sandbox.call('GET', `${path}/html`)
      expect(reply.headers.get('content-type')).toBe('text/html; charset=utf-8')
      expect(reply.text).not.toContain('track.example')
      expect(reply.text).toContain('<a href="https://ok.example" target="_blank" rel="noopener noreferrer">')
      expect(reply.text).toContain('<a href="#top">')
      const policy = reply.headers.get('content-security-policy') ?? ''
      expect(policy.split('; ')).toEqual([
        'sandbox allow-popups allow-popups-to-escape-sandbox',
        "default-src 'none'",
        `img-src data: ${sandbox.url}/api/posthorn/parts/`,
        "style-src 'unsafe-inline'",
        'font-src data:',
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
      ])
    })

    it('with remote images when asked for', async () => {
      const reply = await sandbox.call('GET', `${path}/html?remote=1`)
      expect(reply.text).toContain(
        '<img src="http://track.example/i.png" srcset="http://track.example/2.png 2x" />',
      )
      expect(reply.headers.get('content-security-policy')).toContain('/parts/ http: https:;')
    })

    it('with inline images for a frame that has no cookies', async () => {
      const { text } = await sandbox.call('GET', `${path}/html`)
      const link = /<img src="([^"]+)"/.exec(text)?.[1] ?? ''
      const nobody = { headers: { 'api-token': '' } }
      const image = await sandbox.call('GET', link, nobody)
      expect(image.status).toBe(200)
      expect(image.headers.get('content-type')).toBe('image/gif')
      expect(image.headers.get('content-disposition')).toBe('inline')
      expect(image.headers.get('x-content-type-options')).toBe('nosniff')
      expect(image.bytes.subarray(0, 6).toString()).toBe('GIF89a')

      const [gif, svg] = (await detail()).attachments
      const signature = link.split('/').at(-1)
      for (const wrong of [
        link.slice(0, -1),
        `${link}x`,
        `/api/posthorn/parts/${id}/${svg?.id}/${signature}`,
        `/api/posthorn/parts/${id + 1}/${gif?.id}/${signature}`,
        `/api/posthorn/parts/${id}/${gif?.id}/x`,
      ])
        expect((await sandbox.call('GET', wrong, nobody)).status).toBe(404)
    })

    it('never with a document in the place of an image', async () => {
      const svg = (await detail()).attachments[1]
      const reply = await sandbox.call('GET', partLink(sandbox.secrets, id, svg?.id ?? 0))
      expect(reply.headers.get('content-type')).toBe('application/octet-stream')
      expect(reply.headers.get('content-disposition')).toMatch(/^attachment; filename="v.svg"/)
      expect(reply.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'")
    })

    it('as source, header and raw text', async () => {
      const source = await sandbox.call('GET', `${path}/source`)
      expect(source.headers.get('content-type')).toBe('text/plain; charset=utf-8')
      expect(source.text).toMatch(/^<p style="background:url\(\/\/track/)
      const { headers } = (await sandbox.call('GET', `${path}/headers`)).json as HeaderList
      expect(headers[1]).toEqual({
        name: 'To',
        value: 'Ada <ada@example.com>',
        raw: 'To: Ada <ada@example.com>',
      })
      const raw = await sandbox.call('GET', `${path}/raw`)
      expect(raw.text).toBe(WITH_IMAGE)
      expect(raw.headers.get('x-posthorn-total-size')).toBe(String(WITH_IMAGE.length))
      expect((await sandbox.call('GET', `${path}/text`)).status).toBe(404)
    })

    it('cut where raw text gets too long to look at', async () => {
      const long = `Subject: long\r\n\r\n${'x'.repeat(2 << 20)}`
      const messageId = await sandbox.keep(long)
      const raw = await sandbox.call(
        'GET',
        `/api/posthorn/inboxes/${sandbox.inbox.id}/messages/${messageId}/raw`,
      )
      expect([raw.bytes.length, raw.headers.get('x-posthorn-total-size')]).toEqual([
        1 << 20,
        String(long.length),
      ])
    })
  })

  it('sign the addresses of parts for half a day', () => {
    const now = Date.parse('2026-11-21T12:34:56Z')
    const link = partLink(sandbox.secrets, 1, 2, now).split('/').at(-1) ?? ''
    const holds = (hours: number) => isPartLink(sandbox.secrets, 1, 2, link, now + hours * 3_600_000)
    expect([holds(0), holds(11), holds(12), holds(1000)]).toEqual([true, true, false, false])
    expect(isPartLink(sandbox.secrets, 1, 2, link.replace(/^\w+/, 'zzzzzz'), now)).toBe(false)
  })
})
