import type { Storage } from '../storage/database.ts'
import type { InboxState } from './messages.ts'

/** What an open browser is told: this inbox is not as it was. */
export interface InboxChange extends InboxState {
  workspaceId: number
  newest_id: number | null
}

interface Told {
  inbox(change: InboxChange): void
  /** A project or inbox was made, renamed, moved or deleted. */
  tree(workspaceId: number): void
}

interface Seen {
  version: number
  shape: string
  workspaceId: number
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
  let seen: Map<string, Seen> | undefined
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

async function compare(
  storage: Storage,
  before: Map<string, Seen> | undefined,
  told: Told,
): Promise<Map<string, Seen>> {
  const db = storage.read
  const projects = await db.selectFrom('projects').select(['id', 'workspace_id', 'name']).execute()
  const inboxes = await db
    .selectFrom('inboxes')
    .select(['id', 'project_id', 'name', 'version', 'emails_count', 'emails_unread_count'])
    .execute()
  const workspaceOf = new Map(projects.map(project => [project.id, project.workspace_id]))
  const now = new Map<string, Seen>()
  for (const { id, name, workspace_id } of projects)
    now.set(`project ${id}`, { version: 0, shape: name, workspaceId: workspace_id })
  for (const { id, name, project_id, version } of inboxes)
    now.set(`inbox ${id}`, {
      version,
      shape: `${project_id} ${name}`,
      workspaceId: workspaceOf.get(project_id) ?? 0,
    })
  if (before === undefined) return now

  const trees = new Set<number>()
  for (const [key, { shape, workspaceId }] of now)
    if (before.get(key)?.shape !== shape) trees.add(workspaceId)
  for (const [key, { workspaceId }] of before) if (!now.has(key)) trees.add(workspaceId)
  for (const workspaceId of trees) told.tree(workspaceId)

  for (const inbox of inboxes) {
    const was = before.get(`inbox ${inbox.id}`)
    if (was?.version === inbox.version) continue
    const newest = await db
      .selectFrom('messages')
      .select('id')
      .where('inbox_id', '=', inbox.id)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst()
    told.inbox({
      id: inbox.id,
      version: inbox.version,
      emails_count: inbox.emails_count,
      emails_unread_count: inbox.emails_unread_count,
      workspaceId: workspaceOf.get(inbox.project_id) ?? 0,
      newest_id: newest?.id ?? null,
    })
  }
  return now
}
