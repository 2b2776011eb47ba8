import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Secrets } from '../accounts/secrets.ts'
import { syncFile } from '../storage/backup-file.ts'
import { CommandFailure } from './command.ts'

export const FORMAT = 1

/** What of the data directory cannot be made again. */
const KEY_FILES = ['secret.key', 'tls.key', 'tls.crt']

/** Says which database file of the folder is the backup. It is replaced in one step, so there is always a whole one. */
export interface Manifest {
  format: typeof FORMAT
  /** Of the program that wrote it. */
  posthorn: string
  made_at: string
  database: { file: string; bytes: number; sha256: string; messages: number }
  /** Small text files, by name. Without `secret.key`, the key was given as a setting. */
  keys: Record<string, string>
  /** Made with the secret key: another key makes another one. */
  key_check: string
}

const FILE = 'manifest.json'

/** @throws CommandFailure: it is there, and is none of ours */
export function readManifest(folder: string): Manifest | undefined {
  const path = join(folder, FILE)
  if (!existsSync(path)) return undefined
  let found: Partial<Manifest>
  try {
    found = JSON.parse(readFileSync(path, 'utf8')) as Partial<Manifest>
  } catch {
    throw new CommandFailure(`${path} is damaged: it is no JSON`)
  }
  if (typeof found.format !== 'number' || found.format > FORMAT)
    throw new CommandFailure(
      `${path} is of format ${String(found.format)}, this Posthorn knows up to ${FORMAT}: use a newer one`,
    )
  if (!/^posthorn-[\w.-]+\.db$/.test(found.database?.file ?? '') || typeof found.keys !== 'object')
    throw new CommandFailure(`${path} is damaged: it does not say what it is about`)
  return found as Manifest
}

export function writeManifest(folder: string, manifest: Manifest): void {
  const path = join(folder, FILE)
  writeFileSync(`${path}.part`, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600, flush: true })
  renameSync(`${path}.part`, path)
  syncFile(folder)
}

export function readKeys(dataDir: string): Record<string, string> {
  const there = KEY_FILES.filter(name => existsSync(join(dataDir, name)))
  return Object.fromEntries(there.map(name => [name, readFileSync(join(dataDir, name), 'utf8')]))
}

export function writeKeys(dataDir: string, keys: Record<string, string>): void {
  for (const name of KEY_FILES) {
    const text = keys[name]
    if (text !== undefined) writeFileSync(join(dataDir, name), text, { mode: 0o600, flush: true })
  }
}

export function keyCheck(secrets: Secrets): string {
  return secrets.sign('backup', 'the key of this backup')
}

/** SHA-256, hex. */
export async function checksum(path: string, tell: (done: number, total: number) => void): Promise<string> {
  const hash = createHash('sha256')
  const total = statSync(path).size
  let done = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    hash.update(chunk as Buffer)
    done += (chunk as Buffer).length
    tell(done, total)
  }
  return hash.digest('hex')
}
