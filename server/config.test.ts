import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { databaseLocation, describeSettings, readSettings, WrongSetting } from './config.ts'

const empty = mkdtempSync(join(tmpdir(), 'posthorn-config-'))
afterAll(() => rmSync(empty, { recursive: true }))
const read = (environment: Record<string, string> = {}, flags = {}) => readSettings(flags, environment, empty)

it('has the documented defaults', () => {
  expect(read()).toMatchObject({
    host: '127.0.0.1',
    httpPort: 8025,
    smtpPorts: [2525],
    pop3Ports: [1100],
    publicUrl: 'http://localhost:8025',
    smtpHost: 'localhost',
    smtpAnonymous: 'first-inbox',
    apiRateLimit: { count: 150, seconds: 10 },
    smtpRateLimit: undefined,
    maxMessageSize: 26_214_400,
  })
  expect(databaseLocation(read())).toEqual({
    engine: 'sqlite',
    file: join(process.cwd(), 'data/posthorn.db'),
  })
})

it('lets a flag win over the environment, and the environment over .env', () => {
  writeFileSync(
    join(empty, '.env'),
    'POSTHORN_HTTP_PORT=9001\nPOSTHORN_LOG=debug\nAPP_URL=https://mail.example.com/\n',
  )
  expect(read()).toMatchObject({
    httpPort: 9001,
    publicUrl: 'https://mail.example.com',
    smtpHost: 'mail.example.com',
  })
  expect(read({ POSTHORN_HTTP_PORT: '9002' }).httpPort).toBe(9002)
  expect(read({ POSTHORN_HTTP_PORT: '9002' }, { 'http-port': '9003' })).toMatchObject({
    httpPort: 9003,
    log: 'debug',
  })
  rmSync(join(empty, '.env'))
})

it('takes an empty list of POP3 ports for none, and any other setting given as nothing for not given', () => {
  writeFileSync(join(empty, '.env'), 'POSTHORN_POP3_PORTS=1101\nPOSTHORN_HTTP_PORT=9001\n')
  expect(read({ POSTHORN_POP3_PORTS: '', POSTHORN_HTTP_PORT: '' })).toMatchObject({
    pop3Ports: [],
    httpPort: 9001,
  })
  expect(read({}, { 'pop3-ports': '1100,9950' }).pop3Ports).toEqual([1100, 9950])
  rmSync(join(empty, '.env'))
})

it('turns anonymous mail off where others can reach the server', () => {
  expect(read({ POSTHORN_HOST: '0.0.0.0' }).smtpAnonymous).toBe('off')
  expect(read({ POSTHORN_HOST: '::1' }).smtpAnonymous).toBe('first-inbox')
})

it('names the web app with https where the listener speaks it', () => {
  expect(read({ POSTHORN_HTTPS: 'on', POSTHORN_HTTP_PORT: '9443' }).publicUrl).toBe('https://localhost:9443')
})

it.each([
  ['POSTHORN_HTTP_PORT', '80250', 'must be a port from 1 to 65535, not "80250"'],
  ['POSTHORN_SMTP_PORTS', '25,x', 'must be a port from 1 to 65535, not "x"'],
  ['POSTHORN_HOST', 'mail.example.com', 'must be an IP address, not "mail.example.com"'],
  ['POSTHORN_PUBLIC_URL', 'mail.example.com', 'must be an http(s) URL, not "mail.example.com"'],
  ['DATABASE_URL', 'mysql://x', 'must begin with postgres://'],
  ['POSTHORN_API_RATE_LIMIT', '150', 'must be count/seconds as 150/10, or 0, not "150"'],
  ['POSTHORN_THROTTLE', '60/1', 'must be requests,minutes as 60,1, or 0, not "60/1"'],
  ['POSTHORN_THROTTLE', '0,1', 'must be requests,minutes as 60,1, or 0, not "0,1"'],
  ['POSTHORN_THROTTLE', '60,0', 'must be requests,minutes as 60,1, or 0, not "60,0"'],
  ['POSTHORN_INBOX_CREDENTIALS', 'nocolon', 'must be username:password'],
  ['POSTHORN_SMTP_ANONYMOUS', 'yes', 'must be first-inbox or off, not "yes"'],
  ['POSTHORN_ADMIN_PASSWORD', 'short', 'must have at least 8 characters'],
  ['POSTHORN_MAX_MESSAGE_SIZE', '1e9', 'must be a whole number of at least 1024, not "1e9"'],
  ['POSTHORN_TLS_CERT', '/nowhere.pem', 'names a file that is not there: /nowhere.pem'],
  ['POSTHORN_SPAMD', '127.0.0.1', 'must be host:port, not "127.0.0.1"'],
  ['POSTHORN_BLACKLISTS', 'on', 'must be NAME=zone, as SPAMCOP=bl.spamcop.net, not "on"'],
  ['POSTHORN_LOG', 'loud', 'must be silent or error or warn or info or debug, not "loud"'],
])('refuses %s=%s in one line', (name, value, text) => {
  expect(() => read({ [name]: value })).toThrow(new WrongSetting(`${name} ${text}`))
})

