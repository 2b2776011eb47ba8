import { describe, expect, it } from 'vitest'
import { parseAddressList, splitAddress } from './address.ts'

describe('parseAddressList', () => {
  it.each<[string, [name: string, address: string][]]>([
    ['a@example.com', [['', 'a@example.com']]],
    ['<a@example.com>', [['', 'a@example.com']]],
    ['Ada Example <a@example.com>', [['Ada Example', 'a@example.com']]],
    [
      '"Example, Ada" <a@example.com>, b@example.com',
      [
        ['Example, Ada', 'a@example.com'],
        ['', 'b@example.com'],
      ],
    ],
    ['"Ada \\"the\\" \\\\" <a@example.com>', [['Ada "the" \\', 'a@example.com']]],
    ['a@example.com (Ada (the first))', [['Ada (the first)', 'a@example.com']]],
    ['Ada (comment) Example <a@example.com>', [['Ada Example', 'a@example.com']]],
    ['"john doe"@example.com', [['', '"john doe"@example.com']]],
    ['"a@b" <c@example.com>', [['a@b', 'c@example.com']]],
    ['"a@evil.example"', [['a@evil.example', '']]],
    [
      'Friends: a@example.com, B <b@example.com>;',
      [
        ['', 'a@example.com'],
        ['B', 'b@example.com'],
      ],
    ],
    ['undisclosed-recipients:;', []],
    [
      'One: a@example.com; Two: b@example.com;, c@example.com',
      [
        ['', 'a@example.com'],
        ['', 'b@example.com'],
        ['', 'c@example.com'],
      ],
    ],
    ['<@relay.example,@hub.example:a@example.com>', [['', 'a@example.com']]],
    [
      'a@example.com;b@example.com,,c@example.com,',
      [
        ['', 'a@example.com'],
        ['', 'b@example.com'],
        ['', 'c@example.com'],
      ],
    ],
    [
      'Ada <a@example.com, Bo <b@example.com>',
      [
        ['Ada', 'a@example.com'],
        ['Bo', 'b@example.com'],
      ],
    ],
    ['Ada a@example.com', [['Ada', 'a@example.com']]],
    ['a @ example.com', [['', 'a@example.com']]],
    ['Ada < <a@example.com>', [['Ada', 'a@example.com']]],
    [
      'a@[192.0.2.1], b@[IPv6:2001:db8::1]',
      [
        ['', 'a@[192.0.2.1]'],
        ['', 'b@[IPv6:2001:db8::1]'],
      ],
    ],
    [
      '用户@例え.test, Jörg <jörg@example.com>',
      [
        ['', '用户@例え.test'],
        ['Jörg', 'jörg@example.com'],
      ],
    ],
    ['=?utf-8?q?J=C3=B6rg=2C_M?= <j@example.com>', [['Jörg, M', 'j@example.com']]],
    ['=?utf-8?q?Doe,_J?= <j@example.com>', [['Doe, J', 'j@example.com']]],
    ['"=?utf-8?q?J=C3=B6rg?=" <j@example.com>', [['Jörg', 'j@example.com']]],
    ['=?utf-8?q?a=40evil.example?=', [['a@evil.example', '']]],
    ['=?utf-8?q?a=0D=0ABcc:_b?= <j@example.com>', [['a Bcc: b', 'j@example.com']]],
    ['MAILER-DAEMON', [['MAILER-DAEMON', '']]],
    ['Ada <>', [['Ada', '']]],
    ['"unclosed <a@example.com>', [['unclosed', 'a@example.com']]],
    ['(unclosed a@example.com', [['unclosed', 'a@example.com']]],
    ['', []],
    [' , ;', []],
  ])('%s', (value, expected) => {
    expect(parseAddressList(value)).toEqual(expected.map(([name, address]) => ({ name, address })))
  })
})

describe('splitAddress', () => {
  it.each([
    ['a@example.com', 'a', 'example.com'],
    ['<a+tag@example.com>', 'a+tag', 'example.com'],
    ['"john \\"doe"@example.com', 'john "doe', 'example.com'],
    ['"a@b"@example.com', 'a@b', 'example.com'],
    ['<@relay.example:a@example.com>', 'a', 'example.com'],
    ['a@[192.0.2.1]', 'a', '[192.0.2.1]'],
  ])('%s', (path, localPart, domain) => {
    expect(splitAddress(path)).toEqual({ localPart, domain })
  })

  it.each(['', '<>', 'postmaster', '@example.com', 'a@'])('%j has no two halves', path => {
    expect(splitAddress(path)).toBeUndefined()
  })
})
