import { type RawBuilder, sql, type SqlBool } from 'kysely'
import type { Database } from '../storage/schema.ts'
import { isAmong } from '../storage/set-tests.ts'

/** A condition on `subscribers`: their address, or the very domain it is at, is on the workspace's list. */
export function isSuppressed(db: Database, workspaceId: number): RawBuilder<SqlBool> {
  const values = (kind: 'address' | 'domain') =>
    sql`select value from suppressions where workspace_id = ${workspaceId} and kind = ${kind}`
  return sql<SqlBool>`(${isAmong(db, sql.ref('subscribers.email_key'), values('address'))}
    or ${isAmong(db, sql.ref('subscribers.domain'), values('domain'))})`
}
