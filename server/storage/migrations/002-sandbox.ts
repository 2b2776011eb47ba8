import type { Kysely } from 'kysely'
import type { Columns } from '../columns.ts'
import { createChangeSignals } from '../change-signals.ts'
import { createSearchTables } from '../search-index.ts'

export async function sandbox(db: Kysely<unknown>, columns: Columns): Promise<void> {
  const { integer, id, bytes } = columns
  await db.schema
    .createTable('projects')
    .addColumn('id', integer, id)
    .addColumn('workspace_id', integer, c => c.notNull().references('workspaces.id').onDelete('cascade'))
    .addColumn('owner_id', integer, c => c.notNull().references('users.id'))
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('ext_id', 'text', c => c.notNull())
    .addColumn('created_at', integer, c => c.notNull())
    .addColumn('updated_at', integer, c => c.notNull())
    .execute()
  await db.schema.createIndex('projects_by_workspace').on('projects').column('workspace_id').execute()

  await db.schema
    .createTable('inboxes')
    .addColumn('id', integer, id)
    .addColumn('project_id', integer, c => c.notNull().references('projects.id'))
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('username', 'text', c => c.notNull().unique())
    .addColumn('password', 'text', c => c.notNull())
    .addColumn('status', 'text', c => c.notNull())
    .addColumn('email_username', 'text', c => c.notNull().unique())
    .addColumn('email_username_enabled', integer, c => c.notNull())
    .addColumn('max_size', integer, c => c.notNull())
    .addColumn('max_message_size', integer, c => c.notNull())
    .addColumn('emails_count', integer, c => c.notNull())
    .addColumn('emails_unread_count', integer, c => c.notNull())
    .addColumn('counted_month', integer, c => c.notNull())
    .addColumn('sent_messages_count', integer, c => c.notNull())
    .addColumn('forwarded_messages_count', integer, c => c.notNull())
    .addColumn('last_message_at', integer)
    .addColumn('version', integer, c => c.notNull())
    .addColumn('created_at', integer, c => c.notNull())
    .addColumn('updated_at', integer, c => c.notNull())
    .execute()
  await db.schema.createIndex('inboxes_by_project').on('inboxes').column('project_id').execute()

  await db.schema
    .createTable('messages')
    .addColumn('id', integer, id)
    .addColumn('inbox_id', integer, c => c.notNull())
    .addColumn('subject', 'text', c => c.notNull())
    .addColumn('from_email', 'text', c => c.notNull())
    .addColumn('from_name', 'text', c => c.notNull())
    .addColumn('to_email', 'text', c => c.notNull())
    .addColumn('to_name', 'text', c => c.notNull())
    .addColumn('sent_at', integer, c => c.notNull())
    .addColumn('is_read', integer, c => c.notNull())
    .addColumn('size', integer, c => c.notNull())
    .addColumn('html_size', integer, c => c.notNull())
    .addColumn('text_size', integer, c => c.notNull())
    .addColumn('attachments_count', integer, c => c.notNull())
    .addColumn('snippet', 'text', c => c.notNull())
    .addColumn('search_head', 'text', c => c.notNull())
    .addColumn('arrival', 'text', c => c.notNull())
    .addColumn('notes', 'text', c => c.notNull())
    .addColumn('created_at', integer, c => c.notNull())
    .addColumn('updated_at', integer, c => c.notNull())
    .execute()
  // Every list, page and "oldest out" walks this one, from either end.
  await db.schema.createIndex('messages_of_inbox').on('messages').columns(['inbox_id', 'id']).execute()

  // The raw bytes live apart, so that a page of the list never drags them through the cache.
  await db.schema
    .createTable('raw_packs')
    .addColumn('id', integer, id)
    .addColumn('codec', 'text', c => c.notNull())
    .addColumn('bytes', bytes, c => c.notNull())
    .execute()
  await db.schema
    .createTable('raw_messages')
    .addColumn('message_id', integer, c => c.primaryKey().notNull())
    .addColumn('pack_id', integer, c => c.notNull())
    .addColumn('start', integer, c => c.notNull())
    .addColumn('size', integer, c => c.notNull())
    .execute()
  await db.schema.createIndex('raw_messages_of_pack').on('raw_messages').column('pack_id').execute()

  await db.schema
    .createTable('attachments')
    .addColumn('id', integer, id)
    .addColumn('message_id', integer, c => c.notNull())
    .addColumn('part', 'text', c => c.notNull())
    .addColumn('filename', 'text', c => c.notNull())
    .addColumn('attachment_type', 'text', c => c.notNull())
    .addColumn('content_type', 'text', c => c.notNull())
    .addColumn('content_id', 'text', c => c.notNull())
    .addColumn('transfer_encoding', 'text', c => c.notNull())
    .addColumn('size', integer, c => c.notNull())
    .addColumn('created_at', integer, c => c.notNull())
    .execute()
  await db.schema.createIndex('attachments_of_message').on('attachments').column('message_id').execute()

  await createSearchTables(db, columns.engine)
  await createChangeSignals(db, columns.engine, ['projects', 'inboxes'])
}
