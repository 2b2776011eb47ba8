import { Link } from '@tanstack/react-router'
import { History, Send } from 'lucide-react'
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react'
import type { Template, TemplateKind, TemplateLanguage } from '../../../calls/templates.ts'
import { readBlocks } from '../../../../blocks/read-blocks.ts'
import { mayChange, useSession } from '../../../calls/session.ts'
import { classes } from '../../../ui/classes.ts'
import { SPLIT, useMedia } from '../../../ui/media.ts'
import { createStore } from '../../../ui/store.ts'
import { Button, buttonClasses } from '../../../ui/button.tsx'
import { showDialog } from '../../../ui/dialogs.tsx'
import { type CodeDeeds, CodeEditor } from '../code/code-editor.tsx'
import { LANGUAGES } from '../kinds.ts'
import { EditorHeader } from './editor-header.tsx'
import { LeftDraft } from './left-draft.tsx'
import { useLeaveGuard } from './leave-guard.ts'
import { MergeTagMenu } from './merge-tag-menu.tsx'
import { respelt } from './merge-tags.ts'
import { previewPerson } from './person.tsx'
import { Preview } from './preview.tsx'
import { Problems } from './problems.tsx'
import { useRendering } from './rendering.ts'
import { Segments } from './segments.tsx'
import { useWorkingCopy } from './working-copy.ts'

const TestSend = lazy(() => import('../test-send.tsx').then(module => ({ default: module.TestSend })))
const BlockEditor = lazy(() =>
  import('../blocks/block-editor.tsx').then(module => ({ default: module.BlockEditor })),
)

// Kept while one goes from template to template.
const subjects = createStore<string | null>(null)
const GREETING: Record<TemplateLanguage, string> = {
  tags: 'Hello {{first_name|there}}',
  liquid: "Hello {{ first_name | default: 'there' }}",
}

const CODE_KINDS: { value: Exclude<TemplateKind, 'blocks'>; label: string }[] = [
  { value: 'html', label: 'HTML' },
  { value: 'mjml', label: 'MJML' },
  { value: 'markdown', label: 'Markdown' },
]

