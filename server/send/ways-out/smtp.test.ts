import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'
import { expect, it, onTestFinished, test } from 'vitest'
import { type FakeRelay, type FakeRelayOptions, startFakeRelay } from '../../../test/fake-relay.ts'
import { randomFrom } from '../../../test/random.ts'
import { recorded, shareOf, type SinkOptions, SmtpSink } from '../../../test/smtp-sink.ts'
import { createGuard } from '../../guard.ts'
import type { SettingValues } from './email-service-types.ts'
import { openWayOut, type WayOutTools } from './open-way-out.ts'
import { outcomeOf } from './smtp-outcome.ts'
import type { Gate, Outcome, WayOut } from './way-out.ts'

const LETTER = 'Message-ID: <1@x.test>\r\nSubject: hello\r\n\r\nhello\r\n'
const open: Gate = () => Promise.resolve(true)

function wayTo(port: number, settings: SettingValues = {}, tools: Partial<WayOutTools> = {}): WayOut {
  const way = openWayOut(
    { id: 1, typeId: 6, settings: { host: 'localhost', port, ...settings } },
    {
      guard: createGuard('allow'),
      deliver: () => Promise.resolve(null),
      dataDir: '',
      heloName: 'client.test',
      timeoutScale: 1,
      ...tools,
    },
  )
  onTestFinished(() => way.close())
  return way
}

function hand(
  way: WayOut,
  to: string,
  {
    gate = open,
    letter = LETTER,
    from = 'b-1@x.test',
  }: { gate?: Gate; letter?: string | Buffer; from?: string } = {},
): Promise<Outcome> {
  const bytes = Buffer.from(letter)
  return way.send({ reversePath: from, forwardPath: to, idempotencyKey: to, bytes, parts: undefined }, gate)
}

async function sinkOf(options: SinkOptions = {}): Promise<SmtpSink> {
  const sink = await SmtpSink.start(options)
  onTestFinished(() => sink.close())
  return sink
}

async function relayOf(options: FakeRelayOptions = {}): Promise<FakeRelay> {
  const relay = await startFakeRelay(options)
  onTestFinished(() => relay.close())
  return relay
}

/** A server that answers as it is told, and remembers what it has heard. */
async function serverOf(
  answer: (heard: string, socket: Socket) => string | undefined,
): Promise<{ port: number; heard: string[] }> {
  const heard: string[] = []
  const server = createServer({ noDelay: true }, socket => {
    let all = ''
    socket.on('error', () => {})
    socket.write('220 x\r\n')
    socket.on('data', chunk => {
      const said = chunk.toString()
      heard.push(said)
      all += said
      const reply = answer(all, socket)
      if (reply === undefined) return
      all = ''
      socket.write(reply)
    })
  }).listen(0, 'localhost')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { port: (server.address() as AddressInfo).port, heard }
}

const EHLO = '250-x\r\n250 PIPELINING\r\n'
const is = (outcomes: readonly Outcome[], kind: Outcome['is']) =>
  outcomes.filter(one => one.is === kind).length

test('messages arrive byte for byte, dots and all, over connections that are kept', async () => {
  const relay = await relayOf({ plain: true })
  const way = wayTo(relay.port, { username: 'relay', password: 'secret', connections: 3 })
  const letters = [
    LETTER,
    '.\r\n..\r\nfrom the first byte\r\n.',
    'no line end',
    `Subject: long\r\n\r\n${'. and .. \r\n.\r\n'.repeat(1000)}`,
    'Subject: é\r\n\r\né\r\n',
    '',
  ]
  const ends = await Promise.all(
    Array.from({ length: 30 }, (_, i) =>
      hand(way, `to${i}@example.com`, { letter: letters[i % letters.length] ?? '' }),
    ),
  )
  expect(ends[0]).toEqual({
    is: 'sent',
    answer: { code: 250, enhanced: null, text: 'taken' },
    providerId: null,
  })
  expect(is(ends, 'sent')).toBe(30)
  for (const { from, to, bytes } of relay.mail) {
    const letter = letters[Number(to[0]?.slice(2).split('@')[0]) % letters.length] ?? ''
    expect([from, bytes.toString()]).toEqual([
      'b-1@x.test',
      letter === '' || letter.endsWith('\r\n') ? letter : `${letter}\r\n`,
    ])
  }
  expect(relay.most).toBeLessThanOrEqual(3)
  expect(relay.sessions.every(({ user }) => user === 'relay')).toBe(true)
})

