// What DNS says of a domain, asked of a name server on loopback.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FakeDns, startFakeDns } from '../../../test/fake-dns.ts'
import { dnsRecords } from '../../dns-records.ts'
import { checkDomain } from './domain-check.ts'
import type { DomainDns } from './domain-dns.ts'
import { recordsOf, stringsOf } from './domain-records.ts'
import type { SendingDomain } from './sending-domains.ts'

const setting = { smtpHost: 'mx.news.example', bounceDomain: 'bounces.news.example' }
const sending = { domain: 'news.example', selector: 's1', rsa_public: 'R'.repeat(392), ed25519_public: 'E=' }
const records = recordsOf(sending as SendingDomain, setting)
const ADDRESS = '192.0.2.7'
const REVERSED = '7.2.0.192.in-addr.arpa'
const RSA = 's1._domainkey.news.example'
const ED25519 = 's1e._domainkey.news.example'

let server: FakeDns
let dns: DomainDns
beforeAll(async () => {
  server = await startFakeDns()
  dns = dnsRecords([server.address], 100)
})
afterAll(() => server.close())
beforeEach(() => {
  for (const kind of ['txt', 'a', 'mx', 'ptr'] as const) server[kind].clear()
  server.silent.clear()
})

async function findings() {
  const found = await checkDomain(dns, 'news.example', records, setting)
  return Object.fromEntries(found.map(finding => [finding.purpose, finding]))
}

function setAll() {
  for (const { type, host, value } of records) {
    if (type === 'TXT') server.txt.set(host, [value])
    if (type === 'MX') server.mx.set(host, [setting.smtpHost])
  }
  server.a.set(setting.smtpHost, [ADDRESS])
  server.ptr.set(REVERSED, [setting.smtpHost])
}

it('finds everything in place where the records are set as shown', async () => {
  setAll()
  const found = await findings()
  expect(Object.values(found).map(({ state }) => state)).toEqual(Array(6).fill('ok'))
  expect(found.ptr?.found).toEqual([`${ADDRESS} ${setting.smtpHost}`])
  // One string of DNS holds 255 bytes.
  expect(stringsOf(records[0]?.value ?? '').map(({ length }) => length)).toEqual([255, 155])
})

it('says what is missing where nothing is set', async () => {
  const found = await findings()
  expect(Object.values(found).map(({ state }) => state)).toEqual(Array(6).fill('missing'))
  expect(found.spf?.advice).toContain('v=spf1 a:mx.news.example ~all')
})

it('knows nothing where no name server answers', async () => {
  server.silent.add('example')
  const found = await findings()
  expect(Object.values(found).map(({ state }) => state)).toEqual(Array(6).fill('unknown'))
})

describe('DKIM', () => {
  it.for([
    ['ok', [`v=DKIM1; k=rsa; h=sha1:sha256; p= ${'R'.repeat(200)} ${'R'.repeat(192)} `]],
    ['ok', [`p=${'R'.repeat(392)}`]],
    ['wrong', ['v=DKIM1; k=rsa; p=other']],
    ['wrong', ['v=DKIM1; p=']],
    ['wrong', [`v=DKIM1; k=ed25519; p=${'R'.repeat(392)}`]],
    ['wrong', [`v=DKIM1; h=sha1; p=${'R'.repeat(392)}`]],
    ['wrong', ['something else']],
    ['wrong', [`p=${'R'.repeat(392)}`, 'p=']],
  ] as const)('is %s with %s', async ([state, values]) => {
    server.txt.set(RSA, [...values])
    server.txt.set(ED25519, ['v=DKIM1; k=ed25519; p=E='])
    const found = await findings()
    expect(found.dkim_rsa).toMatchObject({ state, found: values })
    expect(found.dkim_ed25519).toMatchObject({ state: 'ok' })
  })
})

