import { useNavigate } from '@tanstack/react-router'
import {
  ChevronsUpDown,
  CircleUser,
  KeyRound,
  Keyboard,
  LogOut,
  Monitor,
  Moon,
  ShieldCheck,
  Sun,
} from 'lucide-react'
import { signOut, useSession } from '../calls/session.ts'
import { Menu } from '../ui/menu.tsx'
import { chooseTheme, useTheme } from '../ui/theme.ts'
import { toastFailure } from '../ui/toasts.tsx'
import { showKeyboardHelp } from './keyboard-help.tsx'

export function UserMenu() {
  const { state, user, workspace, server } = useSession()
  const navigate = useNavigate()
  const theme = useTheme()
  const local = state === 'local'
  return (
    <div className="shrink-0 border-t border-line p-2">
      <Menu
        side="top"
        align="start"
        className="flex h-11 w-full items-center gap-2.5 rounded-control px-2 text-left hover:bg-hover aria-expanded:bg-hover"
        entries={[
          { heading: `Posthorn ${server.version}` },
          { label: 'Account', icon: CircleUser, act: () => void navigate({ to: '/account' }) },
          {
            label: 'API tokens',
            icon: KeyRound,
            act: () => void navigate({ to: '/account', hash: 'tokens' }),
          },
          { label: 'Keyboard', icon: Keyboard, act: showKeyboardHelp },
          'line',
          { heading: 'Theme' },
          {
            label: 'As the system',
            icon: Monitor,
            checked: theme === 'system',
            act: () => chooseTheme('system'),
          },
          { label: 'Light', icon: Sun, checked: theme === 'light', act: () => chooseTheme('light') },
          { label: 'Dark', icon: Moon, checked: theme === 'dark', act: () => chooseTheme('dark') },
          'line',
          local
            ? { label: 'Set a password', icon: ShieldCheck, act: () => void navigate({ to: '/setup' }) }
            : {
                label: 'Sign out',
                icon: LogOut,
                act: () => void signOut().catch(error => toastFailure('Not signed out.', error)),
              },
        ]}
      >
        <span
          aria-hidden
          className="flex size-7 shrink-0 items-center justify-center rounded-full bg-brass-wash text-small font-semibold text-brass-text ring-1 ring-brass-line"
        >
          {initial(user?.name || user?.email || '?')}
        </span>
        <span className="flex min-w-0 grow flex-col leading-4">
          <span className="truncate font-medium">{user?.name || user?.email}</span>
          <span className="truncate text-small text-faint">{local ? 'Local mode' : workspace?.name}</span>
        </span>
        <span className="sr-only">Account menu</span>
        <ChevronsUpDown size={14} className="shrink-0 text-faint" aria-hidden />
      </Menu>
    </div>
  )
}

function initial(name: string): string {
  return [...name.trim()][0]?.toUpperCase() ?? '?'
}
