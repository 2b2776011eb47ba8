import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { createHash, generateKeyPairSync } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { randomFrom } from '../../test/random.ts'
import { DkimSigner, relaxedBody } from './dkim.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ed25519 = generateKeyPairSync('ed25519')
const pem = { type: 'pkcs8', format: 'pem' } as const
const der = { type: 'spki', format: 'der' } as const
const rsaPrivate = rsa.privateKey.export(pem).toString()
const ed25519Private = ed25519.privateKey.export(pem).toString()
const signer = new DkimSigner({
  domain: 'news.example',
  selector: 'posthorn',
  rsaPrivate,
  ed25519Private,
})

const RECORDS: Record<string, string> = {
  'posthorn._domainkey.news.example': `v=DKIM1; k=rsa; p=${rsa.publicKey.export(der).toString('base64')}`,
  // RFC 8463, section 4: the bare key, without the 12 bytes that say what it is.
  'posthorne._domainkey.news.example': `v=DKIM1; k=ed25519; p=${ed25519.publicKey.export(der).subarray(12).toString('base64')}`,
}

async function verdicts(message: Buffer): Promise<string[]> {
  const { results } = await dkimVerify(message, {
    resolver: async (name: string, type: string) => {
      const record = type === 'TXT' ? RECORDS[name] : undefined
      if (record === undefined) throw Object.assign(new Error(name), { code: 'ENOTFOUND' })
      return [record.match(/.{1,255}/g) ?? []]
    },
  })
  return results.map(({ status, ...result }) => `${'algo' in result && result.algo}: ${status.result}`)
}

async function signed(message: string | Buffer): Promise<Buffer> {
  const bytes = typeof message === 'string' ? Buffer.from(message, 'latin1') : message
  return Buffer.concat([await signer.sign(bytes), bytes])
}

const BOTH = ['rsa-sha256: pass', 'ed25519-sha256: pass']

