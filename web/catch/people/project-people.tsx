import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { projectsQuery } from '../../calls/projects.ts'
import { useDocumentTitle } from '../../ui/document-title.ts'
import { Missing } from '../missing.tsx'
import { leaveProject } from './leave.ts'
import { PlacePeople } from './place-people.tsx'
import { ShareLinkSection } from './share-link-section.tsx'

export function ProjectPeople() {
  const { projectId: id } = useParams({ from: '/frame/projects/$projectId/people' })
  const projects = useQuery(projectsQuery)
  const project = projects.data?.find(one => one.id === id && one.role !== null)
  useDocumentTitle('People', project?.name)
  if (!project) return projects.isSuccess ? <Missing what="project" /> : null
  return (
    <PlacePeople
      key={id}
      place={{ kind: 'project', id }}
      name={project.name}
      workspaceId={project.workspace.id}
      onLeave={() => void leaveProject(project)}
    >
      <ShareLinkSection projectId={id} />
    </PlacePeople>
  )
}
