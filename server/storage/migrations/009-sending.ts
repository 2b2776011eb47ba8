import { sql, type Kysely } from 'kysely'
import type { Columns } from '../columns.ts'
import { totalTheDeliveries } from '../delivery-totals.ts'

/** What leaves and what comes back: the ledger of deliveries, what happens to them, and the ways out. */
export async function sending(db: Kysely<unknown>, columns: Columns): Promise<void> {
  const { integer, id, bytes } = columns

  for (const [name, type] of [
    ['preheader', 'text'],
    ['reply_to', 'text'],
  ] as const)
    await db.schema
      .alterTable('campaigns')
      .addColumn(name, type, c => c.notNull().defaultTo(''))
      .execute()
  await db.schema
    .alterTable('campaigns')
    .addColumn('schedule_zone', 'text', c => c.notNull().defaultTo('UTC'))
    .execute()
  await db.schema
    .alterTable('campaigns')
    .addColumn('in_recipient_zone', integer, c => c.notNull().defaultTo(0))
    .execute()
  for (const [name, type] of [
    ['send_window', 'text'],
    ['pause_reason', 'text'],
    ['receipt', 'text'],
    ['snapshot', 'text'],
    ['queued_at', integer],
    ['undo_until', integer],
    ['frozen_through', integer],
    ['frozen_at', integer],
    ['paused_at', integer],
    ['finished_at', integer],
  ] as const)
    await db.schema.alterTable('campaigns').addColumn(name, type).execute()
  await sql`create index campaigns_at_work on campaigns (status_id, id) where status_id in (2, 3)`.execute(db)

  await db.schema
    .createTable('campaign_attachments')
    .addColumn('id', integer, id)
    .addColumn('campaign_id', integer, c => c.notNull().references('campaigns.id').onDelete('cascade'))
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('content_type', 'text', c => c.notNull())
    .addColumn('content_id', 'text')
    .addColumn('size', integer, c => c.notNull())
    .addColumn('bytes', bytes, c => c.notNull())
    .execute()
  await db.schema
    .createIndex('campaign_attachments_of')
    .on('campaign_attachments')
    .columns(['campaign_id', 'id'])
    .execute()

  await db.schema
    .createTable('campaign_links')
    .addColumn('id', integer, id)
    .addColumn('campaign_id', integer, c => c.notNull().references('campaigns.id').onDelete('cascade'))
    .addColumn('number', integer, c => c.notNull())
    .addColumn('url', 'text', c => c.notNull())
    .addColumn('clicks', integer, c => c.notNull().defaultTo(0))
    .addColumn('clicked', integer, c => c.notNull().defaultTo(0))
    .addColumn('machine_clicks', integer, c => c.notNull().defaultTo(0))
    .addUniqueConstraint('campaign_links_once', ['campaign_id', 'number'])
    .execute()

  for (const [name, type] of [
    ['limits', 'text'],
    ['next_service_id', integer],
    ['down_until', integer],
    ['down_reason', 'text'],
    ['down_since', integer],
  ] as const)
    await db.schema.alterTable('email_services').addColumn(name, type).execute()

  await db.schema
    .createTable('service_usage')
    .addColumn('id', integer, id)
    .addColumn('email_service_id', integer, c =>
      c.notNull().references('email_services.id').onDelete('cascade'),
    )
    .addColumn('span', 'text', c => c.notNull())
    .addColumn('started_at', integer, c => c.notNull())
    .addColumn('used', integer, c => c.notNull())
    .addUniqueConstraint('service_usage_once', ['email_service_id', 'span', 'started_at'])
    .execute()

  await db.schema
    .createTable('sending_nodes')
    .addColumn('id', integer, id)
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('seen_at', integer, c => c.notNull())
    .execute()

  await db.schema
    .createTable('sending_settings')
    .addColumn('workspace_id', integer, c =>
      c.primaryKey().notNull().references('workspaces.id').onDelete('cascade'),
    )
    .addColumn('settings', 'text', c => c.notNull())
    .execute()

  await db.schema
    .createTable('sending_domains')
    .addColumn('id', integer, id)
    .addColumn('workspace_id', integer, c => c.notNull().references('workspaces.id').onDelete('cascade'))
    .addColumn('domain', 'text', c => c.notNull())
    .addColumn('selector', 'text', c => c.notNull())
    .addColumn('rsa_private', 'text', c => c.notNull())
    .addColumn('rsa_public', 'text', c => c.notNull())
    .addColumn('ed25519_private', 'text', c => c.notNull())
    .addColumn('ed25519_public', 'text', c => c.notNull())
    .addColumn('findings', 'text')
    .addColumn('checked_at', integer)
    .addColumn('created_at', integer, c => c.notNull())
    .addUniqueConstraint('sending_domains_once', ['workspace_id', 'domain'])
    .execute()

  // Nothing was ever sent before this version: the table was there for segments to ask, and it is empty.
  await db.schema.dropTable('deliveries').execute()
  await db.schema
    .createTable('deliveries')
    .addColumn('id', integer, id)
    .addColumn('workspace_id', integer, c => c.notNull().references('workspaces.id').onDelete('cascade'))
    .addColumn('campaign_id', integer, c => c.references('campaigns.id').onDelete('cascade'))
    .addColumn('subscriber_id', integer, c => c.references('subscribers.id').onDelete('cascade'))
    .addColumn('email', 'text', c => c.notNull())
    .addColumn('subject', 'text')
    .addColumn('status', 'text', c => c.notNull())
    .addColumn('reason', 'text')
    .addColumn('attempts', integer, c => c.notNull().defaultTo(0))
    .addColumn('next_at', integer, c => c.notNull().defaultTo(0))
    .addColumn('claimed_by', integer)
    .addColumn('email_service_id', integer)
    .addColumn('provider_id', 'text')
    .addColumn('created_at', integer, c => c.notNull())
    .addColumn('sent_at', integer)
    .addColumn('delivered_at', integer)
    .addColumn('opened_at', integer)
    .addColumn('machine_opened_at', integer)
    .addColumn('clicked_at', integer)
    .addColumn('machine_clicked_at', integer)
    .addColumn('bounced_at', integer)
    .addColumn('complained_at', integer)
    .addColumn('unsubscribed_at', integer)
    .addColumn('open_count', integer, c => c.notNull().defaultTo(0))
    .addColumn('click_count', integer, c => c.notNull().defaultTo(0))
    .addUniqueConstraint('deliveries_once', ['campaign_id', 'subscriber_id'])
    .execute()
  for (const [name, columnsOfIt, where] of [
    ['deliveries_of_subscriber', 'subscriber_id, campaign_id', ''],
    ['deliveries_of_campaign', 'campaign_id, id', ''],
    ['deliveries_due', 'campaign_id, next_at, id', `where status = 'pending'`],
    ['deliveries_claimed', 'claimed_by, id', `where status = 'claimed'`],
    [
      'deliveries_aside',
      'campaign_id, status, id',
      `where status in ('draft', 'failed', 'skipped', 'ambiguous')`,
    ],
    ['deliveries_sent', 'workspace_id, sent_at, id', 'where sent_at is not null'],
    ['deliveries_drafted', 'workspace_id, id', `where status = 'draft'`],
    // How long people took, and when, without the rows.
    ['deliveries_opened', 'campaign_id, opened_at, delivered_at, sent_at', 'where opened_at is not null'],
    ['deliveries_clicked', 'campaign_id, id', 'where clicked_at is not null'],
    ['deliveries_bounced', 'campaign_id, id', 'where bounced_at is not null'],
    ['deliveries_complained', 'campaign_id, id', 'where complained_at is not null'],
    ['deliveries_unsubscribed', 'campaign_id, id', 'where unsubscribed_at is not null'],
    ['deliveries_at_provider', 'email_service_id, provider_id', 'where provider_id is not null'],
  ] as const)
    await sql.raw(`create index ${name} on deliveries (${columnsOfIt}) ${where}`).execute(db)

  await db.schema
    .createTable('delivery_events')
    .addColumn('id', integer, id)
    .addColumn('workspace_id', integer, c => c.notNull().references('workspaces.id').onDelete('cascade'))
    .addColumn('delivery_id', integer, c => c.notNull().references('deliveries.id').onDelete('cascade'))
    .addColumn('campaign_id', integer)
    .addColumn('kind', 'text', c => c.notNull())
    .addColumn('at', integer, c => c.notNull())
    .addColumn('verdict', 'text')
    .addColumn('link_id', integer)
    .addColumn('url', 'text')
    .addColumn('ip', 'text')
    .addColumn('user_agent', 'text')
    .addColumn('source', 'text', c => c.notNull())
    .addColumn('event_key', 'text')
    .addColumn('detail', 'text', c => c.notNull())
    .execute()
  for (const [name, columnsOfIt, where] of [
    ['delivery_events_of', 'delivery_id, id', ''],
    ['delivery_events_over_time', 'campaign_id, kind, at', ''],
  ] as const)
    await sql.raw(`create index ${name} on delivery_events (${columnsOfIt}) ${where}`).execute(db)
  await sql`create unique index delivery_events_once on delivery_events (event_key) where event_key is not null`.execute(
    db,
  )

  await db.schema
    .createTable('transactional_mails')
    .addColumn('delivery_id', integer, c =>
      c.primaryKey().notNull().references('deliveries.id').onDelete('cascade'),
    )
    .addColumn('workspace_id', integer, c => c.notNull().references('workspaces.id').onDelete('cascade'))
    .addColumn('idempotency_key', 'text')
    .addColumn('fingerprint', 'text', c => c.notNull())
    .addColumn('from_email', 'text', c => c.notNull())
    .addColumn('content', 'text', c => c.notNull())
    .addUniqueConstraint('transactional_mails_once', ['workspace_id', 'idempotency_key'])
    .execute()

  await totalTheDeliveries(db, columns)
}
