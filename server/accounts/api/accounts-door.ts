import type { Live } from '../../http/live.ts'
import type { Log } from '../../log.ts'
import type { Storage } from '../../storage/database.ts'
import type { Callers } from '../callers.ts'
import type { SendLetter } from '../letters.ts'
import type { Secrets } from '../secrets.ts'
import type { SharedThings } from '../shared-things.ts'
import type { TokenUses } from '../token-uses.ts'
import type { RemoveContents } from '../workspace-removal.ts'
import type { ServerWire } from './wire.ts'

/** What the routes of this folder work with. */
export interface AccountsDoor {
  storage: Pick<Storage, 'read' | 'write'>
  secrets: Secrets
  callers: Callers
  /** Projects and inboxes, which people are invited to. */
  shared: SharedThings
  sendLetter: SendLetter
  tokenUses: Pick<TokenUses, 'since'>
  /** What a deleted workspace leaves behind. */
  removeContents: RemoveContents
  live: Live
  log: Log
  publicUrl: string
  /** Whether all listeners are bound to this machine only. */
  loopback: boolean
  /** What the web app is told of this server; asked when a request comes, since ports are known late. */
  server(): ServerWire
}
