import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const APP = join(import.meta.dirname, '../../dist/web')
/** Bytes of script, compressed, before the first screen: what is not needed there is loaded later. */
const LIMIT = 130_000

it('loads little before the first screen', () => {
  const page = readFileSync(join(APP, 'index.html'), 'utf8')
  const scripts = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map(([, path = '']) => path)
  expect(scripts.length).toBeGreaterThan(1)
  const sizes = scripts.map(path => [path, readFileSync(join(APP, `${path}.gz`)).length] as const)
  expect(
    sizes.reduce((sum, [, size]) => sum + size, 0),
    sizes.join('\n'),
  ).toBeLessThan(LIMIT)
})
