// What became of a campaign, and the ways out, through the browser: numbers, people, drafts, doubts, services, domains.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { useBrowser } from '../browser.ts'
import { startPosthorn } from '../posthorn.ts'
import type { Posthorn } from '../posthorn.ts'
import { asOwner } from './audience-people.ts'
import { type SentCampaign, sentCampaign } from './sent-campaign.ts'
import { soon } from './soon.ts'

const { newPage } = useBrowser()
let server: Posthorn
let sent: SentCampaign

beforeAll(async () => {
  server = await startPosthorn()
  sent = await sentCampaign(server)
})
afterAll(() => server.stop())

const owner = <Answer>(method: string, path: string, body?: unknown) =>
  asOwner<Answer>(server, method, path, body)

/** The number beside a word, in a list of definitions. */
async function figure(page: Page, within: string, word: string): Promise<string> {
  const part = page.getByRole('region', { name: within, exact: true })
  const row = part.locator('dl > div').filter({ has: page.getByText(word, { exact: true }) })
  return (await row.locator('dd').innerText()).replaceAll('\n', ' ')
}

it('tells what became of a campaign, of people and with machines', async () => {
  const page = await newPage({ baseURL: server.url })
  await page.goto(`/campaigns/${sent.campaignId}/report`)
  await page.getByRole('heading', { level: 1, name: /^Autumn catalogue/ }).waitFor()
  // Of 56 recipients 4 were skipped, 4 were refused and 4 are in doubt.
  expect(await figure(page, 'Numbers', 'Sent')).toBe('44 of 56')
  expect(await figure(page, 'Numbers', 'Delivered')).toBe('90.9% 40')
  expect(await figure(page, 'Numbers', 'Opened')).toBe('45.5% 20 people')
  expect(await figure(page, 'Numbers', 'Clicked')).toBe('18.2% 8 people')
  expect(await figure(page, 'Numbers', 'Bounced')).toBe('18.2% 8')
  expect(await figure(page, 'Numbers', 'Complaints')).toBe('9.1% 4')
  await page.getByRole('button', { name: 'With machines' }).click()
  expect(await figure(page, 'Numbers', 'Opened, with machines')).toBe('54.5% 24 mails')
  await page.getByRole('button', { name: 'What is the difference?' }).click()
  await page.getByText('scanners of mail servers follow every link').waitFor()

  const chart = page.getByRole('region', { name: 'Over time', exact: true })
  await chart.getByRole('img', { name: /20 opened, 8 clicked/ }).waitFor()
  await chart.getByRole('button', { name: 'Table' }).click()
  expect(await chart.getByRole('row').count()).toBeGreaterThan(1)

  const who = 'Who got it, who did not'
  expect(await figure(page, who, 'Meant')).toBe('65')
  expect(await figure(page, who, 'Unsubscribed before')).toBe('− 5')
  expect(await figure(page, who, 'Recipients')).toBe('56')
  expect(await figure(page, who, 'Ambiguous')).toBe('4')
  await page.getByLabel('Did somebody not get it?').fill('never@example.org')
  await page.keyboard.press('Enter')
  await page.getByRole('status').getByText('is not among the recipients').waitFor()

  const domains = page.getByRole('region', { name: 'By domain', exact: true })
  await domains.getByRole('row', { name: /^gmail\.com/ }).waitFor()
  const links = page.getByRole('region', { name: 'By link', exact: true })
  await links.getByRole('link', { name: 'https://books.example/autumn' }).waitFor()
  const mail = links.frameLocator('iframe')
  await mail.locator('[data-link="1"]').getByText('1', { exact: true }).waitFor()
  expect(await mail.locator('.posthorn-number').allInnerTexts()).toEqual(['1', '2'])
  const file = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export CSV' }).click()
  expect((await file).suggestedFilename()).toMatch(/\.csv$/)
})

it('names the people behind a number, and what became of each mail', async () => {
  const page = await newPage({ baseURL: server.url })
  await page.goto(`/campaigns/${sent.campaignId}/report`)
  await page.getByRole('link', { name: /^Clicks/ }).click()
  const list = page.getByRole('list', { name: 'Clicks', exact: true })
  await soon(() => list.getByRole('listitem').count()).toBe(8)
  await page.getByRole('searchbox', { name: 'Search clicks' }).fill('ada.0@')
  await soon(() => list.getByRole('listitem').count()).toBe(1)
  await list.getByRole('link', { name: 'ada.0@gmail.com' }).click()

  await page.getByRole('heading', { level: 1, name: 'ada.0@gmail.com' }).waitFor()
  const trail = page.getByRole('list', { name: 'What became of it' })
  await trail.getByText('A link was clicked by a person.').waitFor()
  expect(await trail.getByRole('listitem').first().innerText()).toContain('Put on the list of recipients')
  await page.getByRole('region', { name: 'The mail' }).frameLocator('iframe').getByText('Dear Ada').waitFor()
  await page.getByRole('button', { name: 'Back' }).click()
  await page.getByRole('searchbox', { name: 'Search clicks' }).waitFor()

  // What the first server refused has bounced, though it was never sent.
  await page.getByRole('link', { name: /^Bounces/ }).click()
  await soon(() => page.getByRole('list', { name: 'Bounces' }).getByRole('listitem').count()).toBe(8)
  await page.goto(`/messages/${sent.ids.bounced}`)
  await trail.getByText(/Came back, for good.*User unknown/).waitFor()
})

