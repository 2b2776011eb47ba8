import { describe, expect, it } from 'vitest'
import { digest } from './digest.ts'
import { openMessage } from './message.ts'

function mail(...lines: string[]): Buffer {
  return Buffer.from(lines.join('\r\n'))
}

describe('digest', () => {
  it('of nothing is empty', () => {
    expect(digest(Buffer.alloc(0))).toEqual({
      subject: '',
      from: { name: '', address: '' },
      to: [],
      cc: [],
      hasTo: false,
      date: undefined,
      messageId: '',
      htmlSize: 0,
      textSize: 0,
      text: '',
      attachments: [],
      notes: [],
    })
  })

  it('reads the header, duplicated fields included', () => {
    const raw = mail(
      'FROM: Ada <a@example.com>, b@example.com',
      'To: c@example.com',
      'to: D <d@example.com>',
      'Cc: e@example.com',
      'Subject: =?utf-8?q?one=0D=0Atwo=00?=',
      'Subject: second',
      'Message-ID: <1@example.com>',
      'Date: nonsense',
      '',
      '',
    )
    expect(digest(raw)).toMatchObject({
      subject: 'one two',
      from: { name: 'Ada', address: 'a@example.com' },
      to: [{ address: 'c@example.com' }, { address: 'd@example.com' }],
      cc: [{ address: 'e@example.com' }],
      hasTo: true,
      date: undefined,
      messageId: '1@example.com',
      notes: [{ code: 'header-duplicated', count: 2 }, { code: 'date-invalid' }],
    })
  })

  it('cuts the search text, and takes the HTML if there is no text', () => {
    expect(digest(mail('', 'é'.repeat(20_000))).text).toBe('é'.repeat(16 * 1024))
    expect(digest(mail('Content-Type: text/html', '', '<p>a</p><p>b</p>')).text).toBe('a b')
  })

  it('calls a part inline if the HTML shows it, whatever its disposition, also by a percent-encoded id', () => {
    const image = (id: string) => [
      '--c',
      'Content-Type: image/png',
      'Content-Disposition: attachment',
      `Content-ID: <${id}>`,
      '',
      'x',
    ]
    const html = ['--c', 'Content-Type: text/html', '', '<img src="cid:a"><img src=\'CID:b%40c\'>']
    const raw = mail(
      'Content-Type: multipart/related; boundary=c',
      '',
      ...html,
      ...image('a'),
      ...image('b@c'),
      ...image('d'),
      '--c--',
    )
    expect(digest(raw).attachments.map(({ type }) => type)).toEqual(['inline', 'inline', 'attachment'])
  })

  it('takes a text with a filename for an attachment, but not the message itself', () => {
    const part = ['--c', 'Content-Type: text/plain; name=a.txt', '', 'x', '--c--']
    expect(digest(mail('Content-Type: multipart/mixed; boundary=c', '', ...part))).toMatchObject({
      textSize: 0,
      attachments: [{ filename: 'a.txt' }],
    })
    expect(digest(mail('Content-Type: text/plain; name=a.txt', '', 'x'))).toMatchObject({
      textSize: 1,
      attachments: [],
    })
  })

  it('counts sizes in UTF-8 and without a byte order mark', () => {
    expect(
      digest(Buffer.from('Content-Type: text/plain; charset=iso-8859-1\r\n\r\n\xe9\xe9', 'latin1')).textSize,
    ).toBe(4)
    expect(digest(mail('Content-Type: text/html; charset=utf-8', '', '\ufeffé')).htmlSize).toBe(2)
  })
})

describe('openMessage', () => {
  const raw = mail(
    'Subject: =?utf-8?q?=C3=A9?=',
    '\tfolded',
    'X-Twice: 1',
    'X-Twice: 2',
    'Content-Type: multipart/mixed; boundary=c',
    '',
    '--c',
    'Content-Type: multipart/alternative; boundary=d',
    '',
    '--d',
    '',
    'first',
    '--d',
    '',
    'last of its kind',
    '--d--',
    '--c',
    '',
    'footer',
    '--c',
    'Content-Type: Application/PDF; name=a.pdf',
    'Content-Transfer-Encoding: base64',
    '',
    'QUJD',
    '--c--',
  )

  it('lists the header decoded and raw, in order', () => {
    expect(openMessage(raw).headers.slice(0, 3)).toEqual([
      { name: 'Subject', value: 'é folded', raw: 'Subject: =?utf-8?q?=C3=A9?=\r\n\tfolded' },
      { name: 'X-Twice', value: '1', raw: 'X-Twice: 1' },
      { name: 'X-Twice', value: '2', raw: 'X-Twice: 2' },
    ])
  })

  it('reads the last of the alternatives and what stands beside them', () => {
    expect(openMessage(raw).text()).toBe('last of its kind\nfooter')
    expect(openMessage(raw).html()).toBeUndefined()
  })

  it('decodes a part by its id', () => {
    const message = openMessage(raw)
    expect(message.part('3')).toEqual({
      content: Buffer.from('ABC'),
      contentType: 'application/pdf',
      charset: '',
      filename: 'a.pdf',
      contentId: '',
    })
    expect(message.part('1.2')?.content.toString()).toBe('last of its kind')
    expect(message.part('9')).toBeUndefined()
    expect(message.part('constructor')).toBeUndefined()
  })

  it('keeps its hands off a message whose lines end at CR', () => {
    const mac = Buffer.from(
      'Subject: x\rContent-Type: multipart/mixed; boundary=c\r\r--c\r\rone\rtwo\r--c--\r',
    )
    const copy = Buffer.from(mac)
    expect(openMessage(mac).text()).toBe('one\rtwo')
    expect(openMessage(mac).headers[0]).toEqual({ name: 'Subject', value: 'x', raw: 'Subject: x' })
    expect(mac).toEqual(copy)
  })
})
