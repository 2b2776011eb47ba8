import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'

export interface Certificate {
  /** PEM. */
  key: string
  cert: string
}

/**
 * The certificate of STARTTLS and HTTPS: the operator's, else a self-signed one that is made once and kept,
 * so that a client which was told to trust it may go on doing so.
 * @throws Error when a file cannot be read or written
 */
export async function loadCertificate(
  given: { cert: string; key: string },
  dataDir: string,
  names: string[],
): Promise<Certificate> {
  if (given.cert !== '')
    return { cert: readFileSync(given.cert, 'utf8'), key: readFileSync(given.key, 'utf8') }
  const keyFile = join(dataDir, 'tls.key')
  const certFile = join(dataDir, 'tls.crt')
  if (!existsSync(keyFile) || !existsSync(certFile)) {
    const made = await makeCertificate(names)
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    writeFileSync(keyFile, made.key, { mode: 0o600 })
    writeFileSync(certFile, made.cert)
  }
  return { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certFile, 'utf8') }
}

async function makeCertificate(names: string[]): Promise<Certificate> {
  const { generate } = await import('selfsigned')
  const dns = [...new Set([...names, 'localhost', hostname()])].filter(name => !/^[\d.]+$|:/.test(name))
  const notAfterDate = new Date()
  notAfterDate.setFullYear(notAfterDate.getFullYear() + 10)
  const made = await generate([{ name: 'commonName', value: dns[0] ?? 'localhost' }], {
    keyType: 'ec',
    notAfterDate,
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          ...dns.map(value => ({ type: 2 as const, value })),
          { type: 7 as const, ip: '127.0.0.1' },
          { type: 7 as const, ip: '::1' },
        ],
      },
    ],
  })
  return { key: made.private, cert: made.cert }
}
