// Campaigns through the browser: made, tested, sent and watched by keyboard alone; written by two people at once.
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { useBrowser } from '../browser.ts'
import { startPosthorn } from '../posthorn.ts'
import type { Posthorn } from '../posthorn.ts'
import { asOwner } from './audience-people.ts'
import { soon } from './soon.ts'

const { newPage } = useBrowser()
let server: Posthorn
const ids = { service: 0, customers: 0 }

beforeAll(async () => {
  server = await startPosthorn()
  const { service } = await owner<One<'service'>>('POST', '/email-services', {
    name: 'Into our inbox',
    type_id: 8,
    settings: { inbox_id: 1 },
  })
  const { tag } = await owner<One<'tag'>>('POST', '/tags', { name: 'Customers' })
  ids.service = service.id
  ids.customers = tag.id
  for (const [first_name, status, tag_ids] of [
    ['Grace', 'subscribed', [tag.id]],
    ['Joan', 'subscribed', [tag.id]],
    ['Hedy', 'unsubscribed', [tag.id]],
    ['Radia', 'subscribed', []],
  ] as const)
    await owner('POST', '/subscribers', {
      email: `${first_name.toLowerCase()}@example.com`,
      first_name,
      status,
      tag_ids,
    })
})
afterAll(() => server.stop())

type One<Name extends string> = Record<Name, { id: number; updated_at: string; status: string; name: string }>

const owner = <Answer>(method: string, path: string, body?: unknown) =>
  asOwner<Answer>(server, method, path, body)

/** Subjects and recipients of what our inbox got. */
async function arrived(): Promise<string[]> {
  const { messages } = await owner<{ messages: { subject: string; to: { email: string }[] }[] }>(
    'GET',
    '/inboxes/1/messages',
  )
  return messages.map(({ subject, to }) => `${to[0]?.email}: ${subject}`).toSorted()
}

const draft = async (fields: object = {}) =>
  (
    await owner<One<'campaign'>>('POST', '/campaigns', {
      name: 'Written before',
      subject: 'News for {{first_name}}',
      from_name: 'Fernweh',
      from_email: 'news@example.com',
      email_service_id: ids.service,
      content: '<p>Hello {{first_name}}</p>',
      ...fields,
    })
  ).campaign
const statusOf = async (id: number) =>
  (await owner<One<'campaign'>>('GET', `/campaigns/${id}`)).campaign.status

/** As much of a browser's page as is asked for here: the types of the tests are those of Node. */
interface Frame {
  contentDocument: { images: { naturalWidth: number }[] }
}

const focused = (target: Locator) =>
  target.evaluate(element => (element as unknown as { matches(selector: string): boolean }).matches(':focus'))

/** As somebody without a mouse gets there. */
async function tabTo(page: Page, target: Locator, key = 'Tab'): Promise<void> {
  await target.waitFor()
  for (let presses = 0; presses < 90; presses += 1) {
    if (await focused(target)) return
    await page.keyboard.press(key)
  }
  expect.fail(`not reached by ${key}: ${target}`)
}

const mail = (page: Page) => page.frameLocator('iframe[title="The mail as HTML"]')
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name })

