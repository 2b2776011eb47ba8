import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eachEngine } from '../../../test/engines.ts'
import { type SandboxApi, startSandboxApi } from '../../../test/sandbox-api.ts'
import type { AttachmentWire } from './wire.ts'

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

const RICH = `From: Ann <ann@example.com>\r
To: Bob <bob@example.com>\r
Cc: Cy <CY@example.com>\r
Bcc: hidden@example.com\r
Received: from one\r
Received: from two\r
 by three\r
Subject: =?UTF-8?Q?Na=C3=AFve_"quotes"/slashes?=\r
Message-ID: <1@example.com>\r
X-7: seven\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary=mix\r
\r
--mix\r
Content-Type: multipart/related; boundary=rel\r
\r
--rel\r
Content-Type: multipart/alternative; boundary=alt\r
\r
--alt\r
Content-Type: text/plain; charset=iso-8859-1\r
Content-Transfer-Encoding: quoted-printable\r
\r
Gr=FC=DFe\r
--alt\r
Content-Type: text/html; charset=utf-8\r
\r
<html><head><base href="https://evil.example/"><meta http-equiv=refresh content="0;url=https://evil.example"><style>p{background:url(https://track.example/p.png)}</style></head><body onload="alert(1)"><script>alert(2)</script><p style="color:red">Hi <a href="javascript:alert(3)">bad</a> <a href="https://ok.example/x">good</a></p><img src="cid:logo@x"><img src="https://track.example/i.png"><form action="https://evil.example"><input name=p></form><iframe src="https://evil.example"></iframe></body></html>\r
--alt--\r
--rel\r
Content-Type: image/png; name=logo.png\r
Content-ID: <logo@x>\r
Content-Disposition: inline; filename=logo.png\r
Content-Transfer-Encoding: base64\r
\r
${PNG.toString('base64')}\r
--rel--\r
--mix\r
Content-Type: text/html; name="page.html"\r
Content-Disposition: attachment; filename*=UTF-8''p%C3%A4ge.html\r
\r
<script>alert(4)</script>\r
--mix--\r
`

