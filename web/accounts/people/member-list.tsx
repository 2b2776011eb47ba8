import { useQuery } from '@tanstack/react-query'
import { mayChange, type Role } from '../../calls/session.ts'
import { changeMember, type Member, membersQuery, removeMember } from '../../calls/workspaces.ts'
import { Button } from '../../ui/button.tsx'
import { confirmed } from '../../ui/dialogs.tsx'
import { FormError } from '../../ui/field.tsx'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { PersonList, PersonRow, RemoveButton, RoleSelect, RoleText } from './person-row.tsx'

/** Everybody in a workspace. `role` is one's own there. */
export function MemberList({ workspaceId, role }: { workspaceId: number; role: Role }) {
  const members = useQuery(membersQuery(workspaceId))
  if (members.isError && !members.data)
    return (
      <>
        <FormError>{members.error.message}</FormError>
        <Button className="self-start" onClick={() => void members.refetch()}>
          Try again
        </Button>
      </>
    )
  if (!members.data) return null
  const owners = members.data.filter(member => member.role === 'owner').length
  return (
    <PersonList label="Members">
      {members.data.map(member => {
        const { id, name, email, is_you } = member
        const lastOwner = member.role === 'owner' && owners === 1
        // Only owners make or unmake owners.
        const changeable = mayChange(role) && !lastOwner && (role === 'owner' || member.role !== 'owner')
        return (
          <PersonRow key={id} name={name} email={email} isYou={is_you}>
            {changeable && !is_you ? (
              <>
                <RoleSelect
                  of={name || email}
                  role={member.role}
                  choices={role === 'owner' ? ['owner', 'admin', 'viewer'] : ['admin', 'viewer']}
                  onChoose={next => void change(workspaceId, member, next)}
                />
                <RemoveButton of={name || email} onClick={() => void remove(workspaceId, member)} />
              </>
            ) : (
              <RoleText role={member.role} />
            )}
          </PersonRow>
        )
      })}
    </PersonList>
  )
}

async function change(workspaceId: number, { id, name, email }: Member, role: Role): Promise<void> {
  // A key too many in a list must not give everything away.
  const sure =
    role !== 'owner' ||
    (await confirmed({
      title: `Make ${name || email} an owner?`,
      text: 'Owners do everything in the workspace, and can remove you.',
      action: 'Make an owner',
    }))
  if (!sure) return
  await changeMember(workspaceId, id, role).then(
    () => toast(`${name || email} is ${role === 'viewer' ? 'a viewer' : `an ${role}`} now.`),
    error => toastFailure('Not changed.', error),
  )
}

async function remove(workspaceId: number, { id, name, email }: Member): Promise<void> {
  const sure = await confirmed({
    title: `Remove ${name || email}?`,
    text: 'They no longer see anything of this workspace, from now on. What they made stays.',
    action: 'Remove',
    danger: true,
  })
  if (!sure) return
  await removeMember(workspaceId, id).then(
    () => toast(`${name || email} is removed.`),
    error => toastFailure('Not removed.', error),
  )
}
