import type { Secrets } from '../../../accounts/secrets.ts'
import type { Storage } from '../../../storage/database.ts'
import type { ImportFiles } from '../../import/import-files.ts'
import type { Importer } from '../../import/importer.ts'
import type { Sending } from '../../sending/sending.ts'

/** What the routes of this folder work with. */
export interface SendPortalDoor {
  storage: Storage
  secrets: Secrets
  imports: ImportFiles
  importer: Importer
  /** Whatever sends. */
  sending: Sending
  /** Whether the workspace has that inbox: what an email service that goes into one of our own asks. */
  hasInbox(workspaceId: number, inboxId: number): Promise<boolean>
  /** Why mail may not be handed over to that host; undefined: it may. */
  refusesTarget(host: string): Promise<string | undefined>
}
