import { execFileSync } from 'node:child_process'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { envValue, propertyValue, quoted, shellWord, singleQuoted, urlPart } from './quoting.ts'

const NASTY = `p$9'"x\`\\n #{a} $(id) %41 ü 🎺 !*()`

it('is the same text again for a shell', () => {
  expect(execFileSync('sh', ['-c', `printf %s ${shellWord(NASTY)}`], { encoding: 'utf8' })).toBe(NASTY)
})

it('is the same text again for JavaScript', () => {
  expect(runInNewContext(quoted(NASTY))).toBe(NASTY)
})

it('escapes only what Ruby and PHP read in single quotes', () => {
  expect(singleQuoted(`a'b\\c"$d#{e}`)).toBe(`'a\\'b\\\\c"$d#{e}'`)
})

it('lets no variable begin in a .env file', () => {
  expect(envValue(`a$b"c\\d'e`)).toBe(`"a\\$b\\"c\\\\d'e"`)
})

it('is the same text again as part of a URL, with nothing but unreserved characters', () => {
  const part = urlPart(NASTY)
  expect(part).toMatch(/^[A-Za-z0-9._~%-]+$/)
  expect(decodeURIComponent(part)).toBe(NASTY)
})

it('doubles backslashes in properties', () => {
  expect(propertyValue(` a\\b`)).toBe('\\ a\\\\b')
})
