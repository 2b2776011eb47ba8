// Email services through both doors, on a whole server that hands mail over.
import { expect, it, onTestFinished } from 'vitest'
import { useSendPortal } from '../../../test/dialects/sendportal.ts'
import { eachEngine } from '../../../test/engines.ts'
import { ADMIN_API_TOKEN } from '../../../test/posthorn.ts'
import { type SinkOptions, SmtpSink } from '../../../test/smtp-sink.ts'
import type { EmailServiceListReply, EmailServiceWire } from './email-services-wire.ts'

interface Answer {
  service: EmailServiceWire
  error: { code: string; fields?: Record<string, string[]> }
}

const LIMITS = {
  per_second: 0.5,
  per_hour: 10,
  per_day: 100,
  domains: [
    { domain: 'gmail.com', per_minute: 5 },
    { domain: '*', per_minute: 60 },
  ],
  warm_up: { started_on: '2026-11-22', per_day: [50, 100] },
}

eachEngine('email services', engine => {
  const portal = useSendPortal(engine)

  const ask = async (
    method: string,
    path = '',
    body?: object,
    token?: string,
  ): Promise<Answer & EmailServiceListReply & { status: number }> => {
    const at = `/api/posthorn/email-services${path}`
    const { status, json } = await portal.call(method, at, body, token === undefined ? {} : { token })
    return { status, ...(json as Answer & EmailServiceListReply) }
  }
  const make = async (more: object = {}) =>
    (await ask('POST', '', { name: 'x', type_id: 9, ...more })).service
  const sinkOf = async (options: SinkOptions) => {
    const sink = await SmtpSink.start(options)
    onTestFinished(() => sink.close())
    return sink
  }
  const letter = { to: 'ann@example.com', from: 'news@shop.example', body: 'Hello.\n.\n' }

  it('are made, listed with their types, changed and deleted', async () => {
    const settings = { host: '127.0.0.1', port: 25, username: 'u', password: 's3cret', auth: 'login' }
    const one = await make({ name: ' Relay ', type_id: 6, settings, limits: LIMITS })
    expect(one).toMatchObject({
      name: 'Relay',
      type: 'SMTP',
      settings: { ...settings, password: '********', encryption: null },
      limits: LIMITS,
      next_service_id: null,
      state: { up: true, down_since: null, down_reason: null, next_try: null },
      used: { hour: 0, day: 0 },
      campaigns: 0,
      webhook_url: null,
    })
    expect(Object.keys(one.settings)).not.toContain('token_url')
    const now = Date.now()
    await portal.storage.write
      .updateTable('email_services')
      .set({ down_since: now, down_until: now + 5000, down_reason: '421 no' })
      .where('id', '=', one.id)
      .execute()
    const day = now - (now % 86_400_000)
    await portal.storage.write
      .insertInto('service_usage')
      .values([
        { email_service_id: one.id, span: 'day', started_at: day, used: 7 },
        { email_service_id: one.id, span: 'day', started_at: day - 86_400_000, used: 9 },
      ])
      .execute()
    const { services, types } = await ask('GET')
    expect(services.find(({ id }) => id === one.id)).toMatchObject({
      used: { hour: 0, day: 7 },
      state: {
        up: false,
        down_reason: '421 no',
        down_since: new Date(now).toISOString(),
        next_try: new Date(now + 5000).toISOString(),
      },
    })
    expect(types.map(({ name }) => name)).toEqual(
      'AWS,Sendgrid,Mailgun,Postmark,Mailjet,SMTP,Postal,Inbox,File'.split(','),
    )
    expect(types[5]?.settings[4]).toEqual({
      key: 'password',
      label: 'Password',
      required: false,
      secret: true,
      extra: false,
      choices: null,
      kind: 'text',
    })
    // Other settings are another chance; a name is none, and leaves everything else alone.
    expect((await ask('PATCH', `/${one.id}`, { name: 'y' })).service).toMatchObject({
      limits: LIMITS,
      state: { up: false },
      settings: { password: '********' },
    })
    const mended = await ask('PATCH', `/${one.id}`, {
      settings: { host: '127.0.0.1', port: 26, password: '********' },
      limits: {},
    })
    expect(mended.service).toMatchObject({
      limits: {},
      state: { up: true },
      settings: { port: 26, username: null, password: '********' },
    })
    expect((await ask('DELETE', `/${one.id}`)).status).toBe(200)
    expect((await ask('GET')).services.some(({ id }) => id === one.id)).toBe(false)
  })

  it('take over from each other, in no circle and in no other workspace', async () => {
    const [a, b, c] = [await make(), await make(), await make()]
    const next = async (id: number, next_service_id: unknown, token?: string) => {
      const { status, error } = await ask('PATCH', `/${id}`, { next_service_id }, token)
      return status === 200 ? 'ok' : error.fields?.next_service_id?.[0]
    }
    expect([await next(a.id, b.id), await next(b.id, c.id)]).toEqual(['ok', 'ok'])
    const circle = 'Email services cannot take over from each other in a circle.'
    expect([await next(c.id, a.id), await next(a.id, a.id)]).toEqual([circle, circle])
    const theirs = (await ask('POST', '', { name: 'x', type_id: 9 }, portal.foreignToken)).service
    const unknown = 'The selected next service id is invalid.'
    expect([await next(a.id, theirs.id), await next(a.id, 'x')]).toEqual([
      unknown,
      'must be the id of an email service',
    ])
    expect(
      (await ask('POST', '', { name: 'x', type_id: 9, next_service_id: theirs.id })).error.fields,
    ).toEqual({ next_service_id: [unknown] })
    expect((await ask('PATCH', `/${theirs.id}`, { name: 'mine' })).status).toBe(404)

    expect((await ask('DELETE', `/${c.id}`)).error.fields).toEqual({
      email_service: ['You cannot delete an email service that takes over from another one: x.'],
    })
    expect(await next(b.id, null)).toBe('ok')
    expect((await ask('DELETE', `/${c.id}`)).status).toBe(200)
  })

  it('tell those who may change them where providers report', async () => {
    const one = await make({ type_id: 2, settings: { key: 'k' } })
    expect(one.webhook_url).toMatch(/\/api\/v1\/webhooks\/sendgrid\//)
    const { services } = await ask('GET', '', undefined, portal.viewerToken)
    expect(services.find(({ id }) => id === one.id)).toEqual({ ...one, webhook_url: null })
  })

  it('are refused with all that is wrong', async () => {
    const refused = async (body: object) => (await ask('POST', '', body)).error.fields
    expect(await refused({})).toEqual({ name: ['is required'], type_id: ['is none of the types'] })
    expect(
      await refused({ name: 'x', type_id: 6, settings: { host: 'h', port: 0, connections: 500 } }),
    ).toEqual({
      'settings.port': ['The port field must be an integer between 1 and 65535.'],
      'settings.connections': ['The connections field must be an integer between 1 and 200.'],
    })
    const token = { host: 'h', port: 25, auth: 'xoauth2' }
    expect(await refused({ name: 'x', type_id: 6, settings: token })).toEqual({
      'settings.username': ['The SMTP Email Service requires you to enter a username'],
      'settings.refresh_token': ['The SMTP Email Service requires you to enter a refresh token'],
    })
    expect(await refused({ name: 'x', type_id: 8, settings: { inbox_id: 99_999 } })).toEqual({
      'settings.inbox_id': ['The selected inbox id is invalid.'],
    })
    const limits = async (given: unknown) =>
      Object.keys((await refused({ name: 'x', type_id: 9, limits: given })) ?? {})
    expect(await limits([])).toEqual(['limits'])
    expect(
      await limits({
        per_second: 0,
        per_hour: 1.5,
        per_day: '7',
        per_week: 1,
        domains: [{ domain: 'a b', per_minute: 1 }],
        warm_up: { started_on: '2026-02-30', per_day: [1] },
      }),
    ).toEqual([
      'limits.per_second',
      'limits.per_hour',
      'limits.per_day',
      'limits.per_week',
      'limits.domains',
      'limits.warm_up',
    ])
    const twice = [1, 2].map(per_minute => ({ domain: 'A.example', per_minute }))
    expect(await limits({ domains: twice, warm_up: { started_on: '2026-01-01', per_day: [] } })).toEqual([
      'limits.domains',
      'limits.warm_up',
    ])
  })

  it('send a test: what the service says is what is answered, at both doors', async () => {
    const sink = await sinkOf({})
    const { id } = await make({ type_id: 6, settings: { host: '127.0.0.1', port: sink.port } })
    expect(await ask('POST', `/${id}/test`, letter)).toEqual({ status: 200 })
    expect(sink.heads[0]).toMatch(/\r\nSubject: Posthorn Test Email\r\n[^]*\r\n\r\nHello\.\r\n\.\.\r\n?$/)
    expect(
      await portal.call('POST', `/email-services/${id}/test`, { ...letter, subject: 'Mine' }),
    ).toMatchObject({ status: 200, json: { message: 'The test email has been dispatched.' } })
    expect(sink.heads[1]).toMatch(/\r\nSubject: Mine\r\n/)
    sink.mode = { refuse: 1 }
    const response = 'Response: 550 5.1.1 No such user'
    expect((await ask('POST', `/${id}/test`, letter)).error.fields).toEqual({ response: [response] })
    expect(await portal.call('POST', `/email-services/${id}/test`, letter)).toMatchObject({
      status: 422,
      json: { errors: { response: [response] } },
    })
    expect((await ask('POST', `/${id}/test`, { to: 'x', subject: 7, body: ' ' })).error.fields).toEqual({
      to: ['must be an e-mail address'],
      from: ['is required'],
      subject: ['must be text of at most 255 characters'],
      body: ['is required'],
    })
    expect(await portal.call('POST', `/email-services/${id}/test`, { to: 'x' })).toMatchObject({
      status: 422,
      json: { errors: { to: ['The to field must be a valid email address.'] } },
    })
    expect(await ask('POST', `/${id}/test`, letter, portal.foreignToken)).toMatchObject({ status: 404 })
  })

  it('put mail into one of our own inboxes, byte for byte', async () => {
    const inboxes = await portal.call('GET', '/inboxes', undefined, { token: ADMIN_API_TOKEN })
    const [{ id: inboxId } = { id: 0 }] = inboxes.json as { id: number }[]
    const { id } = await make({ type_id: 8, settings: { inbox_id: inboxId } })
    expect(await ask('POST', `/${id}/test`, { ...letter, subject: 'To ourselves' })).toEqual({ status: 200 })
    const messages = await portal.call('GET', `/inboxes/${inboxId}/messages`, undefined, {
      token: ADMIN_API_TOKEN,
    })
    expect((messages.json as { subject: string; to_email: string }[])[0]).toMatchObject({
      subject: 'To ourselves',
      to_email: letter.to,
      from_email: letter.from,
    })
  })
})
