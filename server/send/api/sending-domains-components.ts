import type { Schema } from '../../http/route-doc.ts'
import { instant, integer, listOf, objectOf, oneOf, optional, orNull, ref, text } from '../../http/schemas.ts'

/** The shapes of sending-domains-wire.ts, as the published description has them. */
export const sendingDomainsComponents: Record<string, Schema> = {
  SendingDomain: objectOf({
    id: integer,
    domain: text,
    selector: { ...text, description: 'Of the RSA key; that of Ed25519 has an `e` behind it' },
    records: listOf(ref('DomainRecord')),
    checked_at: { ...orNull(instant), description: 'When DNS was last asked' },
    created_at: instant,
  }),
  DomainRecord: objectOf({
    purpose: oneOf('dkim_rsa', 'dkim_ed25519', 'spf', 'dmarc', 'return_path', 'ptr'),
    host: { ...text, description: 'Of a PTR record the name whose addresses must have it' },
    type: oneOf('TXT', 'MX', 'PTR'),
    value: { ...text, description: 'To be set; where only the owner can know it an example' },
    strings: { ...listOf(text), description: 'The value of a TXT record in strings of at most 255 bytes' },
    state: oneOf('ok', 'missing', 'wrong', 'unknown'),
    found: { ...listOf(text), description: 'What stood there when DNS was asked' },
    advice: text,
  }),
  SendingSettings: optional({
    ambiguous: {
      ...oneOf('ask', 'retry'),
      description: 'What becomes of a mail of which nobody knows whether it arrived',
    },
    pause_failure_rate: {
      type: 'number',
      description: 'From 0 to 1: a campaign pauses when more than this part is refused for good',
    },
    pause_complaint_rate: { type: 'number', description: 'The same of complaints' },
    undo_seconds: { ...integer, description: 'For so long a campaign that was sent can be taken back' },
    soft_bounce_limit: {
      ...integer,
      description: 'After so many soft bounces in a row an address counts as bounced',
    },
  }),
}
