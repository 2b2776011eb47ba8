import { expect, test } from 'vitest'
import { relayServer } from './relay-url.ts'

test.each([
  ['smtp://mx.example', { host: 'mx.example', port: 25, secure: 'opportunistic' }],
  [
    'smtp://u%40x:p%3Aw@mx.example',
    { host: 'mx.example', port: 587, secure: 'starttls', auth: { username: 'u@x', password: 'p:w' } },
  ],
  ['smtp://u:p@mx.example:2525?starttls=off', { port: 2525, secure: 'none' }],
  ['smtp://u:p@127.0.0.1:2525', { port: 2525, secure: 'opportunistic' }],
  ['smtp://[2001:db8::1]:25?starttls=required', { host: '2001:db8::1', secure: 'starttls' }],
  ['smtps://u:p@mx.example', { port: 465, secure: 'tls' }],
])('%s', (url, server) => {
  expect(relayServer(url)).toMatchObject(server)
})

test.each([
  'mx.example:25',
  'http://mx.example',
  'smtp://',
  'smtp://hush%:x@mx.example',
  'smtp://hush@a?starttls=x',
])('%s is refused, and the reason repeats nothing of it', url => {
  expect(() => relayServer(url)).toThrow(/^(must|has)/)
  expect(() => relayServer(url)).not.toThrow(/hush|mx\.example/)
})
