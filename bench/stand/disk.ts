import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { quantile } from './statistics.ts'

/**
 * What the disk allows: appends of 5 KB, each synced before the next.
 * @returns appends per second, and the 99th percentile of one in milliseconds
 */
export function syncedAppends(folder: string, seconds: number): { rate: number; p99: number } {
  const path = join(folder, 'appended')
  const file = openSync(path, 'w')
  const bytes = Buffer.alloc(5120, 'x')
  const took: number[] = []
  const begun = performance.now()
  for (let now = begun; now < begun + seconds * 1000; now = performance.now()) {
    writeSync(file, bytes)
    fdatasyncSync(file)
    took.push(performance.now() - now)
  }
  const rate = (took.length / (performance.now() - begun)) * 1000
  closeSync(file)
  rmSync(path)
  return { rate, p99: quantile(took, 0.99) }
}
