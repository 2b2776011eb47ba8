// Sending domains and settings through the door, on a whole server beside a name server on loopback.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eachEngine } from '../../../test/engines.ts'
import { type FakeDns, startFakeDns } from '../../../test/fake-dns.ts'
import { createPerson } from '../../accounts/people.ts'
import { openSecrets } from '../../accounts/secrets.ts'
import { createToken } from '../../accounts/tokens.ts'
import { assemble, type Running } from '../../assemble.ts'
import { databaseLocation, readSettings } from '../../config.ts'
import { createLog } from '../../log.ts'
import { DkimSigner } from '../../mail/dkim.ts'
import { openDatabase } from '../../storage/database.ts'
import type { Database } from '../../storage/schema.ts'
import { signingKeyFor } from '../domains/sending-domains.ts'
import type { SendingDomainWire, SendingSettingsWire } from './sending-domains-wire.ts'

interface Answer {
  domain: SendingDomainWire
  domains: SendingDomainWire[]
  settings: SendingSettingsWire
  error: { code: string; fields?: Record<string, string[]> }
}

const LOG = createLog({ level: 'error', human: false, write: line => process.stderr.write(line) })
const DEFAULTS = {
  ambiguous: 'ask',
  pause_failure_rate: 0.2,
  pause_complaint_rate: 0.003,
  undo_seconds: 0,
  soft_bounce_limit: 5,
}

let dns: FakeDns
beforeAll(async () => {
  dns = await startFakeDns()
})
afterAll(() => dns.close())

