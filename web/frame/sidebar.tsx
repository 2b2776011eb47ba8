import { Link } from '@tanstack/react-router'
import { useSession } from '../calls/session.ts'
import { Mark } from '../ui/mark.tsx'
import { Connection } from './connection.tsx'
import { InboxTree } from './inbox-tree.tsx'
import { SECTIONS } from './places.ts'
import { SidebarPlaces, SidebarSection } from './sidebar-section.tsx'

export function Sidebar() {
  const { state, workspace } = useSession()
  return (
    <nav aria-label="Main" className="flex h-full flex-col bg-sunk">
      <div className="flex h-13 shrink-0 items-center px-4">
        <Link
          to="/"
          className="flex min-w-0 items-center gap-2.5 rounded-control pr-2 text-lead font-semibold tracking-tight"
        >
          <Mark className="shrink-0 text-brass-mark" />
          <span className="flex min-w-0 flex-col">
            <span className="leading-5">Posthorn</span>
            <span className="truncate text-small leading-4 font-normal tracking-normal text-faint">
              {state === 'local' ? 'Local mode' : workspace?.name}
            </span>
          </span>
        </Link>
      </div>
      <div className="min-h-0 grow overflow-y-auto px-2 pb-4">
        <SidebarSection title="Inboxes">
          <InboxTree />
        </SidebarSection>
        {workspace &&
          SECTIONS.map(({ title, places }) => (
            <SidebarSection key={title} title={title}>
              <SidebarPlaces places={places} />
            </SidebarSection>
          ))}
      </div>
      <Connection />
    </nav>
  )
}