/** Where a template is written, with what becomes of it beside it. */
export function Workbench({ template }: { template: Template }) {
  const { workspace } = useSession()
  const change = mayChange(workspace?.role)
  const copy = useWorkingCopy(template)
  const { draft, save } = copy
  const person = previewPerson.use()
  const subject = subjects.use() ?? GREETING[draft.language]
  const wide = useMedia(SPLIT)
  const [view, setView] = useState<'write' | 'preview'>('write')
  const [tools, setTools] = useState<HTMLElement | null>(null)
  const code = useRef<CodeDeeds>(null)
  const rendering = useRendering({
    kind: draft.kind,
    language: draft.language,
    source: draft.source,
    subject,
    ...(person && { subscriber_id: person.id }),
  })
  useLeaveGuard(copy.dirty)
  useSaveKey(() => {
    if (change) void save()
  })

  const test = () =>
    showDialog(close => (
      <TestSend
        templateId={template.id}
        subject={subject}
        personId={person?.id}
        unsaved={copy.dirty}
        save={save}
        onClose={close}
      />
    ))

  const visual = draft.kind === 'blocks'
  const shown = change ? view : 'preview'
  // Code has its preview beside it where there is room; a mail of blocks is its own preview.
  const both = wide && !visual && change
  const goToLine = (line: number) => {
    setView('write')
    requestAnimationFrame(() => code.current?.goToLine(line))
  }
  return (
    <div className="flex min-h-0 min-w-0 grow flex-col">
      <EditorHeader template={template} copy={copy} mayChange={change} onTest={test} />
      {copy.left && <LeftDraft copy={copy} left={copy.left} version={template.version} />}
      {change && (
        <div className="relative flex h-11 shrink-0 items-center gap-2 overflow-x-auto border-b border-line px-3 [scrollbar-width:none] lg:overflow-visible">
          {!both && (
            <Segments
              label="View"
              value={shown}
              onChange={setView}
              choices={[
                { value: 'write', label: visual ? 'Edit' : 'Code' },
                { value: 'preview', label: 'Preview' },
              ]}
            />
          )}
          {!visual && (
            <Choice
              label="Kind"
              value={draft.kind}
              choices={CODE_KINDS}
              onChange={kind => copy.change({ kind: kind as TemplateKind })}
            />
          )}
          <Choice
            label="Language of merge tags"
            value={draft.language}
            choices={(Object.keys(LANGUAGES) as TemplateLanguage[]).map(value => ({
              value,
              label: LANGUAGES[value],
            }))}
            onChange={value => {
              const language = value as TemplateLanguage
              copy.exchange({ language, source: respelt(draft.source, language) })
            }}
          />
          {!visual && (both || shown === 'write') && (
            <MergeTagMenu
              words
              language={draft.language}
              onInsert={text => code.current?.insert(text)}
              className={buttonClasses('quiet', 'h-7 px-2')}
            />
          )}
          <span
            ref={setTools}
            className={classes('ml-auto flex shrink-0', shown === 'preview' && !both && 'invisible')}
          />
          <span className="flex gap-2 max-lg:hidden">
            <Link
              to="/templates/$templateId/versions"
              params={{ templateId: template.id }}
              className={buttonClasses('plain', 'h-7')}
            >
              <History size={14} aria-hidden />
              Versions
            </Link>
            <Button className="h-7" onClick={test}>
              <Send size={14} aria-hidden />
              Send a test
            </Button>
          </span>
        </div>
      )}
      <div className="flex min-h-0 grow">
        <div
          className={classes(
            'flex min-h-0 min-w-0 flex-col',
            both ? 'w-1/2 border-r border-line' : 'grow',
            !both && shown !== 'write' && 'hidden',
          )}
        >
          {visual ? (
            <Visual
              key={copy.generation}
              source={draft.source}
              language={draft.language}
              tools={tools}
              onSource={source => copy.change({ source })}
            />
          ) : (
            <CodeEditor
              kind={draft.kind === 'blocks' ? 'html' : draft.kind}
              value={draft.source}
              onChange={source => copy.change({ source })}
              label="Source of the template"
              problems={rendering.last?.errors ?? []}
              deeds={code}
            />
          )}
          <Problems rendered={rendering.last} {...(!visual && { onLine: goToLine })} />
        </div>
        {(both || shown === 'preview') && (
          <Preview rendering={rendering} subject={subject} onSubject={subjects.set} />
        )}
      </div>
    </div>
  )
}

interface VisualProps {
  source: string
  language: TemplateLanguage
  tools: HTMLElement | null
  onSource: (source: string) => void
}

function Visual({ source, language, tools, onSource }: VisualProps) {
  // Read once: from then on the document is what counts, and the source is written from it.
  // oxlint-disable-next-line react-hooks/exhaustive-deps
  const read = useMemo(() => readBlocks(source), [])
  if ('faults' in read)
    return (
      <p role="alert" className="m-auto max-w-96 p-6 text-center text-soft">
        This template cannot be read as blocks: {read.faults[0]?.path} {read.faults[0]?.message}.
      </p>
    )
  return (
    <Suspense fallback={<div aria-busy="true" className="m-4 grow animate-breathe rounded-card bg-sunk" />}>
      <BlockEditor
        initial={read.document}
        language={language}
        tools={tools}
        onChange={document => onSource(JSON.stringify(document, null, 2))}
      />
    </Suspense>
  )
}

function Choice({
  label,
  value,
  choices,
  onChange,
}: {
  label: string
  value: string
  choices: { value: string; label: string }[]
  onChange: (value: string) => void
}) {
  return (
    <select
      aria-label={label}
      title={label}
      value={value}
      onChange={event => onChange(event.target.value)}
      className="inset-focus h-7 shrink-0 rounded-control border border-line-strong bg-raised px-1.5 font-medium hover:bg-hover"
    >
      {choices.map(choice => (
        <option key={choice.value} value={choice.value}>
          {choice.label}
        </option>
      ))}
    </select>
  )
}

/** Wherever the focus is, also in a field. */
function useSaveKey(save: () => void): void {
  const current = useRef(save)
  useEffect(() => {
    current.current = save
  })
  useEffect(() => {
    const heard = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== 's') return
      event.preventDefault()
      current.current()
    }
    addEventListener('keydown', heard)
    return () => removeEventListener('keydown', heard)
  }, [])
}
