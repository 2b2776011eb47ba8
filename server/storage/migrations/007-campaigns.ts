import type { Kysely } from 'kysely'
import type { Columns } from '../columns.ts'

/** What a workspace writes, and through which way out: templates, media, email services, campaigns. */
export async function campaigns(db: Kysely<unknown>, columns: Columns): Promise<void> {
  const { integer, id, bytes, ordered } = columns

  await db.schema
    .createTable('templates')
    .addColumn('id', integer, id)
    .addColumn('workspace_id', integer, c => c.notNull().references('workspaces.id').onDelete('cascade'))
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('name_key', ordered, c => c.notNull())
    .addColumn('kind', 'text', c => c.notNull())
    .addColumn('language', 'text', c => c.notNull())
    .addColumn('source', 'text', c => c.notNull())
    .addColumn('content', 'text', c => c.notNull())
    .addColumn('version', integer, c => c.notNull())
    .addColumn('created_at', integer, c => c.notNull())
    .addColumn('updated_at', integer, c => c.notNull())
    .addUniqueConstraint('templates_once', ['workspace_id', 'name_key'])
    .execute()

  await db.schema
    .createTable('template_versions')
    .addColumn('id', integer, id)
    .addColumn('template_id', integer, c => c.notNull().references('templates.id').onDelete('cascade'))
    .addColumn('number', integer, c => c.notNull())
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('kind', 'text', c => c.notNull())
    .addColumn('language', 'text', c => c.notNull())
    .addColumn('source', 'text', c => c.notNull())
    .addColumn('content', 'text', c => c.notNull())
    .addColumn('user_id', integer)
    .addColumn('created_at', integer, c => c.notNull())
    .addUniqueConstraint('template_versions_once', ['template_id', 'number'])
    .execute()

  await db.schema
    .createTable('media')
    .addColumn('id', integer, id)
    .addColumn('workspace_id', integer, c => c.notNull().references('workspaces.id').onDelete('cascade'))
    .addColumn('public_id', 'text', c => c.notNull().unique())
    .addColumn('hash', 'text', c => c.notNull())
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('alt', 'text', c => c.notNull())
    .addColumn('content_type', 'text', c => c.notNull())
    .addColumn('size', integer, c => c.notNull())
    .addColumn('width', integer, c => c.notNull())
    .addColumn('height', integer, c => c.notNull())
    .addColumn('user_id', integer)
    .addColumn('created_at', integer, c => c.notNull())
    .addUniqueConstraint('media_once', ['workspace_id', 'hash'])
    .execute()

  await db.schema
    .createTable('media_files')
    .addColumn('id', integer, id)
    .addColumn('media_id', integer, c => c.notNull().references('media.id').onDelete('cascade'))
    .addColumn('width', integer, c => c.notNull())
    .addColumn('content_type', 'text', c => c.notNull())
    .addColumn('bytes', bytes, c => c.notNull())
    .addUniqueConstraint('media_files_once', ['media_id', 'width'])
    .execute()

  await db.schema
    .createTable('email_services')
    .addColumn('id', integer, id)
    .addColumn('workspace_id', integer, c => c.notNull().references('workspaces.id').onDelete('cascade'))
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('type_id', integer, c => c.notNull())
    .addColumn('settings', 'text', c => c.notNull())
    .addColumn('created_at', integer, c => c.notNull())
    .addColumn('updated_at', integer, c => c.notNull())
    .execute()
  await db.schema
    .createIndex('email_services_of')
    .on('email_services')
    .columns(['workspace_id', 'id'])
    .execute()

  await db.schema
    .createTable('campaigns')
    .addColumn('id', integer, id)
    .addColumn('workspace_id', integer, c => c.notNull().references('workspaces.id').onDelete('cascade'))
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('subject', 'text', c => c.notNull())
    .addColumn('content', 'text')
    .addColumn('status_id', integer, c => c.notNull())
    .addColumn('template_id', integer, c => c.references('templates.id'))
    .addColumn('email_service_id', integer, c => c.references('email_services.id'))
    .addColumn('from_name', 'text', c => c.notNull())
    .addColumn('from_email', 'text', c => c.notNull())
    .addColumn('is_open_tracking', integer, c => c.notNull())
    .addColumn('is_click_tracking', integer, c => c.notNull())
    .addColumn('send_to_all', integer, c => c.notNull())
    .addColumn('save_as_draft', integer, c => c.notNull())
    .addColumn('scheduled_at', integer)
    .addColumn('sent_at', integer)
    .addColumn('created_at', integer, c => c.notNull())
    .addColumn('updated_at', integer, c => c.notNull())
    .execute()
  await db.schema.createIndex('campaigns_of').on('campaigns').columns(['workspace_id', 'id']).execute()
  await db.schema.createIndex('campaigns_by_template').on('campaigns').column('template_id').execute()
  await db.schema.createIndex('campaigns_by_service').on('campaigns').column('email_service_id').execute()

  for (const [table, other, others] of [
    ['campaign_tags', 'tag', 'tags'],
    ['campaign_segments', 'segment', 'segments'],
  ] as const) {
    await db.schema
      .createTable(table)
      .addColumn('id', integer, id)
      .addColumn('campaign_id', integer, c => c.notNull().references('campaigns.id').onDelete('cascade'))
      .addColumn(`${other}_id`, integer, c => c.notNull().references(`${others}.id`).onDelete('cascade'))
      .addUniqueConstraint(`${table}_once`, ['campaign_id', `${other}_id`])
      .execute()
    await db.schema.createIndex(`${table}_by_${other}`).on(table).column(`${other}_id`).execute()
  }

  await db.schema
    .createTable('deliveries')
    .addColumn('id', integer, id)
    .addColumn('campaign_id', integer, c => c.notNull().references('campaigns.id').onDelete('cascade'))
    .addColumn('subscriber_id', integer, c => c.notNull().references('subscribers.id').onDelete('cascade'))
    .addColumn('sent_at', integer)
    .addColumn('opened_at', integer)
    .addColumn('clicked_at', integer)
    .addUniqueConstraint('deliveries_once', ['campaign_id', 'subscriber_id'])
    .execute()
  await db.schema
    .createIndex('deliveries_of_subscriber')
    .on('deliveries')
    .columns(['subscriber_id', 'campaign_id'])
    .execute()
}
