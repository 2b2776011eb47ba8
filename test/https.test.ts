// The web listener over TLS, with the certificate it makes and with one that is given.
import { once } from 'node:events'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { generate } from 'selfsigned'
import { expect, it } from 'vitest'
import { ADMIN_API_TOKEN, type Posthorn, startPosthorn } from './posthorn.ts'

/** @returns status and body; rejects unless the certificate is the given one and names the host */
async function ask(port: number, ca: string, path: string, headers: Record<string, string> = {}) {
  const request = get({ host: '127.0.0.1', servername: 'localhost', port, ca, path, headers })
  const [response] = await once(request, 'response')
  return { status: response.statusCode as number, body: await text(response) }
}

async function check(posthorn: Posthorn, certificate: string): Promise<void> {
  const { httpPort } = posthorn
  const token = { 'api-token': ADMIN_API_TOKEN }
  const user = await ask(httpPort, certificate, '/api/v1/user.xml', token)
  expect([user.status, user.body]).toEqual([200, expect.stringContaining('<email>owner@localhost</email>')])
  const plain = await fetch(`http://127.0.0.1:${httpPort}/api/v1/user`, { headers: token })
  expect([plain.status, await plain.text()]).toEqual([
    400,
    'This port speaks HTTPS: the address begins with https://\n',
  ])
}

it('speaks TLS with a certificate of its own making, which stays the same', async () => {
  const posthorn = await startPosthorn({ env: { POSTHORN_HTTPS: 'on' } })
  try {
    expect(posthorn.output()).toContain(`https://localhost:${posthorn.httpPort}`)
    const certificate = readFileSync(join(posthorn.dataDir, 'tls.crt'), 'utf8')
    await check(posthorn, certificate)
    await posthorn.restart()
    await check(posthorn, certificate)
  } finally {
    await posthorn.stop()
  }
})

it('speaks TLS with a certificate that is given, and believes its proxy alone', async () => {
  // The folder for temporary files is the run's own, and goes with it.
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-https-'))
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }])
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  writeFileSync(certFile, cert)
  writeFileSync(keyFile, key)
  const posthorn = await startPosthorn({
    env: {
      POSTHORN_HTTPS: 'on',
      POSTHORN_TLS_CERT: certFile,
      POSTHORN_TLS_KEY: keyFile,
      POSTHORN_API_RATE_LIMIT: '1/100',
      POSTHORN_TRUSTED_PROXIES: '127.0.0.1',
    },
  })
  try {
    await check(posthorn, cert)
    const stranger = async (address: string) =>
      (await ask(posthorn.httpPort, cert, '/api/v1/user', { 'x-forwarded-for': address })).status
    expect([await stranger('192.0.2.1'), await stranger('192.0.2.1'), await stranger('192.0.2.2')]).toEqual([
      401, 429, 401,
    ])
  } finally {
    await posthorn.stop()
  }
})
