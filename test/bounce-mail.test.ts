// What comes back by mail: over real SMTP, to the ledger and the audience (contract, sections 5.5 and 5.8).
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openSecrets } from '../server/accounts/secrets.ts'
import { createRates } from '../server/catch/rates.ts'
import { createSmtpDoor } from '../server/catch/smtp.ts'
import { createTrouble } from '../server/catch/trouble.ts'
import { createLog } from '../server/log.ts'
import { SmtpServer } from '../server/mail/smtp/server.ts'
import { subscriberById } from '../server/send/audience/subscribers.ts'
import { suppressionOf } from '../server/send/audience/suppressions.ts'
import { eventsOfDelivery } from '../server/send/deliveries/delivery-events.ts'
import { createBounceMail } from '../server/send/feedback/bounce-mail.ts'
import { DELIVERY_KEY, publicToken } from '../server/send/feedback/public-token.ts'
import { messageIdOf } from '../server/send/deliveries/message-id.ts'
import { mailboxToken } from '../server/send/mails/mail-pages.ts'
import { StorageFault } from '../server/storage/faults.ts'
import { eachEngine } from './engines.ts'
import { openSandbox, type Sandbox } from './sandbox.ts'
import { type SentMail, sentCampaign, sentMail } from './sent-mail.ts'
import { Dialogue } from './smtp-dialogue.ts'
import { SmtpSender } from './smtp-sender.ts'

const DOMAIN = 'bounces.example'

