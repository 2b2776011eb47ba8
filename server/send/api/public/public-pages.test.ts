// Signing up as people and machines do it: over HTTP, with the mails of a relay outside.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { simpleParser } from 'mailparser'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { eachEngine } from '../../../../test/engines.ts'
import { type FakeRelay, startFakeRelay } from '../../../../test/fake-relay.ts'
import { posthornApi } from '../../../accounts/api/posthorn-api.ts'
import { Callers } from '../../../accounts/callers.ts'
import { makeFirstOwner } from '../../../accounts/first-owner.ts'
import { openSecrets, type Secrets } from '../../../accounts/secrets.ts'
import { createWorkspace } from '../../../accounts/workspaces.ts'
import { createGuard } from '../../../guard.ts'
import { Metrics } from '../../../http/metrics.ts'
import { createHttpServer, type HttpServer } from '../../../http/server.ts'
import { createLog } from '../../../log.ts'
import { openMailOut } from '../../../mail-out.ts'
import { relayServer } from '../../../relay/relay-url.ts'
import { openStorage, type Storage } from '../../../storage/database.ts'
import { parseLocation } from '../../../storage/location.ts'
import { changeAudienceSettings } from '../../audience/audience-settings.ts'
import { createField } from '../../audience/custom-fields.ts'
import { NEW_FORM, type StoredSettings } from '../../sign-up/form-settings.ts'
import { createForm, type Form, formById } from '../../sign-up/forms.ts'
import { eventsOf } from '../../audience/subscriber-events.ts'
import { setStatus, subscriberByEmail } from '../../audience/subscribers.ts'
import { confirmToken, preferencesToken } from '../../sign-up/subscription-links.ts'
import { addSuppressions, targetIn } from '../../audience/suppressions.ts'
import { tagsOf } from '../../audience/tagging.ts'
import { createTag } from '../../audience/tags.ts'
import { forgetUnconfirmed } from '../../sign-up/unconfirmed.ts'
import { formsRoutes } from '../forms.ts'
import type { FormListReply, FormPreviewReply, FormReply } from '../forms-wire.ts'
import type { PublicDoor } from './public-door.ts'
import { publicPages } from './public-pages.ts'

/** Of all the calls about forms. */
interface Answered extends FormReply, FormListReply, FormPreviewReply {
  status: number
  error: { fields: Record<string, string[]> }
}

const NO_OPERATIONS = new URL('data:text/javascript,export const operations = {}')
const DAY = 86_400_000
const NOBODY = { userId: null }

let relay: FakeRelay
let judge: Server
/** What the provider of the captcha was asked. */
const judged: string[] = []

beforeAll(async () => {
  relay = await startFakeRelay({ plain: true })
  judge = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    judged.push(body)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ success: body.includes('response=person') }))
  })
  await new Promise<void>(done => judge.listen(0, '127.0.0.1', done))
})
afterAll(async () => {
  judge.close()
  await relay.close()
})

