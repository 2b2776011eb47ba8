import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import {
  Building2,
  CircleUser,
  Keyboard,
  KeyRound,
  LogOut,
  Monitor,
  Moon,
  Plus,
  ShieldCheck,
  Sun,
  Users,
} from 'lucide-react'
import { queryClient } from '../calls/query-client.ts'
import { signOut, useSession } from '../calls/session.ts'
import { createWorkspace, switchWorkspace, type Workspace, workspacesQuery } from '../calls/workspaces.ts'
import { showDialog } from '../ui/dialogs.tsx'
import { MenuBody } from '../ui/menu-body.tsx'
import type { MenuButton, MenuEntry } from '../ui/menu.tsx'
import { ROLES } from '../ui/roles.ts'
import { chooseTheme, useTheme } from '../ui/theme.ts'
import { toast, toastFailure } from '../ui/toasts.tsx'
import { goTo } from './go-to.ts'
import { showKeyboardHelp } from './keyboard-help.tsx'
import { NameDialog } from './name-dialog.tsx'

/** What the menu lists is there when it opens. */
export function anticipate(): void {
  void queryClient.prefetchQuery(workspacesQuery)
}

export function UserMenuBody(button: MenuButton) {
  const { state, workspace, server } = useSession()
  const workspaces = useQuery(workspacesQuery).data ?? []
  const navigate = useNavigate()
  const theme = useTheme()
  const entries: MenuEntry[] = [
    { heading: `Posthorn ${server.version}` },
    { label: 'Account', icon: CircleUser, act: () => void navigate({ to: '/account' }) },
    { label: 'API Tokens', icon: KeyRound, act: () => void navigate({ to: '/api-tokens' }) },
    { label: 'Keyboard', icon: Keyboard, act: showKeyboardHelp },
    'line',
    { heading: workspaces.length > 1 ? 'Workspaces' : 'Workspace' },
    ...(workspaces.length > 1 ? workspaces : []).map(one => ({
      label: one.name,
      icon: Building2,
      note: ROLES[one.role],
      checked: one.id === workspace?.id,
      act: () => void enter(one, one.id === workspace?.id),
    })),
    { label: 'People', icon: Users, act: () => void navigate({ to: '/people' }) },
    { label: 'New workspace', icon: Plus, act: addWorkspace },
    'line',
    { heading: 'Theme' },
    { label: 'As the system', icon: Monitor, checked: theme === 'system', act: () => chooseTheme('system') },
    { label: 'Light', icon: Sun, checked: theme === 'light', act: () => chooseTheme('light') },
    { label: 'Dark', icon: Moon, checked: theme === 'dark', act: () => chooseTheme('dark') },
    'line',
    state === 'local'
      ? { label: 'Set a password', icon: ShieldCheck, act: () => void navigate({ to: '/setup' }) }
      : {
          label: 'Sign out',
          icon: LogOut,
          act: () => void signOut().catch(error => toastFailure('Not signed out.', error)),
        },
  ]
  return <MenuBody {...button} entries={entries} />
}

async function enter({ id, name }: Workspace, alreadyIn: boolean): Promise<void> {
  if (alreadyIn) return
  try {
    await switchWorkspace(id)
    goTo.start()
    toast(`You work in “${name}” now.`)
  } catch (error) {
    toastFailure('Not switched.', error)
  }
}

function addWorkspace(): void {
  showDialog(close => (
    <NameDialog
      title="New workspace"
      about="A team of its own: other people, other projects. You are its owner."
      label="Name"
      placeholder="Web team"
      action="Create workspace"
      onClose={close}
      save={async name => {
        await createWorkspace(name)
        goTo.start()
      }}
    />
  ))
}
