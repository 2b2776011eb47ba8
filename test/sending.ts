// A Sender on a database of its own, with an audience and a campaign to be sent: the engine without the doors.
import { setTimeout as pause } from 'node:timers/promises'
import { openSecrets, type Secrets } from '../server/accounts/secrets.ts'
import { createWorkspace } from '../server/accounts/workspaces.ts'
import { createLog } from '../server/log.ts'
import { DELIVERY_KEY } from '../server/send/feedback/public-token.ts'
import { createCampaign, type Campaign, type CampaignText } from '../server/send/campaigns/campaigns.ts'
import { queueCampaign } from '../server/send/campaigns/campaign-states.ts'
import { Sender, type SenderParts } from '../server/send/sending/sender.ts'
import { Compiler } from '../server/send/templates/compiler.ts'
import { createEmailService } from '../server/send/ways-out/email-services.ts'
import { subscriberRow } from '../server/send/audience/subscribers.ts'
import { insertRows } from '../server/storage/bulk.ts'
import { openStorage, type Storage } from '../server/storage/database.ts'
import { parseLocation } from '../server/storage/location.ts'
import type { Tables } from '../server/storage/schema.ts'
import type { Selectable } from 'kysely'

export interface SendingStand {
  storage: Storage
  secrets: Secrets
  workspaceId: number
  sender: Sender
  /** A new process, as it were, on the same database and folder. */
  another(parts?: Partial<SenderParts>): Sender
  addPeople(count: number, of?: (at: number) => { email?: string; first_name?: string }): Promise<void>
  smtpService(port: number, limits?: object): Promise<number>
  campaign(text: Partial<CampaignText> & { email_service_id: number }): Promise<Campaign>
  /** Queued, and waited for until it is in this state. */
  send(campaign: Campaign): Promise<void>
  until(campaignId: number, fits: (campaign: Campaign, totals: Totals) => boolean): Promise<Totals>
  close(): Promise<void>
}

type Totals = Selectable<Tables['campaign_totals']>

export async function sendingStand(
  url: string,
  dataDir: string,
  {
    retryScale = 0.01,
    secretKey = 'of a test',
    workspace,
    ...given
  }: Partial<SenderParts> & { secretKey?: string; workspace?: number } = {},
): Promise<SendingStand> {
  const storage = await openStorage(
    parseLocation(url),
    new URL('../server/operations.ts', import.meta.url),
    error => {
      throw error
    },
  )
  const secrets = openSecrets({ dataDir, secretKey })
  const compiler = new Compiler()
  const workspaceId = workspace ?? (await createWorkspace(storage.write, 'Ours')).id
  const log = createLog({ level: 'silent', human: false, write: () => {} })
  const parts: SenderParts = {
    storage,
    secrets,
    log,
    compiler,
    dataDir,
    privateTargets: 'allow',
    heloName: 'posthorn.test',
    retryScale,
    gather: async campaign => ({
      sources: {
        campaignId: campaign.id,
        workspaceId,
        subject: campaign.subject,
        preheader: campaign.preheader,
        fromName: campaign.from_name,
        fromEmail: campaign.from_email,
        replyTo: campaign.reply_to,
        opensTracked: campaign.is_open_tracking === 1,
        clicksTracked: campaign.is_click_tracking === 1,
        template: null,
        content: campaign.content ?? '',
        attachments: [],
        fields: [],
        locale: 'en',
      },
      setting: setting(),
    }),
    letterSetting: async () => setting(),
    deliver: async () => null,
    ...given,
  }
  const setting = () => ({
    publicUrl: 'http://localhost:8025',
    bounceDomain: null,
    listName: 'Ours',
    tokenKey: secrets.key(DELIVERY_KEY),
    dkim: null,
  })
  const senders: Sender[] = []
  const another = (more: Partial<SenderParts> = {}) => {
    const sender = new Sender({ ...parts, ...more })
    sender.start()
    senders.push(sender)
    return sender
  }
  const until: SendingStand['until'] = async (campaignId, fits) => {
    for (;;) {
      const campaign = await storage.write
        .selectFrom('campaigns')
        .selectAll()
        .where('id', '=', campaignId)
        .executeTakeFirstOrThrow()
      const totals = await storage.write
        .selectFrom('campaign_totals')
        .selectAll()
        .where('campaign_id', '=', campaignId)
        .executeTakeFirstOrThrow()
      if (fits(campaign, totals)) return totals
      await pause(20)
    }
  }
  return {
    storage,
    secrets,
    workspaceId,
    sender: another(),
    another,
    async addPeople(count, of = () => ({})) {
      const rows = Array.from({ length: count }, (_, at) =>
        subscriberRow(
          workspaceId,
          { email: `person-${at}@example.com`, first_name: `Person ${at}`, source: 'import', ...of(at) },
          1_000,
        ),
      )
      await storage.write.transaction().execute(trx => insertRows(trx, 'subscribers', rows))
    },
    async smtpService(port, limits) {
      const { id } = await createEmailService(storage.write, secrets, workspaceId, {
        name: `smtp ${port}`,
        typeId: 6,
        settings: { host: '127.0.0.1', port },
      })
      if (limits !== undefined)
        await storage.write
          .updateTable('email_services')
          .set({ limits: JSON.stringify(limits) })
          .where('id', '=', id)
          .execute()
      return id
    },
    campaign: text =>
      storage.write.transaction().execute(trx =>
        createCampaign(
          trx,
          workspaceId,
          {
            name: 'News',
            subject: 'Hello {{first_name}}',
            content: '<p>Hello {{first_name}}, <a href="https://example.com/">look</a></p>',
            template_id: null,
            from_name: 'Ours',
            from_email: 'news@example.org',
            is_open_tracking: 1,
            is_click_tracking: 1,
            send_to_all: 1,
            save_as_draft: 0,
            scheduled_at: null,
            ...text,
          },
          { tags: [], segments: [] },
        ),
      ),
    async send(campaign) {
      await storage.write.transaction().execute(trx => queueCampaign(trx, campaign))
      for (const sender of senders) sender.wake()
    },
    until,
    async close() {
      for (const sender of senders) await sender.close()
      await compiler.close()
      await storage.close()
    },
  }
}
