import { describe, expect, it } from 'vitest'
import { Notes } from './notes.ts'
import { decodedSize, decodeTransfer, type TransferDecoder, transferDecoder } from './transfer.ts'

function decode(decoder: TransferDecoder, body: string): { text: string; notes: string[] } {
  // Neighbours show whether the range is kept.
  const raw = Buffer.from(`QQ==QUJD=41${body}=41QUJD`, 'latin1')
  const notes = new Notes()
  const end = raw.length - 7
  const decoded = decodeTransfer(raw, 11, end, decoder, notes)
  expect(decodedSize(raw, 11, end, decoder)).toBe(decoded.length)
  return { text: decoded.toString('latin1'), notes: notes.list.map(({ code }) => code) }
}

describe('base64', () => {
  it.each([
    ['', '', true],
    ['QUJD', 'ABC', true],
    ['QUI=', 'AB', true],
    ['QQ==\r\n', 'A', true],
    ['QU\r\nJD\r\n \tRA==', 'ABCD', true],
    ['QUI', 'AB', false],
    ['QQ', 'A', false],
    ['Q', '', false],
    ['Q*U!J#D\xff', 'ABC', false],
    ['QQ==Qg==', 'AB', false],
    ['QUI=QUI=', 'ABAB', false],
    ['QUJD====REVG', 'ABCDEF', false],
    ['_-__', '\xff\xef\xff', true],
    ['====', '', true],
  ])('%j', (body, text, intact) => {
    expect(decode('base64', body)).toEqual({ text, notes: intact ? [] : ['base64-broken'] })
  })
})

describe('quoted-printable', () => {
  it.each([
    ['', '', true],
    ['plain text', 'plain text', true],
    ['=41=c3=A9', 'A\xc3\xa9', true],
    ['soft=\r\nbreak', 'softbreak', true],
    ['soft=\nbreak', 'softbreak', true],
    ['soft= \t\r\nbreak', 'softbreak', true],
    ['gone \t\r\nnext  ', 'gone\r\nnext', true],
    ['gone \nnext', 'gone\nnext', true],
    ['kept=20\r\nnext=09', 'kept \r\nnext\t', true],
    ['kept=20 \r\n', 'kept \r\n', true],
    ['100=%', '100=%', false],
    ['=4', '=4', false],
    ['=ZZ=', '=ZZ', false],
    ['==41', '=A', false],
    ['end=', 'end', true],
    ['a\rb \r', 'a\rb \r', true],
  ])('%j', (body, text, intact) => {
    expect(decode('quoted-printable', body)).toEqual({ text, notes: intact ? [] : ['qp-broken'] })
  })
})

describe('uuencode', () => {
  it.each([
    ['begin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\n', 'Cat'],
    ['before\nbegin 644 x\n#0V%T\n#0V%T\n \nend\nafter', 'CatCat'],
    ['begin 644 x\n#0V\n', 'C'],
    ['no begin', ''],
  ])('%j', (body, text) => {
    expect(decode('uuencode', body).text).toBe(text)
  })
})

it('knows the encodings that mail has', () => {
  expect(['', '7bit', '8bit', 'binary'].map(transferDecoder)).toEqual(Array(4).fill('identity'))
  expect(['base64', 'quoted-printable', 'x-uue', 'rot13'].map(transferDecoder)).toEqual([
    'base64',
    'quoted-printable',
    'uuencode',
    undefined,
  ])
})
