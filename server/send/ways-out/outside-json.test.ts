import { expect, it } from 'vitest'
import { at, jsonIn, textAt } from './outside-json.ts'

it('keeps ids that are no numbers of ours, and nothing else is changed', () => {
  const text = String.raw`{"MessageID":1152921511742440156,"a":[12345678901234567, 1234567890123456,7],"s":"\\\"\\\\","b":"x:1152921511742440156,","c":0.12345678901234567,"d":-1152921511742440156,"e" : 1152921511742440156 }`
  expect(jsonIn(text)).toEqual({
    ...JSON.parse(text),
    MessageID: '1152921511742440156',
    a: ['12345678901234567', '1234567890123456', 7],
    e: '1152921511742440156',
  })
  expect([jsonIn('1152921511742440156'), jsonIn('{'), jsonIn('"1152921511742440156')]).toEqual([
    '1152921511742440156',
    undefined,
    undefined,
  ])
})

it('finds what is there itself, and nothing that everything has', () => {
  const value = { a: [{ b: 7, c: '', d: null }] }
  expect([at(value, 'a', 0, 'b'), textAt(value, 'a', 0, 'b'), textAt(value, 'a', 0, 'c')]).toEqual([
    7,
    '7',
    undefined,
  ])
  for (const path of [['constructor'], ['a', 'length', 'x'], ['a', 1], ['a', 0, 'd', 'e'], ['toString']])
    expect(at(value, ...path)).toBe(undefined)
})
