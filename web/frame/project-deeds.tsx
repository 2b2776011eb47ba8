import { lazy } from 'react'
import type { ProjectSummary } from '../../server/catch/api/wire.ts'
import { createInbox, createProject } from '../calls/projects.ts'
import { showDialog } from '../ui/dialogs.tsx'
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
