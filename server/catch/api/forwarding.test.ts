import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eachEngine } from '../../../test/engines.ts'
import { type FakeTxt, startFakeTxt } from '../../../test/fake-txt.ts'
import { type FakeRelay, startFakeRelay } from '../../../test/fake-relay.ts'
import { type SandboxApi, startSandboxApi } from '../../../test/sandbox-api.ts'
import { relayServer } from '../../relay/relay-url.ts'
import type { Confirmation, ForwardingOverview, ForwardTarget, InboxWire, OutgoingPage } from './wire.ts'

const relayAt = (port: number) => relayServer(`smtp://relay:secret@localhost:${port}`)
const rule = (forward_type: string, forward_value: string) => ({
  body: { forward_rule: { forward_type, forward_value } },
})
const letter = (to: string, more = '') =>
  `From: app@example.com\r\nTo: ${to}\r\nSubject: hi\r\n${more}\r\nhello\r\n`

eachEngine('forwarding', engine => {
  let relay: FakeRelay
  let dns: FakeTxt
  let api: SandboxApi
  let refused: { code: number; text: string } | undefined

  beforeAll(async () => {
    dns = await startFakeTxt()
    relay = await startFakeRelay({
      recipient: address => (address.startsWith('refused') ? refused : undefined),
    })
    api = await startSandboxApi(engine, {
      mailOut: { relayUrl: relayAt(relay.port), forwardDomain: 'forward.test', dns: [dns.address] },
    })
  })
  afterAll(async () => {
    await api.close()
    await relay.close()
    dns.close()
  })

  const rules = () => `/api/v1/inboxes/${api.inbox.id}/forward_rules`
  const own = () => `/api/posthorn/inboxes/${api.inbox.id}`
  const overview = async () => (await api.call('GET', `${own()}/forwarding`)).json as ForwardingOverview
  const history = async (query = '') =>
    ((await api.call('GET', `${own()}/outgoing${query}`)).json as OutgoingPage).outgoing
  const mailTo = (address: string) => relay.mail.filter(mail => mail.to.includes(address))

  /** The token in the mail that was sent to an address. */
  async function linkTo(address: string): Promise<string> {
    await expect.poll(() => mailTo(address).length).toBeGreaterThan(0)
    const text = mailTo(address).at(-1)?.bytes.toString().replaceAll('=\r\n', '') ?? ''
    return /\/confirm\/(\S+)/.exec(text)?.[1] ?? ''
  }
  async function confirmed(address: string): Promise<void> {
    await api.call('POST', `${own()}/forward_targets`, { body: { kind: 'email', value: address } })
    const agreed = await api.call('POST', `/api/posthorn/confirmations/${await linkTo(address)}`)
    expect(agreed.status).toBe(200)
  }

  describe('rules (contract, section 6.2)', () => {
    it('are made, shown, changed and deleted; pending until their address is confirmed', async () => {
      const made = await api.call('POST', rules(), rule('email', 'Dev@Example.com'))
      const { id } = made.json as { id: number }
      const shape = { id, inbox_id: api.inbox.id, forward_type: 'email', forward_value: 'dev@example.com' }
      expect(made.text).toBe(JSON.stringify({ ...shape, status: 'pending' }))
      expect((await api.call('GET', rules())).json).toEqual([{ ...shape, status: 'pending' }])
      const xml = await api.call('GET', `${rules()}/${id}.xml`)
      expect(xml.text).toContain('<forward-type>email</forward-type>')
      expect(xml.text).toMatch(/<forward-rule>/)

      const token = await linkTo('dev@example.com')
      await api.call('POST', `/api/posthorn/confirmations/${token}`)
      expect((await api.call('GET', `${rules()}/${id}`)).json).toMatchObject({ status: 'active' })

      const changed = await api.call('PATCH', `${rules()}/${id}`, {
        body: { forward_rule: { forward_value: 'new@example.com' } },
      })
      expect(changed.json).toEqual({ ...shape, forward_value: 'new@example.com', status: 'pending' })
      expect((await api.call('DELETE', `${rules()}/${id}`)).json).toEqual(changed.json)
      expect((await api.call('GET', `${rules()}/${id}`)).status).toBe(404)
      expect((await api.call('GET', rules())).text).toBe('[]')
    })

    it('say what is wrong with them', async () => {
      const faults = async (body: unknown) => (await api.call('POST', rules(), { body })).json
      expect(await faults({ forward_rule: { forward_type: 'fax', forward_value: 'x@y.test' } })).toEqual({
        errors: { forward_type: ['is not included in the list'] },
      })
      expect(await faults(rule('email', 'nobody').body)).toEqual({
        errors: { forward_value: ['is invalid'] },
      })
      expect(await faults(rule('domain', 'a@b.test').body)).toEqual({
        errors: { forward_value: ['is invalid'] },
      })
      expect(await faults({ forward_rule: {} })).toEqual({
        errors: { forward_type: ['is not included in the list'], forward_value: ["can't be blank"] },
      })
      await api.call('POST', rules(), rule('domain', 'twice.test'))
      expect(await faults(rule('domain', 'TWICE.test').body)).toEqual({
        errors: { forward_value: ['has already been taken'] },
      })
      expect((await api.call('POST', rules(), { body: { other: 1 } })).status).toBe(400)
      const stranger = { headers: { 'api-token': await api.stranger() } }
      expect((await api.call('GET', rules(), stranger)).status).toBe(404)
    })

    it('are three hundred at most', async () => {
      const other = await startSandboxApi(engine)
      const now = Date.now()
      const values = Array.from({ length: 299 }, (_, i) => ({
        inbox_id: other.inbox.id,
        forward_type: 'email' as const,
        forward_value: `x${i}@y.test`,
        created_at: now,
        updated_at: now,
      }))
      await other.storage.write.insertInto('forward_rules').values(values).execute()
      const path = `/api/v1/inboxes/${other.inbox.id}/forward_rules`
      const last = await other.call('POST', path, rule('email', 'last@y.test'))
      // Without a relay it can be made all the same (contract, section 16).
      expect(last.json).toMatchObject({ status: 'pending' })
      const more = await other.call('POST', path, rule('email', 'more@y.test'))
      expect(more.json).toEqual({ errors: { base: ['has too many forward rules (maximum is 300)'] } })
      await other.close()
    })
  })

  describe('one message, by hand (contract, sections 8.2 and 9.4)', () => {
    it('goes to a confirmed address, and to no other', async () => {
      const id = await api.keep(letter('Ada <ada@example.com>', 'Bcc: b@example.com\r\nX-Own: 1\r\n'))
      const path = `/api/v1/inboxes/${api.inbox.id}/messages/${id}/forward`
      const refusal = await api.call('POST', path, { body: { email: 'qa@example.com' } })
      expect([refusal.status, refusal.json]).toEqual([422, { errors: { email: ['is not confirmed'] } }])
      expect((await api.call('POST', path)).json).toEqual({ errors: { email: ["can't be blank"] } })
      expect((await api.call('POST', path, { body: { email: 'qa' } })).json).toEqual({
        errors: { email: ['is invalid'] },
      })
      expect((await api.call('POST', `${path}x`, { body: { email: 'qa@example.com' } })).status).toBe(404)

      await confirmed('qa@example.com')
      const before = relay.mail.length
      const done = await api.call('POST', path, { body: { email: 'QA@example.com' } })
      expect(done.json).toEqual({
        success: true,
        message: 'Your email message has been successfully forwarded',
      })
      await expect.poll(() => relay.mail.length).toBe(before + 1)
      const from = `a${api.workspaceId}-i${api.inbox.id}@forward.test`
      expect(relay.mail.at(-1)).toMatchObject({ from, to: ['qa@example.com'] })
      expect(relay.mail.at(-1)?.bytes.toString()).toBe(
        `X-Posthorn-Forwarded: ${from}\r\nFrom: Posthorn Forward <${from}>\r\n` +
          `X-Mailtrap-Original-From: app@example.com\r\nTo: Ada <ada@example.com>\r\nSubject: hi\r\n` +
          `Bcc: b@example.com\r\nX-Own: 1\r\n\r\nhello\r\n`,
      )
      const inbox = (await api.call('GET', `/api/v1/inboxes/${api.inbox.id}`)).json as InboxWire
      expect(inbox).toMatchObject({ forwarded_messages_count: 1, forward_from_email_address: from })
      await expect
        .poll(() => history(`?message_id=${id}`))
        .toMatchObject([
          {
            kind: 'forward',
            to: 'qa@example.com',
            subject: 'hi',
            status: 'sent',
            attempts: 1,
            may_retry: false,
          },
        ])
      const kept = await api.storage.read.selectFrom('outgoing').select('bytes').execute()
      expect(kept.every(({ bytes }) => bytes === null)).toBe(true)

      const xml = await api.call('POST', `${path}.xml`, {
        body: '<hash><email>qa@example.com</email></hash>',
        headers: { 'content-type': 'application/xml' },
      })
      expect(xml.text).toContain('<success type="boolean">true</success>')
    })

    it('without a relay is refused', async () => {
      const other = await startSandboxApi(engine)
      const id = await other.keep(letter('ada@example.com'))
      const path = `/api/v1/inboxes/${other.inbox.id}/messages/${id}/forward`
      const refusal = await other.call('POST', path, { body: { email: 'dev@example.com' } })
      expect([refusal.status, refusal.json]).toEqual([
        422,
        { errors: { base: ['forwarding is not configured'] } },
      ])
      await other.close()
    })

    it('that the relay refuses for good can be sent again; what it defers is tried later', async () => {
      await confirmed('refused@example.com')
      const id = await api.keep(letter('ada@example.com'))
      const send = () =>
        api.call('POST', `/api/v1/inboxes/${api.inbox.id}/messages/${id}/forward`, {
          body: { email: 'refused@example.com' },
        })
      refused = { code: 550, text: '5.1.1 no such user' }
      await send()
      const ofMessage = () => history(`?message_id=${id}`)
      await expect
        .poll(ofMessage)
        .toMatchObject([{ status: 'failed', may_retry: true, next_attempt_at: null }])
      const [failed] = await ofMessage()
      expect(failed?.reply).toBe('RCPT: 550 5.1.1 no such user')
      const retry = `${own()}/outgoing/${failed?.id}/retry`
      refused = { code: 451, text: '4.7.1 greylisted' }
      expect((await api.call('POST', retry)).status).toBe(200)
      await expect
        .poll(ofMessage)
        .toMatchObject([{ status: 'queued', attempts: 1, reply: 'RCPT: 451 4.7.1 greylisted' }])
      expect((await api.call('POST', retry)).status).toBe(409)
      expect((await api.call('POST', `${own()}/outgoing/999999/retry`)).status).toBe(404)
      const [waiting] = await ofMessage()
      const delay = Date.parse(waiting?.next_attempt_at ?? '') - Date.parse(waiting?.updated_at ?? '')
      expect(delay).toBeGreaterThanOrEqual(24_000)
      expect(delay).toBeLessThanOrEqual(36_000)
    })
  })

  describe('by rule (contract, section 9.4)', () => {
    it('sends on what comes in for a confirmed address or a proved domain from then on, each recipient a copy', async () => {
      await api.call('POST', rules(), rule('email', 'on@example.com'))
      await api.call('POST', rules(), rule('domain', 'proved.test'))
      await api.keep(letter('on@example.com, early@proved.test'))
      await confirmed('on@example.com')
      const target = (await overview()).targets.find(({ value }) => value === 'proved.test') as ForwardTarget
      const check = `${own()}/forward_targets/${target.id}/check`
      expect((await api.call('POST', check)).json).toMatchObject({ found: false })
      expect(target.record?.names).toEqual(['_posthorn.proved.test', 'proved.test'])
      dns.txt.set('_posthorn.proved.test', ['v=other', target.record?.value ?? ''])
      expect((await api.call('POST', check)).json).toMatchObject({
        found: true,
        target: { status: 'active' },
      })

      const copies = async () => (await history()).filter(({ kind }) => kind === 'rule')
      await api.keep(letter('ON@example.com, one@proved.test', 'Cc: two@Proved.TEST, on@example.com\r\n'))
      await api.keep(letter('other@example.com', 'Bcc: on@example.com\r\n'))
      await api.keep(letter('on@example.com', 'X-Posthorn-Forwarded: a9-i9@elsewhere\r\n'))
      await api.keep(letter('x@sub.proved.test, y@notproved.test'))
      const last = await api.keep(letter('last@proved.test'))
      await expect.poll(copies).toHaveLength(4)
      const sent = (await copies()).toReversed().map(({ to }) => to)
      expect(sent.slice(0, 3).toSorted()).toEqual(['on@example.com', 'one@proved.test', 'two@proved.test'])
      expect((await history(`?message_id=${last}`)).map(({ to }) => to)).toEqual(['last@proved.test'])
      await expect.poll(() => mailTo('last@proved.test')).toHaveLength(1)
      expect(mailTo('early@proved.test')).toEqual([])
    })

    it('an address that is forgotten is forwarded to no more', async () => {
      const target = (await overview()).targets.find(({ value }) => value === 'on@example.com')
      expect((await api.call('DELETE', `${own()}/forward_targets/${target?.id}`)).status).toBe(200)
      expect((await overview()).rules.find(one => one.forward_value === 'on@example.com')).toMatchObject({
        status: 'pending',
      })
      await api.keep(letter('on@example.com'))
      const id = await api.keep(letter('on@example.com, sign@proved.test'))
      await expect.poll(() => history(`?message_id=${id}`)).toHaveLength(1)
      expect((await history(`?message_id=${id}`))[0]?.to).toBe('sign@proved.test')
    })
  })

  it('what waits for the relay goes with its inbox', async () => {
    const other = await startSandboxApi(engine, { mailOut: { relayUrl: relayAt(1) } })
    await other.storage.write
      .insertInto('forward_targets')
      .values({
        workspace_id: other.workspaceId,
        kind: 'domain',
        value: 'x.test',
        status: 'active',
        proof: '',
        created_at: 0,
        asked_at: null,
        confirmed_at: 0,
      })
      .execute()
    await other.call('POST', `/api/v1/inboxes/${other.inbox.id}/forward_rules`, rule('domain', 'x.test'))
    await other.keep(letter('a@x.test, b@x.test'))
    const queued = () => other.storage.read.selectFrom('outgoing').select('status').execute()
    await expect.poll(queued).toHaveLength(2)
    expect((await other.call('DELETE', `/api/v1/inboxes/${other.inbox.id}`)).status).toBe(200)
    expect(await queued()).toEqual([])
    await other.close()
  })

  describe('targets', () => {
    it('are confirmed by a button, never by opening the link; the link is forged by nobody and works once', async () => {
      const added = await api.call('POST', `${own()}/forward_targets`, {
        body: { kind: 'email', value: 'New@Example.com' },
      })
      const { target } = added.json as { target: ForwardTarget }
      expect(target).toMatchObject({ value: 'new@example.com', status: 'pending', record: null })
      expect(target.asked_at).not.toBeNull()
      const token = await linkTo('new@example.com')
      const path = `/api/posthorn/confirmations/${token}`
      const anybody = { headers: { 'api-token': '' } }
      const about: Confirmation = { email: 'new@example.com', workspace: "QA's workspace", status: 'pending' }
      expect((await api.call('GET', path, anybody)).json).toEqual({ ...about, workspace: expect.any(String) })
      expect((await api.call('GET', path, anybody)).json).toMatchObject({ status: 'pending' })
      for (const forged of [
        'x',
        `${target.id}.`,
        `${target.id}.AAAA`,
        token.replace(/^\d+/, id => `${Number(id) + 1}`),
      ])
        expect((await api.call('POST', `/api/posthorn/confirmations/${forged}`, anybody)).status).toBe(404)
      expect((await api.call('POST', path, anybody)).json).toMatchObject({ status: 'active' })
      expect((await api.call('POST', path, anybody)).json).toMatchObject({ status: 'active' })

      const ask = `${own()}/forward_targets/${target.id}/ask`
      expect((await api.call('POST', ask)).status).toBe(409)
      expect((await api.call('DELETE', `${own()}/forward_targets/${target.id}`)).status).toBe(200)
      expect((await api.call('GET', path, anybody)).status).toBe(404)
    })

    it('are asked again, but not at once, and not too many in an hour', async () => {
      const add = (value: string) =>
        api.call('POST', `${own()}/forward_targets`, { body: { kind: 'email', value } })
      const { target } = (await add('again@example.com')).json as { target: ForwardTarget }
      const ask = `${own()}/forward_targets/${target.id}/ask`
      const soon = await api.call('POST', ask)
      expect([soon.status, soon.headers.get('retry-after')]).toEqual([429, '60'])
      const askedAt = (asked_at: number) =>
        api.storage.write
          .updateTable('forward_targets')
          .set({ asked_at })
          .where('id', '=', target.id)
          .execute()
      await askedAt(Date.now() - 61_000)
      expect((await api.call('POST', ask)).status).toBe(200)
      await expect.poll(() => mailTo('again@example.com')).toHaveLength(2)
      // A link is worth nothing after a week.
      const token = await linkTo('again@example.com')
      await askedAt(Date.now() - 8 * 86_400_000)
      expect((await api.call('POST', `/api/posthorn/confirmations/${token}`)).status).toBe(404)

      const statuses: number[] = []
      for (let i = 0; i < 31; i++) statuses.push((await add(`many${i}@example.com`)).status)
      expect(statuses.filter(status => status === 200).length).toBeLessThanOrEqual(30)
      expect(statuses.at(-1)).toBe(429)
    })

    it('say what is wrong with them', async () => {
      const add = async (body: unknown) =>
        (await api.call('POST', `${own()}/forward_targets`, { body })).json as { error: { fields: object } }
      expect((await add({ kind: 'fax' })).error.fields).toEqual({ kind: ['must be email or domain'] })
      expect((await add({ kind: 'email', value: 'x' })).error.fields).toEqual({ value: ['is invalid'] })
      expect((await add({ kind: 'domain', value: '' })).error.fields).toEqual({ value: ["can't be blank"] })
      const path = `${own()}/forward_targets/999999`
      expect((await api.call('POST', `${path}/check`)).status).toBe(404)
      expect((await api.call('DELETE', path)).status).toBe(404)
    })
  })
})
