import { once } from 'node:events'
import { createTransport } from 'nodemailer'
import { SMTPServer } from 'smtp-server'
import { expect, onTestFinished, test } from 'vitest'
import { Dialogue, openServer, testTls } from '../../../test/smtp-dialogue.ts'

test.each(['PLAIN', 'LOGIN', 'CRAM-MD5'])(
  'nodemailer logs in with %s, in the clear, by STARTTLS and by TLS',
  async authMethod => {
    const { context } = await testTls()
    const { port, door } = await openServer({ tls: () => context, detectTls: () => true })
    const ways = [{ ignoreTLS: true }, { requireTLS: true }, { secure: true }]
    for (const way of ways) {
      const transport = createTransport({
        host: '127.0.0.1',
        port,
        authMethod,
        auth: { user: 'user', pass: 'secret' },
        tls: { rejectUnauthorized: false },
        ...way,
      })
      await transport.sendMail({
        from: 'a@example.com',
        to: ['b@example.com', 'c@example.com'],
        subject: 'Привіт 👋',
        text: '.dot\n..two\nend\n',
        attachments: [{ filename: 'a.bin', content: Buffer.alloc(300_000, 'x') }],
        dsn: { id: 'some+id', return: 'headers', notify: ['success', 'failure'], recipient: 'r@example.com' },
      })
      transport.close()
    }
    expect(door.kept).toHaveLength(3)
    for (const { bytes, envelope, peer } of door.kept) {
      expect(peer.login).toBe('inbox 1')
      expect(bytes.toString()).toContain('\r\n.dot\r\n..two\r\nend\r\n')
      expect(bytes.length).toBeGreaterThan(400_000)
      expect(envelope.ret).toBe('HDRS')
      expect(envelope.envid).toBe('some+id')
      expect(envelope.recipients.map(({ forwardPath }) => forwardPath)).toEqual([
        'b@example.com',
        'c@example.com',
      ])
      expect(envelope.recipients[0]).toMatchObject({
        notify: ['SUCCESS', 'FAILURE'],
        orcpt: 'rfc822;r@example.com',
      })
    }
    expect(door.kept.map(({ peer }) => peer.secure !== undefined)).toEqual([false, true, true])
  },
)

test('a pooled nodemailer sends many over few connections', async () => {
  const { port, door } = await openServer()
  const transport = createTransport({
    host: '127.0.0.1',
    port,
    pool: true,
    maxConnections: 3,
    maxMessages: 20,
  })
  const numbers = Array.from({ length: 100 }, (_, at) => at)
  await Promise.all(
    numbers.map(at =>
      transport.sendMail({ from: 'a@x.y', to: 'b@x.y', raw: `Subject: ${at}\r\n\r\n${at}\r\n` }),
    ),
  )
  transport.close()
  const got = door.kept.map(({ bytes }) => Number(/^Subject: (\d+)/.exec(bytes.toString())?.[1]))
  expect(got.toSorted((a, b) => a - b)).toEqual(numbers)
})

test('smtp-server keeps the same bytes', async () => {
  const theirs: string[] = []
  const oracle = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    onData(stream, _session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        theirs.push(Buffer.concat(chunks).toString('latin1'))
        done()
      })
    },
  })
  oracle.listen(0, '127.0.0.1')
  await once(oracle.server, 'listening')
  onTestFinished(() => new Promise<void>(done => oracle.close(() => done())))
  const address = oracle.server.address()
  const oraclePort = address !== null && typeof address === 'object' ? address.port : 0
  const { port, door } = await openServer()
  const bodies = [
    '',
    'a\r\n',
    '\r\n',
    '..\r\n',
    '..a\r\n...\r\n\r\n..b\r\n',
    'a\r\n\r\n\r\n',
    'bare\nlf\n.\nx\r\n',
    'bare\rcr\r.\rx\r\n',
    '\xff\xfe\0binary\x1a\r\n',
    `${'x'.repeat(200_000)}\r\n`,
    `..${'y\r\n..'.repeat(30_000)}z\r\n`,
  ]
  for (const one of [port, oraclePort]) {
    const dialogue = await Dialogue.greeted(one)
    for (const body of bodies) {
      await dialogue.ask('MAIL FROM:<a@x.y>')
      await dialogue.ask('RCPT TO:<b@x.y>')
      expect(await dialogue.ask('DATA')).toMatch(/^354/)
      expect(await dialogue.ask(`${body}.`)).toMatch(/^250/)
    }
  }
  expect(door.kept.map(({ bytes }) => bytes.toString('latin1'))).toEqual(theirs)
})
