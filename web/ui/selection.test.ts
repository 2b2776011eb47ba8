import { expect, it } from 'vitest'
import { everything, extended, isChosen, isEmpty, nothing, remaining, toggled } from './selection.ts'

const rows = [9, 8, 7, 6, 5]

it('takes one in and out again', () => {
  const one = toggled(nothing, 8, rows)
  expect([...one.ids]).toEqual([8])
  expect(isEmpty(toggled(one, 8, rows))).toBe(true)
})

it('reaches from the last one clicked, in both directions, and again from there', () => {
  const down = extended(toggled(nothing, 8, rows), 6, rows)
  expect([...down.ids]).toEqual([8, 7, 6])
  const up = extended(down, 9, rows)
  expect([...up.ids].toSorted()).toEqual([6, 7, 8, 9])
})

it('reaches nowhere without a first one: only the row itself', () => {
  expect([...extended(nothing, 7, rows).ids]).toEqual([7])
})

it('begins at the row itself when the first one has gone', () => {
  const selection = { every: false, ids: new Set<number>(), anchor: 100 }
  expect([...extended(selection, 6, rows).ids]).toEqual([6])
})

it('holds every message, loaded or not, until one is taken out', () => {
  const all = everything(rows, true)
  expect(isChosen(all, 12345)).toBe(true)
  const less = toggled(all, 7, rows)
  expect(less.every).toBe(false)
  expect([...less.ids]).toEqual([9, 8, 6, 5])
})

it('forgets what is gone', () => {
  expect([...remaining(everything(rows, false), id => id > 6).ids]).toEqual([6, 5])
})
