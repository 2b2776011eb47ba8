import { Link } from '@tanstack/react-router'
import { CircleAlert, Globe, MailQuestion, Pause, ServerOff, TimerReset } from 'lucide-react'
import type { ReactNode } from 'react'
import type { AttentionWire } from '../../../server/send/api/reports-wire.ts'

const ICONS: Record<AttentionWire['kind'], typeof CircleAlert> = {
  paused: Pause,
  ambiguous: MailQuestion,
  service_down: ServerOff,
  overdue: TimerReset,
  domain: Globe,
}

/** What waits for somebody, the most pressing first, each with the way to it. */
export function Attention({ items }: { items: readonly AttentionWire[] }) {
  if (items.length === 0) return null
  return (
    <section
      aria-label="Needs attention"
      className="overflow-hidden rounded-card border border-brass-line bg-brass-wash"
    >
      <h2 className="px-4 pt-3 pb-1 font-semibold">Needs attention</h2>
      <ul>
        {items.map((item, at) => {
          const Icon = ICONS[item.kind] ?? CircleAlert
          return (
            <li
              key={at}
              className="relative flex items-start gap-3 border-t border-brass-line px-4 py-2.5 first:border-0 hover:bg-chosen"
            >
              <Icon size={16} className="mt-0.5 shrink-0 text-brass-text" aria-hidden />
              <Way item={item}>{item.text}</Way>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

const WAY = 'min-w-0 grow rounded-tight before:absolute before:inset-0 [overflow-wrap:anywhere]'

function Way({ item, children }: { item: AttentionWire; children: ReactNode }) {
  const { kind, campaign_id, service_id } = item
  if (kind === 'ambiguous')
    return (
      <Link
        to="/messages"
        search={{ status: 'ambiguous', ...(campaign_id !== undefined && { campaign: campaign_id }) }}
        className={WAY}
      >
        {children}
      </Link>
    )
  if (service_id !== undefined)
    return (
      <Link to="/email-services/$serviceId" params={{ serviceId: service_id }} className={WAY}>
        {children}
      </Link>
    )
  if (campaign_id !== undefined)
    return (
      <Link to="/campaigns/$campaignId" params={{ campaignId: campaign_id }} className={WAY}>
        {children}
      </Link>
    )
  if (kind === 'domain')
    return (
      <Link to="/sending-domains" className={WAY}>
        {children}
      </Link>
    )
  return <span>{children}</span>
}
