import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What is derived from the one key of this installation. Each purpose has a key of its own. */
export interface Secrets {
  /** A key of 32 bytes for one purpose, the same on every node and after every start. */
  key(purpose: string): Buffer
  /** Encrypts what must be read back (AES-256-GCM). */
  seal(text: string): string
  /** @throws Error if it was sealed with another key or changed since */
  open(sealed: string): string
  /** HMAC-SHA-256, base64url. */
  sign(purpose: string, text: string): string
  verify(purpose: string, text: string, signature: string): boolean
}

/** Marks the format, so that a later one can be told apart. */
const SEALED = 'v1.'
const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * The key is the setting, or a file in the data directory, made at the first start.
 * @param secretKey empty: the file
 * @throws Error of the file system, or if the file holds no key
 */
export function openSecrets({ dataDir, secretKey }: { dataDir: string; secretKey: string }): Secrets {
  const master =
    secretKey === '' ? keyFile(join(dataDir, 'secret.key')) : createHash('sha256').update(secretKey).digest()
  const keys = new Map<string, Buffer>()

  const key = (purpose: string) => {
    let derived = keys.get(purpose)
    if (derived === undefined) {
      derived = Buffer.from(hkdfSync('sha256', master, 'posthorn', purpose, 32))
      keys.set(purpose, derived)
    }
    return derived
  }
  const mac = (purpose: string, text: string) => createHmac('sha256', key(purpose)).update(text).digest()

  return {
    key,
    seal(text) {
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key('sealed'), iv)
      const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return SEALED + sealed.toString('base64url')
    },
    open(sealed) {
      const bytes = Buffer.from(sealed.slice(SEALED.length), 'base64url')
      if (!sealed.startsWith(SEALED) || bytes.length < IV_BYTES + TAG_BYTES)
        throw new Error('not a sealed text')
      const decipher = createDecipheriv('aes-256-gcm', key('sealed'), bytes.subarray(0, IV_BYTES))
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
      try {
        return (
          decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
        )
      } catch (cause) {
        throw new Error('sealed with another key: is this the key of this database?', { cause })
      }
    },
    sign: (purpose, text) => mac(purpose, text).toString('base64url'),
    verify(purpose, text, signature) {
      const given = Buffer.from(signature, 'base64url')
      const right = mac(purpose, text)
      return given.length === right.length && timingSafeEqual(given, right)
    },
  }
}

function keyFile(path: string): Buffer {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    text = makeKeyFile(path)
  }
  const key = Buffer.from(text.trim(), 'hex')
  if (key.length !== 32) throw new Error(`${path} holds no key: 64 hexadecimal digits are expected`)
  return key
}

/** Whole or not at all, also when two processes start at once: the first link wins, and both read that one. */
function makeKeyFile(path: string): string {
  const own = `${path}.${randomBytes(6).toString('hex')}`
  mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 })
  writeFileSync(own, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flush: true })
  try {
    linkSync(own, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    unlinkSync(own)
  }
  return readFileSync(path, 'utf8')
}
