import { afterAll, beforeAll, expect, it } from 'vitest'
import { eachEngine } from '../../../test/engines.ts'
import { type SendingStand, sendingStand } from '../../../test/sending.ts'
import { SmtpSink } from '../../../test/smtp-sink.ts'

eachEngine('a campaign being sent', engine => {
  let stand: SendingStand
  let sink: SmtpSink

  beforeAll(async () => {
    stand = await sendingStand(await engine.freshUrl(), engine.freshDataDir())
    sink = await SmtpSink.start()
    await stand.addPeople(3_000)
  })
  afterAll(async () => {
    await stand.close()
    await sink.close()
  })

  it('goes to everybody once', async () => {
    const campaign = await stand.campaign({ email_service_id: await stand.smtpService(sink.port) })
    await stand.send(campaign)
    const totals = await stand.until(campaign.id, ({ status_id }) => status_id === 4)
    expect(totals).toMatchObject({ total: 3_000, sent: 3_000, pending: 0, claimed: 0 })
    expect(sink.counts.taken).toBe(3_000)
  })
})
