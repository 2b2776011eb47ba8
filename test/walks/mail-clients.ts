import { createTransport } from 'nodemailer'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Posthorn } from '../posthorn.ts'
import { runClient } from './client-program.ts'

export interface Letter {
  /** With CRLF, and every field a client would otherwise add. */
  bytes: Buffer
  from: string
  to: string
}

export type Mechanism = 'PLAIN' | 'LOGIN' | 'CRAM-MD5'

export interface Login {
  username: string
  password: string
  mechanism: Mechanism
}

interface MailClient {
  name: string
  /** Without a login to the first inbox. Whether STARTTLS is demanded. */
  send(posthorn: Posthorn, letter: Letter, login: Login | undefined, tls: boolean): Promise<void>
}

const nodemailer: MailClient = {
  name: 'nodemailer',
  async send({ smtpPort }, { bytes, from, to }, login, tls) {
    const transport = createTransport({
      host: '127.0.0.1',
      port: smtpPort,
      ...(tls ? { requireTLS: true, tls: { rejectUnauthorized: false } } : { ignoreTLS: true }),
      ...(login && {
        auth: { user: login.username, pass: login.password },
        authMethod: login.mechanism,
      }),
    })
    await transport.sendMail({ envelope: { from, to: [to] }, raw: bytes })
    transport.close()
  },
}

// smtplib takes the first mechanism of its own list that the server offers: so it is offered one only.
const SMTPLIB = `
import smtplib, ssl, sys
port, sender, recipient, tls, mechanism, username, password = sys.argv[1:]
with smtplib.SMTP('127.0.0.1', int(port), timeout=20) as smtp:
    if tls == 'tls':
        smtp.starttls(context=ssl._create_unverified_context())
    smtp.ehlo()
    if mechanism:
        smtp.esmtp_features['auth'] = mechanism
        smtp.login(username, password)
    smtp.sendmail(sender, [recipient], sys.stdin.buffer.read())
`

const smtplib: MailClient = {
  name: "Python's smtplib",
  async send({ smtpPort }, { bytes, from, to }, login, tls) {
    const { mechanism = '', username = '', password = '' } = login ?? {}
    const options = [String(smtpPort), from, to, tls ? 'tls' : '', mechanism, username, password]
    await runClient('python3', ['-c', SMTPLIB, ...options], bytes)
  },
}

const swaks: MailClient = {
  name: 'swaks',
  async send({ smtpPort }, { bytes, from, to }, login, tls) {
    const args = ['--server', '127.0.0.1', '--port', String(smtpPort), '--from', from, '--to', to]
    args.push('--data', '-', '--silent', '2')
    if (login) args.push('--auth', login.mechanism)
    if (login) args.push('--auth-user', login.username, '--auth-password', login.password)
    if (tls) args.push('--tls')
    // It puts a line end before the final dot, whether there is one or not.
    await runClient('swaks', args, bytes.subarray(0, -2))
  },
}

const curl: MailClient = {
  name: 'curl',
  async send({ smtpPort, dataDir }, { bytes, from, to }, login, tls) {
    const file = join(dataDir, '../letter.eml')
    writeFileSync(file, bytes)
    const args = ['--silent', '--show-error', '--max-time', '20', '--url', `smtp://127.0.0.1:${smtpPort}`]
    args.push('--mail-from', from, '--mail-rcpt', to, '--upload-file', file)
    if (login) args.push('--user', `${login.username}:${login.password}`)
    if (login) args.push('--login-options', `AUTH=${login.mechanism}`)
    if (tls) args.push('--ssl-reqd', '--insecure')
    await runClient('curl', args)
  },
}

export const MAIL_CLIENTS = [nodemailer, smtplib, swaks, curl]
