import PostalMime from 'postal-mime'
import { describe, expect, it } from 'vitest'
import { composeMessage, type Draft } from './compose.ts'
import { digest } from './digest.ts'
import { openMessage } from './message.ts'

const basic: Draft = {
  from: { name: 'Ada', address: 'ada@example.com' },
  to: [{ name: '', address: 'bo@example.org' }],
  subject: 'Hello',
  date: new Date('2026-11-20T14:05:06Z'),
  messageId: '1@example.com',
  text: 'Hi Bo,\n\nplain.\n',
}

function source(draft: Partial<Draft>): string {
  return composeMessage({ ...basic, ...draft }).toString('latin1')
}

describe('composeMessage', () => {
  it('writes a plain text as it is', () => {
    expect(source({})).toBe(
      [
        'Date: Fri, 20 Nov 2026 14:05:06 +0000',
        'From: Ada <ada@example.com>',
        'To: bo@example.org',
        'Subject: Hello',
        'Message-ID: <1@example.com>',
        'MIME-Version: 1.0',
        'Content-Type: text/plain; charset=utf-8',
        'Content-Transfer-Encoding: 7bit',
        '',
        'Hi Bo,',
        '',
        'plain.',
        '',
        '',
      ].join('\r\n'),
    )
  })

  it('nests mixed, alternative and related, and postal-mime reads it the same', async () => {
    const raw = composeMessage({
      ...basic,
      subject: 'Grüße 🎉 '.repeat(20),
      from: { name: 'Müller, "Jörg"', address: 'joerg@example.com' },
      text: 'Grüße = gut\n',
      html: '<p>Grüße <img src="cid:logo"></p>\n',
      alternatives: [
        { contentType: 'text/calendar; method=REQUEST', content: 'BEGIN:VCALENDAR\nEND:VCALENDAR\n' },
      ],
      attachments: [
        {
          content: Buffer.from([0, 255, 10, 13]),
          contentType: 'image/png',
          filename: 'logo.png',
          contentId: 'logo',
        },
        {
          content: Buffer.from('%PDF'),
          contentType: 'application/pdf',
          filename: `Übersicht ${'lang '.repeat(30)}.pdf`,
        },
      ],
    })
    const summary = digest(raw)
    expect(summary.attachments).toMatchObject([
      { partId: '1.2.2', type: 'inline', filename: 'logo.png' },
      { partId: '1.3', contentType: 'text/calendar' },
      { partId: '2', type: 'attachment', filename: `Übersicht ${'lang '.repeat(30)}.pdf` },
    ])
    const theirs = await PostalMime.parse(raw)
    expect(theirs.subject?.trim()).toBe('Grüße 🎉 '.repeat(20).trim())
    expect(theirs.from).toEqual({ name: 'Müller, "Jörg"', address: 'joerg@example.com' })
    expect(theirs.text?.replaceAll('\r\n', '\n').trim()).toBe('Grüße = gut')
    expect(theirs.attachments.map(({ filename }) => filename)).toEqual(
      summary.attachments.map(({ filename }) => filename || null),
    )
    expect(Buffer.from(theirs.attachments[0]?.content as ArrayBuffer)).toEqual(Buffer.from([0, 255, 10, 13]))
  })

  it('lets nothing end a header early', () => {
    const evil = 'x\r\nBcc: victim@example.net\r\n\r\nbody'
    const raw = composeMessage({
      ...basic,
      subject: evil,
      from: { name: evil, address: `ada@example.com>\r\nBcc: <victim@example.net` },
      to: [{ name: 'a>, b <victim@example.net', address: 'bo@example.org, victim@example.net' }],
      messageId: evil,
      headers: [{ name: 'X-Any', value: evil }],
      attachments: [
        {
          content: Buffer.from('x'),
          filename: `a"\r\nX: ${evil}`,
          contentType: `text/plain\r\nX: y`,
          contentId: evil,
        },
      ],
    })
    const { headers } = openMessage(raw)
    expect(headers.map(({ name }) => name)).toEqual([
      'Date',
      'From',
      'To',
      'Subject',
      'Message-ID',
      'X-Any',
      'MIME-Version',
      'Content-Type',
    ])
    expect(digest(raw).to).toHaveLength(1)
    expect(digest(raw).notes).toEqual([])
    for (const name of ['X: y', 'X\n', '', 'X Y', 'Ü']) {
      expect(() => source({ headers: [{ name, value: '' }] })).toThrow(TypeError)
    }
  })

  it.each([
    ['ascii', '7bit'],
    ['From the start', 'quoted-printable'],
    ['blank at the end \n', 'quoted-printable'],
    ['x'.repeat(1000), 'quoted-printable'],
    [`${'mostly ascii '.repeat(20)}é`, 'quoted-printable'],
    ['漢字'.repeat(20), 'base64'],
    ['\0', 'quoted-printable'],
  ])('text %j travels as %s', (text, encoding) => {
    const raw = composeMessage({ ...basic, text })
    expect(openMessage(raw).headers.at(-1)?.value).toBe(encoding)
    const lines = raw.toString('latin1').split('\r\n')
    expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(encoding === '7bit' ? 998 : 78)
    const withoutEnd = (value: string | undefined) => value?.replace(/(\r?\n)+$/, '').replaceAll('\r\n', '\n')
    expect(withoutEnd(openMessage(raw).text())).toBe(withoutEnd(text))
  })

  it('reads long text once only', () => {
    const text = `${'x'.repeat(980)}\n`.repeat(20_000)
    const subject = `${'x'.repeat(890)} `.repeat(5_000)
    const raw = composeMessage({ ...basic, text, subject })
    expect(raw.length).toBeGreaterThan(text.length + subject.length)
  })

  it('gives an attachment another disposition than its id says', () => {
    const content = Buffer.from('x')
    const raw = composeMessage({
      ...basic,
      attachments: [
        { content, contentId: 'a@b', disposition: 'attachment' },
        { content, filename: 'x.txt', disposition: 'inline' },
      ],
    }).toString()
    expect(raw.match(/^Content-(?:Disposition|ID): .*$/gm)?.map(line => line.trim())).toEqual([
      'Content-Disposition: attachment',
      'Content-ID: <a@b>',
      'Content-Disposition: inline; filename="x.txt"',
    ])
  })

  it('never encodes a message inside', () => {
    const inner = composeMessage(basic)
    const raw = composeMessage({ ...basic, attachments: [{ content: inner, contentType: 'message/rfc822' }] })
    expect(openMessage(raw).part('2')?.content).toEqual(inner)
    expect(openMessage(raw).part('2.1')?.contentType).toBe('text/plain')
  })

  it('writes international domains in ASCII, and as they are when told to', () => {
    const draft = { from: { name: 'Jörg', address: 'jörg@exämple.com' } }
    expect(source(draft)).toContain('@xn--exmple-cua.com>')
    expect(composeMessage({ ...basic, ...draft, utf8: true }).toString()).toContain(
      'From: "Jörg" <jörg@exämple.com>',
    )
  })

  it('folds long headers at 78 where it can', () => {
    const to = Array.from({ length: 50 }, (_, index) => ({
      name: `Reader ${index}`,
      address: `reader${index}@example.org`,
    }))
    const lines = source({ to, subject: 'word '.repeat(50) }).split('\r\n')
    expect(lines.every(line => line.length <= 78)).toBe(true)
    expect(digest(composeMessage({ ...basic, to })).to).toEqual(to)
  })
})
