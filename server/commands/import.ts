import { createReadStream, existsSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { openSecrets } from '../accounts/secrets.ts'
import { databaseLocation, type Settings } from '../config.ts'
import { listFields } from '../send/audience/custom-fields.ts'
import { isExportHash } from '../send/import/export-hash.ts'
import {
  FORMATS,
  type ImportOptions,
  type ImportTarget,
  isTarget,
  POLICIES,
} from '../send/import/import-options.ts'
import { ImportFiles } from '../send/import/import-files.ts'
import { Importer, LEASE_MS } from '../send/import/importer.ts'
import {
  countFaults,
  createImport,
  encodingOf,
  type Import,
  optionsOf,
  pauseImport,
  resumeImport,
  startImport,
} from '../send/import/imports.ts'
import { type Preview, previewFile } from '../send/import/preview.ts'
import { makeFields, readOptions } from '../send/import/read-options.ts'
import { tagsNamed } from '../send/audience/tags.ts'
import { openStorage, type Storage } from '../storage/database.ts'
import { callersPath, type Command, CommandFailure, type Invocation, misused, textFlag } from './command.ts'
import { print, printable } from './print.ts'
import { showProgress } from './progress.ts'
import { workspaceNamed } from './whose.ts'

export const command: Command = {
  options: {
    workspace: { type: 'string' },
    map: { type: 'string', multiple: true },
    tag: { type: 'string', multiple: true },
    format: { type: 'string' },
    policy: { type: 'string' },
    delimiter: { type: 'string' },
    resubscribe: { type: 'boolean' },
    'dry-run': { type: 'boolean' },
    resume: { type: 'string' },
  },
  usage: [
    'import csv FILE [--workspace ID|NAME] [--map email=COLUMN …] [--tag NAME …] [--policy P] [--dry-run]',
    'import --resume ID',
  ],
  details:
    'Subscribers out of a file: CSV of any kind, or an export of listmonk, SendPortal, Mailchimp or Mailcoach. How it\n' +
    'is written and what its columns mean is found out; --map says otherwise: email, first_name, last_name, name, tags,\n' +
    'status, unsubscribed_at, created_at, ignore, field:KEY or new_field:KIND:LABEL, then = and the name of a column or\n' +
    'its number. --policy is create_and_update, create_only or update_only. Ctrl-C pauses. Rows that cannot be imported\n' +
    'are in the report of the import, in the web app.',
  async run(invocation) {
    const { words, flags, settings } = invocation
    const resumed = textFlag(flags, 'resume')
    if (resumed === undefined && (words[0] !== 'csv' || words.length !== 2))
      throw misused('import csv FILE, or import --resume ID?')
    const storage = await openStorage(
      databaseLocation(settings),
      new URL('../operations.ts', import.meta.url),
      () => {},
    )
    try {
      const files = new ImportFiles(settings.dataDir, Number.MAX_SAFE_INTEGER)
      const id =
        resumed === undefined
          ? await begin(storage, files, invocation, callersPath(words[1] ?? ''))
          : await goOn(storage, files, resumed)
      await finish(storage, files, id)
    } finally {
      await storage.close()
    }
  },
}

async function begin(
  storage: Storage,
  files: ImportFiles,
  { flags, settings }: Invocation,
  path: string,
): Promise<Import> {
  if (!existsSync(path) || !statSync(path).isFile()) throw new CommandFailure(`there is no file ${path}`)
  const workspace = await workspaceNamed(storage.read, textFlag(flags, 'workspace'))
  const file = await files.receive(createReadStream(path, { highWaterMark: 1 << 20 }), statSync(path).size)
  const created = await createImport(storage.write, workspace.id, {
    userId: null,
    name: basename(path),
    size: file.size,
    encoding: file.encoding,
  })
  files.keep(file, created.id)
  try {
    const options = await optionsFor(storage, files, created, settings, flags)
    await storage.write
      .transaction()
      .execute(async trx =>
        startImport(trx, created, await makeFields(trx, workspace.id, options), Date.now() + LEASE_MS),
      )
  } catch (error) {
    await storage.write.deleteFrom('imports').where('id', '=', created.id).execute()
    files.remove(created.id)
    throw error
  }
  return stateOf(storage, created.id)
}

async function optionsFor(
  storage: Storage,
  files: ImportFiles,
  created: Import,
  settings: Settings,
  flags: Invocation['flags'],
): Promise<ImportOptions> {
  const secrets = openSecrets(settings)
  const delimiter = textFlag(flags, 'delimiter')
  const preview = previewFile(
    files.path(created.id),
    encodingOf(created),
    delimiter === undefined ? {} : { delimiter },
    {
      fields: await listFields(storage.read, created.workspace_id),
      isOurHash: (id, hash) => isExportHash(secrets, id, hash),
    },
  )
  const format = textFlag(flags, 'format')
  if (format !== undefined && !FORMATS.some(each => each === format))
    throw misused(`--format is one of ${FORMATS.join(', ')}`)
  if (format !== undefined && format !== 'csv' && format !== preview.format)
    throw new CommandFailure(`this is no export of ${format}: it looks like ${preview.format}`)
  const policy = textFlag(flags, 'policy')
  if (policy !== undefined && !POLICIES.some(each => each === policy))
    throw misused(`--policy is one of ${POLICIES.join(', ')}`)
  const isTrial = flags['dry-run'] === true
  const tags = await storage.write
    .transaction()
    .execute(trx => tagsNamed(trx, created.workspace_id, isTrial ? [] : listOf(flags.tag)))
  return readOptions(
    storage.read,
    created.workspace_id,
    {
      mapping: mappingWith(preview, listOf(flags.map)),
      tag_ids: [...tags.values()].map(({ id }) => id),
      dry_run: isTrial,
      resubscribe: flags.resubscribe === true,
      ...(policy !== undefined && { policy }),
    },
    preview.options,
  )
}

/** @param wishes as `email=E-Mail`; the column by its name or, from 1, its number */
function mappingWith(preview: Preview, wishes: readonly string[]): ImportTarget[] {
  const mapping = preview.columns.map(({ to }) => to)
  for (const wish of wishes) {
    const at = wish.indexOf('=')
    const to = wish.slice(0, at)
    const name = wish.slice(at + 1)
    if (at < 0 || !isTarget(to)) throw misused(`--map ${wish}: nothing is called that`)
    const column =
      preview.columns.find(each => each.name.trim().toLowerCase() === name.trim().toLowerCase()) ??
      (/^\d+$/.test(name) ? preview.columns[Number(name) - 1] : undefined)
    if (column === undefined) throw new CommandFailure(`the file has no column "${printable(name)}"`)
    if (to !== 'tags' && to !== 'ignore')
      for (const [other, target] of mapping.entries()) if (target === to) mapping[other] = 'ignore'
    mapping[column.index] = to
  }
  return mapping
}

async function goOn(storage: Storage, files: ImportFiles, given: string): Promise<Import> {
  const id = /^\d{1,15}$/.test(given) ? Number(given) : 0
  const found = await storage.read.selectFrom('imports').selectAll().where('id', '=', id).executeTakeFirst()
  if (found === undefined) throw new CommandFailure(`there is no import ${printable(given)}`)
  if (!files.has(id)) throw new CommandFailure(`the file of import ${id} is not in this data directory`)
  await resumeImport(storage.write, found, Date.now() + LEASE_MS)
  return stateOf(storage, id)
}

async function finish(storage: Storage, files: ImportFiles, found: Import): Promise<void> {
  const { id } = found
  let trouble: unknown
  const importer = new Importer({ storage, files, onError: error => (trouble = error) })
  const what = optionsOf(found)?.dry_run ? 'dry run' : 'import'
  const progress = showProgress(what, 'KB')
  const watch = setInterval(
    () =>
      void stateOf(storage, id).then(({ reached, size }) =>
        progress.tell(Math.round(reached / 1024), Math.round(size / 1024)),
      ),
    100,
  )
  const pause = () => void pauseImport(storage.write, found).catch(() => {})
  process.on('SIGINT', pause)
  process.on('SIGTERM', pause)
  try {
    await importer.run(found)
  } finally {
    clearInterval(watch)
    progress.end()
    process.off('SIGINT', pause)
    process.off('SIGTERM', pause)
  }
  const end = await stateOf(storage, id)
  const { rows_count, created_count, updated_count, skipped_count, failed_count } = end
  print(
    `${what} ${id}: ${rows_count} rows: ${created_count} created, ${updated_count} updated, ` +
      `${skipped_count} skipped, ${failed_count} failed`,
  )
  if (end.status === 'paused') throw new CommandFailure(`paused; posthorn import --resume ${id} goes on`, 130)
  if (end.status !== 'done')
    throw new CommandFailure(
      `${end.error ?? end.status}${trouble instanceof Error ? `: ${trouble.message}` : ''}`,
    )
  const faults = await countFaults(storage.read, id)
  if (faults > 0) await showFaults(storage, id, faults)
}

const SHOWN_FAULTS = 10

async function showFaults(storage: Storage, id: number, count: number): Promise<void> {
  const faults = await storage.read
    .selectFrom('import_faults')
    .select(['line', 'reason'])
    .where('import_id', '=', id)
    .orderBy('line')
    .limit(SHOWN_FAULTS)
    .execute()
  for (const { line, reason } of faults) print(`line ${line}: ${printable(reason)}`)
  if (count > faults.length) print(`and ${count - faults.length} more, in the report of the import`)
}

async function stateOf(storage: Storage, id: number): Promise<Import> {
  return storage.write.selectFrom('imports').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}

function listOf(flag: Invocation['flags'][string]): string[] {
  return Array.isArray(flag) ? flag : []
}
