// The screens of what became of campaigns, and of the ways out, in both themes, at both widths.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { inTheme, looks, useBrowser } from '../browser.ts'
import { startPosthorn } from '../posthorn.ts'
import type { Posthorn } from '../posthorn.ts'
import { asOwner } from './audience-people.ts'
import { type SentCampaign, sentCampaign } from './sent-campaign.ts'

const PASSWORD = 'four words make sense'
const { newPage } = useBrowser()
let server: Posthorn
let sent: SentCampaign

beforeAll(async () => {
  server = await startPosthorn({
    env: { POSTHORN_ADMIN_EMAIL: 'ada@example.com', POSTHORN_ADMIN_PASSWORD: PASSWORD },
  })
  const joan = ['--email', 'joan@example.com', '--name', 'Joan', '--password', PASSWORD]
  const made = server.run(['user', 'create', ...joan])
  sent = await sentCampaign(server)
  await asOwner(server, 'POST', '/email-services', {
    name: 'Mailgun, of a name that is far too long for the place in which it stands',
    type_id: 3,
    settings: { key: 'key', domain: 'mg.books.example', zone: 'EU' },
    limits: { per_day: 50_000, warm_up: { started_on: '2026-01-01', per_day: [50, 100, 200] } },
    next_service_id: sent.serviceId,
  })
  await asOwner(server, 'POST', '/sending-domains', { domain: 'books.example' })
  const { campaign } = await asOwner<{ campaign: { id: number } }>(server, 'POST', '/campaigns', {
    name: 'Advent, first Sunday',
    subject: 'Light one candle',
    from_name: 'Posthorn Books',
    from_email: 'news@books.example',
    email_service_id: sent.serviceId,
    content: '<p>Light one candle.</p>',
  })
  const scheduled_at = new Date(Date.now() + 30 * 86_400_000).toISOString()
  await asOwner(server, 'POST', `/campaigns/${campaign.id}/send`, { recipients: 'all', scheduled_at })
  await made
}, 120_000)
afterAll(() => server.stop())

interface Screen {
  path: string | (() => string)
  shows: string
  act?: (page: Page) => Promise<void>
}

const report = () => `/campaigns/${sent.campaignId}/report`

/** By who looks. Joan has a workspace in which nothing was ever sent. */
const SCREENS: Record<string, Record<string, Screen>> = {
  'ada@example.com': {
    dashboard: { path: '/dashboard', shows: 'Last campaigns' },
    report: {
      path: report,
      shows: 'By domain',
      act: async page => {
        await page.getByRole('button', { name: 'What is the difference?' }).click()
        const chart = page.getByRole('region', { name: 'Over time', exact: true })
        await chart.getByRole('img').waitFor()
        await page.getByRole('region', { name: 'By link', exact: true }).locator('iframe').waitFor()
      },
    },
    'report-opens': { path: () => `${report()}/opens`, shows: 'Opened twice' },
    messages: { path: '/messages', shows: 'nobody knows whether they arrived' },
    'message-doubt': { path: () => `/messages/${sent.ids.ambiguous}`, shows: 'Did it arrive?' },
    'message-clicked': { path: () => `/messages/${sent.ids.clicked}`, shows: 'A link was clicked' },
    'service-new': {
      path: '/email-services/new',
      shows: 'What kind?',
      act: async page => {
        await page.getByText('SMTP', { exact: true }).click()
        await page.getByRole('switch', { name: /^Warm up/ }).click()
        await page.getByRole('button', { name: 'Add a domain' }).click()
      },
    },
    'service-webhook': {
      path: '/email-services/2',
      shows: 'What comes back',
      act: page => page.getByRole('region', { name: 'What comes back' }).scrollIntoViewIfNeeded(),
    },
    domains: { path: '/sending-domains', shows: 'books.example' },
    settings: { path: '/sending-settings', shows: 'Automatic pause' },
  },
  'joan@example.com': {
    'dashboard-empty': { path: '/dashboard', shows: 'No campaign was sent yet' },
    'messages-empty': { path: '/messages', shows: 'Nothing was sent yet' },
    'services-empty': { path: '/email-services', shows: 'No email service yet' },
    'domains-empty': { path: '/sending-domains', shows: 'No sending domain yet' },
    'report-gone': { path: report, shows: 'This campaign is not here' },
  },
}

const SIZES = { wide: { width: 1280, height: 800 }, narrow: { width: 360, height: 740 } }

it.each(Object.keys(SCREENS))('every screen is right for %s', { timeout: 240_000 }, async email => {
  const faults: string[] = []
  const page = await newPage({ expected: /404/ })
  await page.goto(`${server.url}/login?next=/messages`)
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Messages', exact: true }).waitFor()
  for (const [screen, { path, shows, act }] of Object.entries(SCREENS[email] ?? {})) {
    await page.setViewportSize(SIZES.wide)
    await inTheme(page, 'light')
    await page.goto(server.url + (typeof path === 'string' ? path : path()))
    await page.getByText(shows).filter({ visible: true }).first().waitFor()
    await act?.(page)
    for (const [name, size] of Object.entries(SIZES)) {
      await page.setViewportSize(size)
      faults.push(...(await looks(page, `${screen}-${name}`)))
    }
  }
  expect(faults).toEqual([])
})
