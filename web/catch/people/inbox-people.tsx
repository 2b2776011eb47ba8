import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { projectsQuery } from '../../calls/projects.ts'
import { useDocumentTitle } from '../../ui/document-title.ts'
import { BackToInbox } from '../back-to-inbox.tsx'
import { Missing } from '../missing.tsx'
import { leaveInbox } from './leave.ts'
import { PlacePeople } from './place-people.tsx'

export function InboxPeople() {
  const { inboxId: id } = useParams({ from: '/frame/inboxes/$inboxId/people' })
  const projects = useQuery(projectsQuery)
  const project = projects.data?.find(({ inboxes }) => inboxes.some(inbox => inbox.id === id))
  const inbox = project?.inboxes.find(one => one.id === id)
  useDocumentTitle('People', inbox?.name)
  if (!project || !inbox) return projects.isSuccess ? <Missing what="inbox" /> : null
  return (
    <PlacePeople
      key={id}
      place={{ kind: 'inbox', id }}
      name={inbox.name}
      workspaceId={project.workspace.id}
      back={<BackToInbox id={id} name={inbox.name} />}
      onLeave={() => void leaveInbox(inbox)}
    />
  )
}
