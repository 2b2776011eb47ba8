// npm packages, exactly as the lock file says.
import { createHash } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { runQuietly, say } from './processes.mjs'
import { nodePath, pnpmPath, toolsPath } from './tools.mjs'

// Written only after a whole install: an interrupted one is done again.
const stamp = 'node_modules/.installed-from'

export function packagesReady() {
  try {
    return readFileSync(stamp, 'utf8') === fingerprint()
  } catch {
    return false
  }
}

export async function bringPackages() {
  say('installing packages from the lock file')
  rmSync(stamp, { force: true })
  await runQuietly(
    'installing packages',
    pnpmPath(),
    ['install', '--frozen-lockfile', '--prefer-offline', '--config.confirm-modules-purge=false'],
    { ...process.env, PATH: toolsPath() },
  )
  await runQuietly('bundling Kysely', nodePath(), ['scripts/bundle-kysely.mjs'], process.env)
  writeFileSync(stamp, fingerprint())
}

// By content, not by time: git touches these files when a branch is looked at and left again.
function fingerprint() {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}`)
  for (const file of ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'])
    hash.update(readFileSync(file))
  return hash.digest('hex')
}
