import type { Kysely } from 'kysely'
import type { Columns } from '../columns.ts'

/** What people say about themselves, whether their address was proved, and when a token was last used. */
export async function peopleVerified(db: Kysely<unknown>, { integer }: Columns): Promise<void> {
  await db.schema
    .alterTable('users')
    .addColumn('locale', 'text', c => c.notNull().defaultTo('en'))
    .execute()
  await db.schema.alterTable('users').addColumn('verified_at', integer).execute()
  // Nobody who is here already came in from the street: their addresses were given by an owner or proved by mail.
  await db
    .updateTable('users' as never)
    .set({ verified_at: 0 } as never)
    .execute()
  await db.schema.alterTable('tokens').addColumn('last_used_at', integer).execute()
}