describe('DkimSigner', () => {
  it.for([
    ['an empty body', '\r\n'],
    ['a body of blank lines', '\r\n\r\n\r\n \r\n\t\r\n\r\n'],
    ['a last line without an end', '\r\nHello'],
    ['blank lines at the end', '\r\nHello\r\n\r\n \r\n\r\n'],
    ['blank lines between and runs of white space', '\r\n a  b\t c \t\r\n\r\n \r\n\td\r\n'],
    ['8-bit text', '\r\n\xc3\xa4\xa0\x85 \xa0\r\n\xff\r\n'],
  ])('signs %s', async ([, body]) => {
    const message = `From: a@news.example\r\nSubject: s\r\n${body}`
    expect(await verdicts(await signed(message))).toEqual(BOTH)
  })

  it('signs the fields that are there, folded, spaced and repeated in any way', async () => {
    const message = [
      'FROM : Ann\t <a@news.example>',
      'to:',
      ' \tBob\t\t <b@example.com>,',
      '\t Carol <c@example.com>  ',
      'Subject: \xe4\xf6  \xe4',
      'Subject: another',
      'X-Other: not signed',
      'List-Unsubscribe: <https://news.example/u/1>, <mailto:u@news.example>',
      'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
      'Message-ID: <1@news.example>',
      '',
      'Hello  there',
      '',
    ].join('\r\n')
    const result = await signed(message)
    expect(await verdicts(result)).toEqual(BOTH)
    const fields = result.toString('latin1').replaceAll('\r\n ', '')
    expect(fields).toMatch(
      /;h=from:from:to:subject:subject:message-id:list-unsubscribe:list-unsubscribe-post;/,
    )
    // RFC 5322, section 2.1.1: no line longer than 78.
    const added = result.subarray(0, result.length - message.length).toString('latin1')
    expect(Math.max(...added.split('\r\n').map(line => line.length))).toBeLessThanOrEqual(78)

    const changed = (from: string, to: string) =>
      verdicts(Buffer.from(result.toString('latin1').replace(from, to), 'latin1'))
    expect(await changed('X-Other: not', 'X-Other: never')).toEqual(BOTH)
    for (const [from, to] of [
      ['Carol', 'Mallory'],
      ['One-Click', 'Two-Clicks'],
      ['there', 'where'],
      ['FROM :', 'From: m@evil.example\r\nFrom:'],
    ] as const)
      expect(await changed(from, to), to).not.toContainEqual(expect.stringMatching(/pass/))
  })

  it('signs any message so that another implementation verifies it', async () => {
    const below = randomFrom(6376)
    const pick = (from: readonly string[]) => from[below(from.length)] ?? ''
    const some = (from: readonly string[], most: number) =>
      Array.from({ length: below(most) }, () => pick(from)).join('')
    // No \xa0, which the other implementation takes for white space of a header; and lines that end, for on others
    // it leaves a space.
    const words = ['a', 'Word', ' ', '  ', '\t', ' \t', '=20', '\xe9', '.', '--', 'x'.repeat(90)]
    const fields = ['Subject', 'Date', 'to', 'Reply-To', 'Content-Type', 'X-Any', 'List-Id', 'MIME-Version']
    for (let round = 0; round < 150; round++) {
      const header = Array.from({ length: below(9) }, () => {
        const folds = Array.from({ length: below(3) }, () => `\r\n${pick([' ', '\t'])}x${some(words, 6)}`)
        return `${pick(fields)}${pick(['', ' '])}:${some(words, 6)}${folds.join('')}\r\n`
      })
      const body = some([...words, '\r\n', '\r\n', '\r\n\r\n'], 60) + '\r\n'
      const message = `From: a@news.example\r\n${header.join('')}\r\n${body}`
      expect(await verdicts(await signed(message)), JSON.stringify(message)).toEqual(BOTH)
    }
  })

  it('signs the corpus', async () => {
    const folder = join(import.meta.dirname, '../../test/mail')
    for (const name of readdirSync(folder).filter(each => each.endsWith('.eml'))) {
      const text = readFileSync(join(folder, name), 'latin1').replaceAll(/\r\n|\r|\n/g, '\r\n')
      // The other implementation wants an end of the header, and a sender in it.
      if (!/^from:[^]*\r\n\r\n/im.test(text)) continue
      expect(await verdicts(await signed(text)), name).toEqual(BOTH)
    }
  })

  it('signs with the one key it has', async () => {
    const lone = new DkimSigner({ domain: 'news.example', selector: 'posthorn', rsaPrivate })
    const message = Buffer.from('From: a@news.example\r\n\r\nHello\r\n')
    const result = Buffer.concat([await lone.sign(message), message])
    expect(await verdicts(result)).toEqual(BOTH.slice(0, 1))
  })
})

describe('relaxedBody', () => {
  it('has the hash of nothing for an empty body', () => {
    // RFC 6376, section 3.4.4.
    const hash = createHash('sha256')
      .update(relaxedBody(Buffer.from('\r\n \r\n')))
      .digest('base64')
    expect(hash).toBe('47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=')
  })

  it('copies nothing that is canonical', () => {
    const body = Buffer.from('One line\r\n\r\nand another.\r\n\r\n')
    expect(relaxedBody(body).buffer).toBe(body.buffer)
  })

  it('does what the RFC says step by step', () => {
    const below = randomFrom(344)
    const pieces = ['a', 'b ', ' ', '\t', '\r\n', '\r\n\r\n']
    for (let round = 0; round < 2000; round++) {
      const body = Array.from({ length: below(9) }, () => pieces[below(pieces.length)]).join('')
      // Section 3.4.4, a and b.
      const lines = body
        .replaceAll(/[ \t]+(?=\r\n|$)/g, '')
        .replaceAll(/[ \t]+/g, ' ')
        .replace(/(\r\n)+$/, '')
      const right = lines === '' ? '' : `${lines}\r\n`
      expect(relaxedBody(Buffer.from(body)).toString(), JSON.stringify(body)).toBe(right)
    }
  })

  it('has the example of the RFC', () => {
    // Section 3.4.5.
    expect(relaxedBody(Buffer.from(' C \r\nD \t E\r\n\r\n\r\n')).toString()).toBe(' C\r\nD E\r\n')
  })
})
