/** The providers that report what became of mails, by type (contract, section 6.2). */
const PROVIDERS: Readonly<Record<number, string>> = {
  1: 'aws',
  2: 'sendgrid',
  3: 'mailgun',
  4: 'postmark',
  5: 'mailjet',
  7: 'postal',
}

/** What has to be entered at the provider; null: it is none. */
export function webhookUrl(publicUrl: string, typeId: number): string | null {
  const provider = PROVIDERS[typeId]
  return provider === undefined ? null : `${publicUrl}/api/v1/webhooks/${provider}`
}