test('behind the dot of one mail goes the envelope of the next; it is answered once both have come', async () => {
  let messages = 0
  const { port, heard } = await serverOf(all => {
    if (all.startsWith('EHLO')) return EHLO
    const dot = all.endsWith('.\r\n') || all.includes('\r\n.\r\n')
    if (all.startsWith('MAIL') && !dot) return '250 ok\r\n250 ok\r\n354 go\r\n'
    if (!dot || (++messages === 1 && !all.endsWith('DATA\r\n'))) return undefined
    return messages === 1 ? '250 one\r\n250 ok\r\n250 ok\r\n354 go\r\n' : '250 two\r\n'
  })
  const way = wayTo(port, { connections: 1 })
  const ends = await Promise.all(['a@x.test', 'b@x.test'].map(to => hand(way, to)))
  expect(ends.map(end => 'answer' in end && end.answer.text)).toEqual(['one', 'two'])
  expect(heard[2]).toBe(`${LETTER}.\r\nMAIL FROM:<b-1@x.test>\r\nRCPT TO:<b@x.test>\r\nDATA\r\n`)
})

test('a closed gate leaves nothing behind, and is asked only when nothing but the message is missing', async () => {
  const sink = await sinkOf()
  const way = wayTo(sink.port, { connections: 2 })
  let asked = 0
  const ends = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      hand(way, `${i}@x.test`, { gate: () => Promise.resolve(++asked % 4 !== 0) }),
    ),
  )
  expect([is(ends, 'sent'), is(ends, 'stopped'), asked, sink.counts.taken]).toEqual([15, 5, 20, 15])
  sink.mode = { refuse: 1 }
  expect(await hand(way, 'no@x.test', { gate: () => Promise.reject(new Error('asked')) })).toMatchObject({
    is: 'refused',
  })
})

test('without a reply to the dot nobody knows; what came behind goes over another connection, once', async () => {
  const sink = await sinkOf({ dieAfterDot: 0.1 })
  const way = wayTo(sink.port, { connections: 5 })
  const ends = await Promise.all(Array.from({ length: 300 }, (_, i) => hand(way, `${i}@x.test`)))
  expect([is(ends, 'ambiguous'), is(ends, 'sent'), sink.counts.taken]).toEqual([30, 270, 300])
})

it.each([false, true])(
  'whatever the server does, what is said of a mail is true: sent is once, anything but ambiguous is never (command by command: %s)',
  async inTurn => {
    const record = join(mkdtempSync(join(tmpdir(), 'posthorn-sink-')), 'taken')
    const mode = { messagesEach: 50, refuse: 0.05, dieAfterDot: 0.02, inTurn }
    const sink = await sinkOf({ ...mode, record })
    const way = wayTo(sink.port, { connections: 8 })
    const random = randomFrom(7)
    const said = new Map<string, Outcome['is'][]>()
    let next = 0
    const work = Array.from({ length: way.capacity }, async () => {
      while (next < 3000) {
        const number = next++
        const to = `${number}@x.test`
        const letter = `Message-ID: <${number}@x.test>\r\n\r\n${'.\r\n'.repeat(random(50))}`
        const ends: Outcome['is'][] = []
        said.set(`<${number}@x.test>\t${to}`, ends)
        const gate = () => new Promise<boolean>(resolve => setImmediate(() => resolve(random(20) > 0)))
        do ends.push((await hand(way, to, { gate, letter })).is)
        while (ends.at(-1) === 'deferred')
        if (random(60) === 0) sink.cut()
      }
    })
    await Promise.all(work)
    const taken = recorded(record)
    for (const [mail, ends] of said)
      expect([mail, ends.at(-1), taken.get(mail) ?? 0]).toEqual([
        mail,
        ends.at(-1),
        ends.at(-1) === 'sent' ? 1 : ends.at(-1) === 'ambiguous' ? expect.toBeOneOf([0, 1]) : 0,
      ])
    const count = (kind: Outcome['is']) => [...said.values()].filter(ends => ends.at(-1) === kind).length
    expect(
      ['sent', 'ambiguous', 'stopped', 'refused'].map(kind => count(kind as Outcome['is']) > 20),
    ).toEqual([true, true, true, true])
  },
)

