import type { Secrets } from '../../accounts/secrets.ts'
import { publicToken } from '../feedback/public-token.ts'

/** The providers that report what became of mails, by type (contract, section 6.2). */
const PROVIDERS: Readonly<Record<number, string>> = {
  1: 'aws',
  2: 'sendgrid',
  3: 'mailgun',
  4: 'postmark',
  5: 'mailjet',
  7: 'postal',
}

/** Of Secrets.key: addresses of webhooks. */
export const WEBHOOK_KEY = 'webhook'

/**
 * What has to be entered at the provider; null: it is none. The address names the service and is known to nobody else:
 * who posts there was told it.
 */
export function webhookUrl(
  publicUrl: string,
  secrets: Secrets,
  { id, type_id }: { id: number; type_id: number },
): string | null {
  const provider = PROVIDERS[type_id]
  if (provider === undefined) return null
  return `${publicUrl}/api/v1/webhooks/${provider}/${publicToken(secrets.key(WEBHOOK_KEY), id)}`
}
