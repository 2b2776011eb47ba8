import { expect, test } from 'vitest'
import { addressees, addressKey, domainKey, forwardable, forwardCopy, wasForwarded } from './forward-copy.ts'

const from = { name: 'Posthorn Forward', address: 'a1-i2@forward.test' }
const OURS = 'X-Posthorn-Forwarded: a1-i2@forward.test\r\nFrom: Posthorn Forward <a1-i2@forward.test>\r\n'
const copyOf = (raw: string) => forwardCopy(forwardable(Buffer.from(raw, 'latin1')), from).toString('latin1')

test.each([
  [
    'in its place',
    'A: 1\r\nFrom: x@y\r\nB: 2\r\n\r\nbody',
    `A: 1\r\n${OURS}X-Mailtrap-Original-From: x@y\r\nB: 2\r\n\r\nbody`,
  ],
  [
    'folded, odd case, 8 bit',
    'fROM:\r\n "Zo\xeb, A."\r\n\t<x@y>\r\nTo: a@b\r\n\r\n\xff\r\n.\r\n',
    `${OURS}X-Mailtrap-Original-From:\r\n "Zo\xeb, A."\r\n\t<x@y>\r\nTo: a@b\r\n\r\n\xff\r\n.\r\n`,
  ],
  [
    'several',
    'From: 1@y\r\nTo: a@b\r\nFrom: 2@y\r\n\r\n',
    `${OURS}X-Mailtrap-Original-From: 1@y\r\nTo: a@b\r\nX-Mailtrap-Original-From: 2@y\r\n\r\n`,
  ],
  ['missing', 'To: a@b\r\n\r\nFrom: in the body\r\n', `${OURS}To: a@b\r\n\r\nFrom: in the body\r\n`],
  ['no header at all', 'just text\r\n', `${OURS}\r\njust text\r\n`],
  ['an empty header', '\r\njust text\r\n', `${OURS}\r\njust text\r\n`],
  ['nothing', '', `${OURS}\r\n`],
])('From is ours, the rest as it was: %s', (_case, raw, copy) => {
  expect(copyOf(raw)).toBe(copy)
})

test('no line end goes out alone: a dot between two LFs would end the message for some servers', () => {
  const smuggled = 'From: x@y\n\nhello\n.\nMAIL FROM:<evil@y>\r.\r\nend\r'
  expect(copyOf(smuggled)).toBe(
    `${OURS}X-Mailtrap-Original-From: x@y\r\n\r\nhello\r\n.\r\nMAIL FROM:<evil@y>\r\n.\r\nend\r\n`,
  )
})

test('what was forwarded once bears the mark', () => {
  expect(wasForwarded(forwardable(Buffer.from('From: x@y\r\n\r\nX-Posthorn-Forwarded: a\r\n')))).toBe(false)
  expect(wasForwarded(forwardable(Buffer.from(copyOf('From: x@y\r\n\r\n'))))).toBe(true)
})

test('To and Cc are asked, each address once, never Bcc', () => {
  const raw = `To: "a, b" <A@Example.COM>, team: x@one.test, y@b\xc3\xbccher.test;\r
Cc: a@example.com,\r
 "odd one"@x.test, nobody, <z@two.test\r
Bcc: secret@example.com\r
To: late@example.com\r
\r
To: body@example.com\r
`
  expect(addressees(forwardable(Buffer.from(raw, 'latin1')))).toEqual([
    'a@example.com',
    'x@one.test',
    'y@xn--bcher-kva.test',
    'z@two.test',
    'late@example.com',
  ])
})

test('addresses and domains as they are compared', () => {
  expect(addressKey(' Dev+Tag@Example.com. '.trim())).toBe('dev+tag@example.com')
  expect(addressKey('me@localhost')).toBe('me@localhost')
  for (const bad of [
    '',
    'x',
    '@x.test',
    'x@',
    'a b@x.test',
    'x@[127.0.0.1]',
    'x@10.0.0.1',
    'x@x..test',
    `${'x'.repeat(65)}@x.test`,
    'x@y>\r\nDATA',
  ])
    expect(addressKey(bad), bad).toBeUndefined()
  expect(domainKey(' BÜCHER.test ')).toBe('xn--bcher-kva.test')
  for (const bad of ['', 'com', '10.0.0.1', 'a_b', 'x.test/y', '*.x.test'])
    expect(domainKey(bad), bad).toBeUndefined()
})
