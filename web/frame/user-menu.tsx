import { useSession } from '../calls/session.ts'
import { Avatar } from '../ui/avatar.tsx'
import { lateMenu } from '../ui/menu.tsx'

const UserMenuBody = lateMenu(() =>
  import('./user-menu-body.tsx').then(module => {
    module.anticipate()
    return module.UserMenuBody
  }),
)

/** In the top right corner of every screen; what else is up there leaves it the room (`corner`, in theme.css). */
export function UserMenu() {
  const { user } = useSession()
  const name = user?.name || user?.email || ''
  return (
    <nav aria-label="Account" className="absolute top-0 right-0 z-20 flex h-13 items-center pr-3 lg:pr-4">
      <UserMenuBody className="reach flex h-9 items-center gap-2 rounded-control p-1 hover:bg-hover aria-expanded:bg-hover">
        <Avatar name={name} className="size-7 bg-brass-wash text-brass-text ring-1 ring-brass-line" />
        <span className="max-w-36 truncate pr-1.5 font-medium max-xl:sr-only">{name}</span>
        <span className="sr-only">Account menu</span>
      </UserMenuBody>
    </nav>
  )
}
