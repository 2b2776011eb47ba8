import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

/** OWASP's second choice for argon2id: 19 MiB, two passes; 32 ms here. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 }
const TAG_LENGTH = 32

const derive = promisify(argon2)

/** @returns a PHC string: algorithm, cost and salt beside the hash, so that the cost may rise later */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16)
  const tag = await derive('argon2id', { message: normal(password), nonce, ...COST, tagLength: TAG_LENGTH })
  const { memory, passes, parallelism } = COST
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(nonce)}$${base64(tag)}`
}

/** Takes as long for users who are unknown or have no password: who exists is nobody's business. */
export async function passwordMatches(password: string, phc: string | null | undefined): Promise<boolean> {
  const known = PHC.exec(phc ?? '')?.groups
  const { m, t, p, salt = '', hash = '' } = known ?? (await placeholder())
  const right = Buffer.from(hash, 'base64')
  const tag = await derive('argon2id', {
    message: normal(password),
    nonce: Buffer.from(salt, 'base64'),
    memory: Number(m),
    passes: Number(t),
    parallelism: Number(p),
    tagLength: right.length,
  })
  return timingSafeEqual(tag, right) && known !== undefined
}

const PHC =
  /^\$argon2id\$v=19\$m=(?<m>\d+),t=(?<t>\d+),p=(?<p>\d+)\$(?<salt>[A-Za-z0-9+/]+)\$(?<hash>[A-Za-z0-9+/]+)$/

let nobody: Promise<string> | undefined

async function placeholder(): Promise<Record<string, string>> {
  nobody ??= hashPassword(randomBytes(16).toString('hex'))
  return PHC.exec(await nobody)?.groups ?? {}
}

/** The same password typed on another keyboard may come composed differently (RFC 8265, section 4.2). */
function normal(password: string): Buffer {
  return Buffer.from(password.normalize('NFC'), 'utf8')
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '')
}
