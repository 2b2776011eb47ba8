import {
  type DomainRecord,
  type DomainSetting,
  type Finding,
  type Findings,
  recordsOf,
  stringsOf,
} from '../domains/domain-records.ts'
import type { SendingDomain } from '../domains/sending-domains.ts'
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
export interface DomainRecordWire extends DomainRecord, Finding {
  /** The value of a TXT record as zone files want it: each string at most 255 bytes. */
  strings: string[]
}

export type SendingSettingsWire = SendingSettings

/** @param setting of this server now: what was found by other names says nothing any more */
export function sendingDomainWire(domain: SendingDomain, setting: DomainSetting): SendingDomainWire {
  const findings: Findings = domain.findings === null ? [] : JSON.parse(domain.findings)
  return {
    id: domain.id,
    domain: domain.domain,
    selector: domain.selector,
    records: recordsOf(domain, setting).map(record => {
      const { purpose, host, type, value } = record
      const finding = findings.find(each => each.purpose === purpose && each.host === host)
      const { state, found, advice } = finding ?? NOT_ASKED
      const strings = type === 'TXT' ? stringsOf(value) : []
      return { purpose, host, type, value, strings, state, found, advice }
    }),
    checked_at: domain.checked_at === null ? null : new Date(domain.checked_at).toISOString(),
    created_at: new Date(domain.created_at).toISOString(),
  }
}

const NOT_ASKED: Finding = { state: 'unknown', found: [], advice: 'Set it, then check.' }
