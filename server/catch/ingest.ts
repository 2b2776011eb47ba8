import type { Storage } from '../storage/database.ts'
import type { Kept, Keeping } from './keep.ts'

/** Resolves once the message is on disk, in every inbox named. Rejects with StorageFault: then nothing was kept. */
export type Ingest = (keeping: Keeping, raw: Uint8Array) => Promise<Kept>

/**
 * The one way in for every message, whichever door it came through.
 * @param afterStored called in order once the message is safe; what they throw is their own affair
 */
export function createIngest(storage: Storage, afterStored: ((kept: Kept, size: number) => void)[]): Ingest {
  return async (keeping, raw) => {
    const kept = await storage.perform<Kept>('keep', keeping, raw)
    for (const tell of afterStored) tell(kept, raw.length)
    return kept
  }
}
