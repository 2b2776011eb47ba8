import { Link } from '@tanstack/react-router'
import { CircleCheck, FlaskConical, Pause, Play, X } from 'lucide-react'
import { useState } from 'react'
import type { ImportWire } from '../../../server/send/api/imports-wire.ts'
import { act, startImport } from '../../calls/imports.ts'
import { Button, buttonClasses } from '../../ui/button.tsx'
import { confirmed } from '../../ui/dialogs.tsx'
import { FormError } from '../../ui/field.tsx'
import { count, readableSize } from '../../ui/size.ts'
import { exactTime, readableTime } from '../../ui/time.ts'
import { toastFailure } from '../../ui/toasts.tsx'
import { ProgressBar } from '../progress-bar.tsx'
import { FaultsTable } from './faults-table.tsx'
import { ImportBadge } from './import-badge.tsx'
import { timeLeft } from './time-left.ts'

interface ImportReportProps {
  one: ImportWire
  change: boolean
  onEdit: () => void
}

/** What is being done, and what was done. */
export function ImportReport({ one, change, onEdit }: ImportReportProps) {
  const { id, status, dry_run: trial, progress, rate, error, options } = one
  const [busy, setBusy] = useState(false)
  const deed = async (run: () => Promise<unknown>) => {
    if (busy) return
    setBusy(true)
    await run().catch(failure => toastFailure('Not done.', failure))
    setBusy(false)
  }
  const cancel = async () => {
    const sure = await confirmed({
      title: 'Cancel this import?',
      text: trial
        ? 'Nothing was written, and nothing will be.'
        : 'The people imported so far stay. The rest of the file is not read.',
      action: 'Cancel import',
      danger: true,
    })
    if (sure) await deed(() => act(id, 'cancel'))
  }
  const moving = status === 'running' || status === 'paused'
  const tried = trial && status === 'done'

  return (
    <div className="flex flex-col gap-6">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-soft">
        <ImportBadge status={status} trial={trial} />
        <span>
          {readableSize(one.size)} ·{' '}
          <time dateTime={one.created_at} title={exactTime(one.created_at)}>
            {readableTime(one.created_at)}
          </time>
          {one.user && ` · ${one.user.name}`}
        </span>
      </div>

      {status === 'waiting' && <p className="text-soft">An admin of the workspace has not started it yet.</p>}

      {moving && (
        <section aria-label="Progress" className="flex flex-col gap-3 rounded-card border border-line p-5">
          <div className="flex flex-wrap items-baseline justify-between gap-x-4">
            <span className="text-display font-semibold tabular-nums">{Math.floor(progress * 100)} %</span>
            <span className="text-soft tabular-nums">
              {status === 'paused'
                ? 'Paused. It goes on from here.'
                : rate === null
                  ? 'Starting …'
                  : `${count(Math.round(rate))} rows a second${timeLeft(one)}`}
            </span>
          </div>
          <ProgressBar label="Progress" share={progress} resting={status === 'paused'} />
          {change && (
            <div className="flex gap-2">
              {status === 'running' ? (
                <Button busy={busy} onClick={() => void deed(() => act(id, 'pause'))}>
                  <Pause size={14} aria-hidden />
                  Pause
                </Button>
              ) : (
                <Button look="primary" busy={busy} onClick={() => void deed(() => act(id, 'resume'))}>
                  <Play size={14} aria-hidden />
                  Resume
                </Button>
              )}
              <Button look="quiet" onClick={() => void cancel()}>
                <X size={14} aria-hidden />
                Cancel
              </Button>
            </div>
          )}
          <p className="text-small text-faint">
            It runs on the server: you can leave this page and come back any time.
          </p>
        </section>
      )}

      {status === 'failed' && <FormError>The import stopped: {error ?? 'a fault of the server.'}</FormError>}

      {tried && (
        <div className="flex flex-col gap-4 rounded-card border border-brass-line bg-brass-wash p-5">
          <div className="flex items-start gap-3">
            <FlaskConical size={18} className="mt-0.5 shrink-0 text-brass-text" aria-hidden />
            <div>
              <h2 className="text-body font-semibold">The dry run is done. Nothing was written.</h2>
              <p className="text-soft">This is what the import would do.</p>
            </div>
          </div>
          <Numbers one={one} />
          {change && options && (
            <div className="flex flex-wrap gap-2">
              <Button
                look="primary"
                busy={busy}
                onClick={() => void deed(() => startImport(id, { ...options, dry_run: false }))}
              >
                Import now
              </Button>
              <Button onClick={onEdit}>Change columns or rules</Button>
            </div>
          )}
        </div>
      )}

      {status === 'done' && !trial && (
        <div className="flex items-start gap-3 rounded-card border border-line bg-good-wash p-4">
          <CircleCheck size={18} className="mt-0.5 shrink-0 text-good" aria-hidden />
          <div className="flex flex-col gap-1">
            <h2 className="text-body font-semibold">The import is done.</h2>
            {one.finished_at && (
              <p className="text-soft">
                {readableTime(one.finished_at)}
                {one.failed > 0 && '. All good rows came in; the others are below, with the reason.'}
              </p>
            )}
          </div>
        </div>
      )}

      {!tried && status !== 'waiting' && <Numbers one={one} />}

      <div className="flex flex-wrap gap-2 empty:hidden">
        {status === 'done' && !trial && (
          <Link
            to="/subscribers"
            search={options?.tag_ids[0] ? { tag: options.tag_ids[0] } : {}}
            className={buttonClasses('primary')}
          >
            Show subscribers
          </Link>
        )}
        {status === 'failed' && change && (
          <Button look="primary" busy={busy} onClick={() => void deed(() => act(id, 'resume'))}>
            Try to go on
          </Button>
        )}
        {trial && (status === 'cancelled' || status === 'failed') && change && (
          <Button onClick={onEdit}>Change columns or rules</Button>
        )}
      </div>

      <FaultsTable one={one} />
      <span role="status" className="sr-only">
        {tried
          ? 'The dry run is done.'
          : status === 'done'
            ? 'The import is done.'
            : status === 'paused'
              ? 'The import is paused.'
              : ''}
      </span>
    </div>
  )
}

function Numbers({ one }: { one: ImportWire }) {
  const would = one.dry_run
  const numbers: [label: string, value: number, look?: string][] = [
    ['Rows read', one.rows],
    [would ? 'Would be added' : 'Added', one.created],
    [would ? 'Would be updated' : 'Updated', one.updated],
    [would ? 'Would be skipped' : 'Skipped', one.skipped],
    ['Bad rows', one.failed, one.failed > 0 ? 'text-danger' : ''],
  ]
  return (
    <dl className="grid grid-cols-2 gap-x-6 gap-y-4 sm:grid-cols-5">
      {numbers.map(([label, value, look]) => (
        <div key={label} className="flex flex-col-reverse">
          <dt className="text-small text-soft">{label}</dt>
          <dd className={`text-title font-semibold tabular-nums ${look ?? ''}`}>{count(value)}</dd>
        </div>
      ))}
    </dl>
  )
}
