import type { Secrets } from '../../accounts/secrets.ts'
import type { Log } from '../../log.ts'
import type { Storage } from '../../storage/database.ts'
import type { SettingValues } from '../ways-out/email-service-types.ts'
import { emailServiceById, serviceSettings } from '../ways-out/email-services.ts'
import type { SesQuota } from '../ways-out/ses.ts'
import { totalsOfOne } from './campaign-totals.ts'
import type { Campaign, Recipients } from './campaigns.ts'
import { countRecipients } from './recipients.ts'

const SES = 1

export const OVER_SES_QUOTA = 'The number of subscribers for this campaign exceeds your SES quota'

interface Parts {
  storage: Storage
  secrets: Secrets
  log: Log
  /** @throws Error: SES does not say */
  sesQuota(settings: SettingValues): Promise<SesQuota>
}

/**
 * Whether Amazon would take fewer mails today than the campaign has (contract, section 5.4). When it cannot be asked
 * the campaign may go: what is too much then is deferred by the hand-over.
 */
export async function exceedsSesQuota(
  { storage, secrets, log, sesQuota }: Parts,
  campaign: Campaign,
  recipients: Recipients,
): Promise<boolean> {
  if (campaign.email_service_id === null) return false
  const service = await emailServiceById(storage.read, campaign.workspace_id, campaign.email_service_id)
  if (service?.type_id !== SES) return false
  let quota: SesQuota
  try {
    quota = await sesQuota(serviceSettings(secrets, service))
  } catch (error) {
    log.warn('SES did not tell its quota, so the campaign may be sent', { campaign: campaign.id, error })
    return false
  }
  if (quota.max24h < 0) return false
  const { total, sent } = await totalsOfOne(storage.read, campaign.id)
  const unsent = total > 0 ? total - sent : (await countRecipients(storage, campaign, recipients)).included
  return unsent > Math.floor(quota.max24h - quota.sent24h)
}
