import { Navigate } from '@tanstack/react-router'
import { mayChange, useSession } from '../calls/session.ts'
import { OpenSidebar } from '../frame/open-sidebar.tsx'
import { addInbox, addProject } from '../frame/project-deeds.tsx'
import { useTree } from '../frame/tree.ts'
import { Button } from '../ui/button.tsx'
import { Mark } from '../ui/mark.tsx'
import { State } from '../ui/state.tsx'

/** The start: the first inbox, or how to get one. */
export function FirstInbox() {
  const { projects, own, shared, settled } = useTree()
  const { workspace } = useSession()
  const first = [...own, ...shared].flatMap(project => project.inboxes)[0]
  if (first) return <Navigate to="/inboxes/$inboxId" params={{ inboxId: first.id }} replace />
  const project = own.find(({ role }) => mayChange(role))
  const change = project !== undefined || mayChange(workspace?.role)
  return (
    <div className="flex min-w-0 grow flex-col">
      <div className="flex h-13 items-center px-4">
        <OpenSidebar />
      </div>
      {projects.isError && (
        <State
          urgent
          whole
          title="The inboxes could not be loaded"
          actions={<Button onClick={() => void projects.refetch()}>Try again</Button>}
        >
          {projects.error.message}
        </State>
      )}
      {settled && (
        <State
          whole
          picture={<Mark size={44} className="text-brass" />}
          title="No inbox yet"
          actions={
            change && (
              <Button look="primary" onClick={() => (project ? addInbox(project) : addProject())}>
                {project ? 'Create an inbox' : 'Create a project'}
              </Button>
            )
          }
        >
          {change
            ? 'An inbox has its own SMTP credentials and keeps what is sent to it. Inboxes are grouped in projects.'
            : `You may look at what is in “${workspace?.name}”, and nothing is yet. Its admins can add projects and inboxes.`}
        </State>
      )}
    </div>
  )
}
