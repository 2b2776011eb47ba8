import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eachEngine } from '../../../../test/engines.ts'
import { type SandboxApi, startSandboxApi } from '../../../../test/sandbox-api.ts'
import { composeMessage } from '../../../mail/compose.ts'
import { createInbox } from '../../inboxes.ts'
import { readMail } from './mail-request.ts'
import type { BatchWire, MessageWire, SentWire } from './wire.ts'

const PLAIN = {
  from: { email: 'shop@example.com', name: 'The Shop' },
  to: [{ email: 'ann@example.com' }],
  subject: 'Your order',
  text: 'It is on its way.',
}

describe('a mail as JSON (section 13)', () => {
  const faultsOf = (more: object) => {
    const read = readMail({ ...PLAIN, ...more })
    return Array.isArray(read) ? read : []
  }

  it('says all that is missing at once', () => {
    expect(readMail({})).toEqual([
      "'from' is required",
      "'to', 'cc' or 'bcc' address is required",
      "'subject' is required",
      'must specify either text or html body',
    ])
    expect(readMail({ ...PLAIN, subject: undefined, text: null })).toEqual([
      "'subject' is required",
      'must specify either text or html body',
    ])
    for (const body of [undefined, null, 'x', 7, []]) expect(readMail(body)).toEqual(['Bad Request'])
  })

  it.each([
    [{ from: { email: 'nobody' } }, ["'from' address is invalid"]],
    [{ from: { email: 'a@b\r\nBcc: <x@y' } }, ["'from' address is invalid"]],
    [{ from: 'a@b.example' }, ["invalid type for field 'from', expected: 'object', given: 'string'"]],
    [{ to: { email: 'a@b' } }, ["invalid type for field 'to', expected: 'array', given: 'object'"]],
    [{ to: [{ email: 'a@b' }, { email: 'c' }, 'd', { email: 'a@b', name: 7 }] }, ["'to' address is invalid"]],
    [
      { cc: Array.from({ length: 1001 }, () => ({ email: 'a@b' })) },
      ["'cc' is too long (maximum is 1000 addresses)"],
    ],
    [{ reply_to: { email: '' } }, ["'reply_to' address is invalid"]],
    [
      { subject: ['x'] },
      ["invalid type for field 'subject', expected: 'string', given: 'array'", "'subject' is required"],
    ],
    [{ category: 'x'.repeat(256) }, ["'category' is too long (maximum is 255 characters)"]],
    [
      { custom_variables: { a: 'é'.repeat(500) } },
      ["'custom_variables' is too long (maximum is 1000 bytes)"],
    ],
    [{ headers: { 'X-A': 'b\r\nBcc: c@d' } }, ["'headers' is invalid"]],
    [{ headers: { 'X A': 'b' } }, ["'headers' is invalid"]],
    [{ headers: { 'X-A': 1 } }, ["'headers' is invalid"]],
    [{ headers: { bCC: 'c@d' } }, ["'headers' must not contain 'bCC'"]],
    [{ attachments: ['x'] }, ['attachment #1 is invalid']],
    [
      { attachments: [{ content: 'eA==', filename: 'x' }, { content: '%%%' }] },
      ["attachment #2: 'content' must be base64", "attachment #2: 'filename' is required"],
    ],
    [
      { attachments: [{ content: 'eA', filename: 'x', type: 'text/plain\r\nX: y', disposition: 'both' }] },
      ["attachment #1: 'type' is invalid", "attachment #1: 'disposition' must be attachment or inline"],
    ],
    [{ template_uuid: 'x', subject: null, text: null }, ["'template_uuid' is invalid"]],
    [
      { template_uuid: 'b81aabcd-1a1e-41cf-91b6-eca0254b3d96', text: null },
      ["'subject' is not allowed with 'template_uuid'"],
    ],
  ])('refuses %j', (more, faults) => {
    expect(faultsOf(more)).toEqual(faults)
  })

  it('takes anything in any field without falling over, and lets nothing begin a header', () => {
    const evil = 'x\r\nBcc: victim@example.net\r\n\r\nbody'
    const values = [
      null,
      true,
      7,
      Infinity,
      '',
      evil,
      '\0',
      '\ud800',
      [],
      [[]],
      {},
      [evil],
      { email: {} },
      { email: evil },
    ]
    const more = [
      { email: 'a@b', name: evil },
      [{ email: 'a@b', name: evil }],
      { [evil]: evil },
      { 'X-A': '\ud800' },
    ]
    const files = [
      [{ content: 'eA==', filename: evil, type: 'text/plain', content_id: evil, disposition: 'inline' }],
      [
        { content: 'eA==', filename: '\ud800', type: 'message/rfc822' },
        { content: {}, filename: [] },
      ],
    ]
    const names = ['from', 'to', 'cc', 'bcc', 'reply_to', 'subject', 'text', 'html', 'attachments', 'headers']
    const others = ['category', 'custom_variables', 'template_uuid', 'template_variables']
    let written = 0
    for (const name of [...names, ...others])
      for (const value of [...values, ...more, ...files]) {
        const read = readMail({ ...PLAIN, [name]: value })
        if (Array.isArray(read)) {
          expect(read.every(fault => fault !== '' && !/[\r\n]/.test(fault))).toBe(true)
          continue
        }
        const [header = ''] = composeMessage(read.draft).toString('latin1').split('\r\n\r\n')
        expect(header).not.toMatch(/^Bcc:/im)
        written++
      }
    expect(written).toBeGreaterThan(50)
  })
})

