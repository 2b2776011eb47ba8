import { createHmac, randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { idOfToken, publicToken, urlSignature } from './public-token.ts'
import { quickHmac } from './quick-hmac.ts'

it('is the HMAC of everybody else, whatever came before', () => {
  const keys = [Buffer.alloc(32, 7), randomBytes(32), randomBytes(64), Buffer.alloc(0)]
  const texts = ['', 'a', 'ü€😀 \ud800', 'x'.repeat(5000), randomBytes(6), randomBytes(70_000), 'b']
  for (const text of texts)
    for (const key of keys)
      expect(quickHmac(key, text)).toBe(createHmac('sha256', key).update(text).digest().toString('latin1'))
  expect(() => quickHmac(Buffer.alloc(65), 'a')).toThrow(RangeError)
})

it('makes tokens that only their key opens', () => {
  const [key, other] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
  for (const id of [0, 1, 4711, 2 ** 47]) {
    const token = publicToken(key, id)
    expect(token).toMatch(/^[\w-]{20}$/)
    expect(idOfToken(key, token)).toBe(id)
    expect(idOfToken(other, token)).toBeUndefined()
    expect(idOfToken(key, `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`)).toBeUndefined()
  }
  expect(urlSignature(key, 't', 'https://a.example')).toBe(
    createHmac('sha256', key).update('t https://a.example').digest().subarray(0, 9).toString('base64url'),
  )
})
