// Templates and their pictures through the door, on a whole server.
import { crc32 } from 'node:zlib'
import { simpleParser } from 'mailparser'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eachEngine } from '../../../test/engines.ts'
import { type FakeRelay, startFakeRelay } from '../../../test/fake-relay.ts'
import { createPerson } from '../../accounts/people.ts'
import { createToken } from '../../accounts/tokens.ts'
import { addMember } from '../../accounts/workspaces.ts'
import { assemble, type Running } from '../../assemble.ts'
import { databaseLocation, readSettings } from '../../config.ts'
import { createLog } from '../../log.ts'
import { openDatabase } from '../../storage/database.ts'
import type { Database } from '../../storage/schema.ts'
import { createField } from '../audience/custom-fields.ts'
import { createSubscriber } from '../audience/subscribers.ts'
import type { MediumWire } from './media-wire.ts'
import type { RenderedWire, TemplateVersionWire, TemplateWire } from './templates-wire.ts'

interface Answer extends RenderedWire {
  template: TemplateWire
  templates: TemplateWire[]
  version: TemplateVersionWire
  versions: TemplateVersionWire[]
  media: MediumWire & MediumWire[]
  next_cursor: string | null
  error: { code: string; message: string; fields?: Record<string, string[]> }
}

const LOG = createLog({ level: 'error', human: false, write: line => process.stderr.write(line) })
const HTML = { kind: 'html', language: 'tags', source: '<p>{{ content }} {{unsubscribe_url}}</p>' }

/** A picture whose header lies about its size. */
async function bigPng(side: number): Promise<Buffer> {
  const png = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#000' } })
    .png()
    .toBuffer()
  // Width and height stand first in IHDR, which begins at 12 with its name (PNG specification, section 11.2.2).
  png.writeUInt32BE(side, 16)
  png.writeUInt32BE(side, 20)
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29)
  return png
}

let relay: FakeRelay
beforeAll(async () => {
  relay = await startFakeRelay({ plain: true })
})
afterAll(() => relay.close())

