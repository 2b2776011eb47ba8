import { sql } from 'kysely'
import type { Storage } from '../../server/storage/database.ts'

const HOUR = 3_600_000

/**
 * A campaign that went to so many people, and what came back in three days: nine of ten delivered, a quarter opened by
 * people and another by machines, three in a hundred bounced, five deferred on the way. One in five has the same
 * great provider, the others are spread over five thousand domains.
 * @param storage a new one, where the ids of rows begin at 1
 */
export async function sentCampaign(
  { write }: Pick<Storage, 'write'>,
  count: number,
): Promise<{ workspaceId: number; campaignId: number }> {
  const now = Date.now()
  const sentAt = now - 72 * HOUR
  const workspace = await write
    .insertInto('workspaces')
    .values({ name: 'bench', created_at: 1, updated_at: 1 })
    .returning('id')
    .executeTakeFirstOrThrow()
  const campaign = await write
    .insertInto('campaigns')
    .values({
      workspace_id: workspace.id,
      name: 'News',
      subject: 'News',
      content: '<a href="https://example.com/1">One</a>',
      status_id: 4,
      template_id: null,
      email_service_id: null,
      from_name: 'News',
      from_email: 'news@example.com',
      is_open_tracking: 1,
      is_click_tracking: 1,
      send_to_all: 1,
      save_as_draft: 0,
      scheduled_at: null,
      sent_at: now,
      queued_at: sentAt,
      finished_at: now,
      created_at: sentAt,
      updated_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await write.insertInto('campaign_totals').values({ campaign_id: campaign.id }).execute()
  for (let number = 1; number <= 20; number++)
    await write
      .insertInto('campaign_links')
      .values({
        campaign_id: campaign.id,
        number,
        url: `https://example.com/${number}`,
        clicks: 900 - number * 40,
        clicked: 800 - number * 40,
        machine_clicks: 10,
      })
      .execute()

  const portion = 20_000
  for (let from = 0; from < count; from += portion) {
    const to = Math.min(count, from + portion)
    const given = sql`with recursive given (n) as (
      select cast(${from + 1} as bigint) union all select n + 1 from given where n < ${to}
    ), person as (select n, case when n % 5 = 0 then 'great.example' else 'd' || (n * 7919 % 5000) || '.example' end as domain
      from given)`
    await write.transaction().execute(async trx => {
      await sql`insert into subscribers (workspace_id, email, email_key, domain, search, status, fields, source, created_at, updated_at)
        ${given} select ${workspace.id}, 'p' || n || '@' || domain, 'p' || n || '@' || domain, domain, '', 'subscribed',
          '{}', 'import', ${sentAt}, ${sentAt} from person`.execute(trx)
      await sql`insert into deliveries (workspace_id, campaign_id, subscriber_id, email, status, attempts, created_at, sent_at,
          delivered_at, opened_at, open_count, machine_opened_at, clicked_at, click_count, bounced_at)
        select ${workspace.id}, ${campaign.id}, id, email, 'sent', 1, ${sentAt}, ${sentAt} + id * 3,
          case when id % 10 = 0 then null else ${sentAt} + id * 3 + id % 9000 end,
          case when id % 4 = 1 then ${sentAt} + id * 3 + id * 7919 % ${70 * HOUR} end,
          case when id % 4 = 1 then 1 + id % 3 else 0 end,
          case when id % 4 = 2 then ${sentAt} + id * 3 + 700 end,
          case when id % 32 = 1 then ${sentAt} + id * 3 + id * 7919 % ${70 * HOUR} end,
          case when id % 32 = 1 then 1 else 0 end,
          case when id % 100 < 3 then ${sentAt} + id * 3 + id % 90000 end
        from subscribers where workspace_id = ${workspace.id} and id > ${from} order by id`.execute(trx)
      const happened = (kind: string, at: unknown, where: string, detail: string) => sql`
        insert into delivery_events (workspace_id, delivery_id, campaign_id, kind, at, source, detail, verdict)
        select workspace_id, id, campaign_id, ${kind}, ${sql.raw(String(at))}, 'bench', ${detail},
          case when ${kind} = 'opened' then 'person' end
        from deliveries where campaign_id = ${campaign.id} and subscriber_id > ${from} and ${sql.raw(where)}`
      await happened('delivered', 'delivered_at', 'delivered_at is not null', '{}').execute(trx)
      await happened('opened', 'opened_at', 'opened_at is not null', '{"reasons":[]}').execute(trx)
      for (const [at, enhanced] of ['5.1.1', '5.2.2', '5.7.1'].entries())
        await happened(
          'bounced',
          'bounced_at',
          `id % 100 = ${at}`,
          JSON.stringify({ enhanced, text: 'no such user here', permanent: true }),
        ).execute(trx)
      for (const attempt of [1, 2])
        await happened(
          'deferred',
          `created_at + ${attempt}`,
          'id % 20 = 7',
          JSON.stringify({ code: 451, enhanced: '4.7.1', text: 'greylisted, come again', attempt }),
        ).execute(trx)
    })
    if (from > 0 && from % 200_000 === 0) console.error(`${from} of ${count} deliveries`)
  }
  return { workspaceId: workspace.id, campaignId: campaign.id }
}
