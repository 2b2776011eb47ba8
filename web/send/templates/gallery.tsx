import { useQuery } from '@tanstack/react-query'
import { LayoutTemplate, Plus } from 'lucide-react'
import { lazy, useId, useState } from 'react'
import { mayChange, useSession } from '../../calls/session.ts'
import { templatesQuery } from '../../calls/templates.ts'
import { Page } from '../../frame/page.tsx'
import { Button } from '../../ui/button.tsx'
import { showDialog } from '../../ui/dialogs.tsx'
import { useDocumentTitle } from '../../ui/document-title.ts'
import { inputClasses } from '../../ui/field.tsx'
import { useShortcuts } from '../../ui/shortcuts.ts'
import { counted } from '../../ui/size.ts'
import { State } from '../../ui/state.tsx'
import { TemplateCard } from './template-card.tsx'

const NewTemplate = lazy(() => import('./new-template.tsx').then(module => ({ default: module.NewTemplate })))

const begin = () => showDialog(close => <NewTemplate onClose={close} />)

/** All templates of the workspace, as they look. */
export function Gallery() {
  useDocumentTitle('Templates')
  const { workspace } = useSession()
  const change = mayChange(workspace?.role)
  const templates = useQuery(templatesQuery)
  const [words, setWords] = useState('')
  const searchId = useId()
  useShortcuts({ '/': () => document.getElementById(searchId)?.focus(), ...(change && { n: begin }) })

  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  const all = templates.data ?? []
  const found = all.filter(({ name }) => wanted.every(word => name.toLowerCase().includes(word)))
  return (
    <Page
      title="Templates"
      wide
      about="What campaigns look like. The words of each campaign go where a template says."
    >
      {templates.isError && !templates.data && (
        <State
          urgent
          title="The templates could not be loaded"
          actions={<Button onClick={() => void templates.refetch()}>Try again</Button>}
        >
          {templates.error.message}
        </State>
      )}
      {templates.isPending && <Loading />}
      {templates.data && all.length === 0 && (
        <State
          picture={<LayoutTemplate size={40} strokeWidth={1.25} aria-hidden />}
          title="No template yet"
          actions={
            change && (
              <Button look="primary" onClick={begin}>
                <Plus size={15} aria-hidden />
                New template
              </Button>
            )
          }
        >
          Begin with one of ours, or with an empty page: put together from blocks, or written in HTML, MJML or
          Markdown.
        </State>
      )}
      {all.length > 0 && (
        <>
          <div className="-mb-3 flex flex-wrap items-center gap-3">
            <input
              id={searchId}
              type="search"
              aria-label="Find templates"
              placeholder="Find templates"
              className={`${inputClasses} h-8! min-w-40 grow sm:max-w-72`}
              value={words}
              onChange={event => setWords(event.target.value)}
            />
            <span className="text-faint tabular-nums max-sm:hidden" role="status">
              {wanted.length > 0 ? `${found.length} of ${all.length}` : counted(all.length, 'template')}
            </span>
            {change && (
              <Button look="primary" className="ml-auto" onClick={begin}>
                <Plus size={15} aria-hidden />
                New template
              </Button>
            )}
          </div>
          <ul
            aria-label="Templates"
            className="grid gap-x-5 gap-y-6 max-sm:gap-y-2 sm:grid-cols-[repeat(auto-fill,minmax(13.5rem,1fr))]"
          >
            {found.map(template => (
              <TemplateCard key={template.id} template={template} change={change} />
            ))}
          </ul>
          {found.length === 0 && (
            <State title="Nothing found" actions={<Button onClick={() => setWords('')}>Clear search</Button>}>
              No template has “{words.trim()}” in its name.
            </State>
          )}
        </>
      )}
    </Page>
  )
}

function Loading() {
  return (
    <div
      aria-busy="true"
      className="grid animate-breathe gap-5 sm:grid-cols-[repeat(auto-fill,minmax(13.5rem,1fr))]"
    >
      <span className="sr-only" role="status">
        Loading templates
      </span>
      {[1, 2, 3, 4].map(key => (
        <div key={key} className="h-72 rounded-card bg-sunk max-sm:h-20" />
      ))}
    </div>
  )
}
