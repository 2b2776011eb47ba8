import type { InboxWire } from '../../../server/catch/api/wire.ts'
import { Section } from '../../frame/page.tsx'
import { count, readableSize } from '../../ui/size.ts'

/** Fixed by whoever runs the server. */
export function LimitsSection({ inbox }: { inbox: InboxWire }) {
  const limits = [
    ['Messages kept', inbox.max_size === 0 ? 'no limit' : `${count(inbox.max_size)}, then the oldest go`],
    ['Largest message', readableSize(inbox.max_message_size)],
    ['Received this month', count(inbox.sent_messages_count)],
  ]
  return (
    <Section title="Limits" about="Set by whoever runs this server.">
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1.5">
        {limits.map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-soft">{label}</dt>
            <dd className="tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}