it('reads the throttle as Laravel does, under three names', () => {
  const inLaravel = { LARAVELMAIL_THROTTLE_MIDDLEWARE: '1000,5', SENDPORTAL_THROTTLE_MIDDLEWARE: '7' }
  expect(read().throttle).toEqual({ count: 60, seconds: 60 })
  expect(read(inLaravel).throttle).toEqual({ count: 1000, seconds: 300 })
  expect(read({ ...inLaravel, POSTHORN_THROTTLE: '10|60,0.5' }).throttle).toEqual({
    count: 60,
    seconds: 30,
    unknown: 10,
  })
  expect(read({ SENDPORTAL_THROTTLE_MIDDLEWARE: '7' }).throttle).toEqual({ count: 7, seconds: 60 })
  expect(read({ POSTHORN_THROTTLE: '0' }).throttle).toBeUndefined()
})

it('lets strangers sign up where addresses can be proved, under the names of others too', () => {
  const relay = { POSTHORN_RELAY_URL: 'smtp://localhost:25' }
  expect(read()).toMatchObject({ registration: false, passwordReset: true })
  expect(read({ SENDPORTAL_REGISTER: 'true', ...relay }).registration).toBe(true)
  const laravel = { LARAVEL_MAIL_REGISTER: 'false', LARAVEL_MAIL_PASSWORD_RESET: 'false' }
  expect(read(laravel)).toMatchObject({ registration: false, passwordReset: false })
  expect(read({ ...laravel, POSTHORN_REGISTRATION: 'on', ...relay }).registration).toBe(true)
  expect(() => read({ POSTHORN_REGISTRATION: 'on' })).toThrow(/^POSTHORN_REGISTRATION is on, but/)
  expect(() => read({ POSTHORN_REGISTRATION: 'maybe' })).toThrow(/must be on or off/)
})

it('knows whom to ask about messages', () => {
  expect(read({ POSTHORN_SPAMD: '[::1]:783' }).spamd).toEqual({ host: '::1', port: 783 })
  expect(read({ POSTHORN_BLACKLISTS: 'SPAMCOP=bl.spamcop.net, psbl.surriel.com' }).blacklists).toEqual([
    { name: 'SPAMCOP', zone: 'bl.spamcop.net' },
    { name: 'psbl.surriel.com', zone: 'psbl.surriel.com' },
  ])
  expect(read({}).blacklists).toEqual([])
})

it('knows which private addresses users may point at', () => {
  const targets = (environment: Record<string, string>) => read(environment).privateTargets
  expect(targets({})).toBe('allow')
  expect(targets({ POSTHORN_HOST: '0.0.0.0' })).toBe('deny')
  const given = 'Mail.intern, 10.0.0.0/8, fd00::/8, ::1'
  expect(targets({ POSTHORN_PRIVATE_TARGETS: given })).toEqual([
    'mail.intern',
    '10.0.0.0/8',
    'fd00::/8',
    '::1',
  ])
  for (const wrong of ['10.0.0.0/33', 'http://x', '10.0.0.0/8/8', 'x/8'])
    expect(() => targets({ POSTHORN_PRIVATE_TARGETS: wrong })).toThrow(/hosts and networks/)
})

it('never repeats a secret in its complaint', () => {
  for (const [name, value] of [
    ['POSTHORN_ADMIN_PASSWORD', 'hunter2'],
    ['POSTHORN_ADMIN_API_TOKEN', 'not a token!'],
    ['POSTHORN_SECRET_KEY', 'tooshort'],
    ['DATABASE_URL', 'mysql://user:hunter2@db'],
  ] as const)
    expect(() => read({ [name]: value })).not.toThrow(value)
})

it('is the table that docs/operations.md prints', () => {
  const docs = readFileSync(new URL('../docs/operations.md', import.meta.url), 'utf8')
  for (const { name, shown, meaning } of describeSettings())
    expect(docs).toContain(`| \`${name}\` | ${shown === '' ? '–' : `\`${shown}\``} | ${meaning} |`)
})
