import type { Caller } from '../../../accounts/caller.ts'
import type { Database } from '../../../storage/schema.ts'

/** What somebody was given by itself, and can therefore leave. */
export interface Given {
  projects: ReadonlySet<number>
  inboxes: ReadonlySet<number>
}

export async function givenTo(db: Database, caller: Caller): Promise<Given> {
  const [projects, inboxes] = await Promise.all([
    db.selectFrom('project_members').select('project_id').where('user_id', '=', caller.user.id).execute(),
    db.selectFrom('inbox_members').select('inbox_id').where('user_id', '=', caller.user.id).execute(),
  ])
  return {
    projects: new Set(projects.map(row => row.project_id)),
    inboxes: new Set(inboxes.map(row => row.inbox_id)),
  }
}