eachEngine('templates', engine => {
  let running: Running
  let db: Database
  let base: string
  let owner: Awaited<ReturnType<typeof somebody>>
  let viewer: ReturnType<typeof callsAs>
  let stranger: Awaited<ReturnType<typeof somebody>>

  beforeAll(async () => {
    const url = await engine.freshUrl()
    const dataDir = engine.freshDataDir()
    const read = readSettings(
      {},
      {
        POSTHORN_DATA_DIR: dataDir,
        POSTHORN_RELAY_URL: `smtp://relay:secret@127.0.0.1:${relay.port}?starttls=off`,
        ...(url.startsWith('postgres') && { DATABASE_URL: url }),
      },
      dataDir,
    )
    const settings = { ...read, httpPort: 0, smtpPorts: [0], pop3Ports: [] }
    running = await assemble(settings, LOG)
    base = `http://127.0.0.1:${running.httpPort}`
    db = await openDatabase(databaseLocation(settings))
    owner = await somebody('owner')
    stranger = await somebody('stranger')
    const other = await somebody('viewer')
    await db.deleteFrom('members').where('user_id', '=', other.userId).execute()
    await addMember(db, owner.workspaceId, other.userId, 'viewer')
    viewer = other
  })
  afterAll(async () => {
    await running?.stop()
    await db?.destroy()
  })

  async function somebody(name: string) {
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
    return { userId: user.id, workspaceId: workspace.id, ...callsAs(value) }
  }

  function callsAs(token: string) {
    const send = async (
      method: string,
      path: string,
      headers: Record<string, string>,
      body?: string | Blob,
    ) => {
      const init = {
        method,
        headers: { 'api-token': token, ...headers },
        ...(body !== undefined && { body }),
      }
      const response = await fetch(`${base}/api/posthorn${path}`, init)
      return { status: response.status, ...((await response.json()) as Answer) }
    }
    return {
      call: (method: string, path: string, body?: unknown) =>
        body === undefined
          ? send(method, path, {})
          : send(method, path, { 'content-type': 'application/json' }, JSON.stringify(body)),
      upload: (bytes: Buffer, name = 'a.png', type = 'application/octet-stream') =>
        send(
          'POST',
          '/media',
          { 'content-type': type, 'x-file-name': encodeURIComponent(name) },
          new Blob([new Uint8Array(bytes)]),
        ),
    }
  }

  const create = async (name: string, more: object = {}) =>
    (await owner.call('POST', '/templates', { name, ...HTML, ...more })).template

  it('are made, changed, restored, copied and deleted', async () => {
    const made = await create('News')
    expect(made).toMatchObject({
      name: 'News',
      version: 1,
      used_by: 0,
      source: '<p>{{content}} {{unsubscribe_url}}</p>',
      warnings: [],
    })
    expect(await owner.call('POST', '/templates', { name: ' nEWS ', ...HTML })).toMatchObject({
      status: 422,
      error: { fields: { name: ['has already been taken'] } },
    })
    const path = `/templates/${made.id}`
    const blocks = { kind: 'blocks', source: '{"blocks":[{"type":"text","text":"Hi {{nobody}}"}]}' }
    const changed = (await owner.call('PATCH', path, blocks)).template
    expect(changed).toMatchObject({ version: 2, kind: 'blocks', source: blocks.source })
    expect(changed.content).toContain('>Hi {{nobody}}</p>')
    expect(changed.warnings).toHaveLength(3)
    expect((await owner.call('PATCH', path, { name: 'Letter' })).template).toMatchObject({ version: 2 })
    expect((await viewer.call('GET', `${path}/versions`)).versions).toMatchObject([
      { number: 2, kind: 'blocks', name: 'News', user: { id: owner.userId, name: 'owner' } },
      { number: 1, kind: 'html' },
    ])
    expect((await viewer.call('GET', `${path}/versions/1`)).version.source).toBe(made.source)
    expect(await owner.call('POST', `${path}/versions/9/restore`, {})).toMatchObject({ status: 404 })
    const restored = (await owner.call('POST', `${path}/versions/1/restore`, {})).template
    expect(restored).toMatchObject({ version: 3, kind: 'html', name: 'Letter', content: made.content })
    const copy = (await owner.call('POST', `${path}/duplicate`)).template
    expect(copy).toMatchObject({ name: 'Letter (2)', version: 1, source: made.source })
    expect((await viewer.call('GET', '/templates?search=LETT')).templates.map(each => each.name)).toEqual([
      'Letter',
      'Letter (2)',
    ])
    expect((await viewer.call('GET', '/templates')).templates[0]).not.toHaveProperty('source')
    expect(await owner.call('DELETE', `/templates/${copy.id}`)).toMatchObject({ status: 200 })
    expect(await owner.call('GET', `/templates/${copy.id}`)).toMatchObject({ status: 404 })
  })

  it('say where their source is wrong, and take only so much of it', async () => {
    const refused = async (more: object) =>
      (await owner.call('POST', '/templates', { name: 'x', ...HTML, ...more })).error.fields
    expect(await refused({ language: 'liquid', source: 'a\n{% if %}' })).toEqual({
      source: [expect.stringMatching(/^Line 2: Liquid: /)],
    })
    expect(
      await refused({ kind: 'blocks', source: '{"blocks":[{"type":"x"},{"type":"spacer","height":-1}]}' }),
    ).toEqual({
      source: [
        expect.stringContaining('blocks[0].type must be'),
        'blocks[1].height must be a number from 1 to 400',
      ],
    })
    expect(await refused({ kind: 'svg' })).toEqual({ kind: ['must be html, mjml, markdown, blocks'] })
    expect(await refused({ source: 'x'.repeat(5_000_000) })).toEqual({
      source: ['must not be longer than 2000000 characters'],
    })
    expect(await refused({ name: ' ' })).toEqual({ name: ['is required'] })
  })

  it('are shown as any subscriber, whose values are escaped', async () => {
    await createField(db, owner.workspaceId, { label: 'Likes', kind: 'many_of', options: ['tea', 'cake'] })
    const { id } = await createSubscriber(db, owner.workspaceId, {
      email: 'eve@example.com',
      first_name: '<img src=x onerror=alert(1)>\r\nBcc: all@example.com',
      fields: { likes: ['tea', 'cake'] },
      source: 'api',
    })
    const draft = {
      ...HTML,
      source: '<style>i{color:red}</style><i>{{FIRST_NAME}}</i> {{likes}} {{content}} {{unsubscribe_url}}',
      subject: 'Hi {{first_name}}',
      content: '<b>{{email}}</b>',
    }
    const shown = await viewer.call('POST', '/templates/render', { ...draft, subscriber_id: id })
    expect(shown.html).toContain('<i style="color: red;">&lt;img src=x onerror=alert(1)&gt;')
    expect(shown.html).toContain('tea and cake <b>eve@example.com</b> http://localhost')
    expect(shown.subject).toBe('Hi <img src=x onerror=alert(1)> Bcc: all@example.com')
    expect(shown).toMatchObject({ errors: [], warnings: [], size: Buffer.byteLength(shown.html) })
    const sample = await viewer.call('POST', '/templates/render', { ...HTML, subject: '{{first_name}}' })
    expect(sample).toMatchObject({ subject: 'Ada', html: expect.stringContaining('Here goes what') })
    const liquid = { kind: 'html', language: 'liquid', source: 'a {% include "x" %}' }
    expect(await owner.call('POST', '/templates/render', liquid)).toMatchObject({
      status: 200,
      html: '',
      errors: [{ line: null, message: 'Liquid: nothing can be included' }],
    })
    expect(await stranger.call('POST', '/templates/render', { ...draft, subscriber_id: id })).toMatchObject({
      status: 422,
      error: { fields: { subscriber_id: ['is no subscriber of this workspace'] } },
    })
  })

  it('are sent to somebody to see how they arrive, twenty a minute', async () => {
    const mailbox = `${engine.name}@example.com`
    const { id } = await create('Test', { source: '<h1>Hi {{first_name}}</h1><p>{{content}}</p>' })
    const test = (to: unknown, subject?: string) =>
      owner.call('POST', `/templates/${id}/test`, { to, subject })
    expect(await test('nobody')).toMatchObject({
      status: 422,
      error: { fields: { to: [expect.any(String)] } },
    })
    expect(await test(mailbox, 'For {{first_name}}\r\nX-Evil: 1')).toMatchObject({ status: 200 })
    const arrived = () => relay.mail.find(({ to }) => to.includes(mailbox))
    await expect.poll(arrived).toBeDefined()
    const mail = await simpleParser(arrived()?.bytes ?? '')
    expect(mail.subject).toBe('[Test] For Ada X-Evil: 1')
    expect(mail.headers.has('x-evil')).toBe(false)
    expect(mail.html).toContain('<h1>Hi Ada</h1>')
    expect(mail.text).toContain('Hi Ada\n\n')
    const rest = await Promise.all(Array.from({ length: 20 }, () => test(mailbox)))
    expect(rest.filter(({ status }) => status === 429)).toHaveLength(1)
  })

  it('and pictures are kept in several widths, once, without what else was in the file', async () => {
    const pixels = { width: 1000, height: 500, channels: 3, background: '#336699' } as const
    // Lying on its side, by what EXIF says.
    const jpeg = await sharp({ create: pixels })
      .withExif({ IFD0: { Copyright: 'secret place' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer()
    expect(jpeg.includes('secret place')).toBe(true)
    const { status, media } = await owner.upload(jpeg, 'Grüße.jpg', 'image/jpeg')
    expect({ status, ...media }).toMatchObject({
      status: 200,
      name: 'Grüße.jpg',
      content_type: 'image/jpeg',
      size: jpeg.length,
      width: 500,
      height: 1000,
    })
    expect(media.variants.map(({ width }) => width)).toEqual([320, 500])
    expect((await owner.upload(jpeg, 'again.jpg')).media.id).toBe(media.id)
    expect((await stranger.upload(jpeg)).media.url).not.toBe(media.url)

    const at = (url: string) => base + new URL(url).pathname
    const file = await fetch(at(media.variants[0]?.url ?? ''))
    const bytes = Buffer.from(await file.arrayBuffer())
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'jpeg', width: 320, height: 640 })
    expect(bytes.includes('secret place')).toBe(false)
    expect(Object.fromEntries(file.headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    })
    const etag = file.headers.get('etag') ?? ''
    expect((await fetch(at(media.url), { headers: { 'if-none-match': '"other"' } })).status).toBe(200)
    const known = await fetch(at(media.variants[0]?.url ?? ''), { headers: { 'if-none-match': etag } })
    expect([known.status, await known.text()]).toEqual([304, ''])
    const head = await fetch(at(media.url), { method: 'HEAD' })
    expect([head.status, Number(head.headers.get('content-length')) > 0]).toEqual([200, true])
    for (const wrong of [
      `${at(media.url)}9`,
      at(media.url).replace(/media\/../, 'media/zz'),
      `${base}/media/x/320`,
    ])
      expect((await fetch(wrong)).status).toBe(404)

    const gif = await sharp(
      [
        await sharp({ create: pixels }).png().toBuffer(),
        await sharp({ create: { ...pixels, background: 'red' } })
          .png()
          .toBuffer(),
      ],
      { join: { animated: true } },
    )
      .gif()
      .toBuffer()
    const animated = (await owner.upload(gif, 'a.gif')).media
    expect(animated).toMatchObject({ content_type: 'image/gif', width: 1000, height: 500 })
    const small = Buffer.from(await (await fetch(at(animated.variants[0]?.url ?? ''))).arrayBuffer())
    expect(await sharp(small, { animated: true }).metadata()).toMatchObject({
      pages: 2,
      width: 320,
      pageHeight: 160,
    })

    expect((await viewer.call('GET', '/media?limit=1')).media.map(({ id }) => id)).toEqual([animated.id])
    const { next_cursor } = await viewer.call('GET', '/media?limit=1')
    const second = await viewer.call('GET', `/media?limit=1&cursor=${next_cursor}`)
    expect([second.media.map(({ id }) => id), second.next_cursor]).toEqual([[media.id], null])
    expect(
      (await owner.call('PATCH', `/media/${media.id}`, { alt: 'A field', name: 'field' })).media,
    ).toMatchObject({
      alt: 'A field',
      name: 'field',
    })
    const { id } = await create('Pictures', { source: `<img src="${media.url}">{{content}}` })
    expect(await owner.call('DELETE', `/media/${media.id}`)).toMatchObject({
      status: 422,
      error: { fields: { medium: ['is shown in the template “Pictures”'] } },
    })
    await owner.call('DELETE', `/templates/${id}`)
    expect((await owner.call('DELETE', `/media/${media.id}`)).status).toBe(200)
    expect((await fetch(at(media.url))).status).toBe(404)
  })

  it('and what is no picture, or would unpack to too much, is refused', async () => {
    const bomb = await bigPng(60_000)
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
    const png = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#000' } })
      .png()
      .toBuffer()
    for (const wrong of [
      svg,
      bomb,
      Buffer.from('x'),
      png.subarray(0, 40),
      Buffer.concat([Buffer.from('GIF89a'), svg]),
      Buffer.concat([png.subarray(0, 8), svg]),
    ]) {
      const { status, error } = await owner.upload(wrong, 'a.svg', 'image/svg+xml')
      expect([status, error?.fields]).toEqual([422, { file: [expect.stringContaining('must be a PNG')] }])
    }
    expect((await owner.upload(Buffer.alloc((10 << 20) + 1, 'x'))).status).toBe(413)
    expect((await owner.upload(Buffer.alloc(0))).status).toBe(400)
    // What is behind the end of a picture does not come along.
    const { media } = await owner.upload(Buffer.concat([png, svg]), '../../evil\u0000.png')
    const kept = await (await fetch(base + new URL(media.url).pathname)).text()
    expect(kept).not.toContain('script')
  })

  it('are not there for other workspaces, and not to be changed by viewers', async () => {
    const { id } = await create('Mine')
    const { media } = await owner.upload(
      await sharp({ create: { width: 9, height: 8, channels: 3, background: '#123' } })
        .png()
        .toBuffer(),
    )
    const changing: [string, string, object?][] = [
      ['PATCH', `/templates/${id}`, { name: 'x' }],
      ['DELETE', `/templates/${id}`],
      ['POST', `/templates/${id}/duplicate`, {}],
      ['POST', `/templates/${id}/versions/1/restore`, {}],
      ['POST', `/templates/${id}/test`, { to: 'a@example.com' }],
      ['PATCH', `/media/${media.id}`, { name: 'x' }],
      ['DELETE', `/media/${media.id}`],
    ]
    const seeing: [string, string][] = [
      ['GET', `/templates/${id}`],
      ['GET', `/templates/${id}/versions`],
      ['GET', `/templates/${id}/versions/1`],
    ]
    for (const [method, path, body] of [...seeing, ...changing])
      expect((await stranger.call(method, path, body)).status, `${method} ${path}`).toBe(404)
    for (const [method, path, body] of changing)
      expect((await viewer.call(method, path, body)).status, `${method} ${path}`).toBe(403)
    for (const [method, path] of seeing) expect((await viewer.call(method, path)).status, path).toBe(200)
    expect((await viewer.call('POST', '/templates', { name: 'x', ...HTML })).status).toBe(403)
    expect((await viewer.upload(Buffer.from('x'))).status).toBe(403)
    expect((await stranger.call('GET', '/templates')).templates).toEqual([])
  })
})
