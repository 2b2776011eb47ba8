// SendPortal's API, section 5.4 of the contract: Amazon is asked before a campaign is queued.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Caller } from '../../server/accounts/caller.ts'
import { createGuard } from '../../server/guard.ts'
import { Metrics } from '../../server/http/metrics.ts'
import { createHttpServer } from '../../server/http/server.ts'
import { createLog } from '../../server/log.ts'
import type { SendPortalDoor } from '../../server/send/api/sendportal/door.ts'
import { sendPortalApi, sendPortalRoutes } from '../../server/send/api/sendportal/routes.ts'
import { createEmailService } from '../../server/send/ways-out/email-services.ts'
import { sesQuota } from '../../server/send/ways-out/ses.ts'
import { eachEngine } from '../engines.ts'
import { type FakeSes, fakeSes } from '../providers/fake-ses.ts'
import { type SendingStand, sendingStand } from '../sending.ts'

eachEngine('the quota of SES', engine => {
  let stand: SendingStand
  let ses: FakeSes
  let http: ReturnType<typeof createHttpServer>
  let url = ''
  const said: string[] = []

  beforeAll(async () => {
    stand = await sendingStand(await engine.freshUrl(), engine.freshDataDir())
    ses = await fakeSes()
    await stand.addPeople(3)
    const log = createLog({ level: 'warn', human: false, write: line => said.push(line) })
    http = createHttpServer({ log, metrics: new Metrics(), maxBodySize: 10_000, trustedProxies: [] })
    const caller: Caller = {
      user: { id: 1, name: '', email: '', timezone: 'UTC' },
      as: 'workspace',
      workspaceId: stand.workspaceId,
      role: 'admin',
      via: 'token',
      limitKey: undefined,
    }
    // What else a door has, this conversation does not need.
    const door = {
      storage: stand.storage,
      secrets: stand.secrets,
      log,
      sending: { wake: () => {} },
      sesQuota: settings => sesQuota(settings, { guard: createGuard('allow'), baseUrl: ses.url }),
    } as Partial<SendPortalDoor> as SendPortalDoor
    http.mount(
      sendPortalApi(() => caller, undefined),
      sendPortalRoutes(door),
    )
    url = `http://127.0.0.1:${await http.listen('127.0.0.1', 0)}/api/v1/campaigns`
  })
  afterAll(async () => {
    await http.close()
    await stand.close()
    await ses.close()
  })

  const send = async (changes: object = {}) => {
    const { id } = await createEmailService(stand.storage.write, stand.secrets, stand.workspaceId, {
      name: 'ses',
      typeId: 1,
      settings: { ...ses.settings(), ...changes },
    })
    const campaign = await stand.campaign({ email_service_id: id, scheduled_at: Date.UTC(2999, 0, 1) })
    const response = await fetch(`${url}/${campaign.id}/send`, { method: 'POST' })
    return { status: response.status, json: (await response.json()) as object }
  }

  it('5.4: a campaign of more people than Amazon takes today is refused, with nothing but a message', async () => {
    ses.quota = { Max24HourSend: 200, SentLast24Hours: 197.5, MaxSendRate: 14 }
    expect(await send()).toEqual({
      status: 422,
      json: { message: 'The number of subscribers for this campaign exceeds your SES quota' },
    })
    ses.quota.SentLast24Hours = 197
    expect(await send()).toMatchObject({ status: 200, json: { data: { status_id: 2 } } })
  })

  it('5.4: -1 is no limit, and when Amazon does not say the campaign may go', async () => {
    ses.quota = { Max24HourSend: -1, SentLast24Hours: 5_000, MaxSendRate: 14 }
    expect(await send()).toMatchObject({ status: 200 })
    said.length = 0
    expect(await send({ secret: 'wrong' })).toMatchObject({ status: 200 })
    expect(said.join('')).toContain('SES did not tell its quota')
  })
})
