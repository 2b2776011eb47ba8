import { useQuery } from '@tanstack/react-query'
import { LogOut, Trash2 } from 'lucide-react'
import type { Session } from '../../calls/session.ts'
import { deleteWorkspace, leaveWorkspace, membersQuery, renameWorkspace } from '../../calls/workspaces.ts'
import { goTo, left } from '../../frame/go-to.ts'
import { Section } from '../../frame/page.tsx'
import { RenameForm } from '../../frame/rename-form.tsx'
import { Button } from '../../ui/button.tsx'
import { confirmed } from '../../ui/dialogs.tsx'
import { counted } from '../../ui/size.ts'
import { toast, toastFailure } from '../../ui/toasts.tsx'

type Workspace = NonNullable<Session['workspace']>

/** Its name, and the way out of it. */
export function WorkspaceSection({ workspace }: { workspace: Workspace }) {
  const members = useQuery(membersQuery(workspace.id)).data
  const you = members?.find(member => member.is_you)
  const others = members?.filter(member => !member.is_you) ?? []
  const stuck = workspace.role === 'owner' && !others.some(member => member.role === 'owner')
  if (workspace.role !== 'owner' && !you) return null
  return (
    <Section title="This workspace">
      {workspace.role === 'owner' && (
        <RenameForm
          label="Name of the workspace"
          name={workspace.name}
          rename={name => renameWorkspace(workspace.id, name)}
        />
      )}
      {you && others.length > 0 && (
        <div className="flex flex-wrap items-center gap-3">
          <Button look="danger" disabled={stuck} onClick={() => void leave(workspace, you.id)}>
            <LogOut size={14} aria-hidden />
            Leave this workspace
          </Button>
          {stuck && <span className="text-soft">Make somebody else an owner first.</span>}
        </div>
      )}
      {workspace.role === 'owner' && (
        <div className="flex flex-col items-start gap-3 border-t border-line pt-4">
          <p className="text-soft">
            Deleting it deletes its projects with their mail, its audience and its campaigns, for everybody.
          </p>
          <Button className="text-danger" onClick={() => void remove(workspace, others.length)}>
            <Trash2 size={14} aria-hidden />
            Delete this workspace
          </Button>
        </div>
      )}
    </Section>
  )
}

async function remove({ id, name }: Workspace, others: number): Promise<void> {
  const sure = await confirmed({
    title: `Delete the workspace “${name}”?`,
    text: `All its projects, inboxes and mail, its subscribers, templates and campaigns are deleted for good, and its tokens stop working at once.${
      others > 0 ? ` ${counted(others, 'other person is', 'other people are')} put out of it.` : ''
    }`,
    action: 'Delete workspace',
    danger: true,
    typed: name,
  })
  if (!sure) return
  left.add('/people')
  try {
    await deleteWorkspace(id)
    goTo.start()
    toast(`Deleted “${name}”.`)
  } catch (error) {
    left.clear()
    toastFailure('Not deleted.', error)
  }
}

async function leave({ id, name }: Workspace, memberId: number): Promise<void> {
  const sure = await confirmed({
    title: `Leave “${name}”?`,
    text: 'You no longer see its projects and their mail. To come back you need a new invitation.',
    action: 'Leave workspace',
    danger: true,
  })
  if (!sure) return
  left.add('/people')
  try {
    await leaveWorkspace(id, memberId)
    goTo.start()
    toast(`You left “${name}”.`)
  } catch (error) {
    left.clear()
    toastFailure('Not left.', error)
  }
}
