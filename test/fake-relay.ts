// A relay outside: another project's SMTP server, with TLS and a login, that fails in the ways relays do.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { generate } from 'selfsigned'
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server'

interface Refusal {
  code: number
  text: string
}

export interface FakeRelayOptions {
  /** TLS from the first byte. */
  secure?: boolean
  /** No STARTTLS. */
  plain?: boolean
  /** Never says a word. */
  tarpit?: boolean
  /** Takes the message and is gone before it says so. */
  dieAfterMessage?: boolean
  /** Asked for each recipient. */
  recipient?: (address: string) => Refusal | undefined
  port?: number
}

export interface FakeRelay {
  readonly port: number
  /** PEM, for localhost. */
  readonly cert: string
  readonly mail: { from: string; to: string[]; bytes: Buffer }[]
  /** Every connection that logged in or sent mail. */
  readonly sessions: { secure: boolean; user: unknown }[]
  /** Open now. */
  readonly open: number
  /** Open at once, at most. */
  readonly most: number
  dieAtGreeting: boolean
  dieAtNextCommand(): void
  close(): Promise<void>
}

let certificate: { cert: string; private: string } | undefined

/** `relay` and `secret` log in; nobody sends without. */
export async function startFakeRelay(options: FakeRelayOptions = {}): Promise<FakeRelay> {
  certificate ??= await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  })
  const mail: FakeRelay['mail'] = []
  const sessions = new Map<string, { secure: boolean; user: unknown }>()
  let most = 0
  let dieAtCommand = false
  const state = { dieAtGreeting: false }

  const kill = (session: SMTPServerSession) => {
    // oxlint-disable-next-line no-underscore-dangle -- it has no other way to be cut off
    for (const { id, _socket: socket } of server.connections) if (id === session.id) socket.destroy()
  }
  const asked: SMTPServerOptions = {
    onAuth(auth, session, done) {
      const { username, password } = auth
      const knows = auth.method === 'CRAM-MD5' ? auth.validatePassword('secret') : password === 'secret'
      if (username !== 'relay' || !knows)
        return done(Object.assign(new Error('wrong login'), { responseCode: 535 }))
      sessions.set(session.id, { secure: session.secure, user: username })
      done(null, { user: username })
    },
    onConnect(session, done) {
      most = Math.max(most, server.connections.size)
      if (state.dieAtGreeting) return kill(session)
      if (options.tarpit !== true) done()
    },
    onMailFrom(_address, session, done) {
      if (dieAtCommand) {
        dieAtCommand = false
        return kill(session)
      }
      done()
    },
    onRcptTo({ address }, _session, done) {
      const refusal = options.recipient?.(address)
      if (refusal === undefined) return done()
      done(Object.assign(new Error(refusal.text), { responseCode: refusal.code }))
    },
    async onData(stream, session, done) {
      const bytes = await buffer(stream)
      const { mailFrom, rcptTo } = session.envelope
      mail.push({
        from: mailFrom === false ? '' : mailFrom.address,
        to: rcptTo.map(({ address }) => address),
        bytes,
      })
      if (options.dieAfterMessage) return kill(session)
      done(null, 'taken')
    },
  }
  const server = new SMTPServer({
    key: certificate.private,
    cert: certificate.cert,
    secure: options.secure ?? false,
    ...(options.plain && { disabledCommands: ['STARTTLS'], allowInsecureAuth: true }),
    authMethods: ['PLAIN', 'LOGIN', 'CRAM-MD5'],
    disableReverseLookup: true,
    closeTimeout: 1,
    logger: false,
    ...asked,
  })
  server.on('error', () => {})
  const listening = server.listen(options.port ?? 0, 'localhost')
  await once(listening, 'listening')
  return {
    port: (listening.address() as AddressInfo).port,
    cert: certificate.cert,
    mail,
    get sessions() {
      return [...sessions.values()]
    },
    get open() {
      return server.connections.size
    },
    get most() {
      return most
    },
    get dieAtGreeting() {
      return state.dieAtGreeting
    },
    set dieAtGreeting(dies) {
      state.dieAtGreeting = dies
    },
    dieAtNextCommand() {
      dieAtCommand = true
    },
    close: () => new Promise(done => server.close(done)),
  }
}
