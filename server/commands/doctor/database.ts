import { existsSync } from 'node:fs'
import { databaseLocation, type Settings } from '../../config.ts'
import { openDatabase } from '../../storage/database.ts'
import { examine, type Examined, heldUp } from '../../storage/examine.ts'
import { asFault } from '../../storage/faults.ts'
import type { Location } from '../../storage/location.ts'
import type { Database } from '../../storage/schema.ts'
import { openUnchanged } from '../../storage/snapshot.ts'
import { showProgress } from '../progress.ts'
import { checkContents, mendContents } from './contents.ts'
import { fail, type Finding, ok, warn } from './finding.ts'
import { checkSecretKey } from './keys.ts'
import { megabytes } from './machine.ts'

/** Twice what the writing thread allows before it cuts the log back. */
const LONG_LOG = 128 << 20
const CLOCKS_APART_MS = 5_000

export async function checkDatabase(settings: Settings, mend: boolean): Promise<Finding[]> {
  const location = databaseLocation(settings)
  if (location.engine === 'sqlite' && !existsSync(location.file))
    return [
      ok('database', `${location.file} is made at the first start`),
      await checkSecretKey(settings, undefined),
    ]
  let db: Database | undefined
  try {
    db = openUnchanged(location)
    const examined = await examine(db, location)
    const findings = [...engineFindings(examined), await checkLock(db, location)]
    // Only whole tables can be asked about what is in them.
    if (examined.pending.length > 0 || examined.damage.length > 0) return findings
    if (mend) await mendAll(location)
    return [...findings, await checkSecretKey(settings, db), ...(await checkContents(db, settings))]
  } catch (error) {
    const fault = asFault(error)
    if (fault.kind === 'bug') throw error
    return [fail('database', fault.message, adviceOn(location, fault.kind))]
  } finally {
    await db?.destroy()
  }
}

function engineFindings({ engine, bytes, pending, log, damage, clockAhead }: Examined): Finding[] {
  const findings = [ok('database', `${engine}, ${megabytes(bytes)}`)]
  if (pending.length > 0)
    findings.push(
      fail(
        'tables',
        `${pending.length} changes of the tables are still to be made`,
        'posthorn migrate, or start the server',
      ),
    )
  else findings.push(ok('tables', 'up to date'))
  if (damage.length > 0)
    findings.push(
      fail(
        'pages',
        `damaged: ${damage.join('; ')}`,
        'stop the server, look after the disk, then posthorn restore FOLDER --force',
      ),
    )
  else findings.push(ok('pages', 'whole'))
  if (log > LONG_LOG)
    findings.push(
      warn(
        'log',
        `the write-ahead log has grown to ${megabytes(log)}`,
        'end long readers of the file, or restart the server',
      ),
    )
  if (Math.abs(clockAhead) > CLOCKS_APART_MS)
    findings.push(
      warn(
        'clocks',
        `the database server's differs by ${Math.round(clockAhead / 1000)} s from ours`,
        'set both by NTP',
      ),
    )
  return findings
}

async function checkLock(db: Database, location: Location): Promise<Finding> {
  const says = await heldUp(db, location)
  return says === undefined
    ? ok('writing', 'nobody is in the way')
    : fail('writing', says, 'find and end that process: no mail can be kept until then')
}

async function mendAll(location: Location): Promise<void> {
  const db = await openDatabase(location)
  const progress = showProgress('indexing', 'messages')
  try {
    await mendContents(db, progress.tell)
  } finally {
    progress.end()
    await db.destroy()
  }
}

function adviceOn(location: Location, kind: string): string {
  if (kind === 'unreachable') return 'start the database server, or correct DATABASE_URL'
  if (kind === 'locked') return 'find and end the process that holds it'
  if (kind === 'full') return 'free space on its disk'
  return location.engine === 'sqlite'
    ? `see who may read ${location.file}; if it is damaged: posthorn restore FOLDER --force`
    : 'see what the log of the database server says'
}
