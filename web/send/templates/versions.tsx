import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { ArrowLeft, RotateCcw } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { CallError } from '../../calls/http.ts'
import { mayChange, useSession } from '../../calls/session.ts'
import {
  restoreVersion,
  templateQuery,
  type TemplateVersion,
  type TemplateVersionSummary,
  versionQuery,
  versionsQuery,
} from '../../calls/templates.ts'
import { OpenSidebar } from '../../frame/open-sidebar.tsx'
import { Button, iconButtonClasses } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { confirmed } from '../../ui/dialogs.tsx'
import { useDocumentTitle } from '../../ui/document-title.ts'
import { State } from '../../ui/state.tsx'
import { exactTime, readableTime } from '../../ui/time.ts'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { Segments } from './editor/segments.tsx'
import { KINDS } from './kinds.ts'
import { MissingTemplate } from './missing-template.tsx'
import { Picture } from './picture.tsx'

const SourceDiff = lazy(() =>
  import('./code/source-diff.tsx').then(module => ({ default: module.SourceDiff })),
)

const route = getRouteApi('/frame/templates/$templateId/versions')

/** Everything a template ever was: who changed it when, what is different, and the way back. */
export function Versions() {
  const { templateId } = route.useParams()
  const { version: wanted, show = 'code' } = route.useSearch()
  const navigate = useNavigate()
  const { workspace } = useSession()
  const template = useQuery(templateQuery(templateId))
  const versions = useQuery(versionsQuery(templateId))
  useDocumentTitle('Versions', template.data?.name)

  const all = versions.data ?? []
  const newest = all[0]
  const chosen = all.find(({ number }) => number === wanted) ?? newest
  const before = chosen && all.find(({ number }) => number < chosen.number)
  const go = (search: { version?: number; show?: 'look' }) =>
    void navigate({ to: '/templates/$templateId/versions', params: { templateId }, search, replace: true })
  const choose = (number: number) => go({ version: number, ...(show === 'look' && { show }) })

  if (template.error instanceof CallError && template.error.status === 404) return <MissingTemplate />
  return (
    <div className="flex min-h-0 min-w-0 grow flex-col">
      <div className="flex h-13 shrink-0 items-center gap-2 border-b border-line px-3 lg:px-4">
        <OpenSidebar />
        <Link
          to="/templates/$templateId/edit"
          params={{ templateId }}
          aria-label="Back to the template"
          title="Back to the template"
          className={iconButtonClasses}
        >
          <ArrowLeft size={17} aria-hidden />
        </Link>
        <h1 tabIndex={-1} dir="auto" className="min-w-0 grow truncate text-lead font-semibold outline-none">
          Versions of {template.data?.name ?? 'the template'}
        </h1>
        {chosen && newest && chosen !== newest && mayChange(workspace?.role) && (
          <Button
            look="primary"
            onClick={() => void restore(templateId, chosen).then(number => number && choose(number))}
          >
            <RotateCcw size={14} aria-hidden />
            Restore<span className="max-sm:sr-only"> version {chosen.number}</span>
          </Button>
        )}
        <span className="corner" />
      </div>
      {versions.isError && !versions.data && (
        <State
          urgent
          title="The versions could not be loaded"
          actions={<Button onClick={() => void versions.refetch()}>Try again</Button>}
        >
          {versions.error.message}
        </State>
      )}
      {chosen && (
        <div className="flex min-h-0 grow max-lg:flex-col">
          <ul
            aria-label="Versions"
            className="shrink-0 overflow-y-auto border-line p-2 max-lg:max-h-52 max-lg:border-b lg:w-64 lg:border-r"
          >
            {all.map(version => (
              <Row
                key={version.number}
                version={version}
                newest={version === newest}
                chosen={version === chosen}
                onChoose={() => choose(version.number)}
              />
            ))}
          </ul>
          <div className="flex min-h-0 min-w-0 grow flex-col">
            <div className="flex min-h-11 shrink-0 flex-wrap items-center gap-x-3 border-b border-line px-3 py-1">
              <Segments
                label="Show"
                value={show}
                onChange={value => go({ version: chosen.number, ...(value === 'look' && { show: 'look' }) })}
                choices={[
                  { value: 'code', label: 'What changed' },
                  { value: 'look', label: 'How it looked' },
                ]}
              />
              <span className="text-soft">
                {before
                  ? `Version ${chosen.number}, compared with version ${before.number}`
                  : 'The first version'}
              </span>
            </div>
            <Compare
              key={`${chosen.number} ${show}`}
              templateId={templateId}
              before={before?.number}
              after={chosen.number}
              look={show === 'look'}
            />
          </div>
        </div>
      )}
    </div>
  )
}

