import { type Kysely, sql } from 'kysely'
import type { Columns } from '../columns.ts'
import { countTheAudience } from '../audience-counters.ts'
import { createSubscriberSearch } from '../subscriber-search-index.ts'

/** Whom a workspace writes to: subscribers with tags and fields of its own, segments, suppressions, ways in. */
export async function audience(db: Kysely<unknown>, columns: Columns): Promise<void> {
  const { engine, integer, id, json, ordered } = columns

  await db.schema
    .createTable('audiences')
    .addColumn('workspace_id', integer, c =>
      c.primaryKey().notNull().references('workspaces.id').onDelete('cascade'),
    )
    .addColumn('public_name', 'text', c => c.notNull())
    .addColumn('colour', 'text', c => c.notNull())
    .addColumn('locale', 'text', c => c.notNull())
    .addColumn('updated_at', integer, c => c.notNull())
    .execute()

  await db.schema
    .createTable('subscribers')
    .addColumn('id', integer, id)
    .addColumn('workspace_id', integer, c => c.notNull().references('workspaces.id').onDelete('cascade'))
    .addColumn('email', 'text', c => c.notNull())
    .addColumn('email_key', ordered, c => c.notNull())
    .addColumn('domain', 'text', c => c.notNull())
    .addColumn('first_name', 'text')
    .addColumn('last_name', ordered)
    .addColumn('search', 'text', c => c.notNull())
    .addColumn('status', 'text', c => c.notNull())
    .addColumn('status_reason', 'text')
    .addColumn('status_at', integer)
    .addColumn('fields', json, c => c.notNull())
    .addColumn('source', 'text', c => c.notNull())
    .addColumn('import_id', integer)
    .addColumn('created_at', integer, c => c.notNull())
    .addColumn('updated_at', integer, c => c.notNull())
    .addUniqueConstraint('subscribers_once', ['workspace_id', 'email_key'])
    .execute()
  await db.schema.createIndex('subscribers_of').on('subscribers').columns(['workspace_id', 'id']).execute()
  await db.schema
    .createIndex('subscribers_by_status')
    .on('subscribers')
    .columns(['workspace_id', 'status', 'id'])
    .execute()
  await sql`create index subscribers_by_last_name on subscribers (workspace_id, last_name ${sql.raw(
    engine === 'postgres' ? 'nulls first' : '',
  )}, id)`.execute(db)

  // Those who signed up and never confirmed are looked for by age: a handful among a million.
  await sql`create index subscribers_waiting on subscribers (status_at) where status = 'pending'`.execute(db)

  await db.schema
    .createTable('tags')
    .addColumn('id', integer, id)
    .addColumn('workspace_id', integer, c => c.notNull().references('workspaces.id').onDelete('cascade'))
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('name_key', ordered, c => c.notNull())
    .addColumn('subscribers_count', integer, c => c.notNull())
    .addColumn('created_at', integer, c => c.notNull())
    .addColumn('updated_at', integer, c => c.notNull())
    .addUniqueConstraint('tags_once', ['workspace_id', 'name_key'])
    .execute()

  await db.schema
    .createTable('subscriber_tags')
    .addColumn('tag_id', integer, c => c.notNull().references('tags.id').onDelete('cascade'))
    .addColumn('subscriber_id', integer, c => c.notNull().references('subscribers.id').onDelete('cascade'))
    .addPrimaryKeyConstraint('subscriber_tags_once', ['tag_id', 'subscriber_id'])
    .modifyEnd(engine === 'sqlite' ? sql`without rowid` : sql``)
    .execute()
  await db.schema
    .createIndex('subscriber_tags_by_subscriber')
    .on('subscriber_tags')
    .columns(['subscriber_id', 'tag_id'])
    .execute()

  await db.schema
    .createTable('custom_fields')
    .addColumn('id', integer, id)
    .addColumn('workspace_id', integer, c => c.notNull().references('workspaces.id').onDelete('cascade'))
    .addColumn('key', 'text', c => c.notNull())
    .addColumn('label', 'text', c => c.notNull())
    .addColumn('kind', 'text', c => c.notNull())
    .addColumn('options', 'text', c => c.notNull())
    .addColumn('position', integer, c => c.notNull())
    .addColumn('created_at', integer, c => c.notNull())
    .addColumn('updated_at', integer, c => c.notNull())
    .addUniqueConstraint('custom_fields_once', ['workspace_id', 'key'])
    .execute()

  await db.schema
    .createTable('subscriber_events')
    .addColumn('id', integer, id)
    .addColumn('subscriber_id', integer, c => c.notNull().references('subscribers.id').onDelete('cascade'))
    .addColumn('kind', 'text', c => c.notNull())
    .addColumn('detail', 'text', c => c.notNull())
    .addColumn('user_id', integer)
    .addColumn('at', integer, c => c.notNull())
    .execute()
  await db.schema
    .createIndex('subscriber_events_of')
    .on('subscriber_events')
    .columns(['subscriber_id', 'id'])
    .execute()

  await db.schema
    .createTable('suppressions')
    .addColumn('id', integer, id)
    .addColumn('workspace_id', integer, c => c.notNull().references('workspaces.id').onDelete('cascade'))
    .addColumn('kind', 'text', c => c.notNull())
    .addColumn('value', ordered, c => c.notNull())
    .addColumn('reason', 'text', c => c.notNull())
    .addColumn('evidence', 'text', c => c.notNull())
    .addColumn('user_id', integer)
    .addColumn('created_at', integer, c => c.notNull())
    .addUniqueConstraint('suppressions_once', ['workspace_id', 'kind', 'value'])
    .execute()
  await db.schema.createIndex('suppressions_of').on('suppressions').columns(['workspace_id', 'id']).execute()

  await db.schema
    .createTable('segments')
    .addColumn('id', integer, id)
    .addColumn('workspace_id', integer, c => c.notNull().references('workspaces.id').onDelete('cascade'))
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('name_key', ordered, c => c.notNull())
    .addColumn('definition', 'text', c => c.notNull())
    .addColumn('created_at', integer, c => c.notNull())
    .addColumn('updated_at', integer, c => c.notNull())
    .addUniqueConstraint('segments_once', ['workspace_id', 'name_key'])
    .execute()

  await db.schema
    .createTable('imports')
    .addColumn('id', integer, id)
    .addColumn('workspace_id', integer, c => c.notNull().references('workspaces.id').onDelete('cascade'))
    .addColumn('user_id', integer)
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('size', integer, c => c.notNull())
    .addColumn('status', 'text', c => c.notNull())
    .addColumn('options', 'text', c => c.notNull())
    .addColumn('position', integer, c => c.notNull())
    .addColumn('line', integer, c => c.notNull())
    .addColumn('ahead', integer, c => c.notNull().defaultTo(0))
    .addColumn('reached', integer, c => c.notNull().defaultTo(0))
    .addColumn('rows_count', integer, c => c.notNull())
    .addColumn('created_count', integer, c => c.notNull())
    .addColumn('updated_count', integer, c => c.notNull())
    .addColumn('skipped_count', integer, c => c.notNull())
    .addColumn('failed_count', integer, c => c.notNull())
    .addColumn('error', 'text')
    .addColumn('leased_until', integer)
    .addColumn('created_at', integer, c => c.notNull())
    .addColumn('updated_at', integer, c => c.notNull())
    .addColumn('finished_at', integer)
    .execute()
  await db.schema.createIndex('imports_of').on('imports').columns(['workspace_id', 'id']).execute()

  await db.schema
    .createTable('import_faults')
    .addColumn('id', integer, id)
    .addColumn('import_id', integer, c => c.notNull().references('imports.id').onDelete('cascade'))
    .addColumn('line', integer, c => c.notNull())
    .addColumn('reason', 'text', c => c.notNull())
    .addColumn('row', 'text', c => c.notNull())
    .execute()
  await db.schema
    .createIndex('import_faults_of')
    .on('import_faults')
    .columns(['import_id', 'line', 'id'])
    .execute()

  await db.schema
    .createTable('audience_jobs')
    .addColumn('id', integer, id)
    .addColumn('workspace_id', integer, c => c.notNull().references('workspaces.id').onDelete('cascade'))
    .addColumn('user_id', integer)
    .addColumn('kind', 'text', c => c.notNull())
    .addColumn('selection', 'text', c => c.notNull())
    .addColumn('argument', 'text', c => c.notNull())
    .addColumn('status', 'text', c => c.notNull())
    .addColumn('last_id', integer, c => c.notNull())
    .addColumn('done_count', integer, c => c.notNull())
    .addColumn('total_count', integer, c => c.notNull())
    .addColumn('error', 'text')
    .addColumn('leased_until', integer)
    .addColumn('created_at', integer, c => c.notNull())
    .addColumn('updated_at', integer, c => c.notNull())
    .execute()
  await db.schema
    .createIndex('audience_jobs_of')
    .on('audience_jobs')
    .columns(['workspace_id', 'id'])
    .execute()

  await db.schema
    .createTable('forms')
    .addColumn('id', integer, id)
    .addColumn('workspace_id', integer, c => c.notNull().references('workspaces.id').onDelete('cascade'))
    .addColumn('public_id', 'text', c => c.notNull().unique())
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('settings', 'text', c => c.notNull())
    .addColumn('shown_count', integer, c => c.notNull())
    .addColumn('signed_up_count', integer, c => c.notNull())
    .addColumn('confirmed_count', integer, c => c.notNull())
    .addColumn('created_at', integer, c => c.notNull())
    .addColumn('updated_at', integer, c => c.notNull())
    .execute()
  await db.schema.createIndex('forms_of').on('forms').columns(['workspace_id', 'id']).execute()

  await countTheAudience(db, engine, integer)
  await createSubscriberSearch(db, engine)
}