eachEngine('sending domains', engine => {
  let running: Running
  let db: Database
  let dataDir: string
  let owner: Awaited<ReturnType<typeof somebody>>

  beforeAll(async () => {
    const url = await engine.freshUrl()
    dataDir = engine.freshDataDir()
    const read = readSettings(
      {},
      {
        POSTHORN_DATA_DIR: dataDir,
        POSTHORN_DNS: dns.address,
        POSTHORN_SMTP_HOST: 'mx.news.example',
        POSTHORN_BOUNCE_DOMAIN: 'bounces.news.example',
        ...(url.startsWith('postgres') && { DATABASE_URL: url }),
      },
      dataDir,
    )
    const settings = { ...read, httpPort: 0, smtpPorts: [0], pop3Ports: [] }
    running = await assemble(settings, LOG)
    db = await openDatabase(databaseLocation(settings))
    owner = await somebody('owner')
  })
  afterAll(async () => {
    await running?.stop()
    await db?.destroy()
  })

  async function somebody(name: string) {
    const email = `${name}@example.com`
    const { user, workspace } = await createPerson(db, { name, email, password: null, workspaceName: name })
    const token = { kind: 'user', userId: user.id, workspaceId: null, description: '' } as const
    const { value } = await createToken(db, token)
    const call = async (method: string, path: string, body?: unknown) => {
      const response = await fetch(`http://127.0.0.1:${running.httpPort}/api/posthorn${path}`, {
        method,
        headers: {
          'api-token': value,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      return { status: response.status, ...((await response.json()) as Answer) }
    }
    return { workspaceId: workspace.id, call }
  }

  it('get two keys, are checked against DNS, and sign for what is below them', async () => {
    const made = await owner.call('POST', '/sending-domains', { domain: ' News.EXAMPLE. ' })
    expect(made.domain).toMatchObject({ domain: 'news.example', selector: 'posthorn', checked_at: null })
    const { id, records } = made.domain
    expect(records.map(({ purpose, host, state }) => [purpose, host, state])).toEqual([
      ['dkim_rsa', 'posthorn._domainkey.news.example', 'unknown'],
      ['dkim_ed25519', 'posthorne._domainkey.news.example', 'unknown'],
      ['spf', 'bounces.news.example', 'unknown'],
      ['dmarc', '_dmarc.news.example', 'unknown'],
      ['return_path', 'bounces.news.example', 'unknown'],
      ['ptr', 'mx.news.example', 'unknown'],
    ])
    expect(records[0]?.strings.join('')).toBe(records[0]?.value)
    expect(records[1]?.value).toMatch(/^v=DKIM1; k=ed25519; p=[\w+/]{43}=$/)

    for (const { type, host, value } of records) if (type === 'TXT') dns.txt.set(host, [value])
    const checked = (await owner.call('POST', `/sending-domains/${id}/check`)).domain
    expect(checked.records.map(({ state }) => state)).toEqual('ok ok ok ok missing missing'.split(' '))
    expect((await owner.call('GET', '/sending-domains')).domains).toEqual([checked])
    expect(checked.checked_at).not.toBeNull()

    const below = await owner.call('POST', '/sending-domains', { domain: 'a.b.news.example', selector: 'S2' })
    const secrets = openSecrets({ dataDir, secretKey: '' })
    const signing = (domain: string) => signingKeyFor(db, secrets, owner.workspaceId, domain)
    expect(await signing('x.a.b.News.Example')).toMatchObject({ domain: 'a.b.news.example', selector: 's2' })
    expect(await signing('b.news.example')).toMatchObject({ domain: 'news.example' })
    for (const other of ['othernews.example', 'example', '']) expect(await signing(other)).toBeNull()
    const key = await signing('news.example')
    const fields = await new DkimSigner(key ?? { domain: '', selector: '' }).sign(
      Buffer.from('From: a\r\n\r\n'),
    )
    expect(fields.toString().match(/a=\S+/g)).toEqual(['a=rsa-sha256;', 'a=ed25519-sha256;'])

    await owner.call('DELETE', `/sending-domains/${below.domain.id}`)
    expect(await signing('a.b.news.example')).toMatchObject({ domain: 'news.example' })
    const stranger = await somebody('stranger')
    expect(await signingKeyFor(db, secrets, stranger.workspaceId, 'news.example')).toBeNull()
    expect((await stranger.call('GET', '/sending-domains')).domains).toEqual([])
    expect(await stranger.call('DELETE', `/sending-domains/${id}`)).toMatchObject({ status: 404 })
  })

  it('are refused where they are none', async () => {
    const refused = async (body: object) =>
      (await owner.call('POST', '/sending-domains', body)).error.fields ?? {}
    for (const domain of [
      '',
      'localhost',
      'a b.example',
      '-a.example',
      'a..example',
      `${'a'.repeat(64)}.example`,
    ])
      expect(await refused({ domain }), domain).toHaveProperty('domain')
    for (const selector of ['', 'a.b', 'a_b', 7, 'a'.repeat(63)])
      expect(await refused({ domain: 'c.example', selector })).toHaveProperty('selector')
    await owner.call('POST', '/sending-domains', { domain: 'bücher.example' })
    expect(await refused({ domain: 'xn--bcher-kva.example' })).toEqual({ domain: ['is there already'] })
  })

  it('stand beside settings, which are changed one by one', async () => {
    expect((await owner.call('GET', '/sending-settings')).settings).toEqual(DEFAULTS)
    const changes = { ambiguous: 'retry', pause_failure_rate: 1, undo_seconds: 600, else: 1 }
    const changed = { ...DEFAULTS, ambiguous: 'retry', pause_failure_rate: 1, undo_seconds: 600 }
    expect((await owner.call('PATCH', '/sending-settings', changes)).settings).toEqual(changed)
    for (const [name, value] of [
      ['ambiguous', 'maybe'],
      ['pause_failure_rate', 1.1],
      ['pause_complaint_rate', '0.1'],
      ['undo_seconds', 1.5],
      ['soft_bounce_limit', 0],
    ] as const)
      expect(await owner.call('PATCH', '/sending-settings', { [name]: value })).toMatchObject({
        status: 422,
        error: { fields: { [name]: [expect.any(String)] } },
      })
    expect((await owner.call('GET', '/sending-settings')).settings).toEqual(changed)
  })
})