eachEngine('mail to the bounce domain', engine => {
  let sandbox: Sandbox
  let server: SmtpServer<never>
  let port: number
  let key: Buffer
  let campaignId: number
  /** Whom to hand nothing over to any more, with the status they had when that was said. */
  const stopped: [number, string | undefined][] = []
  /** Whether the storage fails. */
  let failing = false

  beforeAll(async () => {
    sandbox = await openSandbox(engine)
    const { storage, ingest, workspaceId } = sandbox
    const secrets = openSecrets({ dataDir: engine.freshDataDir(), secretKey: '' })
    key = secrets.key(DELIVERY_KEY)
    const log = createLog({ level: 'silent', human: false, write: () => {} })
    const unwell = {
      transaction() {
        if (failing) throw new StorageFault('unwell', 'disk I/O error', 'SQLITE_IOERR')
        return storage.write.transaction()
      },
    } as never
    server = new SmtpServer({
      hostname: 'mx.test',
      door: createSmtpDoor({
        storage,
        secrets,
        ingest,
        rates: createRates(undefined),
        trouble: createTrouble(log),
        anonymous: false,
        sandboxDomain: 'inbox.test',
        elsewhere: createBounceMail({
          storage: { read: storage.read, write: unwell },
          secrets,
          log,
          bounceDomain: DOMAIN,
          sending: {
            async stop({ subscriberIds = [] }) {
              for (const id of subscriberIds)
                stopped.push([id, (await subscriberById(storage.read, workspaceId, id))?.status])
            },
          },
        }),
      }),
      maxMessageSize: 1_000_000,
      spillDirectory: engine.freshDataDir(),
      onError: error => {
        throw error
      },
    }) as never
    port = (await server.listen('127.0.0.1', [0]))[0] ?? 0
    campaignId = await sentCampaign(storage.write, workspaceId)
  })
  afterAll(async () => {
    await server.close(0)
    await sandbox.storage.close()
  })

  const aMail = () => sentMail(sandbox.storage.write, sandbox.workspaceId, campaignId)
  const address = ({ delivery: { id } }: SentMail, kind: 'b' | 'u' = 'b') =>
    `${kind}-${mailboxToken(publicToken(key, id))}@${DOMAIN}`
  const sample = (name: string, mail: SentMail) =>
    readFileSync(`${import.meta.dirname}/mail/bounces/${name}.eml`, 'utf8')
      .replaceAll('{{bounce}}', address(mail))
      .replaceAll('{{message-id}}', messageIdOf(key, mail.delivery, 'news@shop.example'))
      .replaceAll('\n', '\r\n')
  const send = async (to: string, text: string) => {
    const sender = await SmtpSender.connected(port, to)
    return sender.sendOne(Buffer.from(text))
  }
  interface State {
    events: string[]
    moments: string
    status: string | undefined
    suppressed: string | undefined
  }
  /** What has become of it. */
  const stateOf = async ({ delivery: { id }, subscriber }: SentMail): Promise<State> => {
    const { read } = sandbox.storage
    const row = await read.selectFrom('deliveries').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    const moments = (['delivered_at', 'bounced_at', 'complained_at', 'unsubscribed_at'] as const).filter(
      name => row[name] !== null,
    )
    const events = (await eventsOfDelivery(read, id)).map(({ kind, source, detail }) => {
      const { status, permanent } = JSON.parse(detail) as { status?: string; permanent?: boolean }
      return [kind, source, status, permanent && 'hard'].filter(Boolean).join(' ')
    })
    return {
      events,
      moments: moments.join(' '),
      status: (await subscriberById(read, sandbox.workspaceId, subscriber.id))?.status,
      suppressed: (await suppressionOf(read, sandbox.workspaceId, subscriber.email))?.reason,
    }
  }
  const HARD = { moments: 'bounced_at', status: 'bounced', suppressed: 'hard_bounce' }
  const COMPLAINED = {
    events: ['complained arf'],
    moments: 'complained_at unsubscribed_at',
    status: 'complained',
    suppressed: 'complaint',
  }
  const NOTHING: State = { events: [], moments: '', status: 'subscribed', suppressed: undefined }

  it.each<[string, State]>([
    ['postfix-unknown-user', { ...HARD, events: ['bounced dsn 5.1.1 hard'] }],
    ['exchange-null-mx', { ...HARD, events: ['bounced dsn 5.1.10 hard'] }],
    ['international', { ...HARD, events: ['bounced dsn 5.2.1 hard'] }],
    ['vague-status', { ...HARD, events: ['bounced dsn 5.1.1 hard'] }],
    ['qmail', { ...HARD, events: ['bounced dsn 5.1.1 hard'] }],
    ['exchange-words', { ...HARD, events: ['bounced dsn 5.1.1 hard'] }],
    ['over-quota', { ...NOTHING, events: ['bounced dsn 5.2.2'] }],
    ['words-full', { ...NOTHING, events: ['bounced dsn 5.2.2'] }],
    ['policy-block', { ...NOTHING, events: ['bounced dsn 5.7.1'] }],
    ['delayed', { ...NOTHING, events: ['deferred dsn 4.4.1'] }],
    ['delivered', { ...NOTHING, events: ['delivered dsn 2.0.0'], moments: 'delivered_at' }],
    ['relayed', NOTHING],
    ['out-of-office', NOTHING],
    ['arf-abuse', COMPLAINED],
    ['arf-redacted', COMPLAINED],
    ['arf-not-spam', NOTHING],
  ])('section 5.5: %s', async (name, expected) => {
    const mail = await aMail()
    stopped.length = 0
    const to = name === 'arf-redacted' ? `FBL@${DOMAIN}` : address(mail)
    // Told twice, as after a 250 that was lost: it happened once.
    for (const _ of [1, 2]) expect(await send(to, sample(name, mail))).toBe('250 2.0.0 Ok: processed')
    expect(await stateOf(mail)).toEqual(expected)
    // It was committed before the sending was told, and that before the answer.
    const isStopped = expected.status !== 'subscribed'
    expect(stopped).toEqual(isStopped ? [[mail.subscriber.id, expected.status]] : [])
  })

  it('section 5.8: mail to the address of List-Unsubscribe removes, whatever it says and whatever became of its letters', async () => {
    const mail = await aMail()
    stopped.length = 0
    const to = address(mail, 'u').toUpperCase()
    expect(await send(to, 'Subject: unsubscribe\r\n\r\n')).toBe('250 2.0.0 Ok: processed')
    expect(await stateOf(mail)).toMatchObject({
      events: ['unsubscribed mail'],
      moments: 'unsubscribed_at',
      status: 'unsubscribed',
    })
    expect(stopped).toEqual([[mail.subscriber.id, 'unsubscribed']])
  })

  it('section 5.5: says 250 only once it is committed', async () => {
    const mail = await aMail()
    failing = true
    for (const [to, text] of [
      [address(mail), sample('qmail', mail)],
      [address(mail, 'u'), 'Subject: x\r\n\r\n'],
    ] as const)
      expect(await send(to, text)).toBe('451 4.3.0 Error: storage is unavailable, try again later')
    failing = false
    expect(await stateOf(mail)).toEqual(NOTHING)
    expect(await send(address(mail), sample('qmail', mail))).toBe('250 2.0.0 Ok: processed')
    expect(await stateOf(mail)).toMatchObject(HARD)
  })

  it('section 5.5: takes mail there for nobody else, and for nobody who guesses', async () => {
    const [mail, other] = [await aMail(), await aMail()]
    const dialogue = await Dialogue.greeted(port)
    await dialogue.ask('MAIL FROM:<>')
    const forged = address(mail).replace(/.@/, end => (end === '0@' ? '1@' : '0@'))
    for (const to of [forged, `ann@${DOMAIN}`, `b-@${DOMAIN}`, `u-${'0'.repeat(30)}@${DOMAIN}`])
      expect([to, await dialogue.ask(`RCPT TO:<${to}>`)]).toEqual([
        to,
        '550 5.1.1 Error: no such address here',
      ])
    expect(await dialogue.ask('RCPT TO:<ann@else.example>')).toBe('530 5.7.1 Authentication required')
    expect(await dialogue.ask(`RCPT TO:<${address(mail)}>`)).toBe('250 2.1.0 Ok')
    expect(await dialogue.ask('RCPT TO:<box@inbox.test>')).toMatch(/^452 4\.5\.3 /)
    expect(await dialogue.ask(`RCPT TO:<${address(other, 'u')}>`)).toBe('250 2.1.0 Ok')
    expect(await dialogue.ask('DATA')).toMatch(/^354 /)
    expect(await dialogue.ask(`${sample('qmail', mail)}\r\n.`)).toBe('250 2.0.0 Ok: processed')
    expect(await stateOf(mail)).toMatchObject(HARD)
    expect(await stateOf(other)).toMatchObject({ status: 'unsubscribed' })
    // Of a mail that was sent as a test.
    expect(await send(`u-test@${DOMAIN}`, 'Subject: unsubscribe\r\n\r\n')).toBe('250 2.0.0 Ok: processed')
    expect(await send(`fbl@${DOMAIN}`, sample('arf-not-spam', other))).toBe('250 2.0.0 Ok: processed')
    const quoting = `Subject: Re: News\r\n\r\n> ${messageIdOf(key, other.delivery, 'news@shop.example')}\r\n`
    expect(await send(`postmaster@${DOMAIN}`, quoting)).toMatch(/^550 5\.6\.0 /)
    // A report has to name one of our mails, and prove it.
    const third = await aMail()
    const unproved = sample('arf-redacted', third).replace(/<(\d+\.\d+)\.[\w-]{10}@/, '<$1.AAAAAAAAAA@')
    expect(await send(`abuse@${DOMAIN}`, unproved)).toMatch(/^550 5\.6\.0 /)
    expect(await send(`postmaster@${DOMAIN}`, 'Subject: hello\r\n\r\nIs anybody there?\r\n')).toMatch(
      /^550 5\.6\.0 /,
    )
    expect(await stateOf(third)).toEqual(NOTHING)
  })

  it('section 5.5: is not upset by what is no mail', async () => {
    const mail = await aMail()
    const deep = Array.from(
      { length: 300 },
      (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`,
    )
    const status = 'Content-Type: message/delivery-status\r\n\r\n'
    for (const text of [
      '',
      '\r\n',
      '\0\0\0',
      'Subject: Undeliverable\r\nFrom: mailer-daemon\r\n\r\n',
      `Subject: failure notice\r\nFrom: <>\r\n\r\n${'5.1.1.'.repeat(10_000)}`,
      `Subject: failure notice\r\nFrom: mailer-daemon\r\n\r\n${'exceed user '.repeat(1_000)}${'exceed'.repeat(9_000)}`,
      deep.join(''),
      `${status}Action\r\nAction: \r\n\r\nno field at all\r\n\r\n: :\r\n`,
      `${status}${'a: b\r\n\r\n'.repeat(30_000)}`,
      `${status}Action: failed\r\nStatus: ${'9'.repeat(5_000)}\r\nDiagnostic-Code: ${'\0x'.repeat(40_000)}\r\n`,
      'Content-Type: message/feedback-report\r\n\r\nFeedback-Type: not-spam\r\n',
    ])
      expect(await send(address(mail), `${text}\r\n`)).toBe('250 2.0.0 Ok: processed')
    const state = await stateOf(mail)
    expect([state.status, new Set(state.events)]).toEqual(['subscribed', new Set(['bounced dsn'])])
  })
})
