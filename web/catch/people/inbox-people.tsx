import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { inboxIn, projectsQuery } from '../../calls/projects.ts'
import { useDocumentTitle } from '../../ui/document-title.ts'
import { BackToInbox } from '../back-to-inbox.tsx'
import { InboxMissing } from '../inbox-missing.tsx'
import { leaveInbox } from './leave.ts'
import { PlacePeople } from './place-people.tsx'

export function InboxPeople() {
  const { inboxId: id } = useParams({ from: '/frame/inboxes/$inboxId/people' })
  const projects = useQuery(projectsQuery)
  const inbox = inboxIn(projects.data, id)
  useDocumentTitle('People', inbox?.name)
  if (!inbox) return projects.isSuccess ? <InboxMissing /> : null
  return (
    <PlacePeople
      key={id}
      place={{ kind: 'inbox', id }}
      name={inbox.name}
      back={<BackToInbox id={id} name={inbox.name} />}
      onLeave={() => void leaveInbox(inbox)}
    />
  )
}
