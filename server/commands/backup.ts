import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { openSecrets } from '../accounts/secrets.ts'
import { databaseLocation } from '../config.ts'
import { writeBackup } from '../storage/backup-file.ts'
import type { Copied } from '../storage/copy.ts'
import { version } from '../version.ts'
import {
  checksum,
  FORMAT,
  keyCheck,
  type Manifest,
  readKeys,
  readManifest,
  writeManifest,
} from './backup-manifest.ts'
import { callersPath, type Command, CommandFailure, misused } from './command.ts'
import { print } from './print.ts'
import { showProgress } from './progress.ts'

export const command: Command = {
  usage: ['backup FOLDER'],
  details:
    'Copies everything, as it is at one moment, into a folder: the database and the keys. The server may go on. Into a\n' +
    'folder that holds a backup already, only what has changed since is copied. It is replaced when the new one is whole.\n' +
    'Whoever can read the folder can read everything: keep it as you keep the data directory.',
  async run({ settings, words }) {
    const [given, ...more] = words
    if (given === undefined || more.length > 0) throw misused('where to? posthorn backup FOLDER')
    const location = databaseLocation(settings)
    if (location.engine === 'sqlite' && !existsSync(location.file))
      throw new CommandFailure(`there is nothing to back up: ${location.file} is not there`)
    const folder = callersPath(given)
    // Nothing of a backup is for others to read, wherever its folder stands.
    process.umask(0o077)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const before = readManifest(folder)
    if (before === undefined) refuseForeign(folder)
    const part = join(folder, `backup-${process.pid}.part`)
    refuseAnother(folder)

    const old = before && join(folder, before.database.file)
    const from = old !== undefined && existsSync(old) ? old : undefined
    const progress = showProgress('backup', 'messages')
    const copied = await writeBackup(location, part, from, progress.tell)
    progress.end()

    const stamp = new Date().toISOString()
    const file = `posthorn-${stamp.replaceAll(/[-:.]/g, '')}.db`
    const sha256 = await checksum(part, () => {})
    renameSync(part, join(folder, file))
    const manifest: Manifest = {
      format: FORMAT,
      posthorn: version,
      made_at: stamp,
      database: { file, bytes: statSync(join(folder, file)).size, sha256, messages: copied.messages },
      keys: readKeys(settings.dataDir),
      key_check: keyCheck(openSecrets(settings)),
    }
    // With the key in a setting the file, if there is one, is of no use.
    if (settings.secretKey !== '') delete manifest.keys['secret.key']
    writeManifest(folder, manifest)
    if (old !== undefined) rmSync(old, { force: true })
    print(summary(folder, manifest, from === undefined ? undefined : copied))
    if (settings.secretKey !== '')
      print('the secret key is a setting (POSTHORN_SECRET_KEY) and not in the backup: keep it elsewhere')
  },
}

function summary(folder: string, { database }: Manifest, since: Copied | undefined): string {
  const size = `${(database.bytes / 1e6).toFixed(1)} MB`
  const what = since
    ? `since the last: ${since.added} new messages, ${since.changed} changed, ${since.removed} gone; now ${database.messages}`
    : `in full: ${database.messages} messages`
  return `backup in ${folder}, ${what}, ${size}`
}

/** A mistyped folder must not be filled with ours. */
function refuseForeign(folder: string): void {
  const foreign = readdirSync(folder).filter(
    name => !/^(backup-\d+\.part.*|posthorn-.*\.db|manifest\.json\.part)$/.test(name),
  )
  if (foreign.length > 0)
    throw new CommandFailure(`${folder} holds other things and no backup: give an empty or a new folder`)
}

/** Two at once would each remove what the other has just made. What a killed one left behind is cleared away. */
function refuseAnother(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = /^backup-(\d+)\.part/.exec(name)?.[1]
    if (pid === undefined) continue
    if (isAlive(Number(pid)))
      throw new CommandFailure(`another backup into ${folder} is under way (process ${pid})`)
    rmSync(join(folder, name), { force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
