import type { InboxWire } from '../../../server/catch/api/wire.ts'
import { Password, Setting, Settings } from '../setting.tsx'

/** For a mail program, or a test that waits for its mail. Nothing where POP3 is off. */
export function Pop3Settings({ inbox }: { inbox: InboxWire }) {
  const [port, ...others] = inbox.pop3_ports
  if (port === undefined) return null
  return (
    <section aria-label="Read by POP3" className="flex flex-col gap-3">
      <h2 className="text-body font-semibold">Read by POP3</h2>
      <Settings>
        <Setting label="Host" value={inbox.pop3_domain} />
        <Setting label="Port" value={String(port)} about={others.length > 0 && `or ${others.join(', ')}`} />
        <Setting label="Username" value={inbox.username} />
        <Password value={inbox.password} />
      </Settings>
      <p className="text-soft">
        A mail program, or a test that waits for its mail, can fetch it here: plain, with STLS, or with TLS
        from the first byte. What it deletes is gone.
      </p>
    </section>
  )
}
