import { FolderPlus } from 'lucide-react'
import { useId, useState } from 'react'
import type { InboxSummary, ProjectSummary } from '../../../server/catch/api/wire.ts'
import { mayChange, useSession } from '../../calls/session.ts'
import { Page } from '../../frame/page.tsx'
import { addProject } from '../../frame/project-deeds.tsx'
import { useTree } from '../../frame/tree.ts'
import { Button } from '../../ui/button.tsx'
import { useDocumentTitle } from '../../ui/document-title.ts'
import { inputClasses } from '../../ui/field.tsx'
import { useShortcuts } from '../../ui/shortcuts.ts'
import { counted } from '../../ui/size.ts'
import { State } from '../../ui/state.tsx'
import { ProjectBlock } from './project-block.tsx'

/** Below this all inboxes are seen at once. */
const WORTH_SEARCHING = 6

/** Every project and inbox that one reaches, with what is in them, and what can be done with them. */
export function AllProjects() {
  useDocumentTitle('Projects')
  const { projects, own, shared, settled } = useTree()
  const { workspace } = useSession()
  const [words, setWords] = useState('')
  const searchId = useId()
  useShortcuts({ '/': () => document.getElementById(searchId)?.focus() })

  const all = [...own, ...shared]
  const inboxes = all.flatMap(project => project.inboxes)
  const unread = inboxes.reduce((sum, inbox) => sum + inbox.emails_unread_count, 0)
  const change = mayChange(workspace?.role)
  const found = all.flatMap(project => {
    const shown = matching(project, words)
    return shown ? [{ project, shown }] : []
  })
  return (
    <Page
      title="Projects"
      about={
        settled &&
        [
          counted(all.length, 'project'),
          counted(inboxes.length, 'inbox', 'inboxes'),
          `${unread} unread`,
        ].join(', ')
      }
    >
      {projects.isError && !projects.data && (
        <State
          urgent
          title="The projects could not be loaded"
          actions={<Button onClick={() => void projects.refetch()}>Try again</Button>}
        >
          {projects.error.message}
        </State>
      )}
      {settled && (
        <>
          <div className="flex flex-wrap items-center gap-3">
            {inboxes.length >= WORTH_SEARCHING && (
              <input
                id={searchId}
                type="search"
                aria-label="Find projects and inboxes"
                placeholder="Find projects and inboxes"
                className={`${inputClasses} min-w-40 grow sm:max-w-80`}
                value={words}
                onChange={event => setWords(event.target.value)}
              />
            )}
            {change && (
              <Button onClick={addProject}>
                <FolderPlus size={15} aria-hidden />
                New project
              </Button>
            )}
          </div>
          {found.map(({ project, shown }) => (
            <ProjectBlock
              key={project.id}
              project={project}
              shown={shown}
              all={all}
              workspace={shared.some(({ id }) => id === project.id) ? project.workspace.name : undefined}
            />
          ))}
          {found.length === 0 && (
            <State title={words ? 'Nothing found' : 'No project yet'}>
              {words
                ? `No project or inbox has “${words.trim()}” in its name.`
                : 'A project is a group of inboxes, such as those of one app.'}
            </State>
          )}
        </>
      )}
    </Page>
  )
}

/** All inboxes of the project if its own name matches, else those whose name does; undefined: nothing does. */
function matching(project: ProjectSummary, words: string): InboxSummary[] | undefined {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  const has = (name: string) => wanted.every(word => name.toLowerCase().includes(word))
  if (has(project.name)) return project.inboxes
  const inboxes = project.inboxes.filter(inbox => has(inbox.name))
  return inboxes.length > 0 ? inboxes : undefined
}
