// Caught mail read back by the mail programs people have: the whole process, both engines.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eachEngine } from '../engines.ts'
import { LiveFeed } from '../live-feed.ts'
import { get, listAll } from '../mailbox.ts'
import { INBOX_PASSWORD, INBOX_USERNAME, type Posthorn, startPosthorn } from '../posthorn.ts'
import { SmtpSender } from '../smtp-sender.ts'
import { type Account, curl, fetchmail, poplib, type Tls } from './mail-readers.ts'

const ALL_TLS: Tls[] = ['in the clear', 'by STLS', 'by TLS from the first byte']

const BODY = 'Grüße 👋\r\n.a dot\r\n..\r\n.\r\n\r\nthe end  \r\n'
const letter = (subject: string) =>
  `Subject: ${subject}\r\nFrom: <app@shop.test>\r\nTo: <ann@x.test>\r\n\r\n${BODY}`

eachEngine('caught mail', engine => {
  let posthorn: Posthorn
  let feed: LiveFeed
  beforeAll(async () => {
    const databaseUrl = engine.name === 'PostgreSQL' ? await engine.freshUrl() : undefined
    posthorn = await startPosthorn({ ...(databaseUrl && { databaseUrl }) })
    feed = await LiveFeed.open(posthorn)
    await send('one', 'two')
  })
  afterAll(async () => {
    await feed?.close()
    await posthorn?.stop()
  })

  async function send(...subjects: string[]): Promise<void> {
    const sender = await SmtpSender.connected(posthorn.smtpPort)
    for (const subject of subjects) expect(await sender.sendOne(letter(subject))).toMatch(/^250/)
  }

  const account = (tls: Tls, mechanism?: string): Account => ({
    port: posthorn.pop3Port,
    username: INBOX_USERNAME,
    password: INBOX_PASSWORD,
    tls,
    mechanism,
  })

  it('is to be had at the ports the API names', async () => {
    const inbox = (await (await get(posthorn, '/api/v1/inboxes/1')).json()) as { pop3_ports: number[] }
    expect(inbox.pop3_ports).toEqual([posthorn.pop3Port])
    expect(await (await fetch(`${posthorn.url}/metrics`)).text()).toContain('\nposthorn_pop3_connections 0\n')
  })

  // At once: a plain client waits half a second for its greeting.
  const unasked = ALL_TLS.map(tls => [tls, undefined] as const)
  const mechanisms = ['PLAIN', 'LOGIN', 'CRAM-MD5', '+APOP'].map(name => ['in the clear', name] as const)
  it.concurrent.each([...unasked, ...mechanisms])('by curl, %s, %s', async (tls, mechanism) => {
    const ids = (await listAll(posthorn)).map(({ id }) => id).toReversed()
    expect(String(await curl(account(tls, mechanism), '', 'UIDL'))).toBe(`1 ${ids[0]}\r\n2 ${ids[1]}\r\n`)
    expect(String(await curl(account(tls, mechanism), '2'))).toBe(letter('two'))
  })

  it.concurrent.each(ALL_TLS.flatMap(tls => ['USER', 'APOP'].map(way => [tls, way] as const)))(
    "by Python's poplib, %s, %s",
    async (tls, way) => {
      const found = await poplib(account(tls, way))
      const bytes = ['one', 'two'].map(subject => Buffer.from(letter(subject)).toString('latin1'))
      expect(found).toMatchObject({
        messages: bytes,
        tops: bytes.map(text => text.slice(0, text.indexOf('\r\n\r\n') + 4)),
        sizes: bytes.map(({ length }) => length),
        octets: bytes.join('').length,
        uids: (await listAll(posthorn)).map(({ id }) => id).toReversed(),
      })
    },
  )

  it.concurrent('is refused to a wrong password', async () => {
    const byCurl = curl({ ...account('in the clear'), password: 'wrong' }, '')
    const byPoplib = poplib({ ...account('by STLS'), username: 'nobody' })
    await Promise.all([
      // 67: login denied
      expect(byCurl).rejects.toThrow('curl ended with 67'),
      expect(byPoplib).rejects.toThrow("error_proto: b'-ERR [AUTH] invalid login or password'"),
    ])
  })

  it('is gone, and seen to be gone, once it was deleted', async () => {
    const [two, one] = await listAll(posthorn)
    await poplib(account('in the clear'), [1])
    expect(await listAll(posthorn)).toEqual([two])
    await feed.next(({ event, data }) => event === 'inbox' && data.emails_count === 1)
    expect(one?.subject).toBe('one')
  })

  it.each([
    ['in the clear', 'APOP'],
    ['by STLS', 'cram-md5'],
    ['by TLS from the first byte', 'password'],
  ] as const)('is taken away by fetchmail, %s, %s', async (tls, mechanism) => {
    await send('for fetchmail')
    const fetched = await fetchmail(account(tls, mechanism))
    expect(fetched).toContain('Subject: for fetchmail\n')
    expect(fetched).toContain(Buffer.from(BODY).toString('latin1').replaceAll('\r\n', '\n'))
    expect(await listAll(posthorn)).toEqual([])
  })
})
