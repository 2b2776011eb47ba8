import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSecrets } from '../accounts/secrets.ts'
import { reindex } from '../catch/reindex.ts'
import { databaseLocation, type Settings } from '../config.ts'
import { syncFile } from '../storage/backup-file.ts'
import type { Location } from '../storage/location.ts'
import { isInhabited, isInUse, moveAside } from '../storage/occupancy.ts'
import { copyInto, discard, prepareRestore } from '../storage/restore-file.ts'
import { checksum, keyCheck, type Manifest, readManifest, writeKeys } from './backup-manifest.ts'
import { callersPath, type Command, CommandFailure, misused } from './command.ts'
import { pauseAfterRestore } from '../send/campaigns/after-restore.ts'
import { print } from './print.ts'
import { type Progress, showProgress } from './progress.ts'

export const command: Command = {
  options: { force: { type: 'boolean' } },
  usage: ['restore FOLDER [--force]'],
  details:
    'Brings back what posthorn backup has written, into SQLite or PostgreSQL, whichever the settings name and wherever\n' +
    'it came from. No server may run. With --force it also replaces what is there, which is moved aside and kept.',
  async run({ settings, words, flags }) {
    const [given, ...more] = words
    if (given === undefined || more.length > 0) throw misused('from where? posthorn restore FOLDER')
    const folder = callersPath(given)
    const manifest = readManifest(folder)
    if (manifest === undefined) throw new CommandFailure(`${folder} holds no backup`)
    const backup = join(folder, manifest.database.file)
    const location = databaseLocation(settings)
    mkdirSync(settings.dataDir, { recursive: true, mode: 0o700 })

    await insistOnPlace(location, flags.force === true)
    insistOnKey(manifest, settings)
    await insistOnWhole(manifest, backup)

    const stamp = new Date().toISOString().replaceAll(/[-:.]/g, '')
    const aside = join(settings.dataDir, `before-restore-${stamp}`)
    const kept =
      location.engine === 'sqlite'
        ? await intoFile(location, backup, aside, stamp)
        : await intoServer(location, backup, aside, stamp)
    replaceKeys(manifest, settings, aside)
    print(
      `restored ${manifest.database.messages} messages from the backup of ${manifest.made_at}, made by Posthorn ${manifest.posthorn}`,
    )
    if (kept !== undefined) print(`what was there before is in ${kept}`)
  },
}

async function insistOnPlace(location: Location, force: boolean): Promise<void> {
  if (await isInUse(location))
    throw new CommandFailure('the database is in use: stop the server, on every machine, and try again')
  if (!force && (await isInhabited(location)))
    throw new CommandFailure('the database is not empty: with --force it is moved aside and replaced')
}

/** Without its key a backup brings inboxes that nobody can log in to. */
function insistOnKey(manifest: Manifest, settings: Settings): void {
  const inBackup = manifest.keys['secret.key'] !== undefined
  if (settings.secretKey === '') {
    if (inBackup) return
    throw new CommandFailure(
      'the backup was made with POSTHORN_SECRET_KEY set, which it does not hold: set it as it was then',
    )
  }
  if (keyCheck(openSecrets(settings)) === manifest.key_check) return
  throw new CommandFailure(
    inBackup
      ? 'the backup brings its own key: take POSTHORN_SECRET_KEY out of the settings'
      : 'POSTHORN_SECRET_KEY is not the key this backup was made with',
  )
}

async function insistOnWhole({ database }: Manifest, backup: string): Promise<void> {
  if (!existsSync(backup)) throw new CommandFailure(`the backup is not whole: ${backup} is missing`)
  const progress = showProgress('checking', 'bytes')
  const found = await checksum(backup, progress.tell)
  progress.end()
  if (found !== database.sha256)
    throw new CommandFailure(
      `the backup is damaged: ${backup} does not have the checksum it was written with`,
    )
}

async function intoFile(
  location: Extract<Location, { engine: 'sqlite' }>,
  backup: string,
  aside: string,
  stamp: string,
): Promise<string | undefined> {
  const made = `${location.file}.restoring`
  discard(made)
  await during(showProgress('indexing', 'messages'), progress =>
    prepareRestore(backup, made, async db => {
      await reindex(db, progress.tell)
      await pauseAfterRestore(db)
    }),
  )
  let kept: string | undefined
  if (existsSync(location.file)) {
    mkdirSync(aside, { recursive: true, mode: 0o700 })
    kept = (await moveAside(location, aside, stamp)).where
  }
  renameSync(made, location.file)
  syncFile(join(location.file, '..'))
  return kept
}

async function intoServer(
  location: Location,
  backup: string,
  aside: string,
  stamp: string,
): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-restore-'))
  try {
    const file = join(folder, 'posthorn.db')
    await prepareRestore(backup, file, async () => {})
    const moved = (await isInhabited(location)) ? await moveAside(location, aside, stamp) : undefined
    try {
      const indexing = showProgress('indexing', 'messages')
      await during(showProgress('restoring', 'messages'), progress =>
        copyInto(
          location,
          file,
          async db => {
            progress.end()
            await during(indexing, () => reindex(db, indexing.tell))
            await pauseAfterRestore(db)
          },
          progress.tell,
        ),
      )
    } catch (error) {
      await moved?.undo()
      throw error
    }
    return moved?.where
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function during<T>(progress: Progress, work: (progress: Progress) => Promise<T>): Promise<T> {
  try {
    return await work(progress)
  } finally {
    progress.end()
  }
}

/** A key that other data may still need is moved aside too. */
function replaceKeys({ keys }: Manifest, { dataDir }: Settings, aside: string): void {
  for (const name of Object.keys(keys)) {
    const path = join(dataDir, name)
    if (!existsSync(path)) continue
    mkdirSync(aside, { recursive: true, mode: 0o700 })
    renameSync(path, join(aside, name))
  }
  writeKeys(dataDir, keys)
  syncFile(dataDir)
}
