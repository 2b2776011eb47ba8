import { useQuery } from '@tanstack/react-query'
import type { ProjectSummary } from '../../server/catch/api/wire.ts'
import { projectsQuery } from '../calls/projects.ts'
import { useSession } from '../calls/session.ts'
import { workspacesQuery } from '../calls/workspaces.ts'

/**
 * The projects of the workspace one works in, and those that people of other workspaces share. What is in another
 * workspace of one's own is shown once one works there.
 */
export function useTree() {
  const { workspace } = useSession()
  const projects = useQuery(projectsQuery)
  const own: ProjectSummary[] = []
  const others: ProjectSummary[] = []
  for (const project of projects.data ?? [])
    (project.workspace.id === workspace?.id ? own : others).push(project)

  const workspaces = useQuery({ ...workspacesQuery, enabled: others.length > 0 })
  const mine = new Set(workspaces.data?.map(({ id }) => id))
  const shared = workspaces.isPending ? [] : others.filter(project => !mine.has(project.workspace.id))
  return {
    projects,
    own,
    shared,
    settled: projects.isSuccess && (others.length === 0 || !workspaces.isPending),
  }
}
