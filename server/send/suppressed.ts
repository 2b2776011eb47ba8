import { type RawBuilder, sql, type SqlBool } from 'kysely'

/** A condition on `subscribers`: their address, or the very domain it is at, is on the workspace's list. */
export function isSuppressed(workspaceId: number): RawBuilder<SqlBool> {
  const values = (kind: 'address' | 'domain') =>
    sql`select value from suppressions where workspace_id = ${workspaceId} and kind = ${kind}`
  return sql<SqlBool>`(subscribers.email_key in (${values('address')})
    or subscribers.domain in (${values('domain')}))`
}
