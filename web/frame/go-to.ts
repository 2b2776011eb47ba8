interface Ways {
  start: () => void
  inboxSetup: (inboxId: number) => void
}

/** Ways for what happens outside of a component, filled in by main.tsx. */
export const goTo: Ways = { start: () => {}, inboxSetup: () => {} }
