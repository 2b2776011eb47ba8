// One folder holds every temporary file of a test run, and goes with the run, also when Ctrl-C ends it.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export function setup(): void {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-tests-'))
  // PostgreSQL runs as another user, who has to get through to its own folder in here.
  chmodSync(folder, 0o711)
  process.env.TMPDIR = folder
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
}
