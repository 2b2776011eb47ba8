import { expect, it } from 'vitest'
import { withinBounds } from './json-bounds.ts'

const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

it.each([
  ['{"a":[{"b":"[[["}]}', true],
  [deep(64), true],
  [deep(65), false],
  [deep(5_000_000), false],
  [`{"a":"${'['.repeat(1000)}"}`, true],
  [String.raw`["\"${'['.repeat(100)}\\",[]]`, true],
  [String.raw`["\\"${'['.repeat(100)}]`, false],
  [`["${'['.repeat(100)}`, true],
  [`[${'{},'.repeat(499_998)}{}]`, true],
  [`[${'{},'.repeat(500_000)}{}]`, false],
])('looks at %.40s', (json, expected) => {
  expect(withinBounds(json)).toBe(expected)
})
