import { Link } from '@tanstack/react-router'
import { OpenSidebar } from '../frame/open-sidebar.tsx'
import { buttonClasses } from '../ui/button.tsx'
import { State } from '../ui/state.tsx'

export function InboxMissing() {
  return (
    <div className="flex min-w-0 grow flex-col">
      <div className="flex h-13 items-center px-4">
        <OpenSidebar />
      </div>
      <State
        urgent
        whole
        title="There is no such inbox"
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
