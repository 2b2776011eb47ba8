import type { SendingSettings } from '../sending/sending-settings.ts'

// The shapes of sending domains and settings as they leave this folder: the web app imports its types from here.

export interface SendingDomainWire {
  id: number
  domain: string
  /** Of the RSA key; that of Ed25519 has an `e` behind it. */
  selector: string
  records: DomainRecordWire[]
  /** When DNS was last asked; null: never, and every state is `unknown`. */
  checked_at: string | null
  created_at: string
}

/** What must stand in DNS, and what stood there when it was last asked. */
export interface DomainRecordWire {
  purpose: 'dkim_rsa' | 'dkim_ed25519' | 'spf' | 'dmarc' | 'return_path' | 'ptr'
  /** The whole name, without a dot at its end. */
  host: string
  type: 'TXT' | 'MX' | 'PTR'
  /** To be set; of those that only this domain's owner can know an example. */
  value: string
  /** The value of a TXT record as zone files want it: each string at most 255 bytes (RFC 1035, section 3.3). */
  strings: string[]
  state: 'ok' | 'missing' | 'wrong' | 'unknown'
  /** What stood there, one entry for each record. */
  found: string[]
  /** What to do, or that nothing is to be done, in one sentence. */
  advice: string
}

export type SendingSettingsWire = SendingSettings
