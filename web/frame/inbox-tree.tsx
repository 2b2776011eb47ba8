import { Link } from '@tanstack/react-router'
import { FolderPlus, Inbox as InboxIcon, MoreHorizontal, Plus } from 'lucide-react'
import type { InboxSummary, ProjectSummary } from '../../server/catch/api/wire.ts'
import { mayChange, useSession } from '../calls/session.ts'
import { Button, IconButton, iconButtonClasses } from '../ui/button.tsx'
import { classes } from '../ui/classes.ts'
import { lateMenu } from '../ui/menu.tsx'
import { count } from '../ui/size.ts'
import { addInbox, addProject } from './project-deeds.tsx'
import type { ProjectMenuProps } from './project-menu.tsx'
import { sidebarLinkClasses } from './sidebar-section.tsx'
import { useTree } from './tree.ts'

const ProjectMenu = lateMenu<ProjectMenuProps>(() =>
  import('./project-menu.tsx').then(module => module.ProjectMenu),
)

/** The projects one sees, and their inboxes. */
export function InboxTree() {
  const { projects, own, shared } = useTree()
  const { workspace } = useSession()
  return (
    <>
      {projects.isPending && <Loading />}
      {projects.isError && !projects.data && (
        <div className="flex flex-col items-start gap-2 px-2 text-soft" role="alert">
          The inboxes could not be loaded. {projects.error.message}
          <Button onClick={() => void projects.refetch()}>Try again</Button>
        </div>
      )}
      {own.map(project => (
        <Project key={project.id} project={project} />
      ))}
      {projects.data && mayChange(workspace?.role) && (
        <button
          type="button"
          onClick={addProject}
          className="reach mt-1 flex h-8 w-full items-center gap-2.5 rounded-control px-2.5 text-faint hover:bg-hover hover:text-ink"
        >
          <FolderPlus size={15} aria-hidden />
          New project
        </button>
      )}
      {shared.length > 0 && (
        <>
          <h3 className="mt-2 px-2.5 pt-2 pb-1 font-medium">Shared with me</h3>
          {shared.map(project => (
            <Project key={project.id} project={project} shared />
          ))}
        </>
      )}
    </>
  )
}

function Project({ project, shared = false }: { project: ProjectSummary; shared?: boolean }) {
  const Heading = shared ? 'h4' : 'h3'
  return (
    // No landmark: several projects may have one name.
    <div role="group" aria-label={project.name} className="group/project mt-2 first:mt-0">
      <div className="flex h-8 items-center gap-0.5 pr-1 pl-2.5">
        <Heading
          dir="auto"
          title={shared ? `Of ${project.workspace.name}` : undefined}
          className="min-w-0 grow truncate text-left text-small font-medium text-faint"
        >
          {project.name}
        </Heading>
        {project.role && (
          <span className="flex opacity-0 transition-opacity duration-100 group-focus-within/project:opacity-100 group-hover/project:opacity-100 pointer-coarse:opacity-100">
            <ProjectMenu
              label={`Project ${project.name}`}
              className={classes(iconButtonClasses, 'size-6')}
              align="start"
              project={project}
              shared={shared}
            >
              <MoreHorizontal size={15} aria-hidden />
            </ProjectMenu>
            {mayChange(project.role) && (
              <IconButton
                label={`New inbox in ${project.name}`}
                className="size-6"
                onClick={() => addInbox(project)}
              >
                <Plus size={15} aria-hidden />
              </IconButton>
            )}
          </span>
        )}
      </div>
      <ul>
        {project.inboxes.map(inbox => (
          <InboxLink key={inbox.id} inbox={inbox} />
        ))}
        {project.inboxes.length === 0 && <li className="px-2.5 py-1 text-small text-faint">No inbox yet</li>}
      </ul>
    </div>
  )
}

function InboxLink({ inbox }: { inbox: InboxSummary }) {
  const unread = inbox.emails_unread_count
  return (
    <li>
      <Link
        to="/inboxes/$inboxId"
        params={{ inboxId: inbox.id }}
        activeProps={{ 'aria-current': 'page' }}
        className={sidebarLinkClasses}
      >
        <InboxIcon
          size={15}
          className="shrink-0 text-faint group-aria-[current=page]:text-brass-text"
          aria-hidden
        />
        <span dir="auto" className="min-w-0 grow truncate text-left">
          {inbox.name}
        </span>
        {unread > 0 && (
          <span className="shrink-0 text-small font-medium text-soft tabular-nums">
            {unread > 9999 ? '9999+' : count(unread)}
            <span className="sr-only"> unread</span>
          </span>
        )}
      </Link>
    </li>
  )
}

function Loading() {
  return (
    <div aria-busy="true" className="flex animate-breathe flex-col gap-4 px-2.5 pt-3">
      {[40, 65, 55, 70].map(width => (
        <div key={width} className="h-3 rounded-tight bg-line" style={{ width: `${width}%` }} />
      ))}
    </div>
  )
}
