import { describe, expect, it } from 'vitest'
import { defaultLimits } from './limits.ts'
import { type Part, parseTree } from './mime.ts'
import { Notes } from './notes.ts'

function tree(
  lines: string[],
  limits = defaultLimits,
): { shape: unknown; notes: string[]; raw: Buffer; root: Part } {
  const raw = Buffer.from(lines.join('\r\n'), 'latin1')
  const notes = new Notes()
  const root = parseTree(raw, limits, notes)
  return {
    shape: shapeOf(raw, root),
    notes: notes.list.map(({ code, part }) => `${code} ${part}`),
    raw,
    root,
  }
}

function shapeOf(raw: Buffer, part: Part): unknown {
  if (part.children.length === 0)
    return `${part.id} ${part.type} ${raw.toString('latin1', part.bodyStart, part.end)}`
  return [`${part.id} ${part.type}`, ...part.children.map(child => shapeOf(raw, child))]
}

describe('parseTree', () => {
  it('leaves preamble, epilogue and the line break before a boundary out of the parts', () => {
    const { shape, notes } = tree([
      'Content-Type: multipart/mixed; boundary=c',
      '',
      'preamble',
      '--c',
      '',
      'one',
      '',
      '--c ',
      'Content-Type: text/html',
      '',
      '--c--',
      'epilogue',
      '--c',
      'no part',
    ])
    expect(shape).toEqual(['0 multipart/mixed', '1 text/plain one\r\n', '2 text/html '])
    expect(notes).toEqual([])
  })

  it('ends inner parts at an outer boundary', () => {
    const { shape, notes } = tree([
      'Content-Type: multipart/mixed; boundary=outer',
      '',
      '--outer',
      'Content-Type: multipart/alternative; boundary=inner',
      '',
      '--inner',
      '',
      'one',
      '--outer',
      '',
      'two',
      '--outer--',
    ])
    expect(shape).toEqual([
      '0 multipart/mixed',
      ['1 multipart/alternative', '1.1 text/plain one'],
      '2 text/plain two',
    ])
    expect(notes).toEqual(['boundary-unclosed 1'])
  })

  it('does not take abcd for abc, nor a boundary inside a line', () => {
    const { shape } = tree([
      'Content-Type: multipart/mixed; boundary=abc',
      '',
      '--abc',
      '',
      'x --abc',
      '--abcd',
      ' --abc',
      '--abc--',
    ])
    expect(shape).toEqual(['0 multipart/mixed', '1 text/plain x --abc\r\n--abcd\r\n --abc'])
  })

  it('opens a message inside, and one inside that', () => {
    const { shape } = tree([
      'Content-Type: multipart/digest; boundary=c',
      '',
      '--c',
      '',
      'Subject: inner',
      'Content-Type: message/rfc822',
      '',
      'Subject: innermost',
      '',
      'text',
      '--c--',
    ])
    expect(shape).toEqual([
      '0 multipart/digest',
      ['1 message/rfc822', ['1.1 message/rfc822', '1.1.1 text/plain text']],
    ])
  })

  it('leaves an encoded message closed', () => {
    const { root } = tree([
      'Content-Type: message/rfc822',
      'Content-Transfer-Encoding: base64',
      '',
      'U3ViamVjdDogeA==',
    ])
    expect(root).toMatchObject({ kind: 'leaf', type: 'message/rfc822' })
  })

  it('lets a header without an empty line end at the boundary', () => {
    const { shape } = tree([
      'Content-Type: multipart/mixed; boundary=c',
      '--c',
      'Content-Type: text/html',
      '--c',
      '',
      'x',
      '--c--',
    ])
    expect(shape).toEqual(['0 multipart/mixed', '1 text/html ', '2 text/plain x'])
  })

  it('reads a multipart without a usable boundary as text', () => {
    expect(tree(['Content-Type: multipart/mixed', '', '--c', '', 'x'])).toMatchObject({
      shape: '0 text/plain --c\r\n\r\nx',
      notes: ['boundary-missing 0'],
    })
    expect(tree(['Content-Type: multipart/mixed; boundary=other', '', '--c', '', 'x'])).toMatchObject({
      shape: '0 text/plain --c\r\n\r\nx',
      notes: ['boundary-not-found 0'],
    })
  })

  it('keeps a closed multipart without parts a multipart', () => {
    expect(tree(['Content-Type: multipart/mixed; boundary=c', '', '--c--']).root).toMatchObject({
      kind: 'multipart',
      children: [],
    })
  })

  it('gives the inner of two equal boundaries the say until it is closed', () => {
    const part = [
      '--s',
      'Content-Type: multipart/mixed; boundary=s',
      '',
      '--s',
      '',
      'inner',
      '--s--',
      '--s',
      '',
      'outer',
      '--s--',
    ]
    expect(tree(['Content-Type: multipart/mixed; boundary=s', '', ...part]).shape).toEqual([
      '0 multipart/mixed',
      ['1 multipart/mixed', '1.1 text/plain inner'],
      '2 text/plain outer',
    ])
  })

  it('stops at its limits and says so', () => {
    const lines = [
      'Content-Type: multipart/mixed; boundary=c',
      '',
      '--c',
      '',
      '1',
      '--c',
      '',
      '2',
      '--c',
      '',
      '3',
      '--c--',
    ]
    expect(tree(lines, { ...defaultLimits, parts: 3 })).toMatchObject({
      shape: [
        '0 multipart/mixed',
        '1 text/plain 1',
        '2 text/plain 2',
        '3 application/octet-stream \r\n3\r\n--c--',
      ],
      notes: ['parts-too-many 3'],
    })
    expect(tree(lines, { ...defaultLimits, depth: 0 })).toMatchObject({
      root: { kind: 'leaf' },
      notes: ['parts-too-deep 0'],
    })
  })

  it('reads names, ids and encodings of a part', () => {
    const { root } = tree([
      'Content-Type: IMAGE/PNG; name="fallback.png"',
      'Content-Disposition: INLINE; filename="../a b.png"',
      'Content-ID:',
      ' <id@example.com>',
      'Content-Transfer-Encoding: BASE64',
      '',
      '',
    ])
    expect(root).toMatchObject({
      type: 'image/png',
      disposition: 'inline',
      filename: 'a b.png',
      contentId: 'id@example.com',
      encoding: 'base64',
    })
  })
})
