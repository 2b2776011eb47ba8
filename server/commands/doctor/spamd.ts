import { pingSpamd } from '../../catch/checks/spamc.ts'
import type { Settings } from '../../config.ts'
import { type Finding, ok, warn } from './finding.ts'

/** Nothing where none is set. */
export async function checkSpamd({ spamd }: Settings): Promise<Finding[]> {
  if (spamd === undefined) return []
  const place = `${spamd.host}:${spamd.port}`
  try {
    await pingSpamd(spamd)
    return [ok('spamd', `answers at ${place}`)]
  } catch (error) {
    return [
      warn(
        'spamd',
        `${place}: ${(error as Error).message}`,
        'start it, or correct POSTHORN_SPAMD: until then there are no spam reports',
      ),
    ]
  }
}
