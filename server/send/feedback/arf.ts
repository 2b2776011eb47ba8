import type { ReceivedReport } from './received-report.ts'

/** What a mail system passes on of its users (RFC 5965). */
export interface AbuseReport {
  /** `abuse`, `fraud`, `not-spam` and others (section 7.3), lower case. */
  type: string
  /** Of the program that wrote it. */
  reporter: string
}

/** Undefined: it is none. */
export function abuseReportIn(report: ReceivedReport): AbuseReport | undefined {
  const [fields] = report.blocks('message/feedback-report') ?? []
  if (fields === undefined) return undefined
  // Section 3.1 requires the type; whoever leaves it out means the usual one.
  const type = fields.get('feedback-type')?.trim().toLowerCase() || 'abuse'
  return { type: type.slice(0, 50), reporter: (fields.get('user-agent') ?? '').slice(0, 200) }
}

/** Reports about our mail that no reader has made, or that take a complaint back. */
const NO_COMPLAINT = new Set(['not-spam', 'auth-failure', 'dmarc', 'virus'])

/** Section 3.5: what is not known counts as `other`, which is a complaint. */
export function isComplaint({ type }: AbuseReport): boolean {
  return !NO_COMPLAINT.has(type)
}
