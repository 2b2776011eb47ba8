import { expect, it } from 'vitest'
import { parseParameterised } from './parameters.ts'

it.each<[string, string, Record<string, string>]>([
  ['text/plain', 'text/plain', {}],
  ['TEXT/Plain; Charset=UTF-8', 'text/plain', { charset: 'UTF-8' }],
  ['text/plain;charset="utf-8";format=flowed', 'text/plain', { charset: 'utf-8', format: 'flowed' }],
  ['text/plain; charset=us-ascii (Plain text)', 'text/plain', { charset: 'us-ascii' }],
  ['(c) text/plain (c); (c) charset (c) = (c) utf-8', 'text/plain', { charset: 'utf-8' }],
  ['text/plain charset=utf-8', 'text/plain', { charset: 'utf-8' }],
  ['a/b; name="x; y=z"; q=1', 'a/b', { name: 'x; y=z', q: '1' }],
  ['a/b; name="say \\"hi\\""', 'a/b', { name: 'say "hi"' }],
  ['a/b; name="C:\\temp\\new.txt"', 'a/b', { name: 'C:\\temp\\new.txt' }],
  ['a/b; name=my file.pdf; q=1', 'a/b', { name: 'my file.pdf', q: '1' }],
  ['a/b; name=my order (1).pdf', 'a/b', { name: 'my order (1).pdf' }],
  ['a/b; name=Invoice(1).pdf', 'a/b', { name: 'Invoice(1).pdf' }],
  ['a/b; name="unclosed; boundary=x', 'a/b', { name: 'unclosed', boundary: 'x' }],
  ['a/b (unclosed; boundary=x', 'a/b', { unclosed: '', boundary: 'x' }],
  ['a/b; flag; boundary=x', 'a/b', { flag: '', boundary: 'x' }],
  ['a/b; boundary=x; boundary=y', 'a/b', { boundary: 'x' }],
  ['a/b; name="a" junk; q=1', 'a/b', { name: 'a', q: '1' }],
  ["a/b; name*=utf-8''%e2%82%ac.txt; name=old", 'a/b', { name: '€.txt' }],
  ["a/b; name*=iso-8859-1'de'gr%FCn", 'a/b', { name: 'grün' }],
  ["a/b; name*1=b; name*0*=utf-8''%C3; name*2*=%A9", 'a/b', { name: '\ufffdb\ufffd' }],
  ["a/b; name*0*=utf-8''%C3; name*1*=%A9; name*2=.txt", 'a/b', { name: 'é.txt' }],
  ['a/b; name*0="long "; name*1="name"', 'a/b', { name: 'long name' }],
  ['a/b; name*=no-quotes', 'a/b', { name: 'no-quotes' }],
  ["a/b; name*=''%ZZ%4", 'a/b', { name: '%ZZ%4' }],
  ['a/b; name="=?utf-8?q?a?=" "=?utf-8?q?b?="', 'a/b', { name: '=?utf-8?q?a?= =?utf-8?q?b?=' }],
  ['a/b; name=caf\xc3\xa9', 'a/b', { name: 'café' }],
  ['a/b; name=caf\xe9', 'a/b', { name: 'café' }],
  ['"inline"', 'inline', {}],
  ['', '', {}],
  [';;;=;', '', {}],
])('%s', (header, value, params) => {
  const parsed = parseParameterised(header)
  expect(parsed.value).toBe(value)
  expect(Object.fromEntries(parsed.params)).toEqual(params)
})
