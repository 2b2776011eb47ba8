// One of everything that belongs to a workspace's audience, for the permission matrix.
import { randomUUID } from 'node:crypto'
import type { Secrets } from '../../server/accounts/secrets.ts'
import { createSubscriber } from '../../server/send/audience/subscribers.ts'
import { addTags } from '../../server/send/audience/tagging.ts'
import { createTag } from '../../server/send/audience/tags.ts'
import type { Database } from '../../server/storage/schema.ts'

/** Ids. */
export interface AudienceTarget {
  subscriber: number
  tag: number
  field: number
  /** A note about the subscriber. */
  note: number
  suppression: number
  segment: number
  /** Finished. */
  import: number
  job: number
  form: number
  /** With one version, number 1. */
  template: number
  media: number
  emailService: number
  sendingDomain: number
  /** A draft, for the far future. */
  campaign: number
  /** Of the campaign: it has failed. */
  delivery: number
}

export async function audienceTarget(
  db: Database,
  secrets: Secrets,
  workspaceId: number,
  mark: string,
): Promise<AudienceTarget> {
  const times = { created_at: Date.now(), updated_at: Date.now() }
  const unique = randomUUID()
  const ofWorkspace = { workspace_id: workspaceId }
  const subscriber = await createSubscriber(db, workspaceId, {
    email: `${mark}-${unique}@example.com`,
    first_name: mark,
    source: 'web',
  })
  const tag = await createTag(db, workspaceId, `tag ${mark} ${unique}`)
  await addTags(db, [subscriber.id], [tag], { userId: null })
  const field = await db
    .insertInto('custom_fields')
    .values({
      ...ofWorkspace,
      key: `f${unique.replaceAll('-', '')}`,
      label: mark,
      kind: 'text',
      options: '[]',
      position: 1,
      ...times,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const note = await db
    .insertInto('subscriber_events')
    .values({
      subscriber_id: subscriber.id,
      kind: 'note',
      detail: JSON.stringify({ text: mark }),
      user_id: null,
      at: Date.now(),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const suppression = await db
    .insertInto('suppressions')
    .values({
      ...ofWorkspace,
      kind: 'address',
      value: `${unique}@example.org`,
      reason: 'manual',
      evidence: mark,
      user_id: null,
      created_at: Date.now(),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const segment = await db
    .insertInto('segments')
    .values({
      ...ofWorkspace,
      name: `${mark} ${unique}`,
      name_key: `${mark} ${unique}`,
      definition: '{"match":"all","conditions":[]}',
      ...times,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const imported = await db
    .insertInto('imports')
    .values({
      ...ofWorkspace,
      user_id: null,
      name: `${mark}.csv`,
      size: 0,
      status: 'done',
      options: '{}',
      position: 0,
      line: 0,
      rows_count: 0,
      created_count: 0,
      updated_count: 0,
      skipped_count: 0,
      failed_count: 0,
      error: null,
      leased_until: null,
      finished_at: Date.now(),
      ...times,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const job = await db
    .insertInto('audience_jobs')
    .values({
      ...ofWorkspace,
      user_id: null,
      kind: 'tag',
      selection: '{}',
      argument: '{}',
      status: 'done',
      last_id: 0,
      done_count: 0,
      total_count: 0,
      error: null,
      leased_until: null,
      ...times,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const form = await db
    .insertInto('forms')
    .values({
      ...ofWorkspace,
      public_id: unique,
      name: mark,
      settings: '{}',
      shown_count: 0,
      signed_up_count: 0,
      confirmed_count: 0,
      ...times,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const written = {
    name: `${mark} ${unique}`,
    kind: 'html',
    language: 'tags',
    source: mark,
    content: mark,
  } as const
  const template = await db
    .insertInto('templates')
    .values({ ...ofWorkspace, ...written, name_key: written.name, version: 1, ...times })
    .returning('id')
    .executeTakeFirstOrThrow()
  await db
    .insertInto('template_versions')
    .values({ template_id: template.id, number: 1, ...written, user_id: null, created_at: Date.now() })
    .execute()
  const media = await db
    .insertInto('media')
    .values({
      ...ofWorkspace,
      public_id: unique,
      hash: unique,
      name: `${mark}.png`,
      alt: '',
      content_type: 'image/png',
      size: 1,
      width: 1,
      height: 1,
      user_id: null,
      created_at: Date.now(),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const emailService = await db
    .insertInto('email_services')
    .values({
      ...ofWorkspace,
      name: `service ${mark}`,
      type_id: 6,
      settings: secrets.seal(JSON.stringify({ host: '127.0.0.1', port: 2526 })),
      ...times,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const sendingDomain = await db
    .insertInto('sending_domains')
    .values({
      ...ofWorkspace,
      domain: `${unique}.example`,
      selector: mark,
      rsa_private: secrets.seal('rsa'),
      rsa_public: 'rsa',
      ed25519_private: secrets.seal('ed25519'),
      ed25519_public: 'ed25519',
      findings: null,
      checked_at: null,
      created_at: Date.now(),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const campaign = await db
    .insertInto('campaigns')
    .values({
      ...ofWorkspace,
      name: mark,
      subject: mark,
      content: mark,
      status_id: 1,
      template_id: null,
      email_service_id: emailService.id,
      from_name: mark,
      from_email: 'news@example.com',
      is_open_tracking: 1,
      is_click_tracking: 1,
      send_to_all: 1,
      save_as_draft: 0,
      scheduled_at: Date.UTC(2999, 0, 1),
      sent_at: null,
      ...times,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await db.insertInto('campaign_totals').values({ campaign_id: campaign.id }).execute()
  const delivery = await db
    .insertInto('deliveries')
    .values({
      ...ofWorkspace,
      campaign_id: campaign.id,
      subscriber_id: subscriber.id,
      email: `${mark}-${unique}@example.com`,
      subject: mark,
      status: 'failed',
      reason: mark,
      claimed_by: null,
      email_service_id: emailService.id,
      provider_id: null,
      created_at: Date.now(),
      sent_at: null,
      delivered_at: null,
      opened_at: null,
      machine_opened_at: null,
      clicked_at: null,
      machine_clicked_at: null,
      bounced_at: null,
      complained_at: null,
      unsubscribed_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return {
    subscriber: subscriber.id,
    tag: tag.id,
    field: field.id,
    note: note.id,
    suppression: suppression.id,
    segment: segment.id,
    import: imported.id,
    job: job.id,
    form: form.id,
    template: template.id,
    media: media.id,
    emailService: emailService.id,
    sendingDomain: sendingDomain.id,
    campaign: campaign.id,
    delivery: delivery.id,
  }
}

export async function deleteAudienceTarget(db: Database, target: AudienceTarget): Promise<void> {
  for (const [table, id] of [
    ['campaigns', target.campaign],
    ['sending_domains', target.sendingDomain],
    ['email_services', target.emailService],
    ['media', target.media],
    ['templates', target.template],
    ['forms', target.form],
    ['audience_jobs', target.job],
    ['imports', target.import],
    ['segments', target.segment],
    ['suppressions', target.suppression],
    ['custom_fields', target.field],
    ['subscribers', target.subscriber],
    ['tags', target.tag],
  ] as const)
    await db.deleteFrom(table).where('id', '=', id).execute()
}
