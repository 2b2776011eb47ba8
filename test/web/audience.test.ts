// The audience by hand: people found, chosen, tagged, unsubscribed and deleted; one of them; tags, fields, suppressions.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { useBrowser } from '../browser.ts'
import { startPosthorn } from '../posthorn.ts'
import type { Posthorn } from '../posthorn.ts'
import { asOwner, peopleFile } from './audience-people.ts'
import { soon } from './soon.ts'

const { newPage } = useBrowser()
let server: Posthorn
/** More than one page of the list. */
const PEOPLE = 450

const owner = <Answer>(method: string, path: string, body?: unknown) =>
  asOwner<Answer>(server, method, path, body)

beforeAll(async () => {
  server = await startPosthorn()
  const { import: file } = await owner<{ import: { id: number } }>(
    'POST',
    '/imports',
    peopleFile(PEOPLE, false),
  )
  const { options } = await owner<{ options: object }>('GET', `/imports/${file.id}/preview`)
  await owner('POST', `/imports/${file.id}/start`, { options })
  await vi.waitFor(
    async () => expect((await owner<Audience>('GET', '/audience')).counts.total).toBe(PEOPLE),
    20_000,
  )
}, 90_000)
afterAll(() => server.stop())

interface Audience {
  counts: Record<'total' | 'unsubscribed', number>
}
const audience = async () => (await owner<Audience>('GET', '/audience')).counts

const list = (page: Page) => page.getByRole('listbox', { name: 'Subscribers' })
const row = (page: Page, text: string) => list(page).getByRole('option').filter({ hasText: text })

async function open(path: string, width = 1280): Promise<Page> {
  const page = await newPage({ baseURL: server.url, width, expected: /4(04|22)/ })
  await page.goto(path)
  return page
}

it('leads to every screen from one sidebar, which can be folded and drawn', async () => {
  const page = await open('/')
  const sidebar = page.getByRole('navigation', { name: 'Main' })
  for (const name of ['Subscribers', 'Tags', 'Fields', 'Imports', 'Suppressions']) {
    await sidebar.getByRole('link', { name, exact: true }).click()
    await page.getByRole('main').getByRole('heading', { level: 1, name }).waitFor()
    expect(await sidebar.getByRole('link', { name }).getAttribute('aria-current')).toBe('page')
  }
  await sidebar.getByRole('button', { name: 'Audience' }).press('Enter')
  await sidebar.getByRole('link', { name: 'Tags' }).waitFor({ state: 'detached' })
  await page.reload()
  await sidebar.getByRole('button', { name: 'Audience', expanded: false }).press('Enter')
  await page.setViewportSize({ width: 360, height: 740 })
  await page.getByRole('button', { name: 'Menu', exact: true }).click()
  await page.getByRole('dialog').getByRole('link', { name: 'Tags' }).click()
  await page.getByRole('heading', { level: 1, name: 'Tags' }).waitFor()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
})

it('finds people by name, address, status and tag, and has that in the address', async () => {
  const page = await open('/subscribers')
  await page.getByTitle(`${PEOPLE} subscribers`).waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('lovelace')
  await page.getByText(/^\d+ people found$/).waitFor()
  await soon(() => list(page).getByRole('option').first().innerText()).toContain('lovelace')
  await page.getByRole('combobox', { name: 'Tag' }).selectOption('newsletter')
  await page.getByRole('combobox', { name: 'Order' }).selectOption('By address')
  await soon(() => new URL(page.url()).search).toMatch(/^\?search=lovelace&tag=\d+&order=email$/)
  const addresses = () => list(page).getByRole('option').locator('bdi').allInnerTexts()
  await soon(async () => (await addresses()).length).toBeGreaterThan(3)
  await soon(async () => [...(await addresses())].toSorted()).toEqual(await addresses())

  await page.reload()
  await page.getByText(/^\d+ people found$/).waitFor()
  expect(await page.getByRole('searchbox').inputValue()).toBe('lovelace')
  await page.getByRole('combobox', { name: 'Status' }).selectOption('bounced')
  await page.getByText('Nobody found').waitFor()
  await page.getByRole('button', { name: 'Show everybody' }).click()
  await row(page, 'example.com').first().waitFor()
})

it('is walked by keyboard to its end, and is where it was on the way back', async () => {
  const page = await open('/subscribers?order=email')
  await row(page, 'example.com').first().waitFor()
  await page.keyboard.press('j')
  const active = async () =>
    Number(
      (await row(page, '')
        .and(page.locator(`#${await pointed(page)}`))
        .getAttribute('aria-posinset')) ?? 0,
    )
  await soon(async () => {
    await page.keyboard.press('End')
    return active()
  }).toBe(PEOPLE)
  const last = await page
    .locator(`#${await pointed(page)}`)
    .locator('bdi')
    .innerText()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: last }).waitFor()
  await page.goBack()
  await row(page, last).waitFor()
  expect(await active()).toBe(PEOPLE)
})

