interface Ways {
  start: () => void
  /** To the start, for those who stand at one of these paths or below. */
  startFrom: (paths: string[]) => void
  inboxSetup: (inboxId: number) => void
}

/** Ways for what happens outside of a component; those that lead to a route are filled in by main.tsx. */
export const goTo: Ways = {
  start: () => {},
  startFrom: paths => {
    if (paths.some(path => `${location.pathname}/`.startsWith(`${path}/`))) goTo.start()
  },
  inboxSetup: () => {},
}

/** Paths that one gave up by one's own wish, until the feed has told of it: that needs no explaining. */
export const left = new Set<string>()
