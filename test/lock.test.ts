import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parse } from 'yaml'

/** Releases before these have known holes; see the advisories of 2026. */
const FLOORS: Record<string, string> = {
  'fast-xml-parser': '5.7.0',
  liquidjs: '10.30.1',
  'smtp-server': '3.21.6',
  'postal-mime': '2.4.6',
}

const text = readFileSync('pnpm-lock.yaml', 'utf8')
const { packages } = parse(text) as { packages: Record<string, { resolution: Record<string, string> }> }

it('holds no package below its floor', () => {
  expect(Object.keys(packages).filter(belowFloor)).toEqual([])
  expect(['liquidjs@10.9.0', 'liquidjs@10.30.1', 'postal-mime@2.4.6-rc.1'].filter(belowFloor)).toEqual([
    'liquidjs@10.9.0',
    'postal-mime@2.4.6-rc.1',
  ])
})

// Each machine installs from the registry it is set up for; what it gets is held by the checksum.
it('names packages by checksum only, from no address', () => {
  const resolutions = Object.entries(packages)
  expect(resolutions.length).toBeGreaterThan(100)
  for (const [name, { resolution }] of resolutions) {
    expect(Object.keys(resolution), name).toEqual(['integrity'])
    expect(resolution.integrity, name).toMatch(/^sha512-/)
  }
  expect(text).not.toMatch(/\w:\/\/|registry|tarball/)
})

function belowFloor(entry: string): boolean {
  const at = entry.lastIndexOf('@')
  const floor = FLOORS[entry.slice(0, at)]
  if (!floor) return false
  const [version = '', preRelease] = entry.slice(at + 1).split('-')
  const order = version.localeCompare(floor, 'en', { numeric: true })
  return order < 0 || (order === 0 && preRelease !== undefined)
}
