import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Copy, Filter, MoreHorizontal, Pencil, Plus, Trash2, Users } from 'lucide-react'
import { fieldsQuery } from '../../calls/fields.ts'
import {
  createSegment,
  deleteSegment,
  reachQuery,
  type Segment,
  type SegmentDefinition,
  segmentsQuery,
} from '../../calls/segments.ts'
import { mayChange, useSession } from '../../calls/session.ts'
import { tagsQuery } from '../../calls/tags.ts'
import { Page } from '../../frame/page.tsx'
import { Button, buttonClasses } from '../../ui/button.tsx'
import { confirmed } from '../../ui/dialogs.tsx'
import { useDocumentTitle } from '../../ui/document-title.ts'
import { Menu } from '../../ui/menu.tsx'
import { count, counted } from '../../ui/size.ts'
import { State } from '../../ui/state.tsx'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { questionsAbout } from './questions.ts'
import { said } from './said.ts'

export function Segments() {
  useDocumentTitle('Segments')
  const { workspace } = useSession()
  const segments = useQuery(segmentsQuery)
  const change = mayChange(workspace?.role)
  return (
    <Page
      title="Segments"
      about="Parts of your audience that are asked for anew each time: by fields, tags, status, dates, and what people did."
    >
      {change && segments.data && segments.data.length > 0 && (
        <Link to="/segments/new" className={buttonClasses('primary', 'h-9 self-start')}>
          <Plus size={14} aria-hidden />
          New segment
        </Link>
      )}
      {segments.isPending && <div aria-busy="true" className="h-40 animate-breathe rounded-card bg-sunk" />}
      {segments.isError && !segments.data && (
        <State
          urgent
          title="The segments could not be loaded"
          actions={<Button onClick={() => void segments.refetch()}>Try again</Button>}
        >
          {segments.error.message}
        </State>
      )}
      {segments.data?.length === 0 && (
        <State
          picture={<Filter size={36} strokeWidth={1.5} />}
          title="No segment yet"
          actions={
            change && (
              <Link to="/segments/new" className={buttonClasses('primary')}>
                Build the first one
              </Link>
            )
          }
        >
          A campaign can go to “opened any of the last 3” or “lives in Riga and never clicked” without anybody
          keeping a list.
        </State>
      )}
      {segments.data && segments.data.length > 0 && (
        <ul aria-label="Segments" className="rounded-card border border-line">
          {segments.data.map(segment => (
            <Row key={segment.id} segment={segment} all={segments.data} change={change} />
          ))}
        </ul>
      )}
    </Page>
  )
}

function Row({ segment, all, change }: { segment: Segment; all: Segment[]; change: boolean }) {
  const { id, name, definition } = segment
  const navigate = useNavigate()
  const fields = useQuery(fieldsQuery).data
  const tags = useQuery(tagsQuery).data
  return (
    <li className="flex items-center gap-4 border-b border-line py-2.5 pr-2 pl-4 last:border-0">
      <div className="flex min-w-0 grow flex-wrap items-center gap-x-6 gap-y-1">
        <div className="min-w-0 grow basis-64">
          <Link
            to="/segments/$segmentId"
            params={{ segmentId: id }}
            className="rounded-tight font-medium [overflow-wrap:anywhere] hover:underline"
          >
            {name}
          </Link>
          <p className="line-clamp-2 text-small text-soft [overflow-wrap:anywhere]">
            {fields && tags
              ? said(definition, questionsAbout(fields), new Map(tags.map(tag => [tag.id, tag.name])))
              : '\u00a0'}
          </p>
        </div>
        <div className="w-36 text-small tabular-nums">
          <Count definition={definition} />
        </div>
      </div>
      <Menu
        label={`Segment ${name}`}
        entries={[
          {
            label: change ? 'Edit' : 'Look at it',
            icon: Pencil,
            act: () => void navigate({ to: '/segments/$segmentId', params: { segmentId: id } }),
          },
          {
            label: 'Show its people',
            icon: Users,
            act: () => void navigate({ to: '/subscribers', search: { segment: id } }),
          },
          ...(change
            ? [
                { label: 'Duplicate', icon: Copy, act: () => void duplicate(segment, all) },
                'line' as const,
                { label: 'Delete', icon: Trash2, danger: true, act: () => void remove(segment) },
              ]
            : []),
        ]}
      >
        <MoreHorizontal size={17} aria-hidden />
      </Menu>
    </li>
  )
}

function Count({ definition }: { definition: SegmentDefinition }) {
  const reach = useQuery(reachQuery(definition))
  if (reach.isError) return <span className="text-faint">Matches nobody any more</span>
  if (!reach.data)
    return <span aria-label="Counting" className="block h-4 w-20 animate-breathe rounded-tight bg-sunk" />
  const { count: all, reachable } = reach.data
  return (
    <>
      <span className="block font-medium">{counted(all, 'person', 'people')}</span>
      <span className="block text-faint">{count(reachable)} reachable</span>
    </>
  )
}

async function duplicate({ name, definition }: Segment, all: Segment[]): Promise<void> {
  const taken = new Set(all.map(segment => segment.name))
  let copy = `${name} (copy)`
  for (let number = 2; taken.has(copy); number++) copy = `${name} (copy ${number})`
  await createSegment(copy, definition).then(
    made => toast(`Made “${made.name}”.`),
    error => toastFailure('Not duplicated.', error),
  )
}

async function remove({ id, name }: Segment): Promise<void> {
  const sure = await confirmed({
    title: `Delete the segment “${name}”?`,
    text: 'The people stay. Campaigns that were to go to it go to it no more.',
    action: 'Delete segment',
    danger: true,
  })
  if (!sure) return
  await deleteSegment(id).then(
    () => toast(`Deleted “${name}”.`),
    error => toastFailure('Not deleted.', error),
  )
}
