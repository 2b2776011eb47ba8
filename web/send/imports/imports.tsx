import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { FileSpreadsheet, FileUp, Trash2 } from 'lucide-react'
import type { ImportWire } from '../../../server/send/api/imports-wire.ts'
import { deleteImport, importsQuery } from '../../calls/imports.ts'
import { mayChange, useSession } from '../../calls/session.ts'
import { Page } from '../../frame/page.tsx'
import { buttonClasses, IconButton } from '../../ui/button.tsx'
import { confirmed } from '../../ui/dialogs.tsx'
import { useDocumentTitle } from '../../ui/document-title.ts'
import { count, readableSize } from '../../ui/size.ts'
import { State } from '../../ui/state.tsx'
import { exactTime, readableTime } from '../../ui/time.ts'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { ListBreathing, ListFailed } from '../list-failed.tsx'
import { ProgressBar } from '../progress-bar.tsx'
import { ImportBadge } from './import-badge.tsx'

export function Imports() {
  useDocumentTitle('Imports')
  const change = mayChange(useSession().workspace?.role)
  const imports = useQuery(importsQuery)
  const begin = change && (
    <Link to="/imports/new" className={buttonClasses('primary', 'self-start')}>
      <FileUp size={14} aria-hidden />
      Import a file
    </Link>
  )
  return (
    <Page
      title="Imports"
      about="People from files: each import runs in the background, can be paused, and keeps a report of what it did."
    >
      <div className="flex flex-col gap-4">
        {imports.data && imports.data.length > 0 && begin}
        {imports.isPending && <ListBreathing />}
        {imports.isError && !imports.data && (
          <ListFailed what="The imports" error={imports.error} onRetry={() => void imports.refetch()} />
        )}
        {imports.data?.length === 0 && (
          <State
            picture={<FileSpreadsheet size={32} strokeWidth={1.5} aria-hidden />}
            title="No import yet"
            actions={begin}
          >
            Bring a CSV file of any size, or an export of listmonk, SendPortal, Mailchimp or Mailcoach.
          </State>
        )}
        {imports.data && imports.data.length > 0 && (
          <ul aria-label="Imports" className="rounded-card border border-line">
            {imports.data.map(one => (
              <Row key={one.id} one={one} change={change} />
            ))}
          </ul>
        )}
      </div>
    </Page>
  )
}

function Row({ one, change }: { one: ImportWire; change: boolean }) {
  const { id, name, size, status, dry_run, progress, created, updated, failed, created_at, user } = one
  return (
    <li className="relative flex items-center gap-3 border-b border-line py-2.5 pr-2 pl-4 last:border-0 hover:bg-hover">
      <FileSpreadsheet size={16} className="shrink-0 text-faint" aria-hidden />
      <div className="flex min-w-0 grow flex-col gap-0.5">
        <div className="flex items-center gap-2.5">
          <Link
            to="/imports/$importId"
            params={{ importId: id }}
            className="min-w-0 truncate font-medium before:absolute before:inset-0"
          >
            <bdi>{name}</bdi>
          </Link>
          <ImportBadge status={status} trial={dry_run} />
        </div>
        <div className="truncate text-small text-faint">
          {readableSize(size)} ·{' '}
          <time dateTime={created_at} title={exactTime(created_at)}>
            {readableTime(created_at)}
          </time>
          {user && ` · ${user.name}`}
        </div>
        {(status === 'running' || status === 'paused') && (
          <div className="max-w-sm pt-1">
            <ProgressBar label={`Progress of ${name}`} share={progress} resting={status === 'paused'} />
          </div>
        )}
      </div>
      {status !== 'waiting' && (
        <span className="shrink-0 text-right text-small text-soft tabular-nums max-sm:hidden">
          {dry_run
            ? `would add ${count(created)}, update ${count(updated)}`
            : `${count(created)} added · ${count(updated)} updated`}
          {failed > 0 && <span className="text-danger"> · {count(failed)} bad</span>}
        </span>
      )}
      {change && status !== 'running' && (
        <IconButton
          label={`Delete import ${name}`}
          className="relative hover:text-danger"
          onClick={() => void remove(one)}
        >
          <Trash2 size={14} aria-hidden />
        </IconButton>
      )}
    </li>
  )
}

async function remove({ id, name, status }: ImportWire): Promise<void> {
  const sure = await confirmed({
    title: `Delete the import of ${name}?`,
    text:
      status === 'waiting'
        ? 'The file is deleted. Nothing of it was imported.'
        : 'The file and its report are deleted. The people it brought stay.',
    action: 'Delete import',
    danger: true,
  })
  if (!sure) return
  await deleteImport(id).then(
    () => toast('Import deleted.'),
    error => toastFailure('Not deleted.', error),
  )
}
