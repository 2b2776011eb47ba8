import { isIP } from 'node:net'
import { Forwarder } from './catch/forwarder.ts'
import type { WayOut } from './catch/way-out.ts'
import type { Settings } from './config.ts'
import type { Log } from './log.ts'
import { Relay } from './relay/relay.ts'
import { createSystemMail } from './relay/system-mail.ts'
import type { Storage } from './storage/database.ts'
import { dnsRecords } from './dns-records.ts'

export type MailOutSettings = Pick<
  Settings,
  'relayUrl' | 'smtpHost' | 'forwardDomain' | 'sandboxDomain' | 'forwardName' | 'publicUrl' | 'dns'
>

interface Parts {
  settings: MailOutSettings
  log: Log
  storage: Storage
  /** Told how each attempt to hand mail to the relay ended; `queued`: it will be tried again. */
  ended(status: 'sent' | 'failed' | 'queued'): void
}

interface MailOut {
  wayOut: WayOut
  /** Mail that waits for the relay. */
  queued(): number
  /** Some inbox has changed. */
  look(): void
  close(graceSeconds: number): Promise<void>
}

/** The part of assemble.ts that sends: queue, relay, forward rules. */
export function openMailOut({ settings, log, storage, ended }: Parts): MailOut {
  const relay =
    settings.relayUrl &&
    new Relay({
      storage,
      server: settings.relayUrl,
      heloName: heloName(settings.smtpHost),
      log,
      ended,
    })
  const wake = () => relay?.wake()
  const wayOut: WayOut = {
    configured: relay !== undefined,
    domain: settings.forwardDomain || settings.sandboxDomain,
    name: settings.forwardName,
    wake,
    systemMail: createSystemMail({
      write: storage.write,
      from: systemAddress(settings),
      wake: relay && wake,
    }),
    txt: dnsRecords(settings.dns).txt,
  }
  const forwarder = new Forwarder({ storage, wayOut, log })
  return {
    wayOut,
    queued: () => relay?.queued ?? 0,
    look: () => forwarder.look(),
    async close(graceSeconds) {
      await forwarder.close()
      await relay?.close(graceSeconds)
    },
  }
}

function systemAddress({ forwardDomain, publicUrl }: MailOutSettings): string {
  const host = new URL(publicUrl).hostname.replaceAll(/[[\]]/g, '')
  return `no-reply@${forwardDomain || (isIP(host) === 0 ? host : addressLiteral(host))}`
}

/** What we call ourselves to other servers. */
export function heloName(host: string): string {
  return isIP(host) === 0 ? host : addressLiteral(host)
}

/** RFC 5321 section 4.1.3. */
function addressLiteral(address: string): string {
  return isIP(address) === 6 ? `[IPv6:${address}]` : `[${address}]`
}
