import { QueryClientProvider } from '@tanstack/react-query'
import {
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  RouterProvider,
} from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { queryClient } from './calls/query-client.ts'
import { sessionQuery } from './calls/session.ts'
import { loadMessageView } from './catch/message/load.ts'
import { type MessageTab, messageTabs } from './catch/message/message-tab.ts'
import { frame, root } from './frame/frame-route.tsx'
import { goTo } from './frame/go-to.ts'
import { Splash, Unreachable } from './frame/outside-states.tsx'
import { sendRoutes } from './send/routes.ts'
import './ui/theme.css'

const loadInbox = () => import('./catch/inbox.tsx')
// The list is not part of the page, as whoever works on the audience never needs it; who will is not to wait for it
// until the session has answered.
if (/^\/(inboxes\/|$)/.test(location.pathname)) loadInbox().catch(() => {})

const login = createRoute({
  getParentRoute: () => root,
  path: 'login',
  validateSearch: ({ next }: Record<string, unknown>): { next?: string } =>
    // Only ever a path of ours: a link to the login must not lead elsewhere afterwards.
    typeof next === 'string' && /^\/(?![/\\])/.test(next) ? { next } : {},
  beforeLoad: async () => {
    const { state } = await queryClient.ensureQueryData(sessionQuery)
    if (state === 'local' || state === 'signed_in') throw redirect({ to: '/', replace: true })
    if (state === 'setup') throw redirect({ to: '/setup', replace: true })
    if (state === 'unverified') throw redirect({ to: '/verify-email', replace: true })
  },
  component: lazyRouteComponent(() => import('./accounts/login.tsx'), 'Login'),
})

const register = createRoute({
  getParentRoute: () => root,
  path: 'register',
  beforeLoad: async () => {
    const { state } = await queryClient.ensureQueryData(sessionQuery)
    if (state !== 'signed_out') throw redirect({ to: '/', replace: true })
  },
  component: lazyRouteComponent(() => import('./accounts/register.tsx'), 'Register'),
})

const loadVerifyEmail = () => import('./accounts/verify-email.tsx')
const verifyEmail = createRoute({
  getParentRoute: () => root,
  path: 'verify-email',
  component: lazyRouteComponent(loadVerifyEmail, 'VerifyEmail'),
})
const proveEmail = createRoute({
  getParentRoute: () => root,
  path: 'verify-email/$token',
  component: lazyRouteComponent(loadVerifyEmail, 'ProveEmail'),
})

const loadResetPassword = () => import('./accounts/reset-password.tsx')
const forgotPassword = createRoute({
  getParentRoute: () => root,
  path: 'forgot-password',
  component: lazyRouteComponent(loadResetPassword, 'ForgotPassword'),
})
const resetPassword = createRoute({
  getParentRoute: () => root,
  path: 'reset-password/$token',
  component: lazyRouteComponent(loadResetPassword, 'ResetPassword'),
})

const setup = createRoute({
  getParentRoute: () => root,
  path: 'setup',
  beforeLoad: async () => {
    const { state } = await queryClient.ensureQueryData(sessionQuery)
    if (state === 'signed_in' || state === 'unverified') throw redirect({ to: '/', replace: true })
    if (state === 'signed_out') throw redirect({ to: '/login', replace: true })
  },
  component: lazyRouteComponent(() => import('./accounts/set-up.tsx'), 'SetUp'),
})

// For whoever has the link, signed in or not.
const invitation = createRoute({
  getParentRoute: () => root,
  path: 'invitation/$secret',
  component: lazyRouteComponent(() => import('./accounts/invitation.tsx'), 'InvitationPage'),
})

const share = createRoute({
  getParentRoute: () => root,
  path: 'share/$projectId/$extId',
  params: {
    parse: ({ projectId, extId }) => ({ projectId: Number(projectId), extId }),
    stringify: ({ projectId, extId }) => ({ projectId: String(projectId), extId }),
  },
  component: lazyRouteComponent(() => import('./catch/share.tsx'), 'SharePage'),
})

const confirmEmail = createRoute({
  getParentRoute: () => root,
  path: 'confirm-email/$token',
  component: lazyRouteComponent(() => import('./accounts/confirm-email.tsx'), 'ConfirmEmail'),
})

const confirmForward = createRoute({
  getParentRoute: () => root,
  path: 'confirm/$token',
  component: lazyRouteComponent(() => import('./catch/confirm-forward.tsx'), 'ConfirmForward'),
})

const start = createRoute({
  getParentRoute: () => frame,
  path: '/',
  component: lazyRouteComponent(() => import('./catch/first-inbox.tsx'), 'FirstInbox'),
})

