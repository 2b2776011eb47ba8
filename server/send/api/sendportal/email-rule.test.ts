import { expect, it } from 'vitest'
import { isEmail } from './email-rule.ts'

it.each([
  'a@b.c',
  'user@localhost',
  'first.last+tag@example.co.uk',
  "o'brien!#$%&*/=?^_`{|}~-@example.com",
  '"quoted local"@example.com',
  '"a@b"@example.com',
  'user@[192.0.2.1]',
  'user@[IPv6:2001:db8::1]',
  'grüße@bücher.example',
  '用户@例子.世界',
  `${'l'.repeat(64)}@example.com`,
])('takes %s', address => expect(isEmail(address)).toBe(true))

it.each([
  '',
  'plain',
  '@example.com',
  'a@',
  'a@b@c',
  'a b@example.com',
  '.a@example.com',
  'a.@example.com',
  'a..b@example.com',
  'a@-b.example',
  'a@b-.example',
  'a@.example',
  'a@example.',
  'a@exa mple.com',
  'Name <a@b.c>',
  'a@b.c\nBcc: x@y.z',
  'a@b.c\u200b',
  '"open@example.com',
  `${'l'.repeat(65)}@example.com`,
  `a@${'d'.repeat(64)}.example`,
  `a@${'d.'.repeat(130)}example`,
])('refuses %j', address => expect(isEmail(address)).toBe(false))
