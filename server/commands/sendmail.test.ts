import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freePorts } from '../../test/free-port.ts'
import {
  ADMIN_API_TOKEN,
  INBOX_PASSWORD,
  INBOX_USERNAME,
  type Posthorn,
  startPosthorn,
} from '../../test/posthorn.ts'
import { readSendmailArguments } from './sendmail-arguments.ts'
import { readSubmission, takeRecipients } from './sendmail-message.ts'

let posthorn: Posthorn
let folder: string
beforeAll(async () => {
  posthorn = await startPosthorn()
  folder = mkdtempSync(join(tmpdir(), 'posthorn-sendmail-'))
})
afterAll(async () => {
  await posthorn?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const sendmail = (args: string[], message: string | Buffer) => posthorn.run(['sendmail', ...args], message)
const get = (path: string) =>
  fetch(`${posthorn.url}/api/v1/inboxes/1/messages${path}`, { headers: { 'api-token': ADMIN_API_TOKEN } })

async function newest(): Promise<{
  id: number
  eml: string
  envelope: { mail_from: string; rcpt_to: string[] }
}> {
  const [message] = (await (await get('')).json()) as { id: number; smtp_information?: unknown }[]
  const id = message?.id ?? 0
  const eml = await (await get(`/${id}/body.eml`)).text()
  const { smtp_information } = (await (await get(`/${id}`)).json()) as {
    smtp_information: { data: { mail_from_addr: string; rcpt_to_addrs?: string[] } }
  }
  return {
    id,
    eml,
    envelope: {
      mail_from: smtp_information.data.mail_from_addr,
      rcpt_to: smtp_information.data.rcpt_to_addrs ?? [],
    },
  }
}

it('takes what PHP hands over: recipients from the header, Bcc kept out of it, line ends made CRLF', async () => {
  const message =
    'To: Bob <bob@x.test>, "C, D" <c@x.test>\nBcc: hidden@x.test\nSubject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=\nX-PHP-Originating-Script: 0:mail.php\n\n.dots\n.\nand more\n'
  expect(await sendmail(['-t', '-i'], message)).toEqual({ code: 0, stdout: '', stderr: '' })
  const { eml, envelope } = await newest()
  expect(envelope.rcpt_to).toEqual(['bob@x.test', 'c@x.test', 'hidden@x.test'])
  expect(eml).toMatch(
    /^To: Bob <bob@x\.test>, "C, D" <c@x\.test>\r\nSubject: =\?UTF-8\?Q\?Gr=C3=BC=C3=9Fe\?=\r\nX-PHP-Originating-Script: 0:mail\.php\r\nFrom: \S+@\S+\r\nDate: .+ \+0000\r\nMessage-ID: <\S+@\S+>\r\n\r\n\.dots\r\n\.\r\nand more\r\n$/,
  )
})

it('adds nothing that is there, and keeps bytes that are no text', async () => {
  const whole = Buffer.from(
    'From: a@x.test\r\nDate: Sat, 21 Nov 2026 15:00:00 +0000\r\nMessage-ID: <1@x>\r\nTo: b@x.test\r\n\r\n\xff\x00\xe9\r\n',
    'latin1',
  )
  expect((await sendmail(['-ti'], whole)).code).toBe(0)
  const { id } = await newest()
  expect(Buffer.from(await (await get(`/${id}/body.eml`)).arrayBuffer())).toEqual(whole)
})

it('names the sender as told, and ends at a lone dot without -i', async () => {
  const { code } = await sendmail(
    ['-f', 'bounces@x.test', '-FJörg Müller', '-oem', '-N', 'never', '-v', 'bob@x.test'],
    'Subject: s\n\nin\n.\nout\n',
  )
  expect(code).toBe(0)
  const { eml, envelope } = await newest()
  expect(eml).toContain('From: =?utf-8?')
  expect(eml).toContain('<bounces@x.test>\r\n')
  expect(eml).toMatch(/\r\n\r\nin\r\n$/)
  expect(envelope.mail_from).toBe('bounces@x.test')
})

it('logs in to an inbox, and says when that fails', async () => {
  const login = ['-au', INBOX_USERNAME, `-ap${INBOX_PASSWORD}`]
  expect((await sendmail([...login, 'bob@x.test'], 'Subject: in\n\n')).code).toBe(0)
  const { code, stderr } = await sendmail(['-au', 'x', '-ap', 'y', 'bob@x.test'], 'Subject: in\n\n')
  expect(code).toBe(69)
  expect(stderr).toMatch(/^posthorn: sendmail: AUTH: 535 .+\n$/)
})

it.each([
  [69, 'a final refusal', ['bounce+550+never@x.test']],
  [75, 'a refusal for now', ['bounce+450+later@x.test']],
  [75, 'a refusal for now of one of several', ['bounce+450+later@x.test', 'bob@x.test']],
  [64, 'no recipients', []],
  [64, 'an unknown flag', ['-y', 'bob@x.test']],
  [64, 'a mode that is not served', ['-bs']],
  [64, 'a flag without its value', ['bob@x.test', '-f']],
])('ends with %i for %s', async (code, _what, args) => {
  const answer = await sendmail(args, 'Subject: s\n\ntext\n')
  expect(answer.code).toBe(code)
  expect(answer.stderr.trimEnd().split('\n')).toHaveLength(1)
})

it('as a link named sendmail, from another folder, it says 75 when no server runs', async () => {
  const [port] = await freePorts(1)
  const link = join(folder, 'sendmail')
  symlinkSync(join(import.meta.dirname, '../../bin/posthorn'), link)
  const env = { ...posthorn.env, POSTHORN_SMTP_PORTS: String(port) }
  const child = spawn(link, ['-t', '-i'], { cwd: folder, env })
  child.stdin.end('To: b@x.test\n\nhi\n')
  const [stderr] = await Promise.all([text(child.stderr), once(child, 'close')])
  expect(child.exitCode).toBe(75)
  expect(stderr).toBe(
    `posthorn: sendmail: no server answers at 127.0.0.1 port ${port}; posthorn serve starts one\n`,
  )
})

it('understands flags joined, glued and apart', () => {
  const read = readSendmailArguments(['-tioi', '-fa@x', '-odb', '-q15m', '--', '-odd@x'])
  expect(read).toMatchObject({ fromHeader: true, dotEnds: false, sender: 'a@x', recipients: ['-odd@x'] })
  expect(readSendmailArguments(['-f', '<>', 'b@x']).sender).toBe('')
})

it.each([
  ['From ada Sat Nov 21\nTo: a@x\n\nbody', ['to'], 'body\r\n'],
  ['To: a@x\nbody without an empty line\nmore', ['to'], 'body without an empty line\r\nmore\r\n'],
  ['no header', [], 'no header\r\n'],
  ['To: a@x,\n\tb@x\nCc : c@x\n\n\nbody', ['to', 'cc'], '\r\nbody\r\n'],
  ['', [], ''],
])('reads %j', (message, names, body) => {
  const submission = readSubmission(Buffer.from(message), false)
  expect(submission.fields.map(field => field.name)).toEqual(names)
  expect(submission.body).toBe(body)
})

it('sends a message that is being sent on to whom its Resent fields name', () => {
  const submission = readSubmission(
    Buffer.from('Resent-To: new@x\nResent-Bcc: blind@x\nTo: old@x\nBcc: oldblind@x\n\n'),
    false,
  )
  expect(takeRecipients(submission)).toEqual(['new@x', 'blind@x'])
  expect(submission.fields.map(field => field.name)).toEqual(['resent-to', 'to'])
})
