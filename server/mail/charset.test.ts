import { describe, expect, it } from 'vitest'
import { decodeCharset, decodeRawHeader, utf8Size } from './charset.ts'
import { Notes } from './notes.ts'

describe('decodeCharset', () => {
  it.each<[label: string, bytes: string | number[], text: string, note?: string]>([
    ['utf-8', 'c3a9', 'é'],
    ['UTF8', 'c3a9', 'é'],
    ['utf8mb4', 'c3a9', 'é'],
    ['utf-8', 'efbbbf41', 'A'],
    ['utf-8', 'e9', '\ufffd', 'charset-invalid'],
    ['', '41', 'A'],
    ['us-ascii', 'c3a9', 'é', 'charset-undeclared'],
    ['', 'e9', 'é', 'charset-undeclared'],
    ['x-martian', 'e9', 'é', 'charset-unknown'],
    ['ANSI_X3.110-1983', 'e9', 'é', 'charset-unknown'],
    ['constructor', '41', 'A', 'charset-unknown'],
    ['cp1252', '80', '€'],
    ['win-1251', 'cf', 'П'],
    ['iso8859-2', 'b1', 'ą'],
    ['8859-15', 'a4', '€'],
    ['x-sjis', '82a0', 'あ'],
    ['cp932', '82a0', 'あ'],
    ['ks_c_5601', 'b0a1', '가'],
    ['cp949', 'b0a1', '가'],
    ['cp936', 'c4e3', '你'],
    ['cp950', 'a741', '你'],
    ['iso-8859-8-i', 'f9', 'ש'],
    ['"utf-8"', 'c3a9', 'é'],
    ['iso-2022-jp-ms', '1b244224331b2842', 'こ'],
    ['utf-16', '4100e900', 'Aé'],
    ['utf-16', 'feff004100e9', 'Aé'],
    ['utf-16le', 'fffe4100', 'A'],
    ['utf-7', Buffer.from('A+AOk-B +- +2D3eAA-').toString('hex'), 'AéB + 😀'],
    ['utf-7', Buffer.from('+2D0-').toString('hex'), '\ufffd', 'charset-invalid'],
    ['hz-gb-2312', Buffer.from('~{<:Ky2;~} ~~').toString('hex'), '己所不 ~'],
    ['iso-2022-kr', '1b2429430e30210f41', '가A'],
    ['shift_jis', '82', '\ufffd', 'charset-invalid'],
  ])('%s %s', (label, hex, text, note) => {
    const notes = new Notes()
    const bytes = Buffer.from(hex as string, 'hex')
    expect(decodeCharset(bytes, label, notes)).toBe(text)
    expect(notes.list.map(({ code }) => code)).toEqual(note ? [note] : [])
    expect(utf8Size(bytes, label)).toBe(Buffer.byteLength(text))
  })
})

describe('decodeRawHeader', () => {
  it.each([
    ['plain', '', 'plain'],
    ['caf\xc3\xa9', 'koi8-r', 'café'],
    ['\xf0\xd2\xc9', 'koi8-r', 'При'],
    ['caf\xe9', 'utf-8', 'café'],
    ['caf\xe9', '', 'café'],
  ])('%s beside a body in %j', (latin1, fallback, text) => {
    expect(decodeRawHeader(latin1, fallback)).toBe(text)
  })
})