it('is made, looked at, tested, aimed and sent by keyboard alone', { timeout: 120_000 }, async () => {
  const page = await newPage({ baseURL: server.url, expected: /422/ })
  const { keyboard } = page
  await page.goto('/campaigns')
  await page.getByText('No campaign in the making').waitFor()
  await keyboard.press('n')
  await soon(() => focused(page.getByLabel('Name of the campaign'))).toBe(true)
  await keyboard.type('Spring letter')
  await tabTo(page, page.getByLabel('Subject', { exact: true }))
  await keyboard.type('Spring is here, ')
  await keyboard.press('Tab')
  await keyboard.press('Enter')
  await page.getByRole('menuitem', { name: /^First name/ }).waitFor()
  await keyboard.type('First')
  await soon(() => focused(page.getByRole('menuitem', { name: /^First name/ }))).toBe(true)
  await keyboard.press('Enter')
  await soon(() => page.getByLabel('Subject', { exact: true }).inputValue()).toBe(
    'Spring is here, {{first_name|there}}',
  )
  await tabTo(page, page.getByLabel('From name'))
  await keyboard.type('Fernweh')
  await keyboard.press('Tab')
  await keyboard.type('news@')
  await tabTo(page, page.getByLabel('Email service'))
  // What is no address is refused when one has left it, and all else is kept.
  await page.getByText('From email must be').waitFor()
  await keyboard.type('Into our')
  await tabTo(page, page.getByLabel('From email'), 'Shift+Tab')
  await keyboard.press('End')
  await keyboard.type('example.com')
  await tabTo(page, page.getByRole('textbox', { name: 'Content of the mail' }))
  await keyboard.type('Dear reader,')
  await keyboard.press('Enter')
  await keyboard.press('Control+b')
  await keyboard.type('the swallows are back.')
  await mail(page).locator('b', { hasText: 'the swallows are back.' }).waitFor()
  await page.getByText('Saved', { exact: true }).waitFor()
  expect(page.url()).toMatch(/\/campaigns\/1\/edit$/)

  await tabTo(page, button(page, 'Preview and send'), 'Shift+Tab')
  await keyboard.press('Enter')
  await page.waitForURL(/\/campaigns\/1$/)
  await mail(page).getByText('Dear reader,').waitFor()
  await tabTo(page, button(page, /^Preview as/))
  await keyboard.press('Enter')
  await keyboard.type('grace')
  await tabTo(page, button(page, /^Grace/))
  await keyboard.press('Enter')
  await page.getByText('Spring is here, Grace').first().waitFor()
  await tabTo(page, button(page, 'Headers'), 'Shift+Tab')
  await keyboard.press('Enter')
  await page.getByRole('region', { name: 'Headers' }).getByText('List-Unsubscribe', { exact: true }).waitFor()

  await tabTo(page, page.getByLabel('Test email address'))
  await keyboard.press('Control+a')
  await keyboard.type('desk@example.com')
  await keyboard.press('Enter')
  await page.getByText('On its way to desk@example.com.').waitFor()
  await soon(arrived).toEqual(['desk@example.com: [Test] Spring is here, Grace'])

  await page.getByText('Choose at least one tag or segment.').waitFor()
  await tabTo(page, page.getByRole('checkbox', { name: /^Customers/ }))
  await keyboard.press('Space')
  await page.getByText('2 people get it').waitFor()
  await page.getByText('1 left out').waitFor()
  await tabTo(page, button(page, /^Send to 2 people/))
  await keyboard.press('Enter')
  const dialog = page.getByRole('alertdialog', { name: 'Send to 2 people now?' })
  await dialog.getByText('Spring is here, Grace').waitFor()
  await dialog.getByText('Into our inbox (Inbox)').waitFor()
  // A blind Enter sends nothing.
  expect(await focused(dialog.getByRole('button', { name: 'Not yet' }))).toBe(true)
  await keyboard.press('Tab')
  await keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
  await page.getByText('The last mail has left').waitFor()
  await soon(() => focused(page.getByRole('heading', { level: 1 }))).toBe(true)
  await page.getByText('out of 2 sent', { exact: true }).waitFor()
  expect(await arrived()).toEqual([
    'desk@example.com: [Test] Spring is here, Grace',
    'grace@example.com: Spring is here, Grace',
    'joan@example.com: Spring is here, Joan',
  ])
  await tabTo(page, page.getByRole('link', { name: 'View report' }))
  await keyboard.press('Enter')
  await page.waitForURL(/\/campaigns\/1\/report$/)
})

it('saves by itself, and loses nothing when the server is away or somebody else writes', {
  timeout: 90_000,
}, async () => {
  const { id } = await draft()
  const page = await newPage({ baseURL: server.url, expected: /409|ERR_FAILED/ })
  await page.goto(`/campaigns/${id}/edit`)
  const subject = page.getByLabel('Subject', { exact: true })
  const text = page.getByRole('textbox', { name: 'Content of the mail' })
  await text.getByText('Hello').waitFor()

  // Others' changes elsewhere in it are taken over.
  await owner('PATCH', `/campaigns/${id}`, { preheader: 'By somebody else' })
  await subject.fill('Mine')
  await page.getByText('Their changes are in here, too.').waitFor()
  await soon(() => page.getByLabel('Preheader').inputValue()).toBe('By somebody else')
  await page.getByText('Saved', { exact: true }).waitFor()

  // In the same place one has to choose.
  await owner('PATCH', `/campaigns/${id}`, { subject: 'Theirs' })
  await subject.fill('Mine again')
  const question = page.getByRole('alert', { name: 'Changed by somebody else' })
  await question.getByText('Theirs', { exact: true }).nth(1).waitFor()
  await question.getByRole('button', { name: 'Keep mine' }).click()
  await page.getByText('Saved', { exact: true }).waitFor()
  const kept = await owner<{ campaign: { subject: string } }>('GET', `/campaigns/${id}`)
  expect(kept.campaign.subject).toBe('Mine again')

  await page.route('**/api/posthorn/campaigns/*', route =>
    route.request().method() === 'PATCH' ? route.abort('failed') : route.continue(),
  )
  await text.focus()
  await page.keyboard.press('Control+End')
  await page.keyboard.type(', written in a tunnel')
  await page.getByText('What you write stays in this browser.').waitFor()
  page.on('dialog', dialog => void dialog.accept())
  await page.unroute('**/api/posthorn/campaigns/*')
  await page.reload()
  await text.getByText('written in a tunnel').waitFor()
  await soon(async () => {
    const { campaign } = await owner<{ campaign: { content: string } }>('GET', `/campaigns/${id}`)
    return campaign.content
  }).toContain('written in a tunnel')

  // What the plain editor cannot hold stays as it was written.
  await button(page, 'HTML').first().click()
  const code = page.getByRole('textbox', { name: 'Content of the mail, as HTML' })
  await code.focus()
  await page.keyboard.press('Control+End')
  await page.keyboard.type('<table><tr><td>Cell</td></tr></table>')
  await page.getByText('which only HTML can hold').waitFor()
  await page
    .getByLabel('Pictures to carry inline')
    .setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: PIXEL })
  await page.getByRole('list', { name: 'Attachments' }).getByText('logo.png').waitFor()
  await page.getByText('cid:logo', { exact: true }).waitFor()
  await code.focus()
  await page.keyboard.type('<img src="cid:logo" alt="Logo">')
  await soon(() =>
    page
      .locator('iframe[title="The mail as HTML"]')
      .evaluate(frame => (frame as unknown as Frame).contentDocument.images[0]?.naturalWidth),
  ).toBe(1)
  await page.getByRole('button', { name: 'Remove logo.png' }).click()
  await page.getByText('logo.png').waitFor({ state: 'detached' })
})

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

