import { expect, it } from 'vitest'
import { changesBetween, EMPTY, merged } from './campaign-fields.ts'

const before = { ...EMPTY, name: 'News', subject: 'Old', tag_ids: [1] }

it('says what was changed, and never takes the name away', () => {
  expect(changesBetween(before, { ...before, name: ' ', tag_ids: [1] })).toEqual({})
  expect(changesBetween(before, { ...before, subject: 'New', tag_ids: [1, 2] })).toEqual({
    subject: 'New',
    tag_ids: [1, 2],
  })
})

it('puts the changes of two people together, and names those that clash', () => {
  const mine = { ...before, subject: 'Mine', preheader: 'Same' }
  const theirs = { ...before, subject: 'Theirs', preheader: 'Same', reply_to: 'them@example.com' }
  const { fields, disputed } = merged(before, mine, theirs)
  expect(disputed).toEqual(['subject'])
  expect(fields).toEqual({ ...mine, reply_to: 'them@example.com' })
})
