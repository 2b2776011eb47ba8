import { type LiveEvent, onLive, startLive } from '../calls/live.ts'
import { noteInbox, projectsQuery } from '../calls/projects.ts'
import { queryClient } from '../calls/query-client.ts'
import { sessionQuery } from '../calls/session.ts'

/** Keeps what is known in step with the server while somebody is signed in. */
export function followLive(): () => void {
  const stopHearing = onLive(heard)
  const stopFeed = startLive()
  return () => {
    stopHearing()
    stopFeed()
  }
}

function heard(event: LiveEvent): void {
  if (event.type === 'session') void queryClient.invalidateQueries(sessionQuery)
  // The tree brings the version of every inbox, and a list that is behind its version looks again by itself.
  else if (event.type === 'projects' || event.type === 'reopened')
    void queryClient.invalidateQueries(projectsQuery)
  else {
    const { inbox_id, version, emails_count, emails_unread_count } = event.inbox
    noteInbox(inbox_id, { version, emails_count, emails_unread_count })
  }
}
