import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createTransport } from 'nodemailer'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Posthorn } from '../posthorn.ts'

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
  send({ smtpPort }, { bytes, from, to }, login, tls) {
    const { mechanism = '', username = '', password = '' } = login ?? {}
    const options = [String(smtpPort), from, to, tls ? 'tls' : '', mechanism, username, password]
    return run('python3', ['-c', SMTPLIB, ...options], bytes)
  },
}

const swaks: MailClient = {
  name: 'swaks',
  send({ smtpPort }, { bytes, from, to }, login, tls) {
    const args = ['--server', '127.0.0.1', '--port', String(smtpPort), '--from', from, '--to', to]
    args.push('--data', '-', '--silent', '2')
    if (login) args.push('--auth', login.mechanism)
    if (login) args.push('--auth-user', login.username, '--auth-password', login.password)
    if (tls) args.push('--tls')
    // It puts a line end before the final dot, whether there is one or not.
    return run('swaks', args, bytes.subarray(0, -2))
  },
}

const curl: MailClient = {
  name: 'curl',
  send({ smtpPort, dataDir }, { bytes, from, to }, login, tls) {
    const file = join(dataDir, '../letter.eml')
    writeFileSync(file, bytes)
    const args = ['--silent', '--show-error', '--max-time', '20', '--url', `smtp://127.0.0.1:${smtpPort}`]
    args.push('--mail-from', from, '--mail-rcpt', to, '--upload-file', file)
    if (login) args.push('--user', `${login.username}:${login.password}`)
    if (login) args.push('--login-options', `AUTH=${login.mechanism}`)
    if (tls) args.push('--ssl-reqd', '--insecure')
    return run('curl', args)
  },
}

export const MAIL_CLIENTS = [nodemailer, smtplib, swaks, curl]

/** @throws Error with all it said, if the exit code is not 0 */
async function run(program: string, args: string[], input: Buffer = Buffer.alloc(0)): Promise<void> {
  const child = spawn(program, args)
  // A program that ends without reading its input says why by its exit code, not by our EPIPE.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  if (child.exitCode !== 0) throw new Error(`${program} ended with ${child.exitCode}: ${out}${err}`)
}
