import { useRouter } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { confirmed } from '../../../ui/dialogs.tsx'

/** Asks before one leaves the screen with something unsaved; the browser itself asks before the tab is closed. */
export function useLeaveGuard(dirty: boolean): void {
  const { history } = useRouter()
  const current = useRef(dirty)
  current.current = dirty
  useEffect(
    () =>
      history.block({
        enableBeforeUnload: () => current.current,
        blockerFn: async ({ currentLocation, nextLocation }) =>
          current.current &&
          currentLocation.pathname !== nextLocation.pathname &&
          !(await confirmed({
            title: 'Leave without saving?',
            text: 'What you changed stays in this browser: you can take it up again when you come back.',
            action: 'Leave',
          })),
      }),
    [history],
  )
}
