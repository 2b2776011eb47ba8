import { createHash, createHmac } from 'node:crypto'

interface Keys {
  key: string
  secret: string
  region: string
  service: string
}

/**
 * The headers with which a request to AWS says who it comes from: Signature Version 4, for requests without a query.
 * The whole body is signed.
 * @param headers all that are sent and signed besides `host` and `x-amz-date`, names in lower case
 */
export function awsSignature(
  { method, url, body, headers }: { method: string; url: URL; body: string; headers: Record<string, string> },
  { key, secret, region, service }: Keys,
  now = new Date(),
): Record<string, string> {
  const time = now.toISOString().replaceAll(/[:-]|\.\d{3}/g, '')
  const day = time.slice(0, 8)
  const signed = { ...headers, host: url.host, 'x-amz-date': time }
  const names = Object.keys(signed).toSorted()
  const canonical = [
    method,
    url.pathname,
    '',
    ...names.map(name => `${name}:${(signed as Record<string, string>)[name]?.trim()}`),
    '',
    names.join(';'),
    createHash('sha256').update(body).digest('hex'),
  ].join('\n')
  const scope = `${day}/${region}/${service}/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', time, scope, createHash('sha256').update(canonical).digest('hex')]
  const signingKey = [day, region, service, 'aws4_request'].reduce<Buffer | string>(mac, `AWS4${secret}`)
  const signature = mac(signingKey, toSign.join('\n')).toString('hex')
  return {
    ...signed,
    authorization: `AWS4-HMAC-SHA256 Credential=${key}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  }
}

function mac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
