import { lazy } from 'react'
import type { ProjectSummary } from '../../server/catch/api/wire.ts'
import { createInbox, createProject, deleteProject, renameProject } from '../calls/projects.ts'
import { confirmed, showDialog } from '../ui/dialogs.tsx'
import { counted } from '../ui/size.ts'
import { toast, toastFailure } from '../ui/toasts.tsx'
import { goTo } from './go-to.ts'

const NameDialog = lazy(() => import('./name-dialog.tsx').then(module => ({ default: module.NameDialog })))

export function addProject(): void {
  showDialog(close => (
    <NameDialog
      title="New project"
      label="Name"
      placeholder="Web shop"
      action="Create project"
      onClose={close}
      save={createProject}
    />
  ))
}

export function addInbox(project: ProjectSummary): void {
  showDialog(close => (
    <NameDialog
      title={`New inbox in ${project.name}`}
      label="Name"
      placeholder="Staging"
      action="Create inbox"
      onClose={close}
      save={async name => goTo.inboxSetup((await createInbox(project.id, name)).id)}
    />
  ))
}

export function changeProjectName(project: ProjectSummary): void {
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

export async function removeProject(project: ProjectSummary): Promise<void> {
  const messages = project.inboxes.reduce((sum, inbox) => sum + inbox.emails_count, 0)
  const sure = await confirmed({
    title: `Delete the project “${project.name}”?`,
    text:
      project.inboxes.length === 0
        ? 'It has no inboxes.'
        : `Its ${counted(project.inboxes.length, 'inbox', 'inboxes')} with ${counted(messages, 'message')} are deleted for good, and their credentials stop working.`,
    action: 'Delete project',
    danger: true,
  })
  if (!sure) return
  try {
    await deleteProject(project.id)
    toast(`Deleted “${project.name}”.`)
    if (project.inboxes.some(inbox => location.pathname.startsWith(`/inboxes/${inbox.id}`))) goTo.start()
  } catch (error) {
    toastFailure('Not deleted.', error)
  }
}
