import { createContext, useContext } from 'react'

/** Where a message stands: the list it is in, as it is filtered, and the ways from there. */
export interface InboxPlace {
  inboxId: number
  /** Whether one may do more there than look: by one's role, and while the inbox is on; undefined while that is not known. */
  mayChange: boolean | undefined
  neighbours: (id: number) => { newer: number | undefined; older: number | undefined }
  open: (id: number) => void
  /** Opens one in place of the one that is open, without a step in the history. */
  go: (id: number) => void
  close: () => void
  /** Deletes one and moves on to the next. */
  remove: (id: number) => void
}

export const InboxPlaceContext = createContext<InboxPlace | null>(null)

export function useInboxPlace(): InboxPlace {
  const place = useContext(InboxPlaceContext)
  if (!place) throw new Error('A message is shown outside of its inbox.')
  return place
}
