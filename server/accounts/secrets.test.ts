import { jwtVerify, SignJWT } from 'jose'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { readJwt, signJwt } from './jwt.ts'
import { hashPassword, passwordMatches } from './passwords.ts'
import { openSecrets } from './secrets.ts'

const folders: string[] = []

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'posthorn-secrets-'))
  folders.push(made)
  return made
}

afterEach(() => {
  for (const one of folders.splice(0)) rmSync(one, { recursive: true })
})

const given = { dataDir: '/nowhere', secretKey: 'a key from the environment' }

it('keeps its key in a file that only the owner reads, made once', () => {
  const dataDir = join(folder(), 'data')
  const first = openSecrets({ dataDir, secretKey: '' })
  const file = join(dataDir, 'secret.key')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readFileSync(file, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/)
  expect(openSecrets({ dataDir, secretKey: '' }).open(first.seal('pässword'))).toBe('pässword')
  expect(() => openSecrets(given).open(first.seal('x'))).toThrow('another key')
})

it('refuses a key file that is none, and says which', () => {
  const dataDir = folder()
  writeFileSync(join(dataDir, 'secret.key'), 'abc')
  expect(() => openSecrets({ dataDir, secretKey: '' })).toThrow('secret.key holds no key')
  if (process.getuid?.() === 0) return
  chmodSync(join(dataDir, 'secret.key'), 0)
  expect(() => openSecrets({ dataDir, secretKey: '' })).toThrow('EACCES')
})

it('seals the same text differently each time, and notices every change', () => {
  const secrets = openSecrets(given)
  const sealed = secrets.seal('text')
  expect(secrets.seal('text')).not.toBe(sealed)
  expect(secrets.open(secrets.seal(''))).toBe('')
  for (const broken of [
    '',
    'v1.',
    'text',
    sealed.slice(0, -4),
    `${sealed.slice(0, 8)}AAAA${sealed.slice(12)}`,
  ])
    expect(() => secrets.open(broken)).toThrow(/sealed/)
})

it('signs for one purpose at a time', () => {
  const secrets = openSecrets(given)
  const signature = secrets.sign('parts', '3/4')
  expect(secrets.verify('parts', '3/4', signature)).toBe(true)
  expect(openSecrets(given).verify('parts', '3/4', signature)).toBe(true)
  expect(secrets.verify('parts', '3/5', signature)).toBe(false)
  expect(secrets.verify('links', '3/4', signature)).toBe(false)
  expect(secrets.verify('parts', '3/4', '')).toBe(false)
  expect(secrets.key('a')).toHaveLength(32)
  expect(secrets.key('a').equals(secrets.key('b'))).toBe(false)
})

it('writes JWTs that others read, and reads only its own', async () => {
  const secrets = openSecrets(given)
  const key = secrets.key('jwt')
  const token = await signJwt(secrets, 7, 'abc', 1_700_000_000_500)
  const { payload, protectedHeader } = await jwtVerify(token, key, { algorithms: ['HS256'] })
  expect(payload).toEqual({ sub: '7', jti: 'abc', iat: 1_700_000_000 })
  expect(protectedHeader).toEqual({ alg: 'HS256', typ: 'JWT' })
  expect(await readJwt(secrets, token)).toEqual({ userId: 7, jwtId: 'abc' })

  const foreign = await new SignJWT({ jti: 'abc' })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('7')
    .sign(key)
  expect(await readJwt(secrets, foreign)).toEqual({ userId: 7, jwtId: 'abc' })
  const longer = await new SignJWT({ jti: 'abc' })
    .setProtectedHeader({ alg: 'HS512' })
    .setSubject('7')
    .sign(Buffer.concat([key, key]))
  const [header, claims, signature] = token.split('.') as [string, string, string]
  const none = Buffer.from('{"alg":"none"}').toString('base64url')
  for (const wrong of [
    longer,
    `${none}.${claims}.`,
    `${none}.${claims}.${signature}`,
    `${header}.${claims}.`,
    `${header}.${claims}.${signature}.${signature}`,
    `${header}.${Buffer.from('{"sub":"8","jti":"abc"}').toString('base64url')}.${signature}`,
    await signJwt(openSecrets({ ...given, secretKey: 'another key altogether' }), 7, 'abc'),
    '..',
    'a.b.c',
  ])
    expect(await readJwt(secrets, wrong)).toBeUndefined()
})

it('keeps passwords as argon2id, and knows them again in every composition', async () => {
  const phc = await hashPassword('pässwörd')
  expect(phc).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
  expect(await hashPassword('pässwörd')).not.toBe(phc)
  expect(await passwordMatches('pässwörd', phc)).toBe(true)
  expect(await passwordMatches('pässwörd'.normalize('NFD'), phc)).toBe(true)
  expect(await passwordMatches('passwörd', phc)).toBe(false)
  expect(await passwordMatches('', phc)).toBe(false)
})

it('never matches where there is no password', async () => {
  for (const none of [null, undefined, '', 'plain', '$argon2id$v=19$m=1$x$y'])
    expect(await passwordMatches('plain', none)).toBe(false)
})
