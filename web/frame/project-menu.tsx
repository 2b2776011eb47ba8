import { useNavigate } from '@tanstack/react-router'
import { Folders, LogOut, Pencil, Plus, Trash2, Users } from 'lucide-react'
import type { ProjectSummary } from '../../server/catch/api/wire.ts'
import { deleteProject, renameProject } from '../calls/projects.ts'
import { mayChange } from '../calls/session.ts'
import { leaveProject } from '../catch/people/leave.ts'
import { confirmed, showDialog } from '../ui/dialogs.tsx'
import { MenuBody } from '../ui/menu-body.tsx'
import type { MenuButton, MenuEntry } from '../ui/menu.tsx'
import { counted } from '../ui/size.ts'
import { toast, toastFailure } from '../ui/toasts.tsx'
import { goTo } from './go-to.ts'
import { NameDialog } from './name-dialog.tsx'
import { addInbox } from './project-deeds.tsx'

export interface ProjectMenuProps extends MenuButton {
  project: ProjectSummary
  /** By people of another workspace. */
  shared: boolean
}

export function ProjectMenu({ project, shared, ...button }: ProjectMenuProps) {
  const navigate = useNavigate()
  const change = mayChange(project.role)
  const ends: MenuEntry[] = [
    ...(shared
      ? [{ label: 'Leave project', icon: LogOut, danger: true, act: () => void leaveProject(project) }]
      : []),
    ...(project.is_owner
      ? [{ label: 'Delete project', icon: Trash2, danger: true, act: () => void removeProject(project) }]
      : []),
  ]
  const entries: MenuEntry[] = [
    ...(change
      ? [
          { label: 'New inbox', icon: Plus, act: () => addInbox(project) },
          { label: 'Rename project', icon: Pencil, act: () => changeProjectName(project) },
        ]
      : []),
    {
      label: 'People',
      icon: Users,
      act: () => void navigate({ to: '/projects/$projectId/people', params: { projectId: project.id } }),
    },
    { label: 'All projects', icon: Folders, act: () => void navigate({ to: '/projects' }) },
    ...(ends.length > 0 ? ['line' as const, ...ends] : []),
  ]
  return <MenuBody {...button} entries={entries} />
}

function changeProjectName(project: ProjectSummary): void {
  showDialog(close => (
    <NameDialog
      title="Rename project"
      label="Name"
      value={project.name}
      action="Rename"
      onClose={close}
      save={name => renameProject(project.id, name)}
    />
  ))
}

async function removeProject(project: ProjectSummary): Promise<void> {
  const messages = project.inboxes.reduce((sum, inbox) => sum + inbox.emails_count, 0)
  const sure = await confirmed({
    title: `Delete the project “${project.name}”?`,
    text:
      project.inboxes.length === 0
        ? 'It has no inboxes.'
        : `Its ${counted(project.inboxes.length, 'inbox', 'inboxes')} with ${counted(messages, 'message')} are deleted for good, and their credentials stop working.`,
    action: 'Delete project',
    danger: true,
    typed: project.name,
  })
  if (!sure) return
  try {
    await deleteProject(project.id)
    toast(`Deleted “${project.name}”.`)
    goTo.startFrom([`/projects/${project.id}`, ...project.inboxes.map(({ id }) => `/inboxes/${id}`)])
  } catch (error) {
    toastFailure('Not deleted.', error)
  }
}