interface RowProps {
  version: TemplateVersionSummary
  newest: boolean
  chosen: boolean
  onChoose: () => void
}

function Row({ version, newest, chosen, onChoose }: RowProps) {
  const { number, kind, name, user, created_at } = version
  return (
    <li>
      <button
        type="button"
        aria-current={chosen ? 'true' : undefined}
        onClick={onChoose}
        className={classes(
          'inset-focus flex w-full flex-col gap-0.5 rounded-control px-3 py-2 text-left',
          chosen ? 'bg-chosen' : 'hover:bg-hover',
        )}
      >
        <span className="flex w-full items-baseline gap-2">
          <span className="font-medium">Version {number}</span>
          {newest && (
            <span className="rounded-full bg-brass-wash px-1.5 text-micro font-medium text-brass-text ring-1 ring-brass-line">
              Now
            </span>
          )}
          <span className="ml-auto text-small text-soft">{KINDS[kind].name}</span>
        </span>
        <span className="w-full truncate text-small text-soft">
          {user?.name || 'A program'} ·{' '}
          <time dateTime={created_at} title={exactTime(created_at)}>
            {readableTime(created_at)}
          </time>
        </span>
        <span dir="auto" className="sr-only">
          {name}
        </span>
      </button>
    </li>
  )
}

function Compare({
  templateId,
  before,
  after,
  look,
}: {
  templateId: number
  before: number | undefined
  after: number
  look: boolean
}) {
  const left = useQuery({ ...versionQuery(templateId, before ?? 0), enabled: before !== undefined })
  const right = useQuery(versionQuery(templateId, after))
  const failed = left.error ?? right.error
  if (failed)
    return (
      <State urgent title="The version could not be loaded">
        {failed.message}
      </State>
    )
  if (!right.data || (before !== undefined && !left.data))
    return <div aria-busy="true" className="m-4 grow animate-breathe rounded-card bg-sunk" />
  if (look)
    return (
      <div
        // Scrolled by keyboard.
        tabIndex={0}
        role="region"
        aria-label="How it looked"
        className="inset-focus grid min-h-0 grow grid-cols-2 gap-3 overflow-y-auto bg-sunk p-3 max-sm:grid-cols-1"
      >
        {[left.data, right.data].map(
          version =>
            version && (
              <figure key={version.number} className="flex min-h-96 flex-col gap-1.5">
                <figcaption className="text-small text-soft">Version {version.number}</figcaption>
                <div className="grow overflow-hidden rounded-card border border-line-strong">
                  <Picture html={version.content} />
                </div>
              </figure>
            ),
        )}
      </div>
    )
  return (
    <Suspense fallback={<div aria-busy="true" className="m-4 grow animate-breathe rounded-card bg-sunk" />}>
      <SourceDiff
        before={left.data ? sourceOf(left.data) : ''}
        after={sourceOf(right.data)}
        first={!left.data}
      />
    </Suspense>
  )
}

/** Blocks line by line, whatever whitespace they were saved with. */
function sourceOf({ kind, source }: TemplateVersion): string {
  if (kind !== 'blocks') return source
  try {
    return JSON.stringify(JSON.parse(source), null, 2)
  } catch {
    return source
  }
}

/** Answers the number of the version that it becomes. */
async function restore(templateId: number, { number }: TemplateVersionSummary): Promise<number | undefined> {
  const sure = await confirmed({
    title: `Restore version ${number}?`,
    text: 'It becomes the newest version. Nothing is lost: what is there now stays in this list.',
    action: 'Restore',
  })
  if (!sure) return undefined
  try {
    const template = await restoreVersion(templateId, number)
    toast(`Version ${number} is back, as version ${template.version}.`)
    return template.version
  } catch (error) {
    toastFailure('Not restored.', error)
    return undefined
  }
}
