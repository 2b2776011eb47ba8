import { Link } from '@tanstack/react-router'
import { Inbox as InboxIcon, MoreHorizontal, Plus } from 'lucide-react'
import type { InboxSummary, ProjectSummary } from '../../../server/catch/api/wire.ts'
import { mayChange } from '../../calls/session.ts'
import { addInbox } from '../../frame/project-deeds.tsx'
import type { ProjectMenuProps } from '../../frame/project-menu.tsx'
import { Button } from '../../ui/button.tsx'
import { lateMenu } from '../../ui/menu.tsx'
import { count, counted } from '../../ui/size.ts'
import { shortTime, useNow } from '../../ui/time.ts'
import { Badge } from '../forwarding/badge.tsx'
import type { InboxRowMenuProps } from './inbox-row-menu.tsx'

const ProjectMenu = lateMenu<ProjectMenuProps>(() =>
  import('../../frame/project-menu.tsx').then(module => module.ProjectMenu),
)
const InboxRowMenu = lateMenu<InboxRowMenuProps>(() =>
  import('./inbox-row-menu.tsx').then(module => module.InboxRowMenu),
)

interface ProjectBlockProps {
  project: ProjectSummary
  /** Of its inboxes. */
  shown: InboxSummary[]
  /** Where its inboxes might go. */
  all: ProjectSummary[]
  /** Of one that people of another workspace share. */
  workspace: string | undefined
}

export function ProjectBlock({ project, shown, all, workspace }: ProjectBlockProps) {
  const messages = project.inboxes.reduce((sum, inbox) => sum + inbox.emails_count, 0)
  return (
    // No landmark: there may be many, and several of one name.
    <div role="group" aria-label={project.name} className="flex flex-col gap-2">
      <div className="flex items-center gap-2">
        <div className="flex min-w-0 grow flex-wrap items-baseline gap-x-3">
          <h2 dir="auto" className="min-w-0 truncate text-lead font-semibold">
            {project.name}
          </h2>
          <span className="text-small text-faint">
            {counted(project.inboxes.length, 'inbox', 'inboxes')}, {counted(messages, 'message')}
            {workspace && `, shared by ${workspace}`}
          </span>
        </div>
        {mayChange(project.role) && (
          <Button look="quiet" aria-label={`New inbox in ${project.name}`} onClick={() => addInbox(project)}>
            <Plus size={15} aria-hidden />
            <span className="max-sm:hidden">New inbox</span>
          </Button>
        )}
        {project.role && (
          <ProjectMenu label={`Project ${project.name}`} project={project} shared={workspace !== undefined}>
            <MoreHorizontal size={16} aria-hidden />
          </ProjectMenu>
        )}
      </div>
      {shown.length > 0 ? (
        <ul aria-label={`Inboxes of ${project.name}`} className="rounded-card border border-line">
          {shown.map(inbox => (
            <Row key={inbox.id} inbox={inbox} all={all} />
          ))}
        </ul>
      ) : (
        <p className="rounded-card border border-dashed border-line px-4 py-3 text-faint">No inbox yet</p>
      )}
    </div>
  )
}

function Row({ inbox, all }: { inbox: InboxSummary; all: ProjectSummary[] }) {
  const now = useNow()
  const { emails_count, emails_unread_count, last_message_at } = inbox
  return (
    <li className="flex min-h-11 items-center gap-3 border-b border-line pr-2 pl-3 last:border-0">
      <InboxIcon size={15} className="shrink-0 text-faint" aria-hidden />
      <div className="flex min-w-0 grow flex-wrap items-center gap-x-3 gap-y-0.5 py-2">
        <Link
          to="/inboxes/$inboxId"
          params={{ inboxId: inbox.id }}
          dir="auto"
          className="reach min-w-0 truncate rounded-tight text-left font-medium underline-offset-2 hover:underline sm:grow"
        >
          {inbox.name}
        </Link>
        {inbox.status !== 'active' && <Badge tone="waiting">Off</Badge>}
        <span className="flex flex-wrap gap-x-3 text-small text-soft tabular-nums max-sm:w-full">
          {emails_unread_count > 0 && (
            <strong className="font-semibold text-ink">{count(emails_unread_count)} unread</strong>
          )}
          <span>{counted(emails_count, 'message')}</span>
          <span className="min-w-16 sm:text-right">
            {last_message_at ? (
              <time dateTime={last_message_at}>{shortTime(last_message_at, now)}</time>
            ) : (
              <span className="text-faint">never used</span>
            )}
          </span>
        </span>
      </div>
      <InboxRowMenu label={`Inbox ${inbox.name}`} inbox={inbox} all={all}>
        <MoreHorizontal size={16} aria-hidden />
      </InboxRowMenu>
    </li>
  )
}
