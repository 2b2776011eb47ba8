import { Link } from '@tanstack/react-router'
import type { DeliveryFilterStatus, DeliveryWire } from '../../calls/deliveries.ts'
import type { ReportWire } from '../../calls/reports.ts'
import { classes } from '../../ui/classes.ts'
import { count } from '../../ui/size.ts'
import { Card } from '../subscriber/card.tsx'
import { WhyNot } from './why-not.tsx'

const LEFT_OUT = [
  ['unsubscribed', 'Unsubscribed before'],
  ['bounced', 'Bounced before'],
  ['complained', 'Complained before'],
  ['pending', 'Not confirmed yet'],
  ['suppressed', 'On the suppression list'],
  ['duplicates', 'The same address twice'],
] as const

const LEDGER = [
  ['sent', 'Sent', 'sent'],
  ['pending', 'Waiting', 'pending'],
  ['claimed', 'Leaving now', 'claimed'],
  ['draft', 'Kept as drafts', 'draft'],
  ['failed', 'Failed', 'failed'],
  ['skipped', 'Skipped', 'skipped'],
  ['ambiguous', 'Ambiguous', 'ambiguous'],
] as const satisfies readonly (readonly [keyof ReportWire['totals'], string, DeliveryWire['status']])[]

/** Where everybody is: who was meant, who was left out and why, and what became of the others. It adds up. */
export function ReceiptSection({ report: { receipt, totals, campaign } }: { report: ReportWire }) {
  const left = receipt ? LEFT_OUT.filter(([key]) => receipt[key] > 0) : []
  return (
    <Card title="Who got it, who did not">
      <dl className="-my-1 flex flex-col">
        {receipt && (
          <>
            <Line label="Meant" value={receipt.total} strong />
            {left.map(([key, label]) => (
              <Line key={key} label={label} value={-receipt[key]} />
            ))}
          </>
        )}
        <Line label="Recipients" value={totals.total} strong />
        {LEDGER.filter(([key]) => totals[key] > 0 || key === 'sent').map(([key, label, status]) => (
          <Line
            key={key}
            label={label}
            value={totals[key]}
            inset
            bad={key === 'failed' || key === 'ambiguous'}
            link={{ campaignId: campaign.id, status: key === 'sent' ? undefined : status }}
          />
        ))}
      </dl>
      <WhyNot campaignId={campaign.id} />
    </Card>
  )
}

interface LineProps {
  label: string
  value: number
  strong?: boolean
  inset?: boolean
  bad?: boolean
  link?: { campaignId: number; status: DeliveryFilterStatus | undefined }
}

function Line({ label, value, strong, inset, bad, link }: LineProps) {
  const looks = classes(strong && 'font-semibold', !strong && !inset && 'text-soft')
  return (
    <div
      className={classes(
        'flex items-baseline gap-3 border-b border-line py-1.5 last:border-0',
        inset && 'pl-4',
      )}
    >
      <dt className={classes('grow', looks, bad && value > 0 && 'text-danger')}>
        {link ? (
          <Link
            to="/messages"
            search={{
              campaign: link.campaignId,
              ...(link.status === 'draft'
                ? { drafts: true as const }
                : link.status && { status: link.status }),
            }}
            className="reach rounded-tight underline decoration-line-strong underline-offset-3 hover:decoration-current"
          >
            {label}
          </Link>
        ) : (
          label
        )}
      </dt>
      <dd className={classes('tabular-nums', looks, bad && value > 0 && 'font-medium text-danger')}>
        {value < 0 ? `− ${count(-value)}` : count(value)}
      </dd>
    </div>
  )
}
