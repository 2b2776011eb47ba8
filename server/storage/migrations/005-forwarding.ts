import type { Kysely } from 'kysely'
import type { Columns } from '../columns.ts'

/** What becomes of a message after it was caught: limits of its inbox, ways on, reports about it. */
export async function forwarding(db: Kysely<unknown>, columns: Columns): Promise<void> {
  const { integer, id, bytes } = columns
  await db.schema.alterTable('inboxes').addColumn('retention_days', integer).execute()
  await db.schema.alterTable('inboxes').addColumn('rate_count', integer).execute()
  await db.schema.alterTable('inboxes').addColumn('rate_seconds', integer).execute()

  await db.schema
    .createTable('forward_rules')
    .addColumn('id', integer, id)
    .addColumn('inbox_id', integer, c => c.notNull().references('inboxes.id').onDelete('cascade'))
    .addColumn('forward_type', 'text', c => c.notNull())
    .addColumn('forward_value', 'text', c => c.notNull())
    .addColumn('created_at', integer, c => c.notNull())
    .addColumn('updated_at', integer, c => c.notNull())
    .addUniqueConstraint('forward_rules_once', ['inbox_id', 'forward_type', 'forward_value'])
    .execute()

  // An address or a domain is proved once for the whole workspace.
  await db.schema
    .createTable('forward_targets')
    .addColumn('id', integer, id)
    .addColumn('workspace_id', integer, c => c.notNull().references('workspaces.id').onDelete('cascade'))
    .addColumn('kind', 'text', c => c.notNull())
    .addColumn('value', 'text', c => c.notNull())
    .addColumn('status', 'text', c => c.notNull())
    .addColumn('proof', 'text', c => c.notNull())
    .addColumn('created_at', integer, c => c.notNull())
    .addColumn('asked_at', integer)
    .addColumn('confirmed_at', integer)
    .addUniqueConstraint('forward_targets_once', ['workspace_id', 'kind', 'value'])
    .execute()

  // Up to which message the rules of an inbox have been asked.
  await db.schema
    .createTable('forward_cursors')
    .addColumn('inbox_id', integer, c =>
      c.primaryKey().notNull().references('inboxes.id').onDelete('cascade'),
    )
    .addColumn('message_id', integer, c => c.notNull())
    .execute()

  await db.schema
    .createTable('outgoing')
    .addColumn('id', integer, id)
    .addColumn('kind', 'text', c => c.notNull())
    .addColumn('workspace_id', integer)
    .addColumn('inbox_id', integer)
    .addColumn('message_id', integer)
    .addColumn('reverse_path', 'text', c => c.notNull())
    .addColumn('forward_path', 'text', c => c.notNull())
    .addColumn('subject', 'text', c => c.notNull())
    .addColumn('bytes', bytes)
    .addColumn('status', 'text', c => c.notNull())
    .addColumn('attempts', integer, c => c.notNull())
    .addColumn('next_at', integer, c => c.notNull())
    .addColumn('leased_until', integer)
    .addColumn('reply', 'text', c => c.notNull())
    .addColumn('created_at', integer, c => c.notNull())
    .addColumn('updated_at', integer, c => c.notNull())
    .execute()
  await db.schema.createIndex('outgoing_due').on('outgoing').columns(['status', 'next_at']).execute()
  await db.schema.createIndex('outgoing_of_inbox').on('outgoing').columns(['inbox_id', 'id']).execute()

  await db.schema
    .createTable('message_reports')
    .addColumn('id', integer, id)
    .addColumn('message_id', integer, c => c.notNull())
    .addColumn('kind', 'text', c => c.notNull())
    .addColumn('report', 'text', c => c.notNull())
    .addColumn('created_at', integer, c => c.notNull())
    .addUniqueConstraint('message_reports_once', ['message_id', 'kind'])
    .execute()
}
