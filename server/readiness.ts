import { statfs } from 'node:fs/promises'
import type { Storage } from './storage/database.ts'

/** Writes, and reads what it has written: the one may work without the other. */
export async function canKeep(storage: Storage): Promise<string | undefined> {
  const value = String(Date.now())
  await storage.write
    .insertInto('settings')
    .values({ key: 'probe', value })
    .onConflict(conflict => conflict.column('key').doUpdateSet({ value }))
    .execute()
  const { value: read } = await storage.read
    .selectFrom('settings')
    .select('value')
    .where('key', '=', 'probe')
    .executeTakeFirstOrThrow()
  return Number(read) < Number(value) ? 'what was written cannot be read' : undefined
}

/** The probe above is small enough to find room where no message does. */
const DISK_IS_FULL = 1 << 20

export async function spaceLeft(folder: string): Promise<string | undefined> {
  const { bavail, bsize } = await statfs(folder)
  const left = bavail * bsize
  return left < DISK_IS_FULL ? `${left} bytes are left on the disk of the data directory` : undefined
}
