import type { Kysely } from 'kysely'
import type { Columns } from '../columns.ts'

export async function ground(db: Kysely<unknown>, { integer, id }: Columns): Promise<void> {
  await db.schema
    .createTable('workspaces')
    .addColumn('id', integer, id)
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('created_at', integer, c => c.notNull())
    .addColumn('updated_at', integer, c => c.notNull())
    .execute()

  await db.schema
    .createTable('users')
    .addColumn('id', integer, id)
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('email', 'text', c => c.notNull().unique())
    .addColumn('pending_email', 'text')
    .addColumn('password_hash', 'text')
    .addColumn('timezone', 'text', c => c.notNull())
    .addColumn('jwt_id', 'text', c => c.notNull())
    .addColumn('current_workspace_id', integer, c => c.notNull().references('workspaces.id'))
    .addColumn('created_at', integer, c => c.notNull())
    .addColumn('updated_at', integer, c => c.notNull())
    .execute()

  await db.schema
    .createTable('members')
    .addColumn('id', integer, id)
    .addColumn('workspace_id', integer, c => c.notNull().references('workspaces.id').onDelete('cascade'))
    .addColumn('user_id', integer, c => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('role', 'text', c => c.notNull())
    .addColumn('created_at', integer, c => c.notNull())
    .addUniqueConstraint('members_once', ['workspace_id', 'user_id'])
    .execute()
  await db.schema.createIndex('members_by_user').on('members').column('user_id').execute()

  await db.schema
    .createTable('tokens')
    .addColumn('id', integer, id)
    .addColumn('kind', 'text', c => c.notNull())
    .addColumn('user_id', integer, c => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('workspace_id', integer, c => c.references('workspaces.id').onDelete('cascade'))
    .addColumn('hash', 'text', c => c.notNull().unique())
    .addColumn('last_four', 'text', c => c.notNull())
    .addColumn('description', 'text', c => c.notNull())
    .addColumn('created_at', integer, c => c.notNull())
    .execute()
  await db.schema.createIndex('tokens_by_user').on('tokens').column('user_id').execute()

  await db.schema
    .createTable('sessions')
    .addColumn('hash', 'text', c => c.primaryKey().notNull())
    .addColumn('user_id', integer, c => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('csrf', 'text', c => c.notNull())
    .addColumn('created_at', integer, c => c.notNull())
    .addColumn('expires_at', integer, c => c.notNull())
    .execute()

  await db.schema
    .createTable('settings')
    .addColumn('key', 'text', c => c.primaryKey().notNull())
    .addColumn('value', 'text', c => c.notNull())
    .execute()
}
