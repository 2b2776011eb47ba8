// The web app in dist/web, built again when a source of it is newer.
import { existsSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runQuietly, say } from './processes.mjs'
import { nodePath, toolsPath } from './tools.mjs'

const sources = ['web', 'blocks', 'package.json', 'pnpm-lock.yaml']
const stamp = 'dist/web-built'

export function webAppReady() {
  if (!existsSync('dist/web/index.html') || !existsSync(stamp)) return false
  const built = statSync(stamp).mtimeMs
  return !sources.some(source => existsSync(source) && newerThan(built, source))
}

export async function buildWebApp() {
  say('building the web app')
  const begun = new Date()
  rmSync(stamp, { force: true })
  await runQuietly(
    'building the web app',
    nodePath(),
    ['node_modules/vite/bin/vite.js', 'build', '--config', 'web/vite.config.ts', '--logLevel', 'warn'],
    { ...process.env, PATH: toolsPath() },
  )
  // Dated back to the beginning: what was edited during the build counts as newer.
  writeFileSync(stamp, '')
  utimesSync(stamp, begun, begun)
}

// A folder's own time tells of files that were removed.
function newerThan(time, path) {
  const stat = statSync(path)
  if (stat.mtimeMs > time && !/\.test\.tsx?$/.test(path)) return true
  return stat.isDirectory() && readdirSync(path).some(name => newerThan(time, join(path, name)))
}
