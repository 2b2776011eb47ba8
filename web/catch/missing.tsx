import { Link } from '@tanstack/react-router'
import { OpenSidebar } from '../frame/open-sidebar.tsx'
import { buttonClasses } from '../ui/button.tsx'
import { State } from '../ui/state.tsx'

/** In the place of something that one does not reach, or that is gone: which of the two nobody is told. */
export function Missing({ what }: { what: 'inbox' | 'project' }) {
  return (
    <div className="flex min-w-0 grow flex-col">
      <div className="flex h-13 items-center px-4">
        <OpenSidebar />
      </div>
      <State
        urgent
        whole
        title={`There is no such ${what}`}
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
