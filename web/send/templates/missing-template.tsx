import { Link } from '@tanstack/react-router'
import { OpenSidebar } from '../../frame/open-sidebar.tsx'
import { buttonClasses } from '../../ui/button.tsx'
import { State } from '../../ui/state.tsx'

export function MissingTemplate() {
  return (
    <div className="flex min-w-0 grow flex-col">
      <div className="flex h-13 items-center px-4">
        <OpenSidebar />
        <span className="corner ml-auto" />
      </div>
      <State
        urgent
        whole
        title="There is no such template"
        actions={
          <Link to="/templates" className={buttonClasses()}>
            All templates
          </Link>
        }
      >
        It may have been deleted, or it belongs to another workspace.
      </State>
    </div>
  )
}