eachEngine('mail that comes over HTTP', engine => {
  let sandbox: SandboxApi
  beforeAll(async () => {
    sandbox = await startSandboxApi(engine)
  })
  afterAll(() => sandbox.close())
  const send = (body: unknown, inboxId = sandbox.inbox.id, headers = {}) =>
    sandbox.call('POST', `/api/send/${inboxId}`, { body, headers })
  const at = (id: string, part = '') =>
    `/api/accounts/${sandbox.workspaceId}/inboxes/${sandbox.inbox.id}/messages/${id}${part}`
  const rawOf = async (id: string) => (await sandbox.call('GET', at(id, '/body.raw'))).text
  const sent = async (body: unknown): Promise<string> => {
    const reply = await send(body)
    expect([reply.status, reply.headers.get('content-type')]).toEqual([
      200,
      'application/json; charset=utf-8',
    ])
    const { message_ids } = reply.json as SentWire
    expect(reply.text).toBe(`{"success":true,"message_ids":["${message_ids[0]}"]}`)
    return message_ids[0] ?? ''
  }

  it('is kept as it was said, Bcc in the envelope alone', async () => {
    const pixel = Buffer.from([0, 1, 2, 253, 254, 255])
    const id = await sent({
      from: { email: 'shop@exämple.com', name: 'Shöp, "Ltd."' },
      to: [{ email: 'ann@example.com', name: 'Ann Ö' }, { email: 'bob@example.com' }],
      cc: [{ email: 'cid@example.com' }],
      bcc: [{ email: 'spy@example.com' }, { email: 'ann@example.com' }],
      reply_to: { email: 'help@example.com', name: 'Help' },
      subject: 'Grüße 漢字',
      text: 'Hällo',
      html: '<img src="cid:pixel@shop">',
      attachments: [
        {
          content: pixel.toString('base64'),
          filename: 'Übersicht.png',
          type: 'image/png',
          disposition: 'inline',
          content_id: 'pixel@shop',
        },
        { content: 'aGVsbG8g\nd29ybGQ=', filename: 'hello.txt' },
      ],
      headers: {
        'X-Message-Source': 'dev.example.com',
        'Message-ID': '<own@shop.example>',
        'Content-Transfer-Encoding': '8bit',
      },
      category: 'Bestellungen ✓',
      custom_variables: { user_id: '45982', batch: 7 },
    })
    const message: MessageWire = (await sandbox.call('GET', at(id))).json
    expect(message).toMatchObject({
      subject: 'Grüße 漢字',
      from_email: 'shop@xn--exmple-cua.com',
      from_name: 'Shöp, "Ltd."',
      to_email: 'ann@example.com, bob@example.com',
      to_name: 'Ann Ö',
      is_read: false,
      template_id: 0,
      template_variables: null,
      smtp_information: { ok: false },
    })
    const raw = await rawOf(id)
    expect(raw).not.toContain('spy@example.com')
    expect(raw).toContain('X-Message-Source: dev.example.com\r\n')
    expect(raw).toContain('Message-ID: <own@shop.example>\r\n')
    expect((await sandbox.call('GET', at(id, '/mail_headers'))).json).toMatchObject({
      headers: {
        reply_to: 'Help <help@example.com>',
        x_mt_category: 'Bestellungen ✓',
        x_mt_custom_variables: '{"user_id":"45982","batch":7}',
        bcc: 'spy@example.com',
      },
    })
    const attachments: {
      filename: string
      attachment_type: string
      content_id: string
      download_path: string
    }[] = (await sandbox.call('GET', at(id, '/attachments'))).json
    expect(attachments).toMatchObject([
      { filename: 'hello.txt', attachment_type: 'attachment', content_type: 'application/octet-stream' },
      { filename: 'Übersicht.png', attachment_type: 'inline', content_id: 'pixel@shop' },
    ])
    expect((await sandbox.call('GET', attachments[1]?.download_path ?? '')).bytes).toEqual(pixel)
    expect((await sandbox.call('GET', attachments[0]?.download_path ?? '')).text).toBe('hello world')
  })

  it('may name a template, which is shown with its variables', async () => {
    const template_variables = { 'user.name': 'Jon Snow', items: [{ price: 1 }] }
    const id = await sent({
      from: PLAIN.from,
      bcc: PLAIN.to,
      template_uuid: 'b81aabcd-1a1e-41cf-91b6-eca0254b3d96',
      template_variables,
    })
    const message: MessageWire = (await sandbox.call('GET', at(id))).json
    expect(message).toMatchObject({
      subject: 'Template b81aabcd-1a1e-41cf-91b6-eca0254b3d96',
      to_email: 'ann@example.com',
      template_id: 0,
      template_variables,
    })
    expect((await sandbox.call('GET', at(id, '/body.txt'))).text).toContain('"user.name": "Jon Snow"')
  })

  it('is refused in the words of that API, with nothing kept', async () => {
    const before = await sandbox.call('GET', `/api/v1/inboxes/${sandbox.inbox.id}`)
    const refusal = async (body: unknown, inboxId = sandbox.inbox.id, headers = {}) => {
      const reply = await send(body, inboxId, headers)
      return [reply.status, reply.json]
    }
    const said = (...errors: string[]) => ({ success: false, errors })
    expect(await refusal({ ...PLAIN, subject: '' })).toEqual([400, said("'subject' is required")])
    expect(await refusal('{"from":')).toMatchObject([400, { success: false }])
    expect(await refusal(PLAIN, 2 ** 50)).toEqual([404, said('Not Found')])
    expect(await refusal(PLAIN, sandbox.inbox.id, { 'api-token': 'wrong' })).toEqual([
      401,
      said('Unauthorized'),
    ])
    expect(await refusal(PLAIN, sandbox.inbox.id, { 'api-token': await sandbox.stranger() })).toEqual([
      404,
      said('Not Found'),
    ])
    const large = { ...PLAIN, attachments: [{ content: 'A'.repeat(4 << 20), filename: 'x' }] }
    expect(await refusal(large)).toEqual([413, said('Payload Too Large')])
    const get = await sandbox.call('GET', `/api/send/${sandbox.inbox.id}`)
    expect([get.status, get.text]).toEqual([405, '{"success":false,"errors":["Method Not Allowed"]}'])
    // Without the number of an inbox it would be real mail, which is another product.
    expect((await sandbox.call('POST', '/api/send', { body: PLAIN })).text).toBe(
      '{"success":false,"errors":["Not Found"]}',
    )
    // Credentials come in a header here: nobody who has none is listened to for fifty megabytes.
    const anonymous = await fetch(`${sandbox.url}/api/batch/${sandbox.inbox.id}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ api_token: sandbox.token, requests: [PLAIN] }),
    })
    expect([anonymous.status, await anonymous.json()]).toEqual([401, said('Unauthorized')])
    const after = await sandbox.call('GET', `/api/v1/inboxes/${sandbox.inbox.id}`)
    expect(after.text).toBe(before.text)
  })

  it('keeps to the limits of the inbox, and stays out of one that is switched off', async () => {
    const { storage, secrets, project } = sandbox
    const small = await createInbox(storage.write, secrets, {
      projectId: project.id,
      name: 'Small',
      maxSize: 0,
      maxMessageSize: 2000,
    })
    const change = (set: object) =>
      storage.write.updateTable('inboxes').set(set).where('id', '=', small.id).execute()
    const tooBig = await send({ ...PLAIN, text: 'x'.repeat(3000) }, small.id)
    expect([tooBig.status, tooBig.json]).toEqual([413, { success: false, errors: ['Message is too big'] }])
    await change({ rate_count: 2, rate_seconds: 600 })
    const batch = await sandbox.call('POST', `/api/batch/${small.id}`, {
      body: { base: PLAIN, requests: [{}, { text: 'x'.repeat(3000) }, {}, {}] },
    })
    expect([batch.status, batch.json]).toMatchObject([
      200,
      {
        success: true,
        responses: [
          { success: true },
          { success: false, errors: ['Message is too big'] },
          { success: true },
          { success: false, errors: ['Rate limit exceeded'] },
        ],
      },
    ])
    const limited = await send(PLAIN, small.id)
    expect([limited.status, limited.json]).toEqual([429, { success: false, errors: ['Rate limit exceeded'] }])
    await change({ status: 'inactive' })
    const off = await send(PLAIN, small.id)
    expect([off.status, off.json]).toEqual([
      403,
      { success: false, errors: ['Inbox is not active or you have insufficient permissions'] },
    ])
  })

  it('comes in batches, in order, each answered by itself', async () => {
    const batch = (body: unknown) => sandbox.call('POST', `/api/batch/${sandbox.inbox.id}`, { body })
    const requests = Array.from({ length: 500 }, (_, index) => ({
      to: [{ email: `reader${index}@example.com` }],
      ...(index === 7 && { subject: 'Another', text: null }),
      ...(index === 9 && { to: [] }),
      ...(index === 11 && { from: { email: 'x' } }),
    }))
    const reply = await batch({ base: { ...PLAIN, to: undefined }, requests })
    expect(reply.status).toBe(200)
    const { success, responses } = reply.json as BatchWire
    expect([success, responses.length]).toEqual([true, 500])
    const ids = responses.flatMap(each => (each.success ? each.message_ids : []))
    expect(ids).toHaveLength(498)
    expect(ids.map(Number).toSorted((a, b) => a - b)).toEqual(ids.map(Number))
    expect(responses[9]).toEqual({ success: false, errors: ["'to', 'cc' or 'bcc' address is required"] })
    expect(responses[11]).toEqual({ success: false, errors: ["'from' address is invalid"] })
    const seventh: MessageWire = (await sandbox.call('GET', at(ids[7] ?? ''))).json
    expect(seventh).toMatchObject({ subject: 'Another', to_email: 'reader7@example.com' })

    for (const [body, fault] of [
      [{ requests: [] }, "empty field: 'requests'"],
      [{}, "empty field: 'requests'"],
      [
        { requests: Array.from({ length: 501 }, () => PLAIN) },
        "'requests' is too long (maximum is 500 messages)",
      ],
      [{ base: 7, requests: [PLAIN] }, "'base' is invalid"],
    ] as const) {
      const refused = await batch(body)
      expect([refused.status, refused.json]).toEqual([400, { success: false, errors: [fault] }])
    }
    expect((await batch({ requests: ['x'] })).json).toEqual({
      success: true,
      responses: [{ success: false, errors: ['Bad Request'] }],
    })
  })

  it('counts with the rest of the API', async () => {
    const limited = await startSandboxApi(engine, { limit: { count: 3, seconds: 600 } })
    const path = `/api/send/${limited.inbox.id}`
    const remaining = async (method: string, to: string, body?: unknown) => {
      const { status, headers } = await limited.call(method, to, { body })
      return [status, headers.get('x-ratelimit-remaining')]
    }
    expect(await remaining('POST', path, PLAIN)).toEqual([200, '2'])
    expect(await remaining('GET', '/api/v1/inboxes')).toEqual([200, '1'])
    expect(await remaining('GET', '/api/accounts')).toEqual([200, '0'])
    const over = await limited.call('POST', path, { body: PLAIN })
    expect([over.status, over.text]).toEqual([429, '{"success":false,"errors":["Rate limit exceeded"]}'])
    expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(0)
    await limited.close()
  })
})
