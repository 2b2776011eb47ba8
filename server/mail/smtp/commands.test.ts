import { expect, test } from 'vitest'
import { readBdat, readMail, readRcpt, splitCommand } from './commands.ts'

test.each([
  ['FROM:<a@example.com>', 'a@example.com'],
  ['from:<a@example.com>', 'a@example.com'],
  ['FROM: <a@example.com>', 'a@example.com'],
  ['FROM:a@example.com', 'a@example.com'],
  ['FROM:<>', ''],
  ['FROM:<a@localhost>', 'a@localhost'],
  ['FROM:<a.b+c/d=e@example.com>', 'a.b+c/d=e@example.com'],
  ['FROM:<a..b.@example.jp>', 'a..b.@example.jp'],
  ['FROM:<"a b"@example.com>', '"a b"@example.com'],
  ['FROM:<"a\\"> SIZE=1"@example.com>', '"a\\"> SIZE=1"@example.com'],
  ['FROM:<"a@b"@example.com>', '"a@b"@example.com'],
  ['FROM:<a@[192.0.2.1]>', 'a@[192.0.2.1]'],
  ['FROM:<a@[IPv6:2001:db8::1]>', 'a@[IPv6:2001:db8::1]'],
  ['FROM:<@one.example,@two.example:a@example.com>', 'a@example.com'],
  ['FROM:<пошта@приклад.укр> SMTPUTF8', 'пошта@приклад.укр'],
  [`FROM:<${'x'.repeat(900)}@example.com>`, `${'x'.repeat(900)}@example.com`],
])('%s is the reverse path %s', (argument, reversePath) => {
  expect(readMail(argument)).toMatchObject({ reversePath })
})

test.each([
  'FROM:',
  'FROM:garbage',
  'FROM:<garbage>',
  'FROM:<a@>',
  'FROM:<@example.com>',
  'FROM:<a@example.com',
  'FROM:a@example.com>',
  'FROM:<a b@example.com>',
  'FROM:<a@exam ple.com>',
  'FROM:<a@example..com>',
  'FROM:<a@b@c>',
  'FROM:<a@example.com>SIZE=1',
  'FROM:<"a@example.com>',
  'FROM:<postmaster>',
  `FROM:<a@${'x'.repeat(256)}>`,
  'TO:<a@example.com>',
  '<a@example.com>',
  '',
])('%s is no reverse path', argument => {
  expect(readMail(argument)).toEqual({ code: 501, text: '5.1.7 Bad sender address syntax' })
})

test.each([
  ['TO:<a@example.com>', 'a@example.com'],
  ['TO:<Postmaster>', 'Postmaster'],
  ['TO:<bounce+550+no%20such%20user@example.com>', 'bounce+550+no%20such%20user@example.com'],
])('%s is the forward path %s', (argument, forwardPath) => {
  expect(readRcpt(argument)).toMatchObject({ forwardPath })
})

test.each(['TO:<>', 'TO:<root>', 'FROM:<a@example.com>', 'TO: ', ''])('%s is no forward path', argument => {
  expect(readRcpt(argument)).toEqual({ code: 501, text: '5.1.3 Bad recipient address syntax' })
})

test('a hostile path costs linear time', () => {
  const argument = `FROM:<${'@a,'.repeat(1000)}${'"\\"'.repeat(1000)}`
  expect(readMail(argument)).toMatchObject({ code: 501 })
})

test('parameters of MAIL', () => {
  expect(
    readMail('FROM:<a@b.c> SIZE=1234 BODY=8bitmime SMTPUTF8 RET=hdrs ENVID=QQ+2B314159 AUTH=<>'),
  ).toEqual({
    reversePath: 'a@b.c',
    recipients: [],
    size: 1234,
    body: '8BITMIME',
    smtputf8: true,
    ret: 'HDRS',
    envid: 'QQ+314159',
  })
})

test('parameters of RCPT', () => {
  expect(readRcpt('TO:<a@b.c> NOTIFY=success,FAILURE ORCPT=rfc822;Bob+2Bx@example.com')).toEqual({
    forwardPath: 'a@b.c',
    notify: ['SUCCESS', 'FAILURE'],
    orcpt: 'rfc822;Bob+x@example.com',
  })
  expect(readRcpt('TO:<a@b.c> NOTIFY=NEVER')).toMatchObject({ notify: ['NEVER'], orcpt: undefined })
})

test.each([
  'SIZE=x',
  'SIZE=',
  'SIZE',
  'SIZE=1 SIZE=2',
  'BODY=9BIT',
  'SMTPUTF8=1',
  'RET=ALL',
  'ENVID=a=b',
  'ENVID=+0D+0A',
  'ENVID=+4',
  '=1',
])('MAIL with %s is a bad value', parameter => {
  expect(readMail(`FROM:<a@b.c> ${parameter}`)).toEqual({
    code: 501,
    text: '5.5.4 Error: bad parameter value',
  })
})

test.each([
  'NOTIFY=NEVER,SUCCESS',
  'NOTIFY=',
  'NOTIFY=MAYBE',
  'ORCPT=a@b.c',
  'ORCPT=rfc822;',
  'ORCPT=rfc822;+00',
])('RCPT with %s is a bad value', parameter => {
  expect(readRcpt(`TO:<a@b.c> ${parameter}`)).toEqual({ code: 501, text: '5.5.4 Error: bad parameter value' })
})

test.each(['X=1', 'BODY=BINARYMIME', 'REQUIRETLS'])('MAIL with %s is an unsupported option', parameter => {
  expect(readMail(`FROM:<a@b.c> ${parameter}`)).toEqual({ code: 555, text: '5.5.4 Unsupported option' })
  expect(readRcpt('TO:<a@b.c> SIZE=1')).toEqual({ code: 555, text: '5.5.4 Unsupported option' })
})

test('BDAT', () => {
  expect(readBdat('10')).toEqual({ octets: 10, last: false })
  expect(readBdat('0 last')).toEqual({ octets: 0, last: true })
  for (const wrong of ['', '-1', '1x', '1 FIRST', '1 LAST 2', '9'.repeat(16)])
    expect(readBdat(wrong)).toBeUndefined()
})

test('verb and argument', () => {
  expect(splitCommand('mail FROM:<a@b.c> ')).toEqual({ verb: 'MAIL', argument: 'FROM:<a@b.c>' })
  expect(splitCommand('quit')).toEqual({ verb: 'QUIT', argument: '' })
})
