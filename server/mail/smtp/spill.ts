import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, unlink, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'

const NAME = /^smtp-[0-9a-f-]{36}\.spill$/

/**
 * A file for a message too large for memory. Its name is gone as soon as it is open: whatever
 * happens to the process, the system takes the space back.
 */
export async function openSpill(directory: string): Promise<FileHandle> {
  const path = join(directory, `smtp-${randomUUID()}.spill`)
  const file = await open(path, 'wx+', 0o600)
  await unlink(path)
  return file
}

/** Makes the directory and takes away what a process killed between open and unlink has left. */
export async function clearSpills(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  for (const name of await readdir(directory)) {
    if (NAME.test(name)) await unlink(join(directory, name)).catch(() => {})
  }
}