describe('SPF', () => {
  const chain = (length: number) => {
    for (let i = 1; i <= length; i++)
      server.txt.set(`s${i}.example`, [
        `v=spf1 ${i < length ? `include:s${i + 1}.example` : 'ip4:192.0.2.1'} ~all`,
      ])
  }
  it.for([
    [
      'ok',
      'needs 3 of 10',
      ['another', 'v=spf1 a MX include:s1.example ip4:192.0.2.0/24 exp=x.example -all'],
    ],
    ['ok', 'needs 10 of 10', ['v=spf1 a mx a:x.example exists:%{i}.x.example include:s1.example -all'], 6],
    ['wrong', 'more than 10 lookups', ['v=spf1 a mx a:x.example ptr include:s1.example -all'], 7],
    ['wrong', 'more than 10 lookups', ['v=spf1 include:bounces.news.example ~all']],
    ['ok', 'needs 0 of 10', ['v=spf1 ip6:2001:db8::/32 -all include:never.example redirect=never.example']],
    ['ok', 'needs 1 of 10', ['v=spf1 redirect=s1.example']],
    ['wrong', 'never.example has no SPF record', ['v=spf1 include:never.example ~all']],
    ['wrong', 'merge them', ['v=spf1 a ~all', 'v=spf1 mx ~all']],
    ['wrong', 'lets everybody', ['v=spf1 a all']],
    ['wrong', 'does not know', ['v=spf1 ipv4:192.0.2.1 ~all']],
    ['missing', 'v=spf1', ['v=spf10 a']],
  ] as const)('is %s, %s', async ([state, advice, values, length = 1]) => {
    chain(length)
    server.txt.set('bounces.news.example', [...values])
    expect((await findings()).spf).toMatchObject({ state, advice: expect.stringContaining(advice) })
  })
})

describe('DMARC', () => {
  const check = async (domain: string, bounceDomain = '') => {
    const own = { ...setting, bounceDomain }
    const found = await checkDomain(dns, domain, recordsOf({ ...sending, domain } as SendingDomain, own), own)
    return found.find(({ purpose }) => purpose === 'dmarc')
  }
  it('takes the policy of the organization where the domain has none', async () => {
    server.txt.set('_dmarc.example.com', ['v=DMARC1; p=reject; sp=quarantine'])
    const found = await check('a.news.example.com', 'bounces.example.com')
    expect(found).toMatchObject({
      state: 'ok',
      advice: 'It is valid, and mail that does not pass meets quarantine.',
    })
  })
  it.for([
    ['v=DMARC1; p=none', 'ok', 'once the reports'],
    ['v=DMARC1; p=reject; adkim=s', 'ok', 'exactly news.example'],
    ['v=DMARC1; p=reject; aspf=s', 'ok', 'all rests on DKIM'],
    ['v=DMARC1; p=everything', 'wrong', 'no valid policy'],
    ['v=DMARC1', 'wrong', 'no valid policy'],
  ])('%s is %s', async ([record, state, advice]) => {
    server.txt.set('_dmarc.news.example', [record ?? ''])
    const found = await check('news.example', 'bounces.news.example')
    expect(found).toMatchObject({ state, advice: expect.stringContaining(advice ?? '') })
  })
  it('says when SPF cannot count, and when there are two', async () => {
    server.txt.set('_dmarc.news.example', ['v=DMARC1; p=reject'])
    expect(await check('news.example', 'bounces.elsewhere.example')).toMatchObject({
      state: 'ok',
      advice: expect.stringContaining('all rests on DKIM'),
    })
    server.txt.set('_dmarc.news.example', ['v=DMARC1; p=reject', 'v=DMARC1; p=none'])
    expect(await check('news.example')).toMatchObject({ state: 'wrong' })
  })
})

it('lets bounces come by another name of this host, and says when they go elsewhere', async () => {
  setAll()
  server.mx.set('bounces.news.example', ['other.example'])
  server.a.set('other.example', ['192.0.2.99'])
  expect((await findings()).return_path).toMatchObject({ state: 'wrong', found: ['other.example'] })
  server.a.set('other.example', [ADDRESS])
  expect((await findings()).return_path).toMatchObject({ state: 'ok' })
  server.mx.set('bounces.news.example', [''])
  expect((await findings()).return_path).toMatchObject({ state: 'wrong' })
})

it('wants the name of the host to lead back to it', async () => {
  setAll()
  server.ptr.set(REVERSED, ['host-7.provider.example'])
  expect((await findings()).ptr).toMatchObject({
    state: 'wrong',
    found: [`${ADDRESS} host-7.provider.example`],
  })
  server.a.set('host-7.provider.example', [ADDRESS])
  expect((await findings()).ptr).toMatchObject({ state: 'ok' })
  const local = { smtpHost: 'localhost', bounceDomain: '' }
  const found = await checkDomain(dns, 'news.example', recordsOf(sending as SendingDomain, local), local)
  expect(found.map(({ purpose }) => purpose)).not.toContain('return_path')
  expect(found.at(-1)).toMatchObject({ purpose: 'ptr', state: 'unknown' })
})
