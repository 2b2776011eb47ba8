export const loadMessageView = () => import('./message-view.tsx')

/** Ahead of its time, so a failure is nobody's business yet: opening a message loads it again. */
export function preloadMessageView(): void {
  loadMessageView().catch(() => {})
}
