import { createRootRoute, createRoute, Outlet, redirect } from '@tanstack/react-router'
import { projectsQuery } from '../calls/projects.ts'
import { queryClient } from '../calls/query-client.ts'
import { sessionQuery } from '../calls/session.ts'
import { DialogHost } from '../ui/dialogs.tsx'
import { Toasts } from '../ui/toasts.tsx'
import { Frame } from './frame.tsx'
import { NotFound } from './outside-states.tsx'

export const root = createRootRoute({
  component: () => (
    <>
      <Outlet />
      <DialogHost />
      <Toasts />
    </>
  ),
  notFoundComponent: NotFound,
})

/** Around every screen for people who are signed in. */
export const frame = createRoute({
  getParentRoute: () => root,
  id: 'frame',
  beforeLoad: async ({ location }) => {
    const { state } = await queryClient.ensureQueryData(sessionQuery)
    if (state === 'signed_out')
      throw redirect({ to: '/login', search: { next: location.href }, replace: true })
    if (state === 'setup') throw redirect({ to: '/setup', replace: true })
    if (state === 'unverified') throw redirect({ to: '/verify-email', replace: true })
    void queryClient.prefetchQuery(projectsQuery)
  },
  component: Frame,
})
