import type { ProjectSummary } from '../../../server/catch/api/wire.ts'
import { mayChange } from '../../calls/session.ts'

/** Where an inbox may be moved from its project: `from` is undefined for those who may not move it at all. */
export function waysFrom(
  projects: readonly ProjectSummary[] | undefined,
  projectId: number,
): { from: ProjectSummary | undefined; to: ProjectSummary[] } {
  const from = projects?.find(project => project.id === projectId && mayChange(project.role))
  const to = from
    ? (projects ?? []).filter(
        project => project !== from && project.workspace.id === from.workspace.id && mayChange(project.role),
      )
    : []
  return { from, to }
}
