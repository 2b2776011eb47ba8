import type { Log } from '../log.ts'
import { StorageFault } from '../storage/faults.ts'

/** What keeps mail from being kept: said once for thousands of refusals, and once more when it is over. */
export interface Trouble {
  /** A message, or a question about one, failed with this. */
  met(error: unknown, peerId: string): void
  /** A message was kept. */
  over(): void
}

const SAY_AGAIN_MS = 60_000
/** A full disk still has room for a small message now and then: that is not the end of it. */
const CALM_MS = 1_000

export function createTrouble(log: Log): Trouble {
  /** When each reason was said. */
  const said = new Map<string, number>()
  let refused = 0
  let last = 0
  return {
    met(error, peerId) {
      const code = codeOf(error)
      if (code === undefined) return log.error('an SMTP session failed', { peer: peerId, error })
      refused++
      last = Date.now()
      if (last - (said.get(code) ?? 0) < SAY_AGAIN_MS) return
      said.set(code, last)
      log.error('mail is refused for now', { code, reason: (error as Error).message })
    },
    over() {
      if (refused === 0 || Date.now() - last < CALM_MS) return
      log.info('mail is kept again', { refused })
      said.clear()
      refused = 0
    },
  }
}

/** Of what the operator can mend; undefined for a fault of ours, which is said each time and in full. */
function codeOf(error: unknown): string | undefined {
  if (error instanceof StorageFault) return error.passing ? error.code : undefined
  return error instanceof Error && 'syscall' in error
    ? String((error as NodeJS.ErrnoException).code)
    : undefined
}
