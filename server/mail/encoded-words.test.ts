import { expect, it } from 'vitest'
import { decodeWords } from './encoded-words.ts'
import { Notes } from './notes.ts'

it.each([
  ['plain', 'plain'],
  ['=?utf-8?Q?caf=C3=A9_ok?=', 'café ok'],
  ['=?UTF-8?b?Y2Fmw6k=?=', 'café'],
  ['=?iso-8859-1?q?caf=e9?=', 'café'],
  ['=?utf-8*de?q?gr=C3=BCn?=', 'grün'],
  ['a =?utf-8?q?b?= c', 'a b c'],
  ['=?utf-8?q?a?= =?utf-8?q?b?=', 'ab'],
  ['=?utf-8?q?a?=   =?iso-8859-1?q?=e9?=', 'aé'],
  ['=?utf-8?q?a?==?utf-8?q?b?=', 'ab'],
  ['=?utf-8?q?=C3?= =?utf-8?q?=A9?=', 'é'],
  ['=?utf-8?B?4p?= =?utf-8?B?yT?=', '✓'],
  ['=?utf-8?q?Really??=', 'Really?'],
  ['=?utf-8?q?with blanks?=', 'with blanks'],
  ['=?utf-8?q??=', ''],
  ['=?iso-2022-jp?B?GyRCJDMbKEI=?= =?iso-2022-jp?B?GyRCJHMbKEI=?=', 'こん'],
  ['=?utf-8?x?a?=', '=?utf-8?x?a?='],
  ['=?utf-8?q?open', '=?utf-8?q?open'],
  ['=?utf-8?q?open =?utf-8?q?closed?=', '=?utf-8?q?open closed'],
  ['=??q?a?=', '=??q?a?='],
  ['=?', '=?'],
])('%s', (value, expected) => {
  expect(decodeWords(value)).toBe(expected)
})

it('notes a charset that nobody knows, and guesses', () => {
  const notes = new Notes()
  expect(decodeWords('=?x-martian?q?caf=C3=A9?= =?x-martian2?q?=E9?=', notes)).toBe('caféé')
  expect(notes.list).toMatchObject([{ code: 'charset-unknown', count: 2 }])
})
