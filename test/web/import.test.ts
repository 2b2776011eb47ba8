// A file is imported without a pointer, from choosing it to the finished report; another is paused and left alone.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { useBrowser } from '../browser.ts'
import { startPosthorn } from '../posthorn.ts'
import type { Posthorn } from '../posthorn.ts'
import { asOwner, peopleFile } from './audience-people.ts'
import { soon } from './soon.ts'

const { newPage } = useBrowser()
let server: Posthorn
beforeAll(async () => {
  server = await startPosthorn()
})
afterAll(() => server.stop())

const owner = <Answer>(method: string, path: string, body?: unknown) =>
  asOwner<Answer>(server, method, path, body)

/** Tab by tab to what has this role and name, as somebody would who cannot point. */
async function tabTo(
  page: Page,
  role: Parameters<Page['getByRole']>[0],
  name: string | RegExp,
): Promise<void> {
  const target = page.getByRole(role, { name, exact: true })
  await target.first().waitFor()
  for (let step = 0; step < 80; step++) {
    if ((await target.and(page.locator(':focus')).count()) > 0) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`the focus never came to ${role} ${name}`)
}

it('imports a file by keyboard alone', { timeout: 120_000 }, async () => {
  const page = await newPage({ baseURL: server.url })
  // From the start: the browser is told to hand the question over, and must have heard of it before the key.
  const chooser = page.waitForEvent('filechooser', { timeout: 60_000 })
  await page.goto('/imports')
  await tabTo(page, 'link', 'Import a file')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Import a file' }).waitFor()
  await tabTo(page, 'radio', 'A CSV file')
  await page.keyboard.press('ArrowRight')
  await page.getByText('Its attributes can become fields.').waitFor()
  await tabTo(page, 'button', 'Choose a file')
  await page.keyboard.press('Enter')
  await (await chooser).setFiles({
    name: 'shop.csv',
    mimeType: 'application/vnd.ms-excel',
    // As a spreadsheet under Windows writes it: an é is one byte.
    buffer: Buffer.from(peopleFile(120), 'latin1'),
  })

  await page.getByRole('heading', { level: 1, name: 'shop.csv' }).waitFor()
  expect(await page.getByLabel('Delimiter').inputValue()).toBe(';')
  expect(await page.getByLabel('Encoding').inputValue()).toBe('windows-1252')
  expect(await page.getByRole('checkbox', { name: 'The first row names the columns' }).isChecked()).toBe(true)
  expect(await page.getByRole('combobox', { name: 'E-mail becomes' }).inputValue()).toBe('email')
  await page.getByRole('region', { name: 'First rows' }).getByText('Évelyne').first().waitFor()

  // One column is ignored, one becomes a field that is made here.
  await tabTo(page, 'combobox', 'Newsletter since becomes')
  await page.getByRole('combobox', { name: 'Newsletter since becomes' }).selectOption('ignore')
  const city = page.getByRole('combobox', { name: 'City becomes' })
  await tabTo(page, 'combobox', 'City becomes')
  await city.selectOption('new')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.type('Home town')
  await page.keyboard.press('Enter')
  await soon(() => city.inputValue()).toBe('new_field:text:Home town')
  await tabTo(page, 'combobox', 'Tags for everybody in the file')
  await page.keyboard.type('from the shop')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Remove tag from the shop' }).waitFor()

  // What was decided is still there after a look elsewhere.
  await page.reload()
  await soon(() => city.inputValue()).toBe('new_field:text:Home town')
  await tabTo(page, 'button', 'Start dry run')
  await page.keyboard.press('Enter')
  await page.getByText('The dry run is done. Nothing was written.').waitFor()
  expect((await owner<{ counts: { total: number } }>('GET', '/audience')).counts.total).toBe(0)
  await tabTo(page, 'button', 'Import now')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'The import is done.' }).waitFor()

  const faults = page.getByRole('region', { name: 'Bad rows' })
  await faults.getByRole('heading', { name: '3 bad rows' }).waitFor()
  expect(await faults.getByRole('row').nth(1).innerText()).toMatch(/^41\s/)
  await tabTo(page, 'button', 'Download as CSV')
  const coming = page.waitForEvent('download')
  await page.keyboard.press('Enter')
  expect((await coming).suggestedFilename()).toMatch(/\.csv$/)
  await tabTo(page, 'link', 'Show subscribers')
  await page.keyboard.press('Enter')
  await page.getByText('117 people found').waitFor()
  const { subscribers } = await owner<{ subscribers: { fields: object }[] }>(
    'GET',
    '/subscribers?search=evelyne',
  )
  expect(Object.keys(subscribers[0]?.fields ?? {})).toContain('home_town')
})

it('is paused, left, resumed and cancelled', { timeout: 120_000 }, async () => {
  const { import: file } = await owner<{ import: { id: number } }>(
    'POST',
    '/imports',
    peopleFile(150_000, false),
  )
  const { options } = await owner<{ options: object }>('GET', `/imports/${file.id}/preview`)
  await owner('POST', `/imports/${file.id}/start`, { options })
  const page = await newPage({ baseURL: server.url })
  await page.goto(`/imports/${file.id}`)
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByText('Paused. It goes on from here.').waitFor()
  await page.getByRole('link', { name: 'Imports', exact: true }).last().click()
  await page.getByRole('listitem').filter({ hasText: 'Paused' }).getByRole('progressbar').waitFor()
  await page.getByRole('listitem').filter({ hasText: 'Paused' }).getByRole('link').click()
  await page.getByRole('button', { name: 'Resume' }).click()
  await page.getByRole('button', { name: 'Pause' }).waitFor()
  await page.getByRole('button', { name: 'Cancel', exact: true }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel import' }).click()
  await page.getByText('Cancelled').waitFor()
})