it.each<[what: string, sink: SinkOptions]>([
  ['silence', { hang: true }],
  ['an end in the middle of the message', { drop: true }],
  ['no SMTP', { answer: 'what?' }],
])('%s behind the dot is ambiguous', async (_, options) => {
  const sink = await sinkOf(options)
  const way = wayTo(sink.port, {}, { timeoutScale: 0.0005 })
  expect(await hand(way, 'a@x.test')).toMatchObject({ is: 'ambiguous', answer: { code: 0 } })
})

test('a server that counts its messages is asked again over a new connection, and asked for less from then on', async () => {
  const sink = await sinkOf({ messagesEach: 7 })
  const way = wayTo(sink.port, { connections: 2 })
  const round = async (count: number) =>
    is(await Promise.all(Array.from({ length: count }, (_, i) => hand(way, `${i}@x.test`))), 'sent')
  expect([await round(50), sink.counts.taken]).toEqual([50, 50])
  expect(await round(70)).toBe(70)
  expect(sink.counts.taken).toBe(120)
})

test('recipients are refused one by one; who comes behind them is none the worse', async () => {
  const sink = await sinkOf({ refuse: 0.3 })
  const way = wayTo(sink.port, { connections: 3 })
  const people = Array.from({ length: 200 }, (_, i) => `${i}@x.test`)
  const ends = await Promise.all(people.map(to => hand(way, to)))
  expect(people.filter((_, i) => ends[i]?.is === 'refused')).toEqual(people.filter(to => shareOf(to) < 0.3))
  expect(ends.find(end => end.is === 'refused')).toMatchObject({
    answer: { code: 550, enhanced: '5.1.1', text: 'No such user' },
  })
  expect(sink.counts.taken).toBe(is(ends, 'sent'))
  // Of a transaction that was cut short nothing is left for the next one; nor of one that a server takes word by word.
  sink.mode = { greylist: true }
  expect(await hand(way, 'grey@x.test')).toMatchObject({
    is: 'deferred',
    scope: 'mail',
    answer: { code: 451 },
  })
  expect(await hand(way, 'grey@x.test')).toMatchObject({ is: 'sent' })
})

test('a server without pipelining is spoken to command by command', async () => {
  const sink = await sinkOf({ inTurn: true, refuse: 0.3 })
  const way = wayTo(sink.port, { connections: 3 })
  const people = Array.from({ length: 50 }, (_, i) => `${i}@x.test`)
  const ends = await Promise.all(people.map(to => hand(way, to)))
  expect(people.filter((_, i) => ends[i]?.is === 'refused')).toEqual(people.filter(to => shareOf(to) < 0.3))
  expect(sink.counts.taken).toBe(is(ends, 'sent'))
})

test('a server that goes ahead for nobody gets an empty message', async () => {
  const { port, heard } = await serverOf(all => {
    if (all.startsWith('EHLO')) return EHLO
    return all === '.\r\n' ? '250 thanks\r\n' : '250 ok\r\n550 5.1.1 no\r\n354 go\r\n'
  })
  expect(await hand(wayTo(port), 'a@x.test')).toMatchObject({ is: 'refused', answer: { enhanced: '5.1.1' } })
  expect(heard.at(-1)).toBe('.\r\n')
})

