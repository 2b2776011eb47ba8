import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

// Where somebody's machine keeps things, and where somebody's packages come from: neither is the product's.
const FOREIGN = [
  /(?<![\w.~$}/-])\/(work|root|home|Users)\/[\w.]/,
  /\b(registry\.(npmjs\.org|yarnpkg\.com)|npm\.pkg\.github\.com|deb\.debian\.org|(files\.)?py(thonhosted|pi)\.org)\b/,
]

it('no tracked file names a path of a machine or a package registry', () => {
  const files = execFileSync('git', ['ls-files', '-z'], { encoding: 'utf8' }).split('\0').filter(existsSync)
  expect(files.length).toBeGreaterThan(10)
  const found = files.flatMap(file =>
    readFileSync(file, 'latin1')
      .split('\n')
      .flatMap((line, index) =>
        FOREIGN.some(pattern => pattern.test(line)) ? [`${file}:${index + 1}: ${line}`] : [],
      ),
  )
  expect(found).toEqual([])
})

it.each(['work/thing', 'home/me/.npmrc', 'root/x'])('would find /%s', path => {
  expect(FOREIGN.some(pattern => pattern.test(`cd /${path}`))).toBe(true)
})