eachEngine('public pages', engine => {
  let storage: Storage
  let secrets: Secrets
  let server: HttpServer
  let base: string
  let workspaceId: number
  let token: string
  let other: number
  let door: PublicDoor
  let mute: HttpServer
  let muteBase: string
  const ends: (() => Promise<unknown>)[] = []

  beforeAll(async () => {
    storage = await openStorage(parseLocation(await engine.freshUrl()), NO_OPERATIONS, error => {
      throw error
    })
    secrets = openSecrets({ dataDir: engine.freshDataDir(), secretKey: '' })
    const owner = await makeFirstOwner(storage.write, { email: 'ann@example.com', password: '' })
    if (owner === undefined) throw new Error('somebody was here already')
    workspaceId = owner.workspace.id
    token = owner.userToken
    await createField(storage.write, workspaceId, { label: 'City', kind: 'text' })
    other = (await createWorkspace(storage.write, 'Others')).id
    const log = createLog({ level: 'silent', human: false, write: () => {} })
    const publicUrl = 'http://news.example'
    const mailOut = openMailOut({
      settings: {
        relayUrl: relayServer(`smtp://relay:secret@127.0.0.1:${relay.port}?starttls=off`),
        smtpHost: 'localhost',
        forwardDomain: '',
        sandboxDomain: 'inbox.localhost',
        forwardName: '',
        publicUrl,
        dns: [],
      },
      log,
      storage,
      ended: () => {},
    })
    door = {
      storage,
      secrets,
      log,
      publicUrl,
      sendLetter: mailOut.wayOut.systemMail,
      mails: true,
      guard: createGuard('allow'),
      sending: { stop: async () => {} } as never,
      compiler: {} as never,
      bounceDomain: '',
      answersAfterMs: 0,
      captchaAt: { turnstile: `http://127.0.0.1:${(judge.address() as AddressInfo).port}/` },
    }
    const open = (given: PublicDoor) => {
      // The addresses that the tests come from are what the rate limits count by.
      const http = createHttpServer({
        log,
        metrics: new Metrics(),
        maxBodySize: 1_000_000,
        trustedProxies: ['127.0.0.1'],
      })
      http.mount(posthornApi(new Callers({ storage, secrets, publicUrl, loopback: true })), app =>
        formsRoutes(app, given),
      )
      const pages = publicPages(http.app, given)
      ends.push(
        () => http.close(0),
        () => pages.close(),
      )
      return http
    }
    server = open(door)
    mute = open({ ...door, mails: false, sendLetter: async () => false })
    base = `http://127.0.0.1:${await server.listen('127.0.0.1', 0)}`
    muteBase = `http://127.0.0.1:${await mute.listen('127.0.0.1', 0)}`
    ends.push(() => mailOut.close(0))
  })
  beforeEach(() => {
    relay.mail.length = 0
  })
  afterAll(async () => {
    for (const end of ends) await end()
    await storage.close()
  })

  const aForm = (settings: Partial<StoredSettings> = {}, at = workspaceId): Promise<Form> =>
    createForm(storage.write, at, { name: 'Letter', settings: { ...NEW_FORM, ...settings } })
  const aTag = (name: string) => createTag(storage.write, workspaceId, name)
  const person = async (email: string) => {
    const found = await subscriberByEmail(storage.read, workspaceId, email)
    if (found === undefined) throw new Error(`nobody is ${email}`)
    return found
  }
  const kinds = async (email: string) =>
    (await eventsOf(storage.read, (await person(email)).id, { limit: 50 }))
      .map(({ kind }) => kind)
      .toReversed()
  const tagNames = async (email: string) => {
    const { id } = await person(email)
    return (await tagsOf(storage.read, [id])).get(id)?.map(({ name }) => name)
  }
  let visitor = 0
  /** From an address that nobody else has. */
  const post = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(base + path, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        accept: 'text/html',
        'x-forwarded-for': `10.0.${visitor >> 8}.${visitor++ & 255}`,
        ...headers,
      },
      body: new URLSearchParams(fields),
    })
  const signUp = (form: Form, email: string, more: Record<string, string> = {}) =>
    post(`/subscriptions/forms/${form.public_id}`, { email, ...more })
  const letters = async (count: number) => {
    await vi.waitFor(() => expect(relay.mail).toHaveLength(count), 10_000)
    return Promise.all(relay.mail.map(({ bytes }) => simpleParser(bytes)))
  }
  const linkIn = (text: string | undefined) =>
    /http:\/\/news\.example(\/subscriptions\/\S+)/.exec(text ?? '')?.[1] ?? ''

  it('takes a person from the form over the mail to the list', async () => {
    await changeAudienceSettings(storage.write, workspaceId, { public_name: 'Fern & Co', colour: '#ffcc00' })
    const tag = await aTag('From the form')
    const consent = 'I want <mail>'
    const form = await aForm({
      consent,
      tag_ids: [tag.id],
      ask: [
        { key: 'first_name', label: '', required: true },
        { key: 'field:city', label: 'Where?', required: false },
      ],
    })
    const page = await (await fetch(`${base}/subscriptions/forms/${form.public_id}`)).text()
    expect(page).toContain('Sign up for Fern &amp; Co')
    expect(page).toContain('I want &lt;mail&gt;')
    expect(page).not.toContain('<script')

    const email = 'Eve@Example.com'
    const missing = await signUp(form, email)
    expect(missing.status).toBe(422)
    expect(await missing.text()).toContain('value="Eve@Example.com"')
    const more = { first_name: 'Eve', 'fields[city]': 'Riga', consent: 'yes' }
    expect((await signUp(form, email, more)).status).toBe(200)
    expect(await person(email)).toMatchObject({ status: 'pending', source: 'form', first_name: 'Eve' })
    expect(await tagNames(email)).toEqual([])
    const [letter] = await letters(1)
    expect(letter).toMatchObject({ subject: 'Please confirm: mail from Fern & Co' })
    expect(letter?.from?.value[0]?.name).toBe('Fern & Co')
    expect(letter?.html).toContain('background:#ffcc00;color:#000000')

    const link = linkIn(letter?.text)
    expect(link).toMatch(/^\/subscriptions\/confirm\//)
    // Whatever opens every link of a mail confirms nothing.
    for (const method of ['GET', 'HEAD', 'GET'])
      expect((await fetch(base + link, { method })).status).toBe(200)
    expect((await person(email)).status).toBe('pending')
    const confirmed = await post(link, {})
    expect(await confirmed.text()).toContain('Confirmed')
    expect(await person(email)).toMatchObject({
      status: 'subscribed',
      fields: expect.stringContaining('Riga'),
    })
    expect(await tagNames(email)).toEqual(['From the form'])
    expect(await (await fetch(base + link)).text()).toContain('Confirmed already')
    expect(await (await post(link, {})).text()).toContain('Fern &amp; Co')
    expect(await kinds(email)).toEqual(['signed_up', 'confirmation_sent', 'status', 'confirmed', 'tagged'])
    const events = await eventsOf(storage.read, (await person(email)).id, { limit: 50 })
    expect(events.find(({ kind }) => kind === 'signed_up')?.detail).toMatchObject({
      form: 'Letter',
      consent,
      address: expect.stringMatching(/^10\.0\./),
    })
    expect(await formById(storage.read, workspaceId, form.id)).toMatchObject({
      signed_up_count: 1,
      confirmed_count: 1,
    })
  })

  it('says the same, byte for byte, whoever is signed up', async () => {
    const form = await aForm()
    await signUp(form, 'pending@example.com')
    for (const status of ['subscribed', 'unsubscribed', 'bounced', 'complained'] as const) {
      await signUp(form, `${status}@example.com`)
      const known = await person(`${status}@example.com`)
      await storage.write.transaction().execute(trx => setStatus(trx, known, status, null, NOBODY))
    }
    const listed = ['listed@example.com', 'blocked.example'].flatMap(text => targetIn(text) ?? [])
    await addSuppressions(storage.write, workspaceId, listed, { reason: 'complaint', evidence: '' }, NOBODY)
    await letters(5)
    relay.mail.length = 0

    const whole = async (email: string, json: boolean) => {
      const accept = json ? 'application/json' : 'text/html'
      const reply = await post(`/subscriptions/forms/${form.public_id}`, { email }, { accept })
      const headers = [...reply.headers].filter(([name]) => name !== 'date')
      return JSON.stringify([reply.status, headers, await reply.text()])
    }
    for (const json of [false, true]) {
      const fresh = await whole(`fresh${json}@example.com`, json)
      expect(fresh).toContain(json ? '{\\"status\\":\\"pending\\"}' : 'check your mail')
      for (const name of ['pending', 'subscribed', 'unsubscribed', 'bounced', 'complained', 'listed'])
        expect(await whole(`${name}@example.com`, json)).toBe(fresh)
      expect(await whole('anybody@blocked.example', json)).toBe(fresh)
    }
    expect(await subscriberByEmail(storage.read, workspaceId, 'anybody@blocked.example')).toBeUndefined()
    const subjects = (await letters(8)).map(
      ({ subject = '', to }) => `${[to].flat()[0]?.text} ${subject.slice(0, 6)}`,
    )
    expect(subjects.toSorted()).toEqual([
      'freshfalse@example.com Please',
      'freshtrue@example.com Please',
      ...Array(2).fill('pending@example.com Please'),
      ...Array(2).fill('subscribed@example.com Your p'),
      ...Array(2).fill('unsubscribed@example.com Please'),
    ])
    // They said that they want no mail, and have not said otherwise yet.
    expect((await person('unsubscribed@example.com')).status).toBe('unsubscribed')
  })

  it('brings somebody back, or gives them the tags of another form, once they confirm', async () => {
    const form = await aForm({ double_opt_in: false })
    const tag = await aTag('Second')
    const second = await aForm({ tag_ids: [tag.id] })
    await signUp(form, 'back@example.com')
    expect((await person('back@example.com')).status).toBe('subscribed')
    await signUp(second, 'back@example.com')
    const [asking] = await letters(1)
    expect(await tagNames('back@example.com')).toEqual([])
    await post(linkIn(asking?.text), {})
    expect(await tagNames('back@example.com')).toEqual(['Second'])

    await storage.write
      .transaction()
      .execute(async trx => setStatus(trx, await person('back@example.com'), 'unsubscribed', null, NOBODY))
    // Also where the form itself asks for no confirmation: anybody could bring them back otherwise.
    await signUp(form, 'back@example.com')
    const [, again] = await letters(2)
    expect((await person('back@example.com')).status).toBe('unsubscribed')
    // The old link has done its work, and does no more.
    expect(await (await post(linkIn(asking?.text), {})).text()).toContain('does not write')
    await post(linkIn(again?.text), {})
    expect((await person('back@example.com')).status).toBe('subscribed')
  })

  it('sends one address no more than three letters in an hour', async () => {
    const form = await aForm()
    for (let n = 0; n < 6; n++) expect((await signUp(form, 'often@example.com')).status).toBe(200)
    await signUp(form, 'last@example.com')
    const to = (await letters(4)).map(mail => [mail.to].flat()[0]?.text)
    expect(to.filter(address => address === 'often@example.com')).toHaveLength(3)
  })

  it('refuses links that were changed, are of somebody else, or too old', async () => {
    const form = await aForm()
    await signUp(form, 'first@example.com')
    await signUp(form, 'second@example.com')
    const [first, second] = await Promise.all([person('first@example.com'), person('second@example.com')])
    const links = (await letters(2)).map(({ text }) => linkIn(text))
    const [, id, signUpId, at, signature] = /confirm\/(\d+)\.(\d+)\.(\d+)\.(.+)$/.exec(links[0] ?? '') ?? []
    const swapped = links[0]?.includes(`/${first.id}.`) ? second.id : first.id
    for (const path of [
      `confirm/${swapped}.${signUpId}.${at}.${signature}`,
      `confirm/${id}.${Number(signUpId) + 1}.${at}.${signature}`,
      `confirm/${id}.${signUpId}.${Number(at) + 1}.${signature}`,
      `confirm/${id}.${signUpId}.${at}.${signature?.slice(0, -1)}`,
      `preferences/${id}.${signUpId}.${at}.${signature}`,
      `confirm/${preferencesToken(secrets, first)}`,
      `confirm/${id}`,
      'confirm',
      'forms/unknown',
      'forms/abcdefghijkl',
    ])
      for (const method of ['GET', ...(path.includes('/') ? ['POST'] : [])]) {
        const reply = await fetch(`${base}/subscriptions/${path}`, {
          method,
          headers: { accept: 'text/html' },
        })
        expect([path, method, reply.status]).toEqual([path, method, 404])
        expect(await reply.text()).toContain('This page is not here')
      }
    // A new address is another person.
    const mine = preferencesToken(secrets, first)
    await storage.write
      .updateTable('subscribers')
      .set({ email: 'third@example.com', email_key: 'third@example.com' })
      .where('id', '=', first.id)
      .execute()
    expect((await fetch(`${base}/subscriptions/preferences/${mine}`)).status).toBe(404)

    const [event] = (await eventsOf(storage.read, second.id, { limit: 9 })).filter(
      e => e.kind === 'signed_up',
    )
    const old = `/subscriptions/confirm/${confirmToken(secrets, second, event?.id ?? 0, Date.now() - 8 * DAY)}`
    const expired = await fetch(base + old)
    expect(expired.status).toBe(410)
    expect((await post(old, {})).status).toBe(410)
    expect((await person('second@example.com')).status).toBe('pending')
    relay.mail.length = 0
    expect((await post(old, { action: 'again' })).status).toBe(200)
    const [renewed] = await letters(1)
    await post(linkIn(renewed?.text), {})
    expect((await person('second@example.com')).status).toBe('subscribed')
  })

  it('keeps two workspaces apart', async () => {
    const here = await aForm()
    const there = await aForm({}, other)
    await signUp(here, 'both@example.com')
    await signUp(there, 'both@example.com')
    const mine = await person('both@example.com')
    const theirs = await subscriberByEmail(storage.read, other, 'both@example.com')
    expect(theirs?.id).not.toBe(mine.id)
    await storage.write.transaction().execute(trx => setStatus(trx, mine, 'complained', 'complaint', NOBODY))
    const mails = await letters(2)
    for (const { text } of mails) await post(linkIn(text), {})
    expect((await person('both@example.com')).status).toBe('complained')
    expect((await subscriberByEmail(storage.read, other, 'both@example.com'))?.status).toBe('subscribed')
    const api = (path: string, init: RequestInit = {}) =>
      fetch(`${base}/api/posthorn${path}`, { ...init, headers: { 'api-token': token } })
    expect((await api(`/forms/${here.id}`)).status).toBe(200)
    for (const method of ['GET', 'DELETE'])
      expect((await api(`/forms/${there.id}`, { method })).status).toBe(404)
  })

  it('shows people what is known of them, and does what they say', async () => {
    const form = await aForm({
      ask: [{ key: 'field:city', label: '', required: true }],
      double_opt_in: false,
    })
    await signUp(form, 'prefs@example.com', { 'fields[city]': '<Riga>' })
    const link = `/subscriptions/preferences/${preferencesToken(secrets, await person('prefs@example.com'))}`
    const page = await (
      await fetch(base + link, { headers: { 'accept-language': 'de-AT, en;q=0.5' } })
    ).text()
    expect(page).toContain('lang="de"')
    expect(page).toContain('Ihre Einstellungen')
    expect(page).toContain('value="&lt;Riga&gt;"')
    const saved = await post(link, { action: 'save', first_name: 'Paul', 'fields[city]': '' })
    expect(await saved.text()).toContain('Saved.')
    expect(await person('prefs@example.com')).toMatchObject({ first_name: 'Paul', fields: '{}' })
    await post(link, { action: 'unsubscribe' })
    expect(await person('prefs@example.com')).toMatchObject({
      status: 'unsubscribed',
      status_reason: 'by_subscriber',
    })
    await post(link, { action: 'resubscribe' })
    expect(await kinds('prefs@example.com')).toEqual(['signed_up', 'preferences_changed', 'status', 'status'])
    expect((await post(link, { action: 'elsewise' })).status).toBe(400)
    expect((await post(link, { first_name: 'x'.repeat(256), action: 'save' })).status).toBe(422)
    // A link that is too old shows nothing of them any more, and still lets them go.
    const old = preferencesToken(secrets, await person('prefs@example.com'), Date.now() - 366 * DAY)
    const expired = await fetch(`${base}/subscriptions/preferences/${old}`)
    expect(expired.status).toBe(410)
    expect(await expired.text()).not.toContain('prefs@example.com')
    expect((await post(`/subscriptions/preferences/${old}`, { action: 'save' })).status).toBe(410)
    const gone = await post(`/subscriptions/preferences/${old}`, { action: 'unsubscribe' })
    expect(await gone.text()).not.toContain('prefs@example.com')
    expect((await person('prefs@example.com')).status).toBe('unsubscribed')
    relay.mail.length = 0
    await post(`/subscriptions/preferences/${old}`, { action: 'again' })
    const [renewed] = await letters(1)
    expect(linkIn(renewed?.text)).toMatch(/preferences/)
    await storage.write
      .transaction()
      .execute(async trx => setStatus(trx, await person('prefs@example.com'), 'complained', null, NOBODY))
    expect(await (await post(link, { action: 'resubscribe' })).text()).toContain('cannot be subscribed')
  })

  it('answers scripts of the pages that a form allows, and of no others', async () => {
    const form = await aForm({ allowed_origins: ['https://shop.example'] })
    const url = `${base}/subscriptions/forms/${form.public_id}`
    const send = (origin: string, body: unknown, ip: string) =>
      fetch(url, {
        method: 'POST',
        headers: { origin, 'content-type': 'application/json', 'x-forwarded-for': ip },
        body: JSON.stringify(body),
      })
    const preflight = await fetch(url, {
      method: 'OPTIONS',
      headers: { origin: 'https://shop.example', 'access-control-request-method': 'POST' },
    })
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([
      204,
      'https://shop.example',
    ])
    const taken = await send('https://shop.example', { email: 'script@example.com' }, '10.1.0.1')
    expect(taken.headers.get('access-control-allow-origin')).toBe('https://shop.example')
    expect(await taken.json()).toEqual({ status: 'pending' })
    const wrong = await send('https://shop.example', { email: 'nobody' }, '10.1.0.2')
    expect([wrong.status, await wrong.json()]).toEqual([
      422,
      { errors: { email: ['This is not an e-mail address.'] } },
    ])
    for (const origin of ['https://evil.example', 'null']) {
      const refused = await send(origin, { email: 'evil@example.com' }, '10.1.0.3')
      expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([403, null])
    }
    expect(await subscriberByEmail(storage.read, workspaceId, 'evil@example.com')).toBeUndefined()
    // A plain form posts from anywhere: nobody reads the answer but the person.
    expect(
      (await post(new URL(url).pathname, { email: 'plain@example.com' }, { origin: 'https://evil.example' }))
        .status,
    ).toBe(200)
    await letters(2)

    const script = await fetch(`${base}/subscriptions/embed.js`)
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect((await script.text()).length).toBeLessThan(3_000)
  })

  it('lets machines in no further than the form', async () => {
    const form = await aForm()
    const page = await (await fetch(`${base}/subscriptions/forms/${form.public_id}`)).text()
    const shownAt = /name="shown_at" value="([^"]+)"/.exec(page)?.[1] ?? ''
    const trapped = await signUp(form, 'bot@example.com', { reference: 'x' })
    expect(await trapped.text()).toContain('check your mail')
    for (const shown_at of [shownAt, '1.forged']) {
      const quick = await signUp(form, 'bot@example.com', { shown_at })
      expect([quick.status, await quick.text()]).toEqual([422, expect.stringContaining('very quick')])
    }
    expect(await subscriberByEmail(storage.read, workspaceId, 'bot@example.com')).toBeUndefined()
    await vi.waitFor(
      async () => expect((await signUp(form, 'slow@example.com', { shown_at: shownAt })).status).toBe(200),
      {
        timeout: 5_000,
        interval: 250,
      },
    )
    const large = await signUp(form, 'large@example.com', { first_name: 'x'.repeat(70_000) })
    expect([large.status, await large.text()]).toEqual([413, expect.stringContaining('could not be read')])

    const flood = () =>
      post(`/subscriptions/forms/${form.public_id}`, { email: 'nobody' }, { 'x-forwarded-for': '10.9.9.9' })
    for (let n = 0; n < 20; n++) expect((await flood()).status).toBe(422)
    const slowed = await flood()
    expect([slowed.status, Number(slowed.headers.get('retry-after')) > 0]).toEqual([429, true])
    // Over all forms of the server.
    const another = await aForm({}, other)
    expect(
      (
        await post(
          `/subscriptions/forms/${another.public_id}`,
          { email: 'a@b.example' },
          { 'x-forwarded-for': '10.9.9.9' },
        )
      ).status,
    ).toBe(429)
  })

  it('asks the provider of a captcha, and lets nobody in when it does not know', async () => {
    const captcha = { kind: 'turnstile' as const, site_key: 'site', secret: secrets.seal('hush') }
    const form = await aForm({ captcha })
    const page = await fetch(`${base}/subscriptions/forms/${form.public_id}`)
    expect(page.headers.get('content-security-policy')).toContain(
      'script-src https://challenges.cloudflare.com',
    )
    expect(await page.text()).toContain('data-sitekey="site"')
    judged.length = 0
    expect((await signUp(form, 'robot@example.com')).status).toBe(422)
    expect((await signUp(form, 'robot@example.com', { 'cf-turnstile-response': 'robot' })).status).toBe(422)
    expect((await signUp(form, 'human@example.com', { 'cf-turnstile-response': 'person' })).status).toBe(200)
    expect(judged).toEqual([
      expect.stringMatching(/^secret=hush&response=robot&remoteip=10\./),
      expect.stringContaining('response=person'),
    ])
    expect(await subscriberByEmail(storage.read, workspaceId, 'robot@example.com')).toBeUndefined()
    await letters(1)
  })

  it('shows its pages to nobody who could misuse them', async () => {
    const form = await aForm({
      allowed_origins: ['https://shop.example'],
      redirect_url: 'https://shop.example/thanks',
    })
    const path = `/subscriptions/forms/${form.public_id}`
    const { headers } = await fetch(base + path)
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
    })
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; .*style-src 'sha256-[^']+'; form-action 'self' https:\/\/shop\.example; frame-ancestors 'none'$/,
    )
    expect(headers.get('set-cookie')).toBeNull()
    const framed = await fetch(`${base}${path}?embed=1`)
    expect(framed.headers.get('content-security-policy')).toContain(
      `frame-ancestors 'self' https://shop.example`,
    )
    expect(framed.headers.get('x-frame-options')).toBeNull()
    const sent = await signUp(form, 'away@example.com')
    expect([sent.status, sent.headers.get('location')]).toEqual([303, 'https://shop.example/thanks'])
    await letters(1)
  })

  it('takes nobody where a confirmation could not be sent', async () => {
    const form = await aForm()
    const open = await aForm({ double_opt_in: false })
    const at = (id: string, init?: RequestInit) => fetch(`${muteBase}/subscriptions/forms/${id}`, init)
    const body = () => new URLSearchParams({ email: 'lost@example.com' })
    const page = await at(form.public_id)
    expect([page.status, await page.text()]).toEqual([503, expect.stringContaining('not possible just now')])
    expect((await at(form.public_id, { method: 'POST', body: body() })).status).toBe(503)
    expect(await subscriberByEmail(storage.read, workspaceId, 'lost@example.com')).toBeUndefined()
    expect((await at(open.public_id, { method: 'POST', body: body() })).status).toBe(200)
    expect((await person('lost@example.com')).status).toBe('subscribed')
  })

  it('forgets who did not confirm in thirty days', async () => {
    const form = await aForm()
    await signUp(form, 'forgotten@example.com')
    await signUp(form, 'kept@example.com')
    await storage.write
      .transaction()
      .execute(async trx => setStatus(trx, await person('kept@example.com'), 'subscribed', null, NOBODY))
    await letters(2)
    const soon = forgetUnconfirmed({ storage, onError: () => {}, now: () => Date.now() + 29 * DAY })
    await soon.close()
    expect((await person('forgotten@example.com')).status).toBe('pending')
    const later = forgetUnconfirmed({ storage, onError: () => {}, now: () => Date.now() + 31 * DAY })
    await later.sweep()
    await later.close()
    expect(await subscriberByEmail(storage.read, workspaceId, 'forgotten@example.com')).toBeUndefined()
    expect((await person('kept@example.com')).status).toBe('subscribed')
  })

  it('keeps forms by its API, with secrets that never come back', async () => {
    const api = async (method: string, path: string, body?: unknown) => {
      const reply = await fetch(`${base}/api/posthorn${path}`, {
        method,
        headers: { 'api-token': token, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      return { status: reply.status, ...((await reply.json()) as object) } as Answered
    }
    const captcha = { kind: 'hcaptcha', site_key: 'site', secret: 'hush' }
    const made = await api('POST', '/forms', { name: 'New', settings: { title: 'Hello', captcha } })
    expect(made.form).toMatchObject({
      name: 'New',
      url: expect.stringMatching(/^http:\/\/news\.example\/subscriptions\/forms\/[\w-]{12}$/),
      settings: { title: 'Hello', double_opt_in: true, captcha: { ...captcha, secret: '********' } },
      counts: { shown: 0, signed_up: 0, confirmed: 0 },
    })
    expect(made.form.embed.html).toMatch(/^<form method="post" action="http:\/\/news\.example\//)
    expect(made.form.embed.script).toContain('/subscriptions/embed.js')
    const { id, settings } = made.form
    const changed = await api('PATCH', `/forms/${id}`, { settings: { ...settings, title: '' } })
    expect(changed.form.settings).toEqual({ ...settings, title: '' })
    const stored = await formById(storage.read, workspaceId, id)
    expect(secrets.open(stored?.settings.captcha.secret ?? '')).toBe('hush')
    const wrong = await api('POST', '/forms', {
      name: 'x',
      settings: {
        tag_ids: [999_999],
        ask: [{ key: 'field:none', label: '', required: true }],
        redirect_url: 'javascript:alert(1)',
        allowed_origins: ['https://shop.example;sandbox'],
        captcha: { kind: 'recaptcha', site_key: '', secret: '' },
      },
    })
    expect([wrong.status, Object.keys(wrong.error.fields).toSorted()]).toEqual([
      422,
      ['allowed_origins', 'ask', 'redirect_url', 'secret', 'site_key', 'tag_ids'],
    ])
    const preview = await api('POST', '/forms/preview', { settings: { ...settings, title: '<b>' } })
    expect(preview.html).toContain('<h1>&lt;b&gt;</h1>')
    expect((await api('DELETE', `/forms/${id}`)).status).toBe(200)
    expect((await api('GET', '/forms')).forms.map(form => form.id)).not.toContain(id)
  })
})
