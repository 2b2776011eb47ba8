import { expect, it } from 'vitest'
import { safeFilename } from './filename.ts'

it.each([
  ['report.pdf', 'report.pdf'],
  ['=?utf-8?q?=C3=9Cbersicht.pdf?=', 'Übersicht.pdf'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\ada\\x.exe', 'x.exe'],
  ['=?utf-8?q?..=2F..=2Fx?=', 'x'],
  ['a\r\nSet-Cookie: b', 'aSet-Cookie: b'],
  ['photo\u202egpj.exe', 'photogpj.exe'],
  ['..', ''],
  ['dir/', ''],
  [' . ', ''],
  ['', ''],
])('%j', (written, safe) => {
  expect(safeFilename(written)).toBe(safe)
})
