import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useRef } from 'react'
import { useSession } from '../calls/session.ts'
import { useMedia } from '../ui/media.ts'
import { followLive } from './follow-live.ts'
import { Sidebar } from './sidebar.tsx'
import { sidebarOpen } from './sidebar-state.ts'
import { UserMenu } from './user-menu.tsx'

const SidebarDrawer = lazy(() =>
  import('./sidebar-drawer.tsx').then(module => ({ default: module.SidebarDrawer })),
)

/** Around every screen for people who are signed in. */
export function Frame() {
  const { state } = useSession()
  const navigate = useNavigate()
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const inside = state === 'local' || state === 'signed_in'
  const wide = useMedia('(min-width: 52rem)')
  const drawn = sidebarOpen.use()

  useEffect(() => {
    if (!inside) return
    return followLive()
  }, [inside])
  useEffect(() => {
    // The session ended while the page was open: back to where it was after signing in.
    if (state === 'signed_out')
      void navigate({ to: '/login', search: { next: location.pathname + location.search }, replace: true })
    if (state === 'setup') void navigate({ to: '/setup', replace: true })
    if (state === 'unverified') void navigate({ to: '/verify-email', replace: true })
  }, [state, navigate])
  useEffect(() => sidebarOpen.set(false), [path])
  useFocusOnArrival(path)

  if (!inside) return null
  return (
    <div className="relative flex h-full">
      <a
        href="#main"
        className="sr-only z-50 rounded-control bg-raised px-3 py-2 focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      {wide ? (
        <div className="w-60 shrink-0 border-r border-line">
          <Sidebar />
        </div>
      ) : (
        drawn && (
          <Suspense fallback={null}>
            <SidebarDrawer onClose={() => sidebarOpen.set(false)} />
          </Suspense>
        )
      )}
      <UserMenu />
      <main id="main" tabIndex={-1} className="flex min-w-0 grow outline-none">
        <Outlet />
      </main>
    </div>
  )
}

/** A new screen takes the focus if the old one had it; who moves along a list keeps their place. */
function useFocusOnArrival(path: string): void {
  const before = useRef(path)
  useEffect(() => {
    if (before.current === path) return
    before.current = path
    const frame = requestAnimationFrame(() => {
      const { activeElement } = document
      const lost = activeElement === null || activeElement === document.body || !isVisible(activeElement)
      if (!lost) return
      const headings = document.querySelectorAll<HTMLElement>('main :is(h1, h2)[tabindex="-1"]')
      const heading = [...headings].findLast(isVisible)
      heading?.focus({ preventScroll: true })
    })
    return () => cancelAnimationFrame(frame)
  }, [path])
}

function isVisible(element: Element): boolean {
  return element.checkVisibility({ visibilityProperty: true })
}
