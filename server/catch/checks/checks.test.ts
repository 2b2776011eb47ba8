import { afterAll, beforeAll, expect, it } from 'vitest'
import { eachEngine } from '../../../test/engines.ts'
import { type FakeDns, startFakeDns } from '../../../test/fake-dns.ts'
import { type FakeSpamd, say, spamdReply, startFakeSpamd } from '../../../test/fake-spamd.ts'
import { type SandboxApi, startSandboxApi } from '../../../test/sandbox-api.ts'
import type {
  AnalyzeWire,
  BlacklistsCheck,
  HtmlCheck,
  MessageWire,
  SpamCheck,
  SpamReportWire,
} from '../api/wire.ts'
import { dnsLists, publicAddress } from './dns-lists.ts'

const html = (body: string) =>
  `From: App <app@shop.example>\r\nTo: ada@example.com\r\nSubject: Checks\r\nContent-Type: text/html\r\n\r\n${body}`
const UNCHECKED = {
  ResponseCode: 0,
  ResponseMessage: 'EX_OK',
  ResponseVersion: '1.1',
  Score: 0,
  Spam: false,
  Threshold: 5,
  Details: [],
}

let dns: FakeDns
beforeAll(async () => {
  dns = await startFakeDns()
})
afterAll(() => dns.close())