eachEngine('what is in a message', engine => {
  let sandbox: SandboxApi
  let rich: string
  let plain: string
  beforeAll(async () => {
    sandbox = await startSandboxApi(engine)
    const path = (id: number) => `/api/v1/inboxes/${sandbox.inbox.id}/messages/${id}`
    rich = path(
      await sandbox.keep(RICH, {
        arrival: {
          rcpt_to: ['bob@example.com', 'cy@example.com', 'hidden@example.com', 'other@example.com'],
        },
      }),
    )
    plain = path(await sandbox.keep('Subject: plain\r\n\r\nOnly text\r\n'))
  })
  afterAll(() => sandbox.close())

  const get = (path: string, headers: Record<string, string> = {}) => sandbox.call('GET', path, { headers })
  const typeAndText = async (path: string) => {
    // One client asks for every body as JSON.
    const reply = await get(path, { accept: 'application/json' })
    return [reply.status, reply.headers.get('content-type'), reply.text]
  }

  const namesOf = async (type: string) => {
    const reply = await get(`${rich}/attachments?attachment_type=${type}`)
    return (reply.json as AttachmentWire[]).map(({ filename }) => filename)
  }

  it('comes as text', async () => {
    expect(await typeAndText(`${rich}/body.txt`)).toEqual([200, 'text/plain; charset=utf-8', 'Grüße'])
  })

  it('comes as HTML untouched', async () => {
    const [status, type, text] = await typeAndText(`${rich}/body.htmlsource`)
    expect([status, type]).toEqual([200, 'text/html; charset=utf-8'])
    expect(text).toContain('<body onload="alert(1)"><script>alert(2)</script>')
  })

  it('comes as HTML made safe, with its images', async () => {
    const reply = await get(`${rich}/body.html`)
    expect(reply.status).toBe(200)
    expect(reply.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(reply.headers.get('content-security-policy')).toBe(
      "sandbox; default-src 'none'; img-src * data:; style-src 'unsafe-inline'",
    )
    expect(reply.text).not.toMatch(/script|onload|<base|refresh|<form|<input|<iframe|evil/i)
    const attachments: AttachmentWire[] = (await get(`${rich}/attachments`)).json
    const logo = attachments.find(({ content_id }) => content_id === 'logo@x')
    expect(reply.text).toContain(`<img src="${logo?.download_path}" />`)
    expect(reply.text).toContain('<img src="https://track.example/i.png" />')
    expect(reply.text).toContain('<style>p{background:url("https://track.example/p.png")}</style>')
    expect(reply.text).toContain(
      '<a href="https://ok.example/x" target="_blank" rel="noopener noreferrer">good</a>',
    )
    expect(reply.text).toContain('<p style="color:red">')
  })

  it('comes byte for byte', async () => {
    const bytes = Buffer.concat([
      Buffer.from('Subject: bytes\r\n\r\n'),
      Buffer.from(Array.from({ length: 256 }, (_, i) => i)),
      Buffer.from('bare\nbare\r\r\n'),
    ])
    const path = `/api/v1/inboxes/${sandbox.inbox.id}/messages/${await sandbox.keep(bytes)}`
    const raw = await get(`${path}/body.raw`)
    expect(raw.bytes.equals(bytes)).toBe(true)
    expect(raw.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    const eml = await get(`${path}/body.eml`)
    expect(eml.bytes.equals(bytes)).toBe(true)
    expect(eml.headers.get('content-type')).toBe('message/rfc822')
    expect(eml.headers.get('content-transfer-encoding')).toBe('binary')
    expect(eml.headers.get('content-disposition')).toBe(
      `attachment; filename="bytes.eml"; filename*=UTF-8''bytes.eml`,
    )
  })

  it('is a file named after the subject', async () => {
    const eml = await get(`${rich}/body.eml`)
    expect(eml.headers.get('content-disposition')).toBe(
      `attachment; filename="Na_ve _quotes_slashes.eml"; filename*=UTF-8''Na%C3%AFve%20_quotes_slashes.eml`,
    )
  })

  it.each(['body.html', 'body.htmlsource'])('answers 409 where there is no %s', async body => {
    expect(await typeAndText(`${plain}/${body}`)).toEqual([409, 'text/plain; charset=utf-8', 'Conflict'])
  })

  it('answers 409 where there is no text', async () => {
    const id = await sandbox.keep('Content-Type: text/html\r\n\r\n<p>x</p>\r\n')
    const path = `/api/v1/inboxes/${sandbox.inbox.id}/messages/${id}/body.txt`
    expect(await typeAndText(path)).toEqual([409, 'text/plain; charset=utf-8', 'Conflict'])
  })

  it('has its header by name, bcc last', async () => {
    const reply = await get(`${rich}/mail_headers`)
    expect(reply.text).toBe(
      '{"headers":{"from":"Ann <ann@example.com>","to":"Bob <bob@example.com>","cc":"Cy <CY@example.com>",' +
        '"received":["from one","from two by three"],"subject":"Naïve \\"quotes\\"/slashes","message_id":"<1@example.com>",' +
        '"x_7":"seven","mime_version":"1.0","content_type":"multipart/mixed; boundary=mix",' +
        '"bcc":"hidden@example.com, other@example.com"}}',
    )
    const id = await sandbox.keep('7: seven\r\n__proto__: x\r\nTo: ada@example.com\r\n\r\n')
    expect((await get(`/api/v1/inboxes/${sandbox.inbox.id}/messages/${id}/mail_headers`)).text).toBe(
      '{"headers":{"7":"seven","__proto__":"x","to":"ada@example.com","bcc":null}}',
    )
  })

  it('has reports that make nothing up', async () => {
    expect((await get(`${rich}/spam_report`)).text).toBe(
      '{"report":{"ResponseCode":0,"ResponseMessage":"EX_OK","ResponseVersion":"1.1","Score":0,"Spam":false,"Threshold":5,"Details":[]}}',
    )
    expect((await get(`${rich}/analyze.json`)).json).toMatchObject({ report: { status: 'success' } })
    expect((await get(`${plain}/analyze`)).text).toBe(
      '{"report":{"status":"error","msg":"The message has no HTML part"}}',
    )
  })

  describe('has attachments', () => {
    it('in the order of the contract, the highest id first', async () => {
      const reply = await get(`${rich}/attachments`)
      const all: AttachmentWire[] = reply.json
      expect(all.map(({ filename }) => filename)).toEqual(['päge.html', 'logo.png'])
      const logo = all[1]
      const messageId = Number(rich.split('/').at(-1))
      const at = logo?.created_at
      expect(at).toMatch(/Z$/)
      expect(reply.text).toContain(
        `{"id":${logo?.id},"message_id":${messageId},"filename":"logo.png","attachment_type":"inline","content_type":"image/png",` +
          `"content_id":"logo@x","transfer_encoding":"base64","attachment_size":${PNG.length},"created_at":"${at}","updated_at":"${at}",` +
          `"attachment_human_size":"${PNG.length} Bytes","download_path":"${rich}/attachments/${logo?.id}/download"}`,
      )
      expect((await get(`${rich}/attachments/${logo?.id}`)).json).toEqual(logo)
      expect((await get(`${plain}/attachments`)).text).toBe('[]')
      expect((await get(`${plain}/attachments/${logo?.id}`)).status).toBe(404)
    })

    it('of one kind', async () => {
      expect(await namesOf('inline')).toEqual(['logo.png'])
      expect(await namesOf('attachment')).toEqual(['päge.html'])
    })

    it('to download, never to open in place', async () => {
      const all: AttachmentWire[] = (await get(`${rich}/attachments`)).json
      const page = await get(all[0]?.download_path ?? '')
      expect(page.text).toBe('<script>alert(4)</script>')
      expect(page.headers.get('content-type')).toBe('text/html')
      expect(page.headers.get('content-disposition')).toBe(
        `attachment; filename="p_ge.html"; filename*=UTF-8''p%C3%A4ge.html`,
      )
      expect(page.headers.get('x-content-type-options')).toBe('nosniff')
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
      const logo = await get(all[1]?.download_path ?? '')
      expect(logo.bytes.equals(PNG)).toBe(true)
    })
  })

  it('may be large', async () => {
    const noise = Buffer.from(Array.from({ length: 3_000_000 }, (_, i) => (i * 7919) >> 5))
    const id = await sandbox.keep(
      `Subject: large\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Hi</p>\r\n--b\r\n` +
        'Content-Type: application/octet-stream; name=noise.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n' +
        `${noise.toString('base64').replaceAll(/.{76}/g, '$&\r\n')}\r\n--b--\r\n`,
    )
    const path = `/api/v1/inboxes/${sandbox.inbox.id}/messages/${id}`
    expect((await get(`${path}/body.html`)).text).toBe('<p>Hi</p>')
    expect((await get(`${path}/mail_headers`)).text).toContain('"subject":"large"')
    const [attachment] = (await get(`${path}/attachments`)).json as AttachmentWire[]
    expect((await get(attachment?.download_path ?? '')).bytes.equals(noise)).toBe(true)
  })
})
