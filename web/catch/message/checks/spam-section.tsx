import { useQuery } from '@tanstack/react-query'
import type { SpamCheck } from '../../../../server/catch/api/wire.ts'
import { spamQuery } from '../../../calls/checks.ts'
import { classes } from '../../../ui/classes.ts'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { useInboxPlace } from '../../inbox-place.ts'
import { Checking, CheckSection, NotChecked } from './check-section.tsx'

const SETTING = 'POSTHORN_SPAMD=127.0.0.1:783'

export function SpamSection({ id }: { id: number }) {
  const { inboxId } = useInboxPlace()
  const check = useQuery(spamQuery(inboxId, id))
  const { data } = check
  const reason = check.error?.message ?? (data?.available === false ? data.reason : '')
  return (
    <CheckSection title="Spam" verdict={data?.available && <Verdict {...data} />}>
      {check.isPending ? (
        <Checking />
      ) : data?.available ? (
        <Rules {...data} />
      ) : data?.configured === false ? (
        <NotConfigured />
      ) : (
        <NotChecked reason={reason} busy={check.isFetching} onRetry={() => void check.refetch()} />
      )}
    </CheckSection>
  )
}

type Found = Extract<SpamCheck, { available: true }>

function Verdict({ score, threshold }: Found) {
  const isSpam = score >= threshold
  return (
    <>
      <span className={classes('font-semibold', isSpam ? 'text-danger' : 'text-good')}>
        {isSpam ? 'Spam' : 'Not spam'}
      </span>
      , {score} of {threshold} points
    </>
  )
}

function Rules({ score, threshold, rules }: Found) {
  // Everything from the threshold on is spam, however much of it.
  const filled = Math.max(0, Math.min(1, score / Math.max(threshold, 0.1)))
  return (
    <>
      <div className="mb-3 h-1.5 max-w-96 overflow-hidden rounded-full bg-hover" aria-hidden>
        <div
          className={classes('h-full rounded-full', score >= threshold ? 'bg-danger-fill' : 'bg-good')}
          style={{ width: `${filled * 100}%` }}
        />
      </div>
      {rules.length === 0 ? (
        <p className="text-body text-soft">None of SpamAssassin's rules applies.</p>
      ) : (
        <table className="w-full border-collapse text-left">
          <caption className="sr-only">Rules of SpamAssassin that apply</caption>
          <thead className="text-small text-faint max-sm:sr-only">
            <tr>
              <th scope="col" className="w-20 pb-1 font-medium">
                Points
              </th>
              <th scope="col" className="pb-1 font-medium">
                Rule
              </th>
              <th scope="col" className="pb-1 font-medium">
                Why
              </th>
            </tr>
          </thead>
          <tbody>
            {rules.map(({ points, name, description }) => (
              <tr
                key={name}
                className="border-t border-line align-top max-sm:grid max-sm:grid-cols-[3.5rem_1fr] max-sm:py-1.5"
              >
                <td
                  className={classes(
                    'py-1.5 pr-4 font-mono text-small leading-5 tabular-nums max-sm:py-0',
                    Number(points) > 0 && 'text-danger',
                    Number(points) < 0 && 'text-good',
                    Number(points) === 0 && 'text-faint',
                  )}
                >
                  {points}
                </td>
                <th
                  scope="row"
                  className="py-1.5 pr-4 font-mono text-small leading-5 font-medium [overflow-wrap:anywhere] max-sm:py-0 sm:whitespace-nowrap"
                >
                  {name}
                </th>
                <td className="py-1.5 leading-5 text-soft [overflow-wrap:anywhere] max-sm:col-start-2 max-sm:py-0">
                  {description}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  )
}

function NotConfigured() {
  return (
    <div className="max-w-160 text-body text-pretty text-soft">
      <p>
        Not available: no spam checker is set up. Whoever runs this server can install SpamAssassin's{' '}
        <code>spamd</code> and name it in the settings:
      </p>
      <p className="mt-2 flex items-center gap-1">
        <code className="rounded-control border border-line bg-sunk px-2 py-1 font-mono text-small [overflow-wrap:anywhere] text-ink">
          {SETTING}
        </code>
        <CopyButton text={SETTING} label="Copy the setting" />
      </p>
    </div>
  )
}
