export const loadMessageView = () => import('./message-view.tsx')
