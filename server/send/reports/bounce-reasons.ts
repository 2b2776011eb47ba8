/** What kind of trouble an enhanced status code tells of (RFC 3463), by its subject and detail. */
const REASONS: Record<string, string> = {
  '1.0': 'No such address',
  '1.1': 'No such address',
  '1.2': 'No such domain',
  '1.3': 'No such address',
  '1.6': 'The mailbox has moved',
  '1.10': 'The domain takes no mail',
  '2.1': 'The mailbox is disabled',
  '2.2': 'The mailbox is full',
  '2.3': 'The mail is too large',
  '3.4': 'The mail is too large',
  '4.1': 'Their mail server does not answer',
  '4.2': 'Their mail server does not answer',
  '4.7': 'It could not be delivered for too long',
  '7.20': 'DKIM, SPF or DMARC did not pass',
  '7.21': 'DKIM, SPF or DMARC did not pass',
  '7.22': 'DKIM, SPF or DMARC did not pass',
  '7.23': 'DKIM, SPF or DMARC did not pass',
  '7.24': 'DKIM, SPF or DMARC did not pass',
  '7.25': 'The sending host has no name that leads back to it',
  '7.26': 'DKIM, SPF or DMARC did not pass',
  '7.27': 'The sender’s domain takes no mail',
  '7.28': 'Too much mail at once',
}

/** Of the other details of a subject. */
const SUBJECTS: Record<string, string> = {
  1: 'Something about the address',
  2: 'Something about the mailbox',
  3: 'Something about their mail system',
  4: 'Something about the network',
  5: 'Something about the conversation with their server',
  6: 'Something about the format of the mail',
  7: 'Refused by their rules: spam, or a bad reputation',
}

/** @param enhanced as `5.1.1`, whatever its first digit; null or anything else: they did not say */
export function bounceReason(enhanced: string | null): string {
  const [, subject = '', detail = ''] = /^[245]\.(\d{1,3})\.(\d{1,3})$/.exec(enhanced ?? '') ?? []
  return REASONS[`${subject}.${detail}`] ?? SUBJECTS[subject] ?? 'No reason that is understood'
}
