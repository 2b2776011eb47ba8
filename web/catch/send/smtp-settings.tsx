import type { InboxWire } from '../../../server/catch/api/wire.ts'
import { Password, Setting, Settings } from '../setting.tsx'

export function SmtpSettings({ inbox }: { inbox: InboxWire }) {
  const [port, ...others] = inbox.smtp_ports
  return (
    <Settings>
      <Setting label="Host" value={inbox.domain} />
      <Setting label="Port" value={String(port)} about={others.length > 0 && `or ${others.join(', ')}`} />
      <Setting label="Username" value={inbox.username} />
      <Password value={inbox.password} />
      {inbox.email_username_enabled && (
        <Setting label="Or to" value={`${inbox.email_username}@${inbox.email_domain}`} />
      )}
    </Settings>
  )
}
