import type { Kysely } from 'kysely'
import { addChangeSignals } from '../change-signals.ts'
import type { Columns } from '../columns.ts'

/** Who is given what: people of a project or of one inbox, invitations, and the domains of browsers. */
export async function people(db: Kysely<unknown>, { engine, integer, id }: Columns): Promise<void> {
  for (const [table, owner] of [
    ['project_members', 'project'],
    ['inbox_members', 'inbox'],
  ] as const) {
    await db.schema
      .createTable(table)
      .addColumn('id', integer, id)
      .addColumn(`${owner}_id`, integer, c =>
        c
          .notNull()
          .references(owner === 'inbox' ? 'inboxes.id' : 'projects.id')
          .onDelete('cascade'),
      )
      .addColumn('user_id', integer, c => c.notNull().references('users.id').onDelete('cascade'))
      .addColumn('role', 'text', c => c.notNull())
      .addColumn('created_at', integer, c => c.notNull())
      .addColumn('updated_at', integer, c => c.notNull())
      .addUniqueConstraint(`${table}_once`, [`${owner}_id`, 'user_id'])
      .execute()
    await db.schema.createIndex(`${table}_by_user`).on(table).column('user_id').execute()
  }

  await db.schema
    .createTable('invitations')
    .addColumn('id', integer, id)
    .addColumn('workspace_id', integer, c => c.notNull().references('workspaces.id').onDelete('cascade'))
    .addColumn('project_id', integer, c => c.references('projects.id').onDelete('cascade'))
    .addColumn('inbox_id', integer, c => c.references('inboxes.id').onDelete('cascade'))
    .addColumn('email', 'text', c => c.notNull())
    .addColumn('role', 'text', c => c.notNull())
    .addColumn('hash', 'text', c => c.notNull().unique())
    .addColumn('invited_by', integer, c => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('created_at', integer, c => c.notNull())
    .addColumn('expires_at', integer, c => c.notNull())
    .execute()
  await db.schema.createIndex('invitations_of_workspace').on('invitations').column('workspace_id').execute()

  await db.schema
    .createTable('cors_domains')
    .addColumn('id', integer, id)
    .addColumn('user_id', integer, c => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('domain', 'text', c => c.notNull())
    .addColumn('created_at', integer, c => c.notNull())
    .addUniqueConstraint('cors_domains_once', ['user_id', 'domain'])
    .execute()
  await db.schema.createIndex('cors_domains_by_domain').on('cors_domains').column('domain').execute()

  await addChangeSignals(db, engine, ['members', 'project_members', 'inbox_members'])
}
