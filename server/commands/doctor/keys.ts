import { createPrivateKey, X509Certificate } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { openSecrets } from '../../accounts/secrets.ts'
import type { Settings } from '../../config.ts'
import type { Database } from '../../storage/schema.ts'
import { fail, type Finding, ok, warn } from './finding.ts'

const SOON_MS = 14 * 86_400_000

export function checkCertificate({ tlsCert, tlsKey, dataDir, publicUrl }: Settings): Finding {
  const own = tlsCert === ''
  const certFile = own ? join(dataDir, 'tls.crt') : tlsCert
  const keyFile = own ? join(dataDir, 'tls.key') : tlsKey
  const mend = own
    ? `remove ${certFile} and ${keyFile} and restart: a new one is made`
    : 'renew it and give its files as POSTHORN_TLS_CERT and POSTHORN_TLS_KEY'
  if (own && !existsSync(certFile)) return ok('certificate', 'is made at the first start')
  try {
    const certificate = new X509Certificate(readFileSync(certFile))
    if (!certificate.checkPrivateKey(createPrivateKey(readFileSync(keyFile))))
      return fail('certificate', `${keyFile} is not the key of ${certFile}`, mend)
    const until = new Date(certificate.validTo)
    if (until.getTime() < Date.now()) return fail('certificate', `has run out on ${day(until)}`, mend)
    if (Date.parse(certificate.validFrom) > Date.now())
      return fail('certificate', `begins on ${day(new Date(certificate.validFrom))}`, mend)
    if (until.getTime() < Date.now() + SOON_MS) return warn('certificate', `runs out on ${day(until)}`, mend)
    const { hostname } = new URL(publicUrl)
    if (!own && certificate.checkHost(hostname) === undefined)
      return warn('certificate', `is not for ${hostname}, the host of the public URL`, mend)
    return ok('certificate', `${own ? 'self-signed, ' : ''}valid until ${day(until)}`)
  } catch (error) {
    return fail('certificate', `cannot be read: ${(error as Error).message}`, mend)
  }
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10)
}

/** The key must be there, be nobody else's to read, and open what was sealed with it. */
export async function checkSecretKey(settings: Settings, db: Database | undefined): Promise<Finding> {
  const file = join(settings.dataDir, 'secret.key')
  const inboxes = db ? await db.selectFrom('inboxes').select(['id', 'password']).orderBy('id').execute() : []
  const mend =
    'bring secret.key back from a backup, or set POSTHORN_SECRET_KEY as it was; else posthorn inbox reset gives each inbox a new password'
  if (settings.secretKey === '' && !existsSync(file))
    return inboxes.length === 0
      ? ok('secret key', 'is made at the first start')
      : fail('secret key', `${file} is gone: nobody can log in to an inbox`, mend)
  try {
    const secrets = openSecrets(settings)
    const sealed = inboxes.filter(({ password }) => !opens(() => secrets.open(password)))
    if (sealed.length > 0)
      return fail(
        'secret key',
        `does not open the passwords of ${sealed.length} of ${inboxes.length} inboxes`,
        mend,
      )
  } catch (error) {
    return fail('secret key', `cannot be read: ${(error as Error).message}`, mend)
  }
  if (settings.secretKey === '' && (statSync(file).mode & 0o077) !== 0)
    return warn('secret key', `others may read ${file}`, `chmod 600 ${file}`)
  return ok('secret key', `opens the passwords of ${inboxes.length} inboxes`)
}

function opens(open: () => unknown): boolean {
  try {
    open()
    return true
  } catch {
    return false
  }
}
