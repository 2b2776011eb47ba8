import { useQuery } from '@tanstack/react-query'
import { Link, useBlocker, useNavigate, useParams } from '@tanstack/react-router'
import { ArrowLeft, Sparkles } from 'lucide-react'
import { type FormEvent, useMemo, useState } from 'react'
import { type FieldWire, fieldsQuery } from '../../calls/fields.ts'
import { CallError } from '../../calls/http.ts'
import { changeSegment, createSegment, type Segment, segmentQuery } from '../../calls/segments.ts'
import { mayChange, useSession } from '../../calls/session.ts'
import { tagsQuery } from '../../calls/tags.ts'
import { Page } from '../../frame/page.tsx'
import { Button, iconButtonClasses } from '../../ui/button.tsx'
import { confirmed } from '../../ui/dialogs.tsx'
import { useDocumentTitle } from '../../ui/document-title.ts'
import { Field, FormError } from '../../ui/field.tsx'
import { State } from '../../ui/state.tsx'
import { toast } from '../../ui/toasts.tsx'
import { useBuilder } from './builder.ts'
import { conditionsIn, definitionOf, draftOf, emptyGroup } from './draft.ts'
import { GroupEditor } from './group-editor.tsx'
import { questionsAbout } from './questions.ts'
import { ReachPanel } from './reach-panel.tsx'
import { STARTERS } from './starters.ts'

export function NewSegment() {
  return <Known segment={undefined} />
}

export function SegmentPage() {
  const { segmentId } = useParams({ from: '/frame/segments/$segmentId' })
  const segment = useQuery(segmentQuery(segmentId))
  if (segment.isError)
    return (
      <Page title="Segment" back={<Back />}>
        <State
          urgent
          title={
            segment.error instanceof CallError && segment.error.status === 404
              ? 'There is no such segment'
              : 'The segment could not be loaded'
          }
          actions={<Button onClick={() => void segment.refetch()}>Try again</Button>}
        >
          {segment.error instanceof CallError && segment.error.status === 404
            ? 'It may have been deleted, or it belongs to another workspace.'
            : segment.error.message}
        </State>
      </Page>
    )
  if (!segment.data) return <Loading title="Segment" />
  return <Known key={segmentId} segment={segment.data} />
}

/** With what conditions may be about. */
function Known({ segment }: { segment: Segment | undefined }) {
  const fields = useQuery(fieldsQuery)
  const tags = useQuery(tagsQuery)
  const failed = [fields, tags].find(query => query.isError && !query.data)
  if (failed)
    return (
      <Page title={segment?.name ?? 'New segment'} back={<Back />}>
        <State
          urgent
          title="Fields and tags could not be loaded"
          actions={<Button onClick={() => void failed.refetch()}>Try again</Button>}
        >
          {failed.error?.message}
        </State>
      </Page>
    )
  if (!fields.data || !tags.data) return <Loading title={segment?.name ?? 'New segment'} />
  return (
    <Editor
      segment={segment}
      fields={fields.data}
      tags={new Map(tags.data.map(({ id, name }) => [id, name]))}
    />
  )
}

interface EditorProps {
  segment: Segment | undefined
  fields: readonly FieldWire[]
  tags: ReadonlyMap<number, string>
}

