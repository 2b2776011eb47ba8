import { spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A disk of 8 MB that only the server sees. It goes with the test run, whatever becomes of that. */
export interface SmallDisk {
  /** Its folder, as the server names it. */
  readonly folder: string
  /** What makes a program see it (see PosthornOptions). */
  readonly within: string[]
  /** Takes all the space that is left. */
  fill(): void
  free(): void
  remove(): void
}

/** Undefined where this system lets nobody mount: then say so. */
export async function smallDisk(): Promise<SmallDisk | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-small-disk-'))
  // The mount lives in a namespace of the keeper's own, as root, or as a user who is root in there only.
  for (const user of process.getuid?.() === 0 ? [false, true] : [true]) {
    const pid = await keeper(folder, user)
    if (pid === undefined) continue
    const inside = `/proc/${pid.keeper}/root${folder}`
    return {
      folder,
      within: [
        'nsenter',
        `--target=${pid.keeper}`,
        ...(user ? ['--user', '--preserve-credentials'] : []),
        '--mount',
        `--wd=${tmpdir()}`,
        '--',
      ],
      fill() {
        const file = openSync(join(inside, 'filler'), 'a')
        try {
          for (;;) writeSync(file, Buffer.alloc(4096))
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
        } finally {
          closeSync(file)
        }
      },
      free() {
        rmSync(join(inside, 'filler'))
      },
      remove() {
        pid.end()
        rmSync(folder, { recursive: true, force: true })
      },
    }
  }
  rmSync(folder, { recursive: true, force: true })
  return undefined
}

/** Lives until its input closes, which a killed test run cannot prevent. */
async function keeper(folder: string, user: boolean): Promise<{ keeper: number; end(): void } | undefined> {
  const flags = user ? ['--user', '--map-root-user', '--mount'] : ['--mount']
  const script = 'mount -t tmpfs -o size=8m tmpfs "$1" && echo mounted && exec cat'
  const child = spawn('unshare', [...flags, 'sh', '-c', script, 'keeper', folder], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const mounted = await new Promise<boolean>(resolve => {
    child.once('error', () => resolve(false))
    child.once('close', () => resolve(false))
    child.stdout.once('data', () => resolve(true))
  })
  if (!mounted || child.pid === undefined) return undefined
  return { keeper: child.pid, end: () => void child.stdin.end() }
}
