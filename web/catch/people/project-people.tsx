import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { projectsQuery } from '../../calls/projects.ts'
import { OpenSidebar } from '../../frame/open-sidebar.tsx'
import { buttonClasses } from '../../ui/button.tsx'
import { useDocumentTitle } from '../../ui/document-title.ts'
import { State } from '../../ui/state.tsx'
import { leaveProject } from './leave.ts'
import { PlacePeople } from './place-people.tsx'
import { ShareLinkSection } from './share-link-section.tsx'

export function ProjectPeople() {
  const { projectId: id } = useParams({ from: '/frame/projects/$projectId/people' })
  const projects = useQuery(projectsQuery)
  const project = projects.data?.find(one => one.id === id && one.role !== null)
  useDocumentTitle('People', project?.name)
  if (!project) return projects.isSuccess ? <ProjectMissing /> : null
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

function ProjectMissing() {
  return (
    <div className="flex min-w-0 grow flex-col">
      <div className="flex h-13 items-center px-4">
        <OpenSidebar />
      </div>
      <State
        urgent
        whole
        title="There is no such project"
        actions={
          <Link to="/" className={buttonClasses()}>
            Go to the first inbox
          </Link>
        }
      >
        It may have been deleted, or it belongs to a team you are not in.
      </State>
    </div>
  )
}