function pointed(page: Page): Promise<string | null> {
  return list(page).getAttribute('aria-activedescendant')
}

it('tags and untags those who are chosen, and all that match', { timeout: 60_000 }, async () => {
  const page = await open('/subscribers?search=clarke')
  await row(page, 'clarke').nth(3).waitFor()
  const first = await row(page, 'clarke').first().locator('bdi').innerText()
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await page.keyboard.press('Shift+ArrowDown')
  await row(page, 'clarke')
    .nth(3)
    .click({ modifiers: ['Shift'] })
  await page.getByText('4 selected').waitFor()
  await page.getByRole('button', { name: 'Tag', exact: true }).click()
  await page.getByRole('combobox', { name: 'Tags' }).fill('by hand')
  await page.getByRole('option', { name: 'Make the tag “by hand”' }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Remove tag by hand' }).waitFor()
  await page.getByRole('button', { name: 'Add tags' }).click()
  await page.getByText('Tagged 4 subscribers.').waitFor()
  await row(page, first).filter({ hasText: 'by hand' }).waitFor()
  await page.keyboard.press('Escape')

  // All of a list that is not loaded to its end.
  await page.goto('/subscribers')
  await row(page, 'example.com').first().waitFor()
  await page.getByRole('button', { name: 'Select all that are loaded' }).click()
  await page.getByRole('button', { name: `Select all ${PEOPLE} that match` }).click()
  await page.getByText(`All ${PEOPLE} that match`).waitFor()
  await page.getByRole('button', { name: 'Tag', exact: true }).click()
  await page.getByRole('combobox', { name: 'Tags' }).fill('everybody')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Add tags' }).click()
  await page.getByText(`Tagged ${PEOPLE} subscribers.`).waitFor()
  await page.goto('/tags')
  await page.getByRole('listitem').filter({ hasText: 'everybody' }).getByText(`${PEOPLE} subscribers`).click()
  await page.getByText(`${PEOPLE} people found`).waitFor()
})

it('unsubscribes and deletes in bulk, after a question', { timeout: 60_000 }, async () => {
  const page = await open('/subscribers?search=hamilton')
  await row(page, 'hamilton').first().waitFor()
  await page.getByRole('button', { name: 'Select all that are loaded' }).click()
  const chosen = Number.parseInt(await page.getByText(/^\d+ selected$/).innerText(), 10)
  await page.getByRole('button', { name: 'Unsubscribe' }).click()
  await page
    .getByRole('alertdialog')
    .getByRole('button', { name: `Unsubscribe ${chosen}` })
    .click()
  await page.getByText(`Unsubscribed ${chosen} subscribers.`).waitFor()
  expect((await audience()).unsubscribed).toBe(chosen)
  await row(page, 'Unsubscribed').first().waitFor()

  await page.getByRole('button', { name: `More for ${chosen} subscribers` }).click()
  await page.getByRole('menuitem', { name: `Delete ${chosen}` }).click()
  const question = page.getByRole('alertdialog')
  await question.getByRole('button', { name: `Delete ${chosen}` }).click()
  await question.getByText('That is something else.').waitFor()
  await question.getByRole('textbox').fill(`delete ${chosen}`)
  await page.keyboard.press('Enter')
  await page.getByText(`Deleted ${chosen} subscribers.`).waitFor()
  await page.getByText('Nobody found').waitFor()
  expect((await audience()).total).toBe(PEOPLE - chosen)

  await page.goto('/subscribers?search=perlman')
  await row(page, 'perlman').first().waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await page.getByRole('button', { name: /^More for/ }).click()
  const coming = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'Export as CSV' }).click()
  expect((await coming).suggestedFilename()).toMatch(/\.csv$/)
})

