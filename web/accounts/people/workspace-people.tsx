import { useQuery } from '@tanstack/react-query'
import type { ProjectSummary } from '../../../server/catch/api/wire.ts'
import type { Scope } from '../../calls/invitations.ts'
import { projectsQuery } from '../../calls/projects.ts'
import { mayChange, useSession } from '../../calls/session.ts'
import { Page, Section } from '../../frame/page.tsx'
import { useDocumentTitle } from '../../ui/document-title.ts'
import { InvitationList } from './invitation-list.tsx'
import { InviteForm } from './invite-form.tsx'
import { MemberList } from './member-list.tsx'
import { WorkspaceSection } from './workspace-section.tsx'

/** Everybody in the workspace one works in, and the way in. */
export function WorkspacePeople() {
  const { state, workspace, server } = useSession()
  const projects = useQuery(projectsQuery).data
  useDocumentTitle('People', workspace?.name)
  if (!workspace) return null
  const manages = mayChange(workspace.role)
  return (
    <Page key={workspace.id} title="People" about={`Who works in “${workspace.name}”.`}>
      {manages && (
        <Section
          title="Invite"
          about={`Viewers look and change nothing. Admins do all the work, and invite others. ${
            server.mails ? 'The link is mailed.' : 'You get a link to hand over.'
          }`}
        >
          <InviteForm scopes={scopesIn(workspace.id, projects ?? [])} />
        </Section>
      )}
      <Section title="Members" about="They reach every project and inbox of the workspace.">
        <MemberList workspaceId={workspace.id} role={workspace.role} />
      </Section>
      {manages && state !== 'local' && (
        <Section title="Invitations" about="A link works once, within a week. A new one stops the old one.">
          <InvitationList />
        </Section>
      )}
      <WorkspaceSection workspace={workspace} />
    </Page>
  )
}

function scopesIn(workspaceId: number, projects: ProjectSummary[]): { scope: Scope; name: string }[] {
  return [
    { scope: { kind: 'workspace', id: workspaceId }, name: 'The whole workspace' },
    ...projects
      .filter(project => project.workspace.id === workspaceId)
      .flatMap(({ id, name, inboxes }) => [
        { scope: { kind: 'project' as const, id }, name: `Project ${name}` },
        ...inboxes.map(inbox => ({
          scope: { kind: 'inbox' as const, id: inbox.id },
          name: `Inbox ${inbox.name} in ${name}`,
        })),
      ]),
  ]
}
