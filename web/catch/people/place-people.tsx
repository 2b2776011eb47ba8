import { useQuery } from '@tanstack/react-query'
import { LogOut } from 'lucide-react'
import type { ReactNode } from 'react'
import { InvitationList } from '../../accounts/people/invitation-list.tsx'
import { InviteForm } from '../../accounts/people/invite-form.tsx'
import {
  PersonList,
  PersonRow,
  RemoveButton,
  RoleSelect,
  RoleText,
} from '../../accounts/people/person-row.tsx'
import {
  changePerson,
  type Place,
  peopleQuery,
  type ReachingPerson,
  removePerson,
} from '../../calls/people.ts'
import { useSession } from '../../calls/session.ts'
import { Page, Section } from '../../frame/page.tsx'
import { Button } from '../../ui/button.tsx'
import { confirmed } from '../../ui/dialogs.tsx'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { InboxUnavailable } from '../inbox-unavailable.tsx'

interface PlacePeopleProps {
  place: Place
  name: string
  /** What the project belongs to. */
  workspaceId: number
  back?: ReactNode
  /** Asks, and leaves. */
  onLeave: () => void
  /** For those who manage it. */
  children?: ReactNode
}

/** Who reaches a project or an inbox, and through what. */
export function PlacePeople({ place, name, workspaceId, back, onLeave, children }: PlacePeopleProps) {
  const { state, workspace } = useSession()
  const list = useQuery(peopleQuery(place))
  if (list.isError && !list.data)
    return <InboxUnavailable error={list.error} onRetry={() => void list.refetch()} />
  if (!list.data) return null
  const { people, may_manage } = list.data
  return (
    <Page title="People" about={`Who reaches the ${place.kind} “${name}”.`} back={back}>
      {may_manage && (
        <Section
          title="Invite"
          about={
            place.kind === 'project'
              ? 'To this project and all its inboxes. Viewers look and change nothing.'
              : 'To this inbox alone. Viewers look and change nothing.'
          }
        >
          <InviteForm scopes={[{ scope: place, name }]} />
        </Section>
      )}
      <Section
        title="Who reaches it"
        about={
          place.kind === 'project'
            ? 'What comes with the workspace is changed there.'
            : 'What comes with the project or the workspace is changed there.'
        }
      >
        <PersonList label="People">
          {people.map(person => (
            <PersonRow
              key={`${person.user_id} ${person.through}`}
              name={person.name}
              email={person.email}
              isYou={person.is_you}
              about={aboutOf(person, place)}
            >
              <Deeds person={person} place={place} name={name} manages={may_manage} onLeave={onLeave} />
            </PersonRow>
          ))}
        </PersonList>
      </Section>
      {/* Those of another workspace are listed there. */}
      {may_manage && state !== 'local' && workspaceId === workspace?.id && (
        <Section title="Invitations" about="A link works once, within a week.">
          <InvitationList only={place} />
        </Section>
      )}
      {may_manage && children}
    </Page>
  )
}

function aboutOf({ through, is_owner }: ReachingPerson, place: Place): string {
  const way = through === place.kind ? '' : `through the ${through}`
  const made = is_owner ? 'made this project' : ''
  return [way, made].filter(Boolean).join(', ')
}

interface DeedsProps {
  person: ReachingPerson
  place: Place
  name: string
  manages: boolean
  onLeave: () => void
}

function Deeds({ person, place, name, manages, onLeave }: DeedsProps) {
  const { id, role, is_you } = person
  const who = person.name || person.email
  if (id === null) return <RoleText role={role} />
  if (is_you)
    return (
      <>
        <RoleText role={role} />
        <Button onClick={onLeave}>
          <LogOut size={14} aria-hidden />
          Leave
        </Button>
      </>
    )
  if (!manages) return <RoleText role={role} />
  return (
    <>
      <RoleSelect
        of={who}
        role={role}
        choices={['admin', 'viewer']}
        onChoose={next =>
          void changePerson(place, id, next === 'admin' ? 'admin' : 'viewer').then(
            () => toast(`${who} is ${next === 'admin' ? 'an admin' : 'a viewer'} now.`),
            error => toastFailure('Not changed.', error),
          )
        }
      />
      <RemoveButton of={who} onClick={() => void remove(place, id, who, name)} />
    </>
  )
}

async function remove(place: Place, id: number, who: string, name: string): Promise<void> {
  const sure = await confirmed({
    title: `Remove ${who}?`,
    text: `They no longer see “${name}”, unless they reach it in another way.`,
    action: 'Remove',
    danger: true,
  })
  if (!sure) return
  await removePerson(place, id).then(
    () => toast(`${who} is removed.`),
    error => toastFailure('Not removed.', error),
  )
}
