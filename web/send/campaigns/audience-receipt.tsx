import type { AudienceReceipt } from '../../calls/campaigns.ts'
import { classes } from '../../ui/classes.ts'
import { count } from '../../ui/size.ts'

const LEFT_OUT: [name: Exclude<keyof AudienceReceipt, 'total' | 'included'>, why: string][] = [
  ['unsubscribed', 'unsubscribed'],
  ['bounced', 'whose address bounced'],
  ['complained', 'who reported a mail as spam'],
  ['pending', 'who have not confirmed yet'],
  ['suppressed', 'on the suppression list'],
  ['duplicates', 'the same address twice'],
]

interface AudienceReceiptViewProps {
  receipt: AudienceReceipt
  /** It is being counted anew. */
  behind?: boolean
  /** It stands as it is: nothing to be read out. */
  still?: boolean
}

/** Who gets it, and who is left out for which reason. */
export function AudienceReceiptView({ receipt, behind = false, still = false }: AudienceReceiptViewProps) {
  const out = LEFT_OUT.filter(([name]) => receipt[name] > 0)
  const sum = out.reduce((all, [name]) => all + receipt[name], 0)
  return (
    <div
      role={still ? undefined : 'status'}
      aria-busy={behind}
      className={classes('flex flex-col gap-1 rounded-control bg-sunk px-3 py-2.5', behind && 'opacity-60')}
    >
      <p className="tabular-nums">
        <b className="text-lead font-semibold">{count(receipt.included)}</b>{' '}
        {still
          ? `${receipt.included === 1 ? 'person' : 'people'} on its list`
          : receipt.included === 1
            ? 'person gets it'
            : 'people get it'}
      </p>
      {out.length > 0 && (
        <>
          <p className="text-soft tabular-nums">{count(sum)} left out:</p>
          <ul className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2 text-soft tabular-nums">
            {out.map(([name, why]) => (
              <li key={name} className="contents">
                <span className="text-right">{count(receipt[name])}</span>
                <span>{why}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}
