import { Link, useNavigate } from '@tanstack/react-router'
import { ArrowLeft, Code, Copy, History, MoreHorizontal, Send, Trash2 } from 'lucide-react'
import { readBlocks } from '../../../../blocks/read-blocks.ts'
import { renderBlocks } from '../../../../blocks/render.ts'
import type { Template } from '../../../calls/templates.ts'
import { OpenSidebar } from '../../../frame/open-sidebar.tsx'
import { Button, buttonClasses, iconButtonClasses } from '../../../ui/button.tsx'
import { classes } from '../../../ui/classes.ts'
import { confirmed } from '../../../ui/dialogs.tsx'
import { Menu, type MenuEntry } from '../../../ui/menu.tsx'
import { toast } from '../../../ui/toasts.tsx'
import { duplicate, remove } from '../deeds.tsx'
import { forgetDraft } from './kept-draft.ts'
import type { WorkingCopy } from './working-copy.ts'

interface EditorHeaderProps {
  template: Template
  copy: WorkingCopy
  mayChange: boolean
  onTest: () => void
}

export function EditorHeader({ template, copy, mayChange, onTest }: EditorHeaderProps) {
  const navigate = useNavigate()
  const { id } = template
  const { draft, dirty, saving, save, version } = copy
  const openVersions = () =>
    void navigate({ to: '/templates/$templateId/versions', params: { templateId: id } })
  const entries: MenuEntry[] = [
    { label: 'Send a test', icon: Send, act: onTest },
    { label: 'Versions', icon: History, act: openVersions },
    { label: 'Duplicate', icon: Copy, act: () => void duplicate(template) },
    ...(draft.kind === 'blocks'
      ? (['line', { label: 'Turn into HTML', icon: Code, act: () => void turnIntoHtml(copy) }] as const)
      : []),
    'line',
    {
      label: 'Delete',
      icon: Trash2,
      danger: true,
      act: () =>
        void remove(template).then(gone => {
          if (!gone) return
          forgetDraft(id)
          return navigate({ to: '/templates', ignoreBlocker: true })
        }),
    },
  ]
  return (
    <div className="flex h-13 shrink-0 items-center gap-1.5 border-b border-line px-3 lg:gap-2 lg:px-4">
      <OpenSidebar />
      <Link
        to="/templates"
        aria-label="All templates"
        title="All templates"
        className={classes(iconButtonClasses, 'shrink-0')}
      >
        <ArrowLeft size={17} aria-hidden />
      </Link>
      <h1 tabIndex={-1} className="sr-only">
        {draft.name}
      </h1>
      {mayChange ? (
        <input
          aria-label="Name of the template"
          dir="auto"
          value={draft.name}
          maxLength={255}
          autoComplete="off"
          onChange={event => copy.change({ name: event.target.value })}
          className="inset-focus h-8 min-w-0 grow truncate rounded-control bg-transparent px-2 text-lead font-semibold hover:bg-hover focus:bg-ground"
        />
      ) : (
        <span dir="auto" className="min-w-0 grow truncate px-2 text-left text-lead font-semibold">
          {draft.name}
        </span>
      )}
      <span role="status" className="shrink-0 text-small text-faint max-md:hidden">
        {dirty ? 'Not saved' : `Version ${version}`}
      </span>
      {mayChange && (
        <>
          <Menu label="More" className={iconButtonClasses} entries={entries}>
            <MoreHorizontal size={17} aria-hidden />
          </Menu>
          <Button
            look="primary"
            busy={saving}
            disabled={!dirty}
            title="Save (Ctrl+S)"
            onClick={() => void save()}
          >
            {dirty || saving ? 'Save' : 'Saved'}
          </Button>
        </>
      )}
      {!mayChange && (
        <Link
          to="/templates/$templateId/versions"
          params={{ templateId: id }}
          className={buttonClasses('plain')}
        >
          <History size={14} aria-hidden />
          Versions
        </Link>
      )}
      <span className="corner" />
    </div>
  )
}

async function turnIntoHtml(copy: WorkingCopy): Promise<void> {
  const read = readBlocks(copy.draft.source)
  if ('faults' in read) return
  const sure = await confirmed({
    title: 'Turn this template into HTML?',
    text: 'From then on it is written as code. HTML cannot be turned back into blocks: only an earlier version can be restored.',
    action: 'Turn into HTML',
  })
  if (!sure) return
  copy.change({ kind: 'html', source: renderBlocks(read.document) })
  toast('It is HTML now. Nothing is saved yet.')
}