test('what is down takes nothing from anybody', async () => {
  const sink = await sinkOf()
  const way = wayTo(sink.port)
  const deferred = (code: number) => ({ is: 'deferred', scope: 'service', answer: { code } })
  for (const greeting of ['421 4.3.2 Too busy', '554 5.7.1 Go away', 'HTTP/1.1 400 Bad Request']) {
    sink.mode = { greeting }
    expect(await hand(way, 'a@x.test')).toMatchObject(deferred(Number.parseInt(greeting) || 0))
  }
  sink.mode = { answer: '421 4.3.0 Closing' }
  expect(await hand(way, 'a@x.test')).toMatchObject({ is: 'deferred', scope: 'mail', answer: { code: 421 } })
  sink.mode = {}
  expect(await hand(way, 'a@x.test')).toMatchObject({ is: 'sent' })
  await sink.close()
  expect(await hand(way, 'a@x.test')).toMatchObject({
    ...deferred(0),
    answer: { text: expect.stringMatching(/ECONNREFUSED/) as unknown },
  })
  const denied = wayTo(25, { host: '127.0.0.1' }, { guard: createGuard('deny') })
  expect(await hand(denied, 'a@x.test')).toMatchObject({
    ...deferred(0),
    answer: { text: '127.0.0.1 is at a private address, which is not allowed here' },
  })
})

test('closing ends what is under way, truly', async () => {
  const sink = await sinkOf({ hang: true })
  const way = wayTo(sink.port, { connections: 1 })
  let opened = () => {}
  const passed = new Promise<void>(resolve => (opened = resolve))
  const gate = () => (opened(), Promise.resolve(true))
  const ends = Promise.all(['a@x.test', 'b@x.test', 'c@x.test'].map(to => hand(way, to, { gate })))
  await passed
  await expect.poll(() => sink.counts.taken).toBe(1)
  way.close()
  expect((await ends).map(end => end.is)).toEqual(['ambiguous', 'deferred', 'deferred'])
  expect(await hand(way, 'd@x.test')).toMatchObject({ is: 'deferred', scope: 'service' })
})

test('silence has an end, wherever it begins', async () => {
  const quick = { timeoutScale: 0.0003 }
  const { port } = await serverOf(all => (all.startsWith('EHLO') ? EHLO : undefined))
  const { port: deaf } = await serverOf(() => undefined)
  for (const [silent, why] of [
    [port, /^no answer to MAIL in time$/],
    [deaf, /^no answer within|^not ready in time$/],
  ] as const)
    expect(await hand(wayTo(silent, {}, quick), 'a@x.test')).toMatchObject({
      is: 'deferred',
      scope: 'service',
      answer: { code: 0, text: expect.stringMatching(why) as unknown },
    })
})

test('a kept connection that has died costs no mail, and one that nobody needs is closed', async () => {
  const relay = await relayOf({ plain: true })
  const way = wayTo(relay.port, { username: 'relay', password: 'secret' }, { timeoutScale: 0.01 })
  await hand(way, 'a@x.test')
  relay.dieAtNextCommand()
  expect(await hand(way, 'b@x.test')).toMatchObject({ is: 'sent' })
  expect(relay.mail).toHaveLength(2)
  await expect.poll(() => relay.open).toBe(0)
})