it('finds what is in doubt, and takes a decision', async () => {
  const page = await newPage({ baseURL: server.url })
  await page.goto('/messages')
  await page.getByRole('note').getByText('4 messages').waitFor()
  await page.getByRole('link', { name: 'Show them' }).click()
  const list = page.getByRole('list', { name: 'Messages' })
  await soon(() => list.getByRole('listitem').count()).toBe(4)
  await list.getByRole('link').first().click()
  await page.getByRole('heading', { name: 'Did it arrive?' }).waitFor()
  await page.getByRole('button', { name: 'It arrived' }).click()
  await page.getByText('It counts as sent.').waitFor()
  await page.getByRole('heading', { name: 'Did it arrive?' }).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Back' }).click()
  await soon(() => list.getByRole('listitem').count()).toBe(3)

  await page.getByRole('combobox', { name: 'Status' }).selectOption('skipped')
  await list.getByText('On the suppression list: asked by phone').first().waitFor()
  await page.getByRole('button', { name: 'Clear', exact: true }).click()
  await page.getByRole('searchbox', { name: 'Search messages' }).fill('nobody at all')
  await page.getByRole('heading', { name: 'Nothing found' }).waitFor()
})

it('sends and deletes drafts', async () => {
  const { campaign } = await owner<{ campaign: { id: number } }>('POST', '/campaigns', {
    name: 'Looked at one by one',
    subject: 'For {{first_name}}',
    from_name: 'Posthorn Books',
    from_email: 'news@books.example',
    email_service_id: sent.serviceId,
    content: '<p>Dear {{first_name}}, this is yours.</p>',
  })
  await owner('POST', `/campaigns/${campaign.id}/send`, {
    recipients: 'chosen',
    tag_ids: [sent.tagId],
    behaviour: 'draft',
  })
  const page = await newPage({ baseURL: server.url })
  const { next } = await drafted(page)
  await next.first().focus()
  await page.keyboard.press('Space')
  await next.nth(1).check()
  await page.getByText('2 selected').waitFor()
  await page.getByRole('button', { name: 'Send selected' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Send', exact: true }).click()
  await page.getByText('2 messages are on their way.').waitFor()
  await soon(() => next.count()).toBe(6)
  await soon(async () => {
    const { messages } = await owner<{ messages: { subject: string }[] }>('GET', '/inboxes/1/messages')
    return messages.filter(({ subject }) => subject.startsWith('For ')).length
  }).toBe(2)

  await page
    .getByRole('button', { name: /^Delete the draft to/ })
    .first()
    .click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
  await page.getByText('The message was deleted.').waitFor()
  await soon(() => next.count()).toBe(5)
  await page
    .getByRole('button', { name: /^Send now to/ })
    .first()
    .click()
  await page.getByText('The message was sent successfully.').waitFor()
  await page.getByRole('button', { name: 'Select all' }).click()
  await page.getByText('4 selected').waitFor()
})

/** The drafts, once the campaign has made them. */
async function drafted(page: Page) {
  const next = page.getByRole('checkbox', { name: /^Select / })
  await soon(async () => {
    await page.goto('/messages?drafts=1')
    await page.getByRole('heading', { name: 'Messages' }).waitFor()
    await page.waitForLoadState('networkidle')
    return next.count()
  }).toBe(8)
  return { next }
}

it('follows a campaign while it is being sent, and says what it waits for', async () => {
  const { service } = await owner<{ service: { id: number } }>('POST', '/email-services', {
    name: 'Three an hour',
    type_id: 8,
    settings: { inbox_id: 1 },
    limits: { per_hour: 3 },
  })
  const { campaign } = await owner<{ campaign: { id: number } }>('POST', '/campaigns', {
    name: 'Slow but sure',
    subject: 'Slowly',
    from_name: 'Posthorn Books',
    from_email: 'news@books.example',
    email_service_id: service.id,
    content: '<p>Slowly.</p>',
  })
  await owner('POST', `/campaigns/${campaign.id}/send`, { recipients: 'chosen', tag_ids: [sent.tagId] })
  const page = await newPage({ baseURL: server.url })
  await page.goto(`/campaigns/${campaign.id}/report`)
  const strip = page.getByRole('region', { name: 'Sending', exact: true })
  await strip.getByText('Sending: 3 of 8').waitFor()
  await strip.getByText('Waits for:').waitFor()
  expect(await strip.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('37')
  await soon(() => figure(page, 'Numbers', 'Sent')).toBe('3 of 8')

  await owner('POST', `/campaigns/${campaign.id}/pause`, {})
  await strip.getByText('Paused at 3 of 8').waitFor()
  await owner('POST', `/campaigns/${campaign.id}/cancel`, {})
  await page.reload()
  await page.getByText('Cancelled', { exact: true }).waitFor()
  expect(await figure(page, 'Who got it, who did not', 'Skipped')).toBe('5')
})

it('adds an email service, limits it, tests it and deletes it', async () => {
  const page = await newPage({ baseURL: server.url, expected: /422/ })
  await page.goto('/email-services')
  await page.getByRole('link', { name: 'Add a service' }).click()
  await page.getByText('SMTP', { exact: true }).click()
  await page.getByRole('button', { name: 'Add service' }).click()
  await page.getByText('The SMTP Email Service requires you to enter a host').waitFor()
  await page.getByLabel('Name', { exact: true }).fill('Our sandbox by SMTP')
  await page.getByLabel('Host').fill('127.0.0.1')
  await page.getByLabel('Port').fill(String(server.smtpPort))
  await page.getByLabel('Encryption').selectOption('')
  await page.getByLabel('Per hour').fill('2000')
  await page.getByRole('switch', { name: /^Warm up/ }).click()
  await page.getByLabel('First day').fill('100')
  await page.getByLabel('Last day').fill('1600')
  await page.getByLabel('Days').fill('5')
  const plan = page.getByRole('region', { name: 'Warm-up plan' })
  expect(
    (await plan.getByRole('row').allInnerTexts()).slice(1).map(row => row.split('\t').at(-1)?.trim()),
  ).toEqual(['100', '200', '400', '800', '1,600'])
  await page.getByLabel('Fallback').selectOption({ label: 'Into our inbox' })
  await page.getByRole('button', { name: 'Add service' }).click()

  await page.getByRole('heading', { level: 1, name: 'Our sandbox by SMTP' }).waitFor()
  await page.getByRole('button', { name: 'Send a test' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('To', { exact: true }).fill('ann@example.com')
  await dialog.getByLabel('From', { exact: true }).fill('news@books.example')
  await dialog.getByRole('button', { name: 'Send test' }).click()
  await dialog.getByText('The service took the mail to ann@example.com.').waitFor()
  await page.keyboard.press('Escape')
  const port = page.getByLabel('Port')
  await port.fill('1')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('“Our sandbox by SMTP” is saved.').waitFor()
  await page.getByRole('button', { name: 'Send a test' }).click()
  await dialog.getByLabel('To', { exact: true }).fill('ann@example.com')
  await dialog.getByLabel('From', { exact: true }).fill('news@books.example')
  await dialog.getByRole('button', { name: 'Send test' }).click()
  await dialog.getByText(/^Response: /).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Delete email service' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete email service' }).click()
  await page.getByText('“Our sandbox by SMTP” is deleted.').waitFor()

  // One that a campaign uses stays, and says why.
  await page.getByRole('link', { name: 'Into our inbox' }).click()
  expect(await page.getByLabel('Inbox').locator('option:checked').innerText()).toBe('My inbox')
  await page.getByRole('button', { name: 'Delete email service' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete email service' }).click()
  await page.getByText('You cannot delete an email service that is currently used by a campaign').waitFor()
})

it('adds a sending domain and keeps the sending settings', async () => {
  const page = await newPage({ baseURL: server.url })
  await page.goto('/sending-domains')
  await page.getByLabel('Domain', { exact: true }).fill('books.example')
  await page.getByRole('button', { name: 'Add domain' }).click()
  const records = page.getByRole('list', { name: 'Records of books.example' })
  await records
    .getByText(/^v=DKIM1; k=rsa/)
    .first()
    .waitFor()
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await records.getByRole('button', { name: 'Copy the value of DKIM', exact: true }).click()
  await soon(() => page.evaluate<string>('navigator.clipboard.readText()')).toMatch(/^v=DKIM1;/)

  await page.getByRole('link', { name: 'Sending settings' }).click()
  await page.getByText('Send them again', { exact: true }).click()
  await page.getByLabel('Complaints, %').fill('0.1')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('The settings are saved.').waitFor()
  const { settings } = await owner<{ settings: object }>('GET', '/sending-settings')
  expect(settings).toMatchObject({ ambiguous: 'retry', pause_complaint_rate: 0.001 })
})

it('shows on the dashboard how the last ones went and what waits for somebody', async () => {
  const page = await newPage({ baseURL: server.url })
  await page.goto('/dashboard')
  const last = page.getByRole('region', { name: 'Last campaigns', exact: true })
  const row = last.getByRole('row', { name: /^Autumn catalogue/ })
  const [, many, opened] = (await row.innerText()).split('\t')
  // One more, once it was decided that it arrived.
  expect(many).toMatch(/^4[45]$/)
  expect(opened).toMatch(/^4[45]\.\d%$/)
  await page.getByRole('region', { name: 'Growth of the audience', exact: true }).getByRole('img').waitFor()
  await page.getByRole('region', { name: 'Needs attention' }).getByRole('link').first().click()
  await page.getByRole('list', { name: 'Messages' }).waitFor()
})