it('is scheduled, taken back, paused, resumed, cancelled, copied and deleted', {
  timeout: 90_000,
}, async () => {
  await owner('PATCH', '/sending-settings', { undo_seconds: 600 })
  const { id } = await draft({ name: 'For later', send_to_all: true })
  const page = await newPage({ baseURL: server.url })
  await page.goto(`/campaigns/${id}`)
  await page.getByText('3 people get it').waitFor()
  await page.getByText('At a date and time').click()
  const when = page.getByLabel(/^Date and time/)
  await when.fill('2031-12-24T18:30')
  await button(page, 'Schedule for 3 people …').click()
  const dialog = page.getByRole('alertdialog')
  await dialog.getByText(/2031/).waitFor()
  await dialog.getByRole('button', { name: 'Schedule for 3 people' }).click()
  await page.getByText('Nothing has left yet.').waitFor()
  await button(page, 'Take it back').click()
  await page.getByText('Taken back.').waitFor()
  expect(await when.inputValue()).toBe('2031-12-24T18:30')
  await soon(() => statusOf(id)).toBe('draft')

  // At no hour of today: it begins, and waits.
  await owner('PATCH', '/sending-settings', { undo_seconds: 0 })
  await page.getByText('Now', { exact: true }).click()
  await page.getByText('Only at certain hours').click()
  const days = page.getByRole('group', { name: 'Days' })
  for (const day of ['Mon', 'Tue', 'Wed', 'Thu', 'Fri']) await days.getByText(day).click()
  await page.getByText('Choose at least one day.').waitFor()
  const others = [...'MTWTFSS']
    .map((_letter, index) => index)
    .filter(day => day !== (new Date().getUTCDay() + 6) % 7)
  await days
    .getByRole('button')
    .nth(others[0] ?? 0)
    .click()
  await button(page, 'Send to 3 people …').click()
  await dialog.getByRole('button', { name: 'Send to 3 people' }).click()
  await page.getByText('Waits for:').waitFor()
  await button(page, 'Pause').click()
  await page.getByText('Somebody paused it').waitFor()
  await button(page, 'Resume').click()
  await button(page, 'Pause').waitFor()

  // One whose mails are kept until somebody sends them.
  const kept = await draft({ name: 'Kept', send_to_all: true })
  await page.goto(`/campaigns/${kept.id}`)
  await page.getByText('Keep as drafts').click()
  await button(page, 'Make 3 drafts …').click()
  await dialog.getByRole('button', { name: 'Make 3 drafts' }).click()
  await button(page, 'Send 3 drafts').click()
  await dialog.getByRole('button', { name: 'Send them' }).click()
  await page.getByText('The last draft has left').waitFor()
  await page.getByText('out of 3 sent', { exact: true }).waitFor()

  await page.goto('/campaigns')
  await page.getByRole('progressbar', { name: 'Progress of For later' }).waitFor()
  await page.getByText('0 of 3').waitFor()
  await button(page, 'Campaign For later').click()
  await page.getByRole('menuitem', { name: 'Cancel' }).click()
  await dialog.getByRole('button', { name: 'Cancel campaign' }).click()
  await soon(() => statusOf(id)).toBe('cancelled')
  await page.getByRole('link', { name: 'Sent', exact: true }).click()
  await page.getByRole('link', { name: 'For later', exact: true }).waitFor()
  await page.getByText('Cancelled', { exact: true }).waitFor()
  await page.getByText('100.0%').first().waitFor({ state: 'detached' })
  await button(page, 'Campaign For later').click()
  await page.getByRole('menuitem', { name: 'Duplicate' }).click()
  await page.waitForURL(/\/edit$/)
  await soon(() => page.getByLabel('Name of the campaign').inputValue()).toBe('For later - Duplicate')
  await button(page, 'More').click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await dialog.getByRole('button', { name: 'Delete draft' }).click()
  await page.waitForURL(/\/campaigns$/)
  await page.getByText('Draft deleted.').waitFor()
  await page.getByRole('searchbox', { name: 'Search campaigns' }).fill('no such name')
  await page.getByText('Nothing found').waitFor()
})
