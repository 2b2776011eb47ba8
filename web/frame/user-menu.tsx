import { ChevronsUpDown } from 'lucide-react'
import { useSession } from '../calls/session.ts'
import { Avatar } from '../ui/avatar.tsx'
import { lateMenu } from '../ui/menu.tsx'

const UserMenuBody = lateMenu(() =>
  import('./user-menu-body.tsx').then(module => {
    module.anticipate()
    return module.UserMenuBody
  }),
)

export function UserMenu() {
  const { state, user, workspace } = useSession()
  return (
    <div className="shrink-0 border-t border-line p-2">
      <UserMenuBody
        side="top"
        align="start"
        className="flex h-11 w-full items-center gap-2.5 rounded-control px-2 text-left hover:bg-hover aria-expanded:bg-hover"
      >
        <Avatar
          name={user?.name || user?.email || ''}
          className="size-7 bg-brass-wash text-brass-text ring-1 ring-brass-line"
        />
        <span className="flex min-w-0 grow flex-col leading-4">
          <span className="truncate font-medium">{user?.name || user?.email}</span>
          <span className="truncate text-small text-faint">
            {state === 'local' ? 'Local mode' : workspace?.name}
          </span>
        </span>
        <span className="sr-only">Account menu</span>
        <ChevronsUpDown size={14} className="shrink-0 text-faint" aria-hidden />
      </UserMenuBody>
    </div>
  )
}
