import { enableCompileCache } from 'node:module'
import { useBundledKysely } from './storage/bundled-kysely.ts'

// Checked before anything native is loaded: better-sqlite3 on an older Node ends in a segmentation fault.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 24 || (major === 24 && minor < 11)) {
  process.stderr.write(
    `posthorn: needs Node 24.11 or later, this is ${process.versions.node}; npm start brings one\n`,
  )
  process.exit(1)
}
// Sources whose types were stripped once are kept: a third of the start otherwise. (bootstrap.mjs does it earlier.)
enableCompileCache()
useBundledKysely()

const { run } = await import('./commands/run.ts')
await run(process.argv.slice(2))
