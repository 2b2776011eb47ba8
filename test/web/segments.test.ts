// Segments: built by keyboard alone, counted as they are built, kept, copied, deleted, and looked at.
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createField } from '../../server/send/audience/custom-fields.ts'
import { createSubscriber } from '../../server/send/audience/subscribers.ts'
import { addTags } from '../../server/send/audience/tagging.ts'
import { createTag } from '../../server/send/audience/tags.ts'
import { openDatabase } from '../../server/storage/database.ts'
import { axe, shot, useBrowser } from '../browser.ts'
import { startPosthorn } from '../posthorn.ts'
import type { Posthorn } from '../posthorn.ts'
import { soon } from './soon.ts'

const { newPage } = useBrowser()
const DAY = 86_400_000
let server: Posthorn

beforeAll(async () => {
  server = await startPosthorn()
  await fill()
})
afterAll(() => server.stop())

/** Twenty-four people, of whom every second is a Pro, every third a VIP, every sixth unsubscribed; one campaign. */
async function fill(): Promise<void> {
  const db = await openDatabase({ engine: 'sqlite', file: join(server.dataDir, 'posthorn.db') })
  try {
    for (const [label, kind, options] of [
      ['Plan', 'one_of', ['Free', 'Pro']],
      ['Age', 'number', []],
      ['Member since', 'date', []],
    ] as const)
      await createField(db, 1, { label, kind, options: [...options] })
    const vip = await createTag(db, 1, 'VIP')
    await createTag(db, 1, 'Press')
    const latest = await sentCampaign()
    for (let number = 1; number <= 24; number++) {
      const { id } = await createSubscriber(db, 1, {
        email: `person-${number}@${number % 4 === 0 ? 'example.org' : 'example.com'}`,
        first_name: number % 5 === 0 ? null : `Person ${number}`,
        fields: { plan: number % 2 === 0 ? 'Pro' : 'Free', age: 20 + number },
        ...(number % 6 === 0 && { status: 'unsubscribed', status_reason: 'by_subscriber' }),
        source: 'import',
      })
      if (number % 3 === 0) await addTags(db, [id], [vip], { userId: null })
      if (number <= 8) await received(latest, id, number <= 4)
    }

    async function sentCampaign(): Promise<number> {
      const times = { created_at: 1, updated_at: 1 }
      const service = await db
        .insertInto('email_services')
        .values({ workspace_id: 1, name: 's', type_id: 6, settings: '', ...times })
        .returning('id')
        .executeTakeFirstOrThrow()
      const { id } = await db
        .insertInto('campaigns')
        .values({
          workspace_id: 1,
          name: 'News',
          subject: 's',
          content: '',
          status_id: 4,
          template_id: null,
          email_service_id: service.id,
          from_name: 'f',
          from_email: 'f@example.com',
          is_open_tracking: 1,
          is_click_tracking: 1,
          send_to_all: 1,
          save_as_draft: 0,
          scheduled_at: null,
          sent_at: Date.now() - DAY,
          ...times,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      return id
    }

    async function received(campaign: number, person: number, opened: boolean): Promise<void> {
      await db
        .insertInto('deliveries')
        .values({
          campaign_id: campaign,
          subscriber_id: person,
          workspace_id: 1,
          email: '',
          status: 'sent',
          created_at: Date.now() - DAY,
          sent_at: Date.now() - DAY,
          opened_at: opened ? Date.now() : null,
          clicked_at: null,
        })
        .execute()
    }
  } finally {
    await db.destroy()
  }
}

const reach = (page: Page) => page.getByRole('region', { name: 'Whom it reaches' })

it('is built by keyboard alone, and counted as it is built', { timeout: 90_000 }, async () => {
  const page = await newPage({ baseURL: server.url })
  const keys = async (...pressed: string[]) => {
    for (const key of pressed) await page.keyboard.press(key)
  }
  await page.goto('/segments')
  await page.getByRole('link', { name: 'Build the first one' }).focus()
  await keys('Enter')
  await reach(page).getByText('24 people').waitFor()
  await reach(page).getByText('20 of them can be written to').waitFor()
  // The name has the focus.
  await page.keyboard.type('Pros and openers')
  // Past the way conditions are joined, to "Add condition"; the new condition has the focus.
  await keys('Tab', 'Tab', 'Enter')
  await page.keyboard.type('Plan')
  await keys('Tab', 'Tab', 'Tab')
  // Its first choice was passed over: "is", then which.
  await page.getByRole('group', { name: 'Plan' }).getByLabel('Value of Plan').focus()
  await page.keyboard.type('Pro')
  await reach(page).getByText('12 people').waitFor()
  await reach(page).getByText('8 of them can be written to').waitFor()

  // A group inside: any of two.
  await page.getByRole('button', { name: 'Add group' }).focus()
  await keys('Enter')
  const group = page.getByRole('group', { name: 'Group', exact: true })
  expect(await group.getByLabel('How conditions of the group are joined').inputValue()).toBe('any')
  await page.keyboard.type('Age')
  await keys('Tab')
  await page.keyboard.type('is at least')
  await keys('Tab')
  await reach(page).getByText('Finish the conditions').waitFor()
  await page.keyboard.type('40')
  await reach(page).getByText('3 people').waitFor()
  await group.getByRole('button', { name: 'Add condition' }).focus()
  await keys('Enter')
  await page.keyboard.type('Activity')
  await keys('Tab', 'Tab')
  await page.keyboard.type('3')
  // 20, 22 and 24 by age, 2 and 4 opened it.
  await reach(page).getByText('5 people').waitFor()
  expect(await reach(page).getByRole('listitem').allInnerTexts()).toHaveLength(5)
  await reach(page).getByText('person-24@example.org').waitFor()

  await page.getByLabel('Name').focus()
  await keys('Enter')
  await page.getByText('Saved “Pros and openers”.').waitFor()
  await page.getByRole('link', { name: 'Show them in the list' }).focus()
  await keys('Enter')
  await soon(() => new URL(page.url()).searchParams.get('segment')).toBe('1')

  // What is left behind unsaved is asked about.
  await page.goto('/segments/1')
  await page.getByRole('button', { name: 'Remove Activity' }).focus()
  await keys('Enter')
  await reach(page).getByText('3 people').waitFor()
  await page.getByText('Not saved yet.').waitFor()
  await page.getByRole('link', { name: 'All segments' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Saved.').waitFor()
  await page.getByRole('link', { name: 'All segments' }).click()
  await page.getByText('Plan is Pro, and Age is at least 40').waitFor()
})

it('says what is missing, asks the latest question only, and keeps what cannot be asked any more', async () => {
  const page = await newPage({ baseURL: server.url, expected: /422/ })
  await page.goto('/segments/new')
  await page.getByRole('button', { name: 'Never clicked' }).click()
  expect(await page.getByLabel('Name').inputValue()).toBe('Never clicked')
  await reach(page).getByText('24 people').waitFor()
  const asked: string[] = []
  page.on('request', request => {
    if (request.url().endsWith('/segments/preview')) asked.push(request.postData() ?? '')
  })
  await page.getByRole('button', { name: 'Add condition' }).click()
  await page.getByRole('group', { name: 'Tags' }).getByLabel('About').selectOption('Email')
  await page.getByRole('button', { name: 'Save segment' }).click()
  await page.getByText('A condition is not finished.').waitFor()
  await page.getByText('Not finished yet.').waitFor()
  await page.getByLabel('Test of Email').selectOption('ends with')
  await page.getByLabel('Value of Email').pressSequentially('example.org', { delay: 5 })
  await reach(page).getByText('6 people').waitFor()
  // Eleven letters, and far fewer questions.
  expect(asked.length).toBeLessThan(5)
  expect(asked.at(-1)).toContain('example.org')
  await page.getByRole('button', { name: 'Save segment' }).click()
  await page.getByText('Saved “Never clicked”.').waitFor()

  // A name that is taken, said at the name.
  await page.getByLabel('Name').fill('Pros and openers')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.locator('[aria-invalid="true"]').waitFor()
  await page.getByLabel('Name').fill('Never clicked')
  await page.goto('/segments')
  await page.getByRole('button', { name: 'Segment Never clicked' }).click()
  await page.getByRole('menuitem', { name: 'Duplicate' }).click()
  await page.getByRole('link', { name: 'Never clicked (copy)', exact: true }).waitFor()
  const row = page.getByRole('listitem').filter({ hasText: 'Never clicked (copy)' })
  await row.getByText('6 people').waitFor()
  await row.getByRole('button', { name: 'Segment Never clicked (copy)' }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete segment' }).click()
  await row.waitFor({ state: 'detached' })
})

it.each(['light', 'dark'] as const)('looks right in %s', { timeout: 90_000 }, async colorScheme => {
  const faults: string[] = []
  for (const [name, size] of [
    ['wide', { width: 1280, height: 800 }],
    ['narrow', { width: 360, height: 740 }],
  ] as const) {
    const page = await newPage({ baseURL: server.url, colorScheme, ...size })
    const look = async (screen: string) => {
      faults.push(...(await axe(page)).map(fault => `${screen}: ${fault}`))
      const beyond = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
      if (beyond > 0) faults.push(`${screen}: ${beyond} px wider than the window`)
      await shot(page, `${screen}-${name}-${colorScheme}`)
    }
    await page.goto('/segments')
    await page
      .getByText(/\d+ reachable/)
      .nth(1)
      .waitFor()
    await look('segments')
    await page.goto('/segments/new')
    await reach(page).getByText('24 people').waitFor()
    await look('segment-new')
    await page.goto('/segments/1')
    await reach(page).getByText('3 people').waitFor()
    const group = page.getByRole('group', { name: 'Group', exact: true })
    await group.getByRole('button', { name: 'Add condition' }).click()
    await group.getByRole('combobox', { name: 'Value of Tags' }).fill('V')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Escape')
    await group.getByRole('button', { name: 'Add condition' }).click()
    await group.getByLabel('About').last().selectOption('Status')
    await group.getByRole('button', { name: 'Unsubscribed' }).click()
    await page.getByRole('button', { name: 'Add condition' }).last().click()
    await reach(page).getByText('Finish the conditions').waitFor()
    await look('segment')
  }
  expect(faults).toEqual([])
})
