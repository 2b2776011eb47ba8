import { type LiveEvent, onLive, startLive } from '../calls/live.ts'
import { noteInbox, projectsQuery } from '../calls/projects.ts'
import { queryClient } from '../calls/query-client.ts'
import { renewSession, sessionQuery } from '../calls/session.ts'
import { workspacesQuery } from '../calls/workspaces.ts'
import { toastNews } from '../ui/toasts.tsx'
import { goTo, left } from './go-to.ts'

/** Keeps what is known in step with the server while somebody is signed in. */
export function followLive(): () => void {
  const stopHearing = onLive(event => void heard(event).catch(() => {}))
  const stopFeed = startLive()
  return () => {
    stopHearing()
    stopFeed()
  }
}

async function heard(event: LiveEvent): Promise<void> {
  // While the feed was away anything may have been told.
  if (event.type === 'session' || event.type === 'reopened') await followReach()
  // The tree brings the version of every inbox, and a list that is behind its version looks again by itself.
  else if (event.type === 'projects') await queryClient.invalidateQueries(projectsQuery)
  else {
    const { inbox_id, version, emails_count, emails_unread_count } = event.inbox
    noteInbox(inbox_id, { version, emails_count, emails_unread_count })
  }
}

/** Who one is, or what one may see, is not what it was. Nobody is left standing before what is theirs no longer. */
async function followReach(): Promise<void> {
  const before = queryClient.getQueryData(sessionQuery.queryKey)
  const place = placeHere()
  const now = await renewSession()
  if (now.state !== 'local' && now.state !== 'signed_in') return
  await queryClient.invalidateQueries({
    predicate: ({ queryKey: [first, second] }) =>
      // The workspace whose members are on the screen may be the very one that is gone.
      REACH.has(String(first)) && !(first === 'members' && second !== now.workspace?.id),
  })

  const workspace = before?.workspace
  const moved = workspace && before.user?.id === now.user?.id && workspace.id !== now.workspace?.id
  const workspaces = moved ? await queryClient.fetchQuery({ ...workspacesQuery, staleTime: 0 }) : []
  if (moved && !workspaces.some(({ id }) => id === workspace.id)) {
    goTo.start()
    if (!left.has('/people')) toastNews(`You are no longer in the workspace “${workspace.name}”.`)
  } else if (place && `${location.pathname}/`.startsWith(`${place.path}/`) && !placeHere()) {
    goTo.start()
    if (!left.has(place.path)) toastNews(`You no longer have access to “${place.name}”.`)
  }
  left.clear()
}

/** First words of the keys of what depends on who may see what. */
const REACH = new Set(['projects', 'workspaces', 'members', 'people', 'invitations', 'inbox', 'share link'])

/** The inbox or project that is on the screen, if one may see it. */
function placeHere(): { path: string; name: string } | undefined {
  const [, path = '', kind, id] = /^(\/(inboxes|projects)\/(\d+))/.exec(location.pathname) ?? []
  const projects = queryClient.getQueryData(projectsQuery.queryKey) ?? []
  const things = kind === 'inboxes' ? projects.flatMap(project => project.inboxes) : projects
  const thing = things.find(one => one.id === Number(id))
  return thing && { path, name: thing.name }
}
