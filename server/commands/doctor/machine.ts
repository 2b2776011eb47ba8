import { accessSync, constants, existsSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Settings } from '../../config.ts'
import { fail, type Finding, ok, warn } from './finding.ts'

/** No message can be younger than the program that reads it. */
const RELEASED = Date.UTC(2026, 0, 1)
const LITTLE_SPACE = 1e9
const NO_SPACE = 100e6

export function checkNode(): Finding {
  // main.ts has refused everything older already.
  return ok('Node', process.versions.node)
}

export function checkClock(): Finding {
  const now = new Date()
  if (now.getTime() < RELEASED)
    return fail(
      'clock',
      `this machine says ${now.toISOString()}`,
      'set it, best with NTP: mail is sorted and limited by it',
    )
  return ok('clock', now.toISOString())
}

export function checkDataDirectory({ dataDir }: Settings): Finding {
  const there = existsSync(dataDir)
  const place = there ? dataDir : dirname(dataDir)
  try {
    accessSync(place, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch {
    return fail(
      'data directory',
      `no permission to ${there ? 'write' : 'make'} ${dataDir}`,
      `run as its owner, or: chown -R $(id -un) ${place}; or set POSTHORN_DATA_DIR`,
    )
  }
  return ok('data directory', there ? dataDir : `${dataDir} is made at the first start`)
}

export function checkSpace({ dataDir }: Settings): Finding {
  const { bavail, bsize } = statfsSync(existsSync(dataDir) ? dataDir : dirname(dataDir))
  const free = bavail * bsize
  const says = `${megabytes(free)} free`
  const mend = `free some on the disk of ${dataDir}, or move it and set POSTHORN_DATA_DIR`
  if (free < NO_SPACE) return fail('disk', says, mend)
  return free < LITTLE_SPACE ? warn('disk', `${says}: full soon`, mend) : ok('disk', says)
}

export function megabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(1)} MB`
}