it('adds somebody, knows and changes them, and tells what happened', { timeout: 60_000 }, async () => {
  await owner('POST', '/fields', { label: 'Plan', kind: 'one_of', options: ['Free', 'Team'] })
  const page = await open('/subscribers')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Email').fill('not an address')
  await dialog.getByRole('button', { name: 'Add subscriber' }).click()
  await dialog.locator('[aria-invalid="true"]').waitFor()
  await dialog.getByLabel('Email').fill('new@example.org')
  await dialog.getByLabel('First name').fill('Nora')
  await dialog.getByRole('button', { name: 'Add subscriber' }).click()
  await page.getByText('new@example.org is added.').waitFor()
  await row(page, 'new@example.org').click()
  await page.getByRole('heading', { level: 1, name: 'new@example.org' }).waitFor()

  const timeline = page.getByRole('list', { name: 'Timeline' })
  await timeline.getByText('Added by hand').waitFor()
  const details = page.getByRole('region', { name: 'Details' })
  await details.getByLabel('Last name').fill('Newman')
  await details.getByLabel('Plan').selectOption('Team')
  await details.getByLabel('Orders').fill('3')
  await details.getByRole('button', { name: 'Save' }).click()
  await timeline.getByText('Newman').waitFor()
  await timeline.getByText('Plan:').waitFor()
  await details.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' })

  await page.getByRole('combobox', { name: 'Tags' }).fill('made here')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Remove tag made here' }).waitFor()
  await timeline.getByText('made here').waitFor()

  await page.getByRole('region', { name: 'Status' }).getByRole('button', { name: 'Unsubscribe' }).click()
  await page.getByRole('region', { name: 'Status' }).getByText('by someone of your team').waitFor()
  await page.getByText('Gets no campaigns until they subscribe again.').waitFor()

  await page.getByLabel('Note').fill('Met at the fair.')
  await page.keyboard.press('Control+Enter')
  await timeline.getByText('Met at the fair.').waitFor()
  await timeline.getByRole('button', { name: 'Delete note' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete note' }).click()
  await timeline.getByText('Met at the fair.').waitFor({ state: 'detached' })

  await owner('POST', '/suppressions', { value: 'example.org' })
  await page.reload()
  await page.getByText('Nothing is sent to this address.').waitFor()
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete subscriber' }).click()
  await page.getByText('new@example.org is deleted.').waitFor()
  await page.goBack()
  await page.getByText('This subscriber is not here').waitFor()
})

it('makes, renames and deletes tags', async () => {
  const page = await open('/tags')
  await page.getByLabel('New tag').fill('first')
  await page.keyboard.press('Enter')
  const tags = page.getByRole('list', { name: 'Tags' })
  await tags.getByText('first').waitFor()
  await page.getByLabel('New tag').fill('first')
  await page.keyboard.press('Enter')
  await page.locator('[aria-invalid="true"]').waitFor()
  await page.getByRole('button', { name: 'Rename first' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('second')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Delete second' }).click()
  await page.getByRole('alertdialog').getByText('Nobody has it.').waitFor()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete tag' }).click()
  await tags.getByText('second').waitFor({ state: 'detached' })
})

it('makes fields, puts them in order by keyboard and by hand, and deletes them', async () => {
  const page = await open('/fields')
  const fields = page.getByRole('list', { name: 'Fields' })
  await page.getByRole('button', { name: 'Add field' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name', { exact: true }).fill('Interests')
  await dialog.getByText('Many of', { exact: true }).click()
  await dialog.getByRole('textbox', { name: 'Option 1' }).fill('Trains')
  await page.keyboard.press('Enter')
  await soon(() => page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('Option 2')
  await page.keyboard.type('Boats')
  await dialog.getByRole('button', { name: 'Add field' }).click()
  await fields.getByText('Trains, Boats').waitFor()

  const order = () => fields.getByRole('listitem').locator('.font-medium').allInnerTexts()
  const before = await order()
  await fields.getByRole('button', { name: 'Move Interests' }).press('ArrowUp')
  await soon(async () => (await order()).at(-2)).toBe('Interests')
  await fields.getByRole('button', { name: 'Move Interests' }).dragTo(fields.getByRole('listitem').first())
  await soon(async () => (await order())[0]).toBe('Interests')
  await page.reload()
  await soon(order).toEqual(['Interests', ...before.slice(0, -1)])

  await page.getByRole('button', { name: 'Delete Interests' }).click()
  await page.getByRole('alertdialog').getByRole('textbox').fill('Interests')
  await page.keyboard.press('Enter')
  await fields.getByText('Trains, Boats').waitFor({ state: 'detached' })
})

it('keeps a suppression list', async () => {
  const page = await open('/suppressions')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Address or domain').fill('nonsense')
  await dialog.getByRole('button', { name: 'Suppress' }).click()
  await dialog
    .getByText(/address|domain/i)
    .nth(1)
    .waitFor()
  await dialog.getByLabel('Address or domain').fill('Spam@Example.net')
  await page.keyboard.press('Enter')
  await page.getByText('spam@example.net is suppressed.').waitFor()
  await page.getByRole('button', { name: 'Paste many' }).click()
  await dialog.getByLabel(/one a line/).fill('a@example.com\nspam@example.net\nno such thing\nexample.info')
  await dialog.getByRole('button', { name: 'Suppress all' }).click()
  await dialog.getByText('2 entries added, 1 were on the list before, 1 line not understood.').waitFor()
  await dialog.getByText('Line 3:').waitFor()
  await page.keyboard.press('Escape')
  const rows = page.getByRole('list', { name: 'Suppressions' }).getByRole('listitem')
  await page.getByRole('combobox', { name: 'Kind' }).selectOption('domain')
  await rows.filter({ hasText: 'a@example.com' }).waitFor({ state: 'detached' })
  await page.getByRole('searchbox').fill('info')
  await rows.filter({ hasText: 'example.info' }).getByRole('button', { name: 'Remove example.info' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Take off the list' }).click()
  await page.getByText('example.info is off the list.').waitFor()
  await page.getByText('Nothing found').waitFor()
})
