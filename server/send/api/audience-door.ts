import type { Secrets } from '../../accounts/secrets.ts'
import type { Guard } from '../../guard.ts'
import type { Log } from '../../log.ts'
import type { SystemMail } from '../../relay/system-mail.ts'
import type { Storage } from '../../storage/database.ts'
import type { AudienceJobRunner } from '../audience/audience-job-runner.ts'
import type { DomainDns } from '../domains/domain-dns.ts'
import type { DomainSetting } from '../domains/domain-records.ts'
import type { SettingsChecks } from '../ways-out/checked-settings.ts'
import type { Compiler } from '../templates/compiler.ts'
import type { ImportFiles } from '../import/import-files.ts'
import type { Importer } from '../import/importer.ts'
import type { Sending } from '../sending/sending.ts'
import type { SettingValues } from '../ways-out/email-service-types.ts'
import type { SesQuota } from '../ways-out/ses.ts'

/** What the routes of this folder work with. */
export interface AudienceDoor extends SettingsChecks {
  storage: Storage
  secrets: Secrets
  log: Log
  publicUrl: string
  /** Whose addresses bounces go to; null: there is none. */
  bounceDomain: string | null
  dataDir: string
  /** The server's own mail; answers false where there is no relay to send it. */
  sendLetter: SystemMail
  /** Whether there is one. */
  mails: boolean
  /** Files that are imported, and what runs their imports. */
  imports: ImportFiles
  importer: Importer
  /** What is done to many subscribers. */
  jobs: AudienceJobRunner
  /** Makes mails of templates. */
  compiler: Compiler
  /** For what a user can aim. */
  guard: Guard
  /** For the records of sending domains, and what of this server stands in them. */
  dns: DomainDns
  domainSetting: DomainSetting
  /** Whatever sends. */
  sending: Sending
  /** What Amazon lets an account send. @throws Error: it does not say */
  sesQuota(settings: SettingValues): Promise<SesQuota>
}
