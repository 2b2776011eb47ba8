// Campaigns that are cancelled while what the server has just said of their mails is being written down.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eachEngine } from '../../../test/engines.ts'
import { type SendingStand, sendingStand } from '../../../test/sending.ts'
import { SmtpSink } from '../../../test/smtp-sink.ts'
import { cancelCampaign } from '../campaigns/campaign-states.ts'

eachEngine('a campaign that is cancelled meanwhile', engine => {
  let stand: SendingStand
  let sink: SmtpSink

  beforeAll(async () => {
    stand = await sendingStand(await engine.freshUrl(), engine.freshDataDir())
    // Every tenth of a second each mail is tried, and told to come back.
    sink = await SmtpSink.start({ answer: '451 4.3.0 Not now' })
    await stand.addPeople(2)
  })
  afterAll(async () => {
    await stand.close()
    await sink.close()
  })

  it('leaves no mail waiting, and none claimed', { timeout: 60_000 }, async () => {
    const service = await stand.smtpService(sink.port)
    const campaigns = []
    for (let i = 0; i < 16; i++) {
      const campaign = await stand.campaign({ email_service_id: service })
      await stand.send(campaign)
      campaigns.push(campaign)
    }
    for (const campaign of campaigns) {
      await stand.until(campaign.id, (_, { pending, claimed }) => pending + claimed === 2)
      await stand.storage.write.transaction().execute(trx => cancelCampaign(trx, campaign))
      await stand.sender.stop({ campaignIds: [campaign.id] })
    }
    for (const { id } of campaigns)
      expect(await stand.until(id, (_, { skipped }) => skipped === 2)).toMatchObject({
        pending: 0,
        claimed: 0,
      })
  })
})