test('a slow server is waited for, and 8-bit, wide and large mail goes where it may', async () => {
  const sink = await sinkOf({ slow: 1 })
  const way = wayTo(sink.port)
  const letter = Buffer.from(`Subject: é\r\n\r\n${'x'.repeat(3_000_000)}\r\n`)
  const wide = 'jörg@exämple.com'
  expect(await Promise.all([hand(way, wide, { letter }), hand(way, 'a@x.test')])).toMatchObject([
    { is: 'sent' },
    { is: 'sent' },
  ])
  const { port, heard } = await serverOf(all =>
    all.startsWith('EHLO') ? '250-x\r\n250-SIZE 20\r\n250 PIPELINING\r\n' : '250 ok\r\n250 ok\r\n354 go\r\n',
  )
  const narrow = wayTo(port)
  expect(await hand(narrow, 'a@x.test')).toMatchObject({ is: 'refused', answer: { enhanced: '5.3.4' } })
  expect(await hand(narrow, wide, { letter: 'a' })).toMatchObject({
    is: 'refused',
    answer: { enhanced: '5.6.7' },
  })
  expect(await hand(narrow, 'a@x.test>\r\nRSET')).toMatchObject({ is: 'refused' })
  expect(heard).toHaveLength(1)
  const { port: able, heard: said } = await serverOf(all =>
    all.startsWith('EHLO')
      ? '250-x\r\n250-SIZE\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 PIPELINING\r\n'
      : '550 no\r\n550 no\r\n550 no\r\n',
  )
  await hand(wayTo(able), wide, { letter: 'é' })
  expect(said[1]).toMatch(
    /^MAIL FROM:<b-1@x\.test> SIZE=2 BODY=8BITMIME SMTPUTF8\r\nRCPT TO:<jörg@xn--exmple-cua\.com>\r\n/,
  )
  await hand(wayTo(able), 'ann@exämple.com')
  expect(said.at(-1)).toMatch(/^MAIL FROM:<b-1@x\.test> SIZE=\d+\r\nRCPT TO:<ann@xn--exmple-cua\.com>\r\n/)
})

test('TLS as it is asked for, with a certificate that is checked', async () => {
  const login = { username: 'relay', password: 'secret' }
  const upgrades = await relayOf()
  const direct = await relayOf({ secure: true })
  const plain = await relayOf({ plain: true })
  const ca = { ca: upgrades.cert }
  const ends = await Promise.all([
    hand(wayTo(upgrades.port, { ...login, encryption: 'tls' }, ca), 'starttls@x.test'),
    hand(wayTo(upgrades.port, login), 'opportunistic@x.test'),
    hand(wayTo(direct.port, { ...login, encryption: 'ssl' }, ca), 'tls@x.test'),
    hand(wayTo(upgrades.port, { ...login, encryption: 'tls' }), 'unknown@x.test'),
    hand(wayTo(direct.port, { ...login, encryption: 'ssl' }), 'unknown@x.test'),
    hand(wayTo(upgrades.port, { ...login, encryption: 'tls', host: '127.0.0.1' }, ca), 'wrong@x.test'),
    hand(wayTo(plain.port, { ...login, encryption: 'tls' }), 'none@x.test'),
  ])
  expect(ends.map(end => (end.is === 'deferred' ? end.scope : end.is))).toEqual([
    'sent',
    'sent',
    'sent',
    'service',
    'service',
    'service',
    'service',
  ])
  expect([...upgrades.sessions, ...direct.sessions].map(({ secure }) => secure)).toEqual([true, true, true])
  expect(plain.mail).toEqual([])
})

it.each(['plain', 'login', 'cram-md5', null])('logs in by %s', async auth => {
  const relay = await relayOf({ plain: true })
  const settings = { username: 'relay', password: 'secret', auth }
  expect(await hand(wayTo(relay.port, settings), 'a@x.test')).toMatchObject({ is: 'sent' })
  expect(await hand(wayTo(relay.port, { ...settings, password: 'x' }), 'a@x.test')).toMatchObject({
    is: 'deferred',
    scope: 'service',
    answer: { code: 535 },
  })
})

