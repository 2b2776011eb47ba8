import type { Storage } from '../storage/database.ts'
import type { Database } from '../storage/schema.ts'
import type { InboxState } from './messages.ts'

/** What an open browser is told: this inbox is not as it was. */
export interface InboxChange extends InboxState {
  newest_id: number | null
}

/** Everything is told with the ids of the users it is for: those who can reach what changed. */
interface Told {
  inbox(change: InboxChange, userIds: number[]): void
  /** A project or inbox was made, renamed, moved, switched on or off, or deleted. */
  tree(userIds: number[]): void
  /** What this person may reach, or may do there, is not what it was. */
  person(userId: number): void
}

interface Seen {
  version: number
  shape: string
  userIds: number[]
}

interface View {
  things: Map<string, Seen>
  /** By user: everything they are a member of, and as what. */
  people: Map<number, string>
}

/** The scan below reads a row for each inbox: not more often than this. */
const LOOK_EVERY_MS = 100

/**
 * Notices changes whoever made them: this process, a command beside it, another node. Nobody has to remember
 * to announce; whatever moves an inbox's version, or a name, is seen at the next look.
 */
export function createWatch(
  storage: Storage,
  told: Told,
  onError: (error: unknown) => void,
): { look(): void; close(): void } {
  let seen: View | undefined
  let timer: NodeJS.Timeout | undefined
  let looking = false
  let again = false
  let lastLook = 0
  let closed = false

  const look = () => {
    // What is written while we look may have come too late for this look.
    if (looking) again = true
    if (looking || timer !== undefined || closed) return
    timer = setTimeout(() => void now(), Math.max(0, lastLook + LOOK_EVERY_MS - Date.now()))
  }
  const now = async () => {
    timer = undefined
    looking = true
    again = false
    try {
      seen = await compare(storage, seen, told)
    } catch (error) {
      onError(error)
    }
    looking = false
    lastLook = Date.now()
    if (again) look()
  }
  look()
  const stop = storage.onWrite(look)
  return {
    look,
    close() {
      closed = true
      clearTimeout(timer)
      stop()
    },
  }
}

async function compare(storage: Storage, before: View | undefined, told: Told): Promise<View> {
  const db = storage.read
  const projects = await db.selectFrom('projects').select(['id', 'workspace_id', 'name']).execute()
  const inboxes = await db
    .selectFrom('inboxes')
    .select(['id', 'project_id', 'name', 'status', 'version', 'emails_count', 'emails_unread_count'])
    .execute()
  const { people, inWorkspace, inProject, inInbox } = await memberships(db)
  const things = new Map<string, Seen>()
  for (const { id, name, workspace_id } of projects) {
    const userIds = [...(inWorkspace.get(workspace_id) ?? []), ...(inProject.get(id) ?? [])]
    things.set(`project ${id}`, { version: 0, shape: name, userIds })
  }
  for (const { id, name, project_id, status, version } of inboxes) {
    const userIds = [...(things.get(`project ${project_id}`)?.userIds ?? []), ...(inInbox.get(id) ?? [])]
    things.set(`inbox ${id}`, { version, shape: `${project_id} ${status} ${name}`, userIds })
  }
  const now = { things, people }
  if (before === undefined) return now

  for (const userId of new Set([...people.keys(), ...before.people.keys()]))
    if (before.people.get(userId) !== people.get(userId)) told.person(userId)
  tellTrees(before.things, things, told)
  for (const inbox of inboxes) {
    const key = `inbox ${inbox.id}`
    if (before.things.get(key)?.version === inbox.version) continue
    const newest = await db
      .selectFrom('messages')
      .select('id')
      .where('inbox_id', '=', inbox.id)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst()
    const { id, version, emails_count, emails_unread_count } = inbox
    told.inbox(
      { id, version, emails_count, emails_unread_count, newest_id: newest?.id ?? null },
      things.get(key)?.userIds ?? [],
    )
  }
  return now
}

function tellTrees(before: Map<string, Seen>, now: Map<string, Seen>, told: Told): void {
  const changed = [
    ...[...now].filter(([key, { shape }]) => before.get(key)?.shape !== shape),
    // Also those whom an inbox has left that went to another project.
    ...[...before].filter(([key, { shape }]) => now.get(key)?.shape !== shape),
  ].flatMap(([, { userIds }]) => userIds)
  if (changed.length > 0) told.tree(changed)
}

async function memberships(db: Database) {
  const workspaces = await db.selectFrom('members').select(['workspace_id', 'user_id', 'role']).execute()
  const projects = await db.selectFrom('project_members').select(['project_id', 'user_id', 'role']).execute()
  const inboxes = await db.selectFrom('inbox_members').select(['inbox_id', 'user_id', 'role']).execute()
  const all = [
    ...workspaces.map(row => ({ user: row.user_id, what: `workspace ${row.workspace_id} ${row.role}` })),
    ...projects.map(row => ({ user: row.user_id, what: `project ${row.project_id} ${row.role}` })),
    ...inboxes.map(row => ({ user: row.user_id, what: `inbox ${row.inbox_id} ${row.role}` })),
  ]
  const people = new Map<number, string>()
  for (const [user, held] of Map.groupBy(all, row => row.user))
    people.set(
      user,
      held
        .map(row => row.what)
        .toSorted()
        .join(),
    )
  return {
    people,
    inWorkspace: usersBy(workspaces.map(row => [row.workspace_id, row.user_id])),
    inProject: usersBy(projects.map(row => [row.project_id, row.user_id])),
    inInbox: usersBy(inboxes.map(row => [row.inbox_id, row.user_id])),
  }
}

function usersBy(pairs: [number, number][]): Map<number, number[]> {
  const users = new Map<number, number[]>()
  for (const [thing, user] of pairs) users.set(thing, [...(users.get(thing) ?? []), user])
  return users
}