function Editor({ segment, fields, tags }: EditorProps) {
  const { workspace } = useSession()
  const navigate = useNavigate()
  const change = mayChange(workspace?.role)
  const questions = useMemo(() => questionsAbout(fields), [fields])
  const [name, setName] = useState(segment?.name ?? '')
  const [asked, setAsked] = useState(false)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Error>()
  const [start] = useState(() => (segment ? draftOf(segment.definition) : emptyGroup()))
  const builder = useBuilder(start, { questions, tags, asked })
  const { draft } = builder
  const definition = definitionOf(draft, questions)
  const kept = segment && JSON.stringify(segment.definition)
  const sameDefinition = definition !== undefined && JSON.stringify(definition) === kept
  const dirty =
    change && (segment ? name !== segment.name || !sameDefinition : name !== '' || draft.parts.length > 0)
  useDocumentTitle(segment?.name ?? 'New segment')
  useBlocker({
    disabled: !dirty || busy,
    enableBeforeUnload: () => dirty,
    shouldBlockFn: async () =>
      !(await confirmed({
        title: 'Leave without saving?',
        text: 'What you changed about this segment is lost.',
        action: 'Leave',
        danger: true,
      })),
  })

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    setAsked(true)
    setFailure(undefined)
    if (!name.trim() || !definition) return focusFault()
    setBusy(true)
    try {
      if (segment) {
        await changeSegment(segment.id, { name: name.trim(), definition })
        setName(name.trim())
        toast('Saved.')
      } else {
        const made = await createSegment(name.trim(), definition)
        toast(`Saved “${made.name}”.`)
        await navigate({
          to: '/segments/$segmentId',
          params: { segmentId: made.id },
          replace: true,
          ignoreBlocker: true,
        })
      }
      setAsked(false)
    } catch (error) {
      setFailure(error as Error)
    } finally {
      setBusy(false)
    }
  }

  const faults = failure instanceof CallError ? failure.fields : {}
  const nameFault = faults.name?.[0]
  return (
    <Page
      wide
      title={segment?.name ?? 'New segment'}
      about="Whom it holds is asked anew each time it is used, so it is never out of date."
      back={<Back />}
    >
      <form
        onSubmit={event => void submit(event)}
        noValidate
        className="grid items-start gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,1fr)_20rem]"
      >
        <fieldset disabled={!change} className="flex min-w-0 flex-col gap-6">
          <Field
            label="Name"
            className="max-w-md"
            autoComplete="off"
            autoFocus={!segment}
            maxLength={255}
            value={name}
            error={
              nameFault
                ? `The name ${nameFault}.`
                : asked && !name.trim()
                  ? 'Please give it a name.'
                  : undefined
            }
            onChange={event => setName(event.target.value)}
          />
          <GroupEditor group={draft} depth={1} builder={builder} />
          {conditionsIn(draft).length === 0 && change && (
            <div className="flex flex-col gap-3 rounded-card bg-sunk p-4">
              <p className="flex items-center gap-2 text-soft">
                <Sparkles size={15} className="shrink-0 text-brass-text" aria-hidden />
                Without a condition it holds everybody. Begin with one of these, or with your own:
              </p>
              <div className="flex flex-wrap gap-2">
                {STARTERS.map(({ label, conditions }) => (
                  <Button
                    key={label}
                    onClick={() => {
                      if (!name) setName(label)
                      const { parts } = draftOf({ match: 'all', conditions })
                      builder.change(draft.id, part => ({ ...part, parts }))
                    }}
                  >
                    {label}
                  </Button>
                ))}
              </div>
            </div>
          )}
          <FormError>
            {asked && !definition
              ? 'A condition is not finished.'
              : failure &&
                !nameFault &&
                (faults.definition?.map(fault => `${fault}.`).join(' ') ?? failure.message)}
          </FormError>
          {change && (
            <div className="flex items-center gap-3">
              <Button type="submit" look="primary" className="h-9" busy={busy}>
                {segment ? 'Save' : 'Save segment'}
              </Button>
              {dirty && segment && <span className="text-soft">Not saved yet.</span>}
            </div>
          )}
        </fieldset>
        <div className="lg:sticky lg:top-20">
          <ReachPanel definition={definition} segmentId={sameDefinition ? segment?.id : undefined} />
        </div>
      </form>
    </Page>
  )
}

function focusFault(): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>('main [aria-invalid="true"]')?.focus())
}

function Back() {
  return (
    <Link to="/segments" aria-label="All segments" title="All segments" className={iconButtonClasses}>
      <ArrowLeft size={17} aria-hidden />
    </Link>
  )
}

function Loading({ title }: { title: string }) {
  return (
    <Page wide title={title} back={<Back />}>
      <div aria-busy="true" className="h-40 animate-breathe rounded-card bg-sunk" />
    </Page>
  )
}
