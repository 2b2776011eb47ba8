import type { Secrets } from '../../../accounts/secrets.ts'
import type { Log } from '../../../log.ts'
import type { Storage } from '../../../storage/database.ts'
import type { ImportFiles } from '../../import/import-files.ts'
import type { Importer } from '../../import/importer.ts'
import type { Sending } from '../../sending/sending.ts'
import type { Webhooks } from '../../feedback/webhooks/webhooks.ts'
import type { SettingsChecks } from '../../ways-out/checked-settings.ts'
import type { Compiler } from '../../templates/compiler.ts'
import type { SettingValues } from '../../ways-out/email-service-types.ts'
import type { SesQuota } from '../../ways-out/ses.ts'

/** What the routes of this folder work with. */
export interface SendPortalDoor extends SettingsChecks {
  storage: Storage
  secrets: Secrets
  log: Log
  publicUrl: string
  /** Whose addresses bounces go to; null: there is none. */
  bounceDomain: string | null
  imports: ImportFiles
  importer: Importer
  /** Whatever sends. */
  sending: Sending
  /** What providers tell of mails. */
  webhooks: Webhooks
  /** Makes mails of templates. */
  compiler: Compiler
  /** What Amazon lets an account send. @throws Error: it does not say */
  sesQuota(settings: SettingValues): Promise<SesQuota>
}