const inbox = createRoute({
  getParentRoute: () => frame,
  path: 'inboxes/$inboxId',
  params: {
    parse: ({ inboxId }) => ({ inboxId: Number(inboxId) }),
    stringify: ({ inboxId }) => ({ inboxId: String(inboxId) }),
  },
})

const list = createRoute({
  getParentRoute: () => inbox,
  id: 'list',
  validateSearch: ({ search, unread }: Record<string, unknown>): { search?: string; unread?: true } => ({
    ...(typeof search === 'string' && search && { search }),
    ...(unread === '1' || unread === true ? { unread: true as const } : {}),
  }),
  component: lazyRouteComponent(loadInbox, 'Inbox'),
})

const noMessage = createRoute({
  getParentRoute: () => list,
  path: '/',
  component: lazyRouteComponent(() => import('./catch/message/no-message.tsx'), 'NoMessage'),
})

const message = createRoute({
  getParentRoute: () => list,
  path: 'messages/$messageId',
  params: {
    parse: ({ messageId }) => ({ messageId: Number(messageId) }),
    stringify: ({ messageId }) => ({ messageId: String(messageId) }),
  },
  validateSearch: ({ tab }: Record<string, unknown>): { tab?: MessageTab } => {
    const known = messageTabs.find(name => name === tab)
    return known ? { tab: known } : {}
  },
  component: lazyRouteComponent(loadMessageView, 'MessageView'),
})

const sendTo = createRoute({
  getParentRoute: () => inbox,
  path: 'setup',
  component: lazyRouteComponent(() => import('./catch/send/send-to-inbox.tsx'), 'SendToInbox'),
})

const settings = createRoute({
  getParentRoute: () => inbox,
  path: 'settings',
  component: lazyRouteComponent(() => import('./catch/inbox-settings.tsx'), 'InboxSettings'),
})

const forwarding = createRoute({
  getParentRoute: () => inbox,
  path: 'forwarding',
  component: lazyRouteComponent(() => import('./catch/forwarding/inbox-forwarding.tsx'), 'InboxForwarding'),
})

const inboxPeople = createRoute({
  getParentRoute: () => inbox,
  path: 'people',
  component: lazyRouteComponent(() => import('./catch/people/inbox-people.tsx'), 'InboxPeople'),
})

const projects = createRoute({
  getParentRoute: () => frame,
  path: 'projects',
  component: lazyRouteComponent(() => import('./catch/projects/all-projects.tsx'), 'AllProjects'),
})

const projectPeople = createRoute({
  getParentRoute: () => frame,
  path: 'projects/$projectId/people',
  params: {
    parse: ({ projectId }) => ({ projectId: Number(projectId) }),
    stringify: ({ projectId }) => ({ projectId: String(projectId) }),
  },
  component: lazyRouteComponent(() => import('./catch/people/project-people.tsx'), 'ProjectPeople'),
})

const people = createRoute({
  getParentRoute: () => frame,
  path: 'people',
  component: lazyRouteComponent(() => import('./accounts/people/workspace-people.tsx'), 'WorkspacePeople'),
})

const account = createRoute({
  getParentRoute: () => frame,
  path: 'account',
  component: lazyRouteComponent(() => import('./accounts/account.tsx'), 'Account'),
})

const apiTokens = createRoute({
  getParentRoute: () => frame,
  path: 'api-tokens',
  component: lazyRouteComponent(() => import('./accounts/api-tokens.tsx'), 'ApiTokens'),
})

const router = createRouter({
  routeTree: root.addChildren([
    login,
    setup,
    register,
    verifyEmail,
    proveEmail,
    forgotPassword,
    resetPassword,
    invitation,
    share,
    confirmEmail,
    confirmForward,
    frame.addChildren([
      start,
      account,
      apiTokens,
      people,
      projects,
      projectPeople,
      inbox.addChildren([list.addChildren([noMessage, message]), sendTo, settings, forwarding, inboxPeople]),
      ...sendRoutes,
    ]),
  ]),
  // What no screen has asked for is not in its parameters, whatever the address says.
  search: { strict: true },
  // Plain addresses: ?search=word&unread=1, not JSON.
  parseSearch: text => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: search => {
    const pairs = Object.entries(search).flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [[name, value === true ? '1' : String(value)]],
    )
    return pairs.length > 0 ? `?${new URLSearchParams(pairs)}` : ''
  },
  defaultPendingMs: 300,
  defaultPendingComponent: Splash,
  defaultErrorComponent: Unreachable,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

goTo.start = () => void router.navigate({ to: '/' })
goTo.inboxSetup = inboxId => void router.navigate({ to: '/inboxes/$inboxId/setup', params: { inboxId } })

const place = document.getElementById('root')
if (place)
  createRoot(place).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  )