test('XOAUTH2: tokens are fetched, kept while they are good, and fetched anew when they are refused', async () => {
  const tokens = { good: 'one', asked: [] as string[], given: ['old', 'one', 'two'] }
  const issuer = createHttpServer(async (request, response) => {
    tokens.asked.push(await text(request))
    response.end(
      JSON.stringify({ access_token: tokens.given.shift(), expires_in: 3600, refresh_token: 'r2' }),
    )
  }).listen(0, '127.0.0.1')
  await once(issuer, 'listening')
  const seen: unknown[] = []
  const server = new SMTPServer({
    authMethods: ['XOAUTH2'],
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    onAuth({ username, accessToken }, _session, done) {
      seen.push([username, accessToken])
      if (accessToken === tokens.good) return done(null, { user: username })
      done(null, { data: { status: '401', schemes: 'bearer', scope: 'mail' } })
    },
    onData(stream, _session, done) {
      stream.resume().on('end', () => done(null))
    },
  })
  server.on('error', () => {})
  const listening = server.listen(0, 'localhost')
  await once(listening, 'listening')
  onTestFinished(() => {
    issuer.close()
    server.close()
  })
  const { port } = listening.address() as AddressInfo
  const settings = {
    username: 'ann@x.test',
    auth: 'xoauth2',
    refresh_token: 'r1',
    token_url: `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/token`,
    client_id: 'posthorn',
    client_secret: 'shh',
  }
  const way = wayTo(port, { ...settings, messages_per_connection: 1 })
  expect(await hand(way, 'a@x.test')).toMatchObject({
    is: 'deferred',
    scope: 'service',
    answer: { code: 535 },
  })
  expect(await hand(way, 'a@x.test')).toMatchObject({ is: 'sent' })
  expect(await hand(way, 'a@x.test')).toMatchObject({ is: 'sent' })
  expect(seen).toEqual([
    ['ann@x.test', 'old'],
    ['ann@x.test', 'one'],
    ['ann@x.test', 'one'],
  ])
  expect(tokens.asked).toEqual(
    ['r1', 'r2'].map(
      refresh => `grant_type=refresh_token&refresh_token=${refresh}&client_id=posthorn&client_secret=shh`,
    ),
  )
  const typed = { username: 'ann@x.test', auth: 'xoauth2', access_token: 'one' }
  expect(await hand(wayTo(port, typed), 'a@x.test')).toMatchObject({ is: 'sent' })
  const away = wayTo(port, { ...settings, token_url: 'http://127.0.0.1:1/' })
  expect(await hand(away, 'a@x.test')).toMatchObject({
    is: 'deferred',
    scope: 'service',
    answer: { text: expect.stringMatching(/^no access token/) as unknown },
  })
})

it.each<[moment: string, line: string, is: string]>([
  ['MAIL', '550 5.1.8 Sender address rejected', 'refused'],
  ['MAIL', '530 5.7.0 Must issue a STARTTLS command first', 'service'],
  ['MAIL', '535 5.7.8 Authentication required', 'service'],
  ['MAIL', '454 4.7.0 Temporary authentication failure', 'service'],
  ['MAIL', '503 5.5.1 Authenticate first', 'service'],
  ['MAIL', '452 4.3.1 Insufficient system storage', 'service'],
  ['MAIL', '451 4.1.8 Sender domain not found', 'mail'],
  ['RCPT', '550 5.1.1 No such user', 'refused'],
  ['RCPT', '552 5.2.2 Mailbox full', 'refused'],
  ['RCPT', '450 4.2.2 Mailbox full', 'mail'],
  ['RCPT', '450 4.7.1 Greylisted, try again in 5 minutes', 'mail'],
  ['RCPT', '450 4.7.1 Client rate exceeded', 'domain'],
  ['RCPT', '451 4.3.2 Not accepting messages', 'domain'],
  ['RCPT', '451 4.4.1 No answer from host', 'domain'],
  ['RCPT', '450 Mailbox busy', 'mail'],
  ['RCPT', '421 4.7.0 Too many connections', 'service'],
  ['message', '250 2.0.0 Ok', 'sent'],
  ['message', '421 4.3.0 Closing', 'mail'],
  ['message', '452 4.3.1 Insufficient system storage', 'domain'],
  ['message', '554 5.7.1 Spam', 'refused'],
])('%s answered %s: %s', (moment, line, expected) => {
  const [, code, enhanced, words = ''] = /^(\d{3}) (?:(\d\.\d\.\d) )?(.*)$/.exec(line) ?? []
  const outcome = outcomeOf(moment, { code: Number(code), enhanced, text: words })
  expect(outcome.is === 'deferred' ? outcome.scope : outcome.is).toBe(expected)
  expect('answer' in outcome && outcome.answer.retryAfterMs).toBe(
    line.includes('5 minutes') ? 300_000 : undefined,
  )
})
