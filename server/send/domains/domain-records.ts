import { isIP } from 'node:net'
import { ed25519Selector } from '../../mail/dkim.ts'
import type { SendingDomain } from './sending-domains.ts'

/** What must stand in DNS so that mail from a domain is believed. */
export interface DomainRecord {
  purpose: 'dkim_rsa' | 'dkim_ed25519' | 'spf' | 'dmarc' | 'return_path' | 'ptr'
  /** The whole name, without a dot at its end; of a PTR record the name whose addresses must have it. */
  host: string
  type: 'TXT' | 'MX' | 'PTR'
  /** To be set; where only the owner can know it an example. */
  value: string
}

/** What stood there when DNS was asked. */
export interface Finding {
  state: 'ok' | 'missing' | 'wrong' | 'unknown'
  /** The records as they are. */
  found: string[]
  /** What to do, in one sentence. */
  advice: string
}

/** With the name that was asked, for that changes with the server's settings. */
export type Findings = (Finding & Pick<DomainRecord, 'purpose' | 'host'>)[]

/** What of this server shows in DNS. */
export interface DomainSetting {
  /** Name of the host that mail leaves from and bounces come to. */
  smtpHost: string
  /** Domain of the return path; '' is that of the sender. */
  bounceDomain: string
}

export function recordsOf(
  { domain, selector, rsa_public, ed25519_public }: SendingDomain,
  setting: DomainSetting,
): DomainRecord[] {
  const { smtpHost, bounceDomain } = setting
  const records: DomainRecord[] = [
    {
      purpose: 'dkim_rsa',
      host: `${selector}._domainkey.${domain}`,
      type: 'TXT',
      value: `v=DKIM1; k=rsa; p=${rsa_public}`,
    },
    {
      purpose: 'dkim_ed25519',
      host: `${ed25519Selector(selector)}._domainkey.${domain}`,
      type: 'TXT',
      value: `v=DKIM1; k=ed25519; p=${ed25519_public}`,
    },
    {
      purpose: 'spf',
      host: bounceDomain || domain,
      type: 'TXT',
      value: isPublicName(smtpHost) ? `v=spf1 a:${smtpHost} ~all` : 'v=spf1 mx ~all',
    },
    {
      purpose: 'dmarc',
      host: `_dmarc.${domain}`,
      type: 'TXT',
      value: `v=DMARC1; p=none; rua=mailto:postmaster@${domain}`,
    },
  ]
  if (bounceDomain !== '')
    records.push({ purpose: 'return_path', host: bounceDomain, type: 'MX', value: `10 ${smtpHost}` })
  records.push({ purpose: 'ptr', host: smtpHost, type: 'PTR', value: smtpHost })
  return records
}

/** Whether others than this machine can look it up. */
export function isPublicName(host: string): boolean {
  return isIP(host) === 0 && host.includes('.') && !/\.(?:localhost|local|internal)$/i.test(host)
}

/** As zone files want it (RFC 1035, section 3.3.14): strings of at most 255 bytes. */
export function stringsOf(value: string): string[] {
  return value.match(/.{1,255}/gs) ?? []
}