eachEngine('checks', engine => {
  let spamd: FakeSpamd
  let sandbox: SandboxApi
  beforeAll(async () => {
    spamd = await startFakeSpamd()
    sandbox = await startSandboxApi(engine, {
      checks: {
        spamd,
        blacklists: [
          { name: 'ONE', zone: 'one.test' },
          { name: 'TWO', zone: 'two.test' },
        ],
        nameServers: [dns.address],
      },
    })
  })
  afterAll(() => Promise.all([sandbox.close(), spamd.stop()]))

  const v1 = async <T>(id: number, what = '') =>
    (await sandbox.call('GET', `/api/v1/inboxes/${sandbox.inbox.id}/messages/${id}${what}`)).json as T
  const own = async <T>(id: number, what: string) =>
    (await sandbox.call('GET', `/api/posthorn/inboxes/${sandbox.inbox.id}/messages/${id}/checks/${what}`))
      .json as T
  const kept = async (id: number, ...kinds: ('spam' | 'html' | 'blacklists')[]) => {
    const rows = await sandbox.storage.read
      .selectFrom('message_reports')
      .select('kind')
      .where('message_id', '=', id)
      .where('kind', 'in', kinds)
      .execute()
    return rows.map(row => row.kind)
  }

  it('8.6: gives the report of spamd, asked once for all who ask', async () => {
    spamd.behave(say(spamdReply(12.5)))
    const id = await sandbox.keep(html('<p>Hi</p>'))
    const before = spamd.asked
    const [one, two] = await Promise.all([
      v1<SpamReportWire>(id, '/spam_report'),
      v1<SpamReportWire>(id, '/spam_report'),
    ])
    expect(two).toEqual(one)
    expect(one.report).toMatchObject({ ...UNCHECKED, Score: 12.5, Spam: true, Details: expect.any(Array) })
    expect(one.report.Details[1]).toEqual({
      Pts: '1.7',
      RuleName: 'HTML_IMAGE_ONLY_04',
      Description: 'BODY: HTML: images with 0-400 bytes of words',
    })
    expect(await own<SpamCheck>(id, 'spam')).toMatchObject({ available: true, score: 12.5, threshold: 5 })
    expect(spamd.asked - before).toBe(1)

    const xml = await sandbox.call(
      'GET',
      `/api/v1/inboxes/${sandbox.inbox.id}/messages/${id}/spam_report.xml`,
    )
    expect(xml.text).toContain('<Score type="float">12.5</Score>')
    expect(xml.text).toContain('<RuleName>GTUBE</RuleName>')
  })

  it('16: makes no score up when spamd fails, and asks again the next time', async () => {
    spamd.behave(say('SPAMD/1.0 75 EX_TEMPFAIL\r\n'))
    const id = await sandbox.keep(html('<p>Hi</p>'))
    expect((await v1<SpamReportWire>(id, '/spam_report')).report).toEqual(UNCHECKED)
    expect(await own(id, 'spam')).toEqual({
      available: false,
      reason: 'spamd answered EX_TEMPFAIL',
      configured: true,
    })
    expect(await kept(id, 'spam')).toEqual([])
    spamd.behave(say(spamdReply(1)))
    expect((await v1<SpamReportWire>(id, '/spam_report')).report.Score).toBe(1)
  })

  it('refuses those for whom it would take too long, while spamd hangs', async () => {
    const ids = await Promise.all(Array.from({ length: 106 }, () => sandbox.keep(html('<p>Hi</p>'))))
    const hanging: (() => void)[] = []
    spamd.behave(socket => void hanging.push(() => say(spamdReply(1))(socket)))
    const refused: SpamCheck[] = []
    const replies = ids.map(async id => {
      const check = await own<SpamCheck>(id, 'spam')
      if (!check.available) refused.push(check)
      return check
    })
    // Four are asked about, a hundred wait.
    await expect.poll(() => [hanging.length, refused.length], { timeout: 20_000 }).toEqual([4, 2])
    const reason = 'Too many messages are waiting for it'
    expect(refused[0]).toEqual({ available: false, reason, configured: true })
    spamd.behave(say(spamdReply(1)))
    for (const goOn of hanging) goOn()
    const all = await Promise.all(replies)
    expect(all.filter(({ available }) => available)).toHaveLength(104)
  })

  it('8.7: lists what is not supported, by line of the source, and keeps it', async () => {
    const id = await sandbox.keep(html('<style>\n.a { display: grid }\n</style>\n<video></video>\n'))
    const { report } = await v1<AnalyzeWire>(id, '/analyze')
    expect(report.status).toBe('success')
    const errors = report.status === 'success' ? report.errors : []
    expect(errors.map(error => error.error_line)).toEqual(
      errors.map(error => error.error_line).toSorted((a, b) => a - b),
    )
    const grid = errors.find(error => error.rule_name === 'display:grid')
    expect(Object.keys(grid ?? {})).toEqual(['error_line', 'rule_name', 'email_clients'])
    expect(grid?.error_line).toBe(2)
    expect(Object.keys(grid?.email_clients ?? {})).toEqual(['desktop', 'mobile', 'web'])
    expect(errors.find(error => error.rule_name === '<video> element')?.error_line).toBe(4)
    const first = await sandbox.call('GET', `/api/v1/inboxes/${sandbox.inbox.id}/messages/${id}/analyze`)
    expect(first.json).toEqual({ report })
    expect(await kept(id, 'html')).toEqual(['html'])

    const plain = await sandbox.keep('Subject: Plain\r\n\r\nHello\r\n')
    expect(await v1(plain, '/analyze')).toEqual({
      report: { status: 'error', msg: 'The message has no HTML part' },
    })
    expect(await own(plain, 'html')).toEqual({ available: true, has_html: false, rules: [], note: null })
  })

  it('looks through five megabytes beside everything else, and says where it stopped', async () => {
    const id = await sandbox.keep(html('<td style="display:flex;gap:1px">x</td>\n'.repeat(130_000)))
    const check = await own<HtmlCheck>(id, 'html')
    expect(check).toMatchObject({ available: true, note: expect.stringContaining('first 2 MB') })
    const { report } = await v1<AnalyzeWire>(id, '/analyze')
    expect(report).toMatchObject({ status: 'success', msg: expect.stringContaining('first 2 MB') })
  })

  it('8.5: says what the lists say, once they did, in the message and in the list of messages', async () => {
    dns.a.set('9.2.0.192.one.test', ['127.0.0.2'])
    const id = await sandbox.keep(html('<p>Hi</p>'), { arrival: { client_ip: '192.0.2.9' } })
    const done = {
      result: 'success',
      domain: 'shop.example',
      ip: '192.0.2.9',
      report: [
        { name: 'ONE', url: 'http://one.test', in_black_list: true },
        { name: 'TWO', url: 'http://two.test', in_black_list: false },
      ],
    }
    await expect
      .poll(async () => (await v1<MessageWire>(id)).blacklists_report_info, { timeout: 10_000 })
      .toEqual(done)
    const list = await sandbox.call('GET', `/api/v1/inboxes/${sandbox.inbox.id}/messages`)
    const [newest] = list.json as MessageWire[]
    expect(newest).toMatchObject({ id, blacklists_report_info: done })
    expect(await own<BlacklistsCheck>(id, 'blacklists')).toMatchObject({ state: 'done', ip: '192.0.2.9' })
    const again = dns.asked.length
    const next = await sandbox.keep(html('<p>Hi</p>'), { arrival: { client_ip: '192.0.2.9' } })
    expect(await own<BlacklistsCheck>(next, 'blacklists')).toMatchObject({ state: 'done' })
    expect(dns.asked).toHaveLength(again)
  })

  it('8.5: asks nobody about private addresses, and tells a failure from a yes', async () => {
    const asked = dns.asked.length
    const local = await sandbox.keep(html('<p>Hi</p>'), { arrival: { client_ip: '10.1.2.3' } })
    expect(await own(local, 'blacklists')).toEqual({ state: 'private' })
    expect((await v1<MessageWire>(local)).blacklists_report_info).toBe(false)
    expect(dns.asked).toHaveLength(asked)

    // What a list answers to a resolver it does not serve, and what name servers make up for names that are not.
    dns.a.set('10.2.0.192.one.test', ['127.255.255.254'])
    dns.a.set('10.2.0.192.two.test', ['198.51.100.1'])
    const id = await sandbox.keep(html('<p>Hi</p>'), { arrival: { client_ip: '192.0.2.10' } })
    expect(await own(id, 'blacklists')).toEqual({ state: 'error' })
    expect((await v1<MessageWire>(id)).blacklists_report_info).toEqual({ result: 'error' })
  })

  it('goes with the message, also when that is deleted while it is checked', async () => {
    const id = await sandbox.keep(html('<video></video>'))
    await own(id, 'html')
    const late = await sandbox.keep(html('<p>Hi</p>'))
    const hanging: (() => void)[] = []
    spamd.behave(socket => void hanging.push(() => say(spamdReply(1))(socket)))
    const reply = own<SpamCheck>(late, 'spam')
    await expect.poll(() => hanging.length, { timeout: 10_000 }).toBe(1)
    for (const gone of [id, late])
      await sandbox.call('DELETE', `/api/v1/inboxes/${sandbox.inbox.id}/messages/${gone}`)
    for (const goOn of hanging) goOn()
    expect(await reply).toMatchObject({ available: true })
    for (const gone of [id, late]) expect(await kept(gone, 'spam', 'html', 'blacklists')).toEqual([])
    const missing = `/api/posthorn/inboxes/${sandbox.inbox.id}/messages/${late}/checks/spam`
    expect((await sandbox.call('GET', missing)).status).toBe(404)
  })
})

it('looks an address up by its octets or nibbles, and leaves out a list that is silent', async () => {
  dns.silent.add('silent.test')
  const listed = `4.3.b.8.${'0.'.repeat(20)}8.b.d.0.1.0.0.2.one.test`
  dns.a.set(listed, ['127.0.0.2'])
  const lists = ['one', 'silent'].map(name => ({ name, zone: `${name}.test` }))
  const answers = await dnsLists(lists, [dns.address], 100).ask('2001:db8::8b34')
  expect([...answers.values()]).toEqual([true, undefined])
  expect(dns.asked).toContain(listed)
})

it('knows which addresses are of the open Internet', () => {
  const open = ['192.0.2.1', '2001:db8::1', '::ffff:192.0.2.1', '172.32.0.1']
  expect(open.map(publicAddress)).toEqual(['192.0.2.1', '2001:db8::1', '192.0.2.1', '172.32.0.1'])
  for (const closed of [
    '127.0.0.1',
    '10.0.0.1',
    '172.16.0.1',
    '169.254.1.1',
    '::1',
    'fe80::1%eth0',
    'fd00::1',
    '::ffff:10.0.0.1',
    '',
  ])
    expect(publicAddress(closed)).toBeUndefined()
})
