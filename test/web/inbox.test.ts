// The list of an inbox: what arrives, what the keyboard does, what is found, chosen and deleted.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { useBrowser } from '../browser.ts'
import { ADMIN_API_TOKEN, startPosthorn } from '../posthorn.ts'
import type { Posthorn } from '../posthorn.ts'
import { numbered, sendMail } from './app-mail.ts'
import { soon } from './soon.ts'

const { newPage } = useBrowser()
let server: Posthorn

beforeAll(async () => {
  server = await startPosthorn({ env: { POSTHORN_INBOX_MAX_MESSAGES: '0' } })
})
afterAll(() => server.stop())
beforeEach(async () => {
  await fetch(`${server.url}/api/v1/inboxes/1/clean`, {
    method: 'PATCH',
    headers: { 'api-token': ADMIN_API_TOKEN },
  })
})

const rows = (page: Page) => page.getByRole('option')
const row = (page: Page, subject: string) => page.getByRole('option').filter({ hasText: subject })
const active = async (page: Page) => {
  const id = await page.getByRole('listbox').getAttribute('aria-activedescendant')
  return id && (await page.locator(`#${id}`).innerText())
}
const heading = (page: Page) => page.getByRole('article').getByRole('heading', { level: 2 })

async function open(path = '/'): Promise<Page> {
  const page = await newPage({ baseURL: server.url })
  await page.goto(path)
  await page.getByRole('navigation').getByRole('link', { name: 'My inbox' }).waitFor()
  return page
}

it('shows mail as it arrives, in every tab, and counts it in the title', async () => {
  const one = await open()
  await one.getByText('Waiting for the first message').waitFor()
  const two = await one.context().newPage()
  await two.goto(`${server.url}/inboxes/1`)
  await two.getByText('Waiting for the first message').waitFor()

  await sendMail(server, numbered(1, 2))
  for (const page of [one, two]) {
    await row(page, 'Message 2').waitFor()
    await soon(() => rows(page).allInnerTexts()).toHaveLength(2)
    await soon(() => page.title()).toBe('(2) My inbox · Posthorn')
  }

  // What is read in one tab is read in the other.
  await row(one, 'Message 1').click()
  await heading(one).filter({ hasText: 'Message 1' }).waitFor()
  await soon(() => two.title()).toBe('(1) My inbox · Posthorn')
  await soon(() => row(two, 'Message 1').innerText()).not.toContain('Unread')

  // The tab that listens for both may be closed.
  await one.close()
  await sendMail(server, numbered(3, 3))
  await row(two, 'Message 3').waitFor()
})

it('goes on after the server was restarted, and shows what came meanwhile', async () => {
  const page = await newPage({ baseURL: server.url, expected: /ERR_|Failed to load/ })
  await page.goto('/inboxes/1')
  await sendMail(server, numbered(1, 1))
  await row(page, 'Message 1').waitFor()

  await server.kill('SIGTERM')
  await page.getByText('Offline. Reconnecting').waitFor()
  await server.restart()
  await sendMail(server, numbered(2, 2))
  await row(page, 'Message 2').waitFor()
  await page.getByText('Offline. Reconnecting').waitFor({ state: 'detached' })
  await sendMail(server, numbered(3, 3))
  await row(page, 'Message 3').waitFor()
})

it('is walked by keyboard: down, up, open, unread, delete, close', async () => {
  await sendMail(server, numbered(1, 4))
  const page = await open()
  await row(page, 'Message 4').waitFor()
  await page.keyboard.press('j')
  await soon(() => active(page)).toContain('Message 4')
  await page.keyboard.press('ArrowDown')
  await soon(() => active(page)).toContain('Message 3')
  await page.keyboard.press('k')
  await page.keyboard.press('Enter')
  await heading(page).filter({ hasText: 'Message 4' }).waitFor()
  await soon(() => row(page, 'Message 4').innerText()).not.toContain('Unread')

  await page.keyboard.press('j')
  await heading(page).filter({ hasText: 'Message 3' }).waitFor()
  await soon(() => page.title()).toContain('(2)')
  await page.keyboard.press('u')
  await page.getByText('No message open').waitFor()
  await soon(() => page.title()).toContain('(3)')

  await row(page, 'Message 3').click()
  await heading(page).filter({ hasText: 'Message 3' }).waitFor()
  await page.keyboard.press('#')
  await heading(page).filter({ hasText: 'Message 2' }).waitFor()
  await soon(() => rows(page).count()).toBe(3)
  await page.keyboard.press('Escape')
  await page.getByText('No message open').waitFor()
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keyboard' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
})

it('neither brings back what was just deleted nor asks for it', async () => {
  await sendMail(server, numbered(1, 3))
  const page = await open()
  await row(page, 'Message 2').waitFor()
  // A look at the list that the server answers before the deletion and that arrives after it.
  let late: (() => Promise<void>) | undefined
  await page.route(/\/messages\?/, async route => {
    const response = await route.fetch()
    if (late === undefined) late = () => route.fulfill({ response })
    else await route.fulfill({ response })
  })
  await fetch(`${server.url}/api/v1/inboxes/1/all_read`, {
    method: 'PATCH',
    headers: { 'api-token': ADMIN_API_TOKEN },
  })
  await soon(() => late !== undefined).toBe(true)
  await row(page, 'Message 2').hover()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await soon(() => active(page)).toContain('Message 2')
  const id = /\d+$/.exec((await page.getByRole('listbox').getAttribute('aria-activedescendant')) ?? '')?.[0]
  const deleted = page.waitForResponse(/\/bulk$/)
  await page.keyboard.press('#')
  await deleted
  const asked: string[] = []
  page.on('request', request => asked.push(request.url()))
  const lookedAgain = page.waitForResponse(/\/messages\?/)
  await late?.()
  await lookedAgain
  await soon(() => rows(page).count()).toBe(2)
  expect(asked.filter(url => url.endsWith(`/messages/${id}`))).toEqual([])
})

it('leaves the keys to fields, and gives the focus back from search to the list', async () => {
  await sendMail(server, numbered(1, 3))
  const page = await open()
  await row(page, 'Message 3').waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('juk#x')
  await page.getByText('Nothing found').waitFor()
  expect(await page.getByRole('searchbox').inputValue()).toBe('juk#x')
  await page.keyboard.press('Escape')
  await soon(() => rows(page).count()).toBe(3)
  await page.keyboard.press('ArrowDown')
  await soon(() => active(page)).toContain('Message 3')
})

it('searches, filters, and has both in the address', async () => {
  await sendMail(server, [
    ...numbered(1, 12),
    { from: 'a@example.com', to: 'z@example.com', subject: 'An invoice', text: 'Zwiebelkuchen' },
  ])
  const page = await open()
  await row(page, 'An invoice').waitFor()
  await page.getByRole('searchbox').fill('zwiebel')
  await soon(() => rows(page).count()).toBe(1)
  expect(new URL(page.url()).search).toBe('?search=zwiebel')
  await row(page, 'An invoice').click()
  await heading(page).filter({ hasText: 'An invoice' }).waitFor()
  expect(new URL(page.url()).search).toBe('?search=zwiebel')
  await soon(() => page.title()).toContain('(12)')

  await page.goBack()
  await page.getByText('No message open').waitFor()
  await page.goBack()
  await soon(() => rows(page).count()).toBeGreaterThan(5)
  expect(await page.getByRole('searchbox').inputValue()).toBe('')

  await page.getByRole('button', { name: /^Unread/ }).click()
  await soon(() =>
    rows(page)
      .allInnerTexts()
      .then(texts => texts.join()),
  ).not.toContain('An invoice')
  await page.goto('/inboxes/1?search=number+7&unread=1')
  await soon(() =>
    rows(page)
      .allInnerTexts()
      .then(texts => texts.join()),
  ).toContain('Message 7')
  await soon(() => rows(page).count()).toBe(1)

  // What arrives and matches shows up in the search too.
  await sendMail(server, [
    { from: 'a@example.com', to: 'b@example.com', subject: 'New', text: 'number 7 again' },
  ])
  await row(page, 'New').waitFor()
})

it('chooses with keys and clicks, and changes what is chosen', async () => {
  await sendMail(server, numbered(1, 6))
  const page = await open()
  await row(page, 'Message 6').waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await page.keyboard.press('Shift+ArrowDown')
  await page.keyboard.press('Shift+ArrowDown')
  await page.getByText('3 selected').waitFor()
  await page.getByRole('button', { name: 'Mark as read' }).click()
  await soon(() => page.title()).toContain('(3)')
  await page.getByText('3 selected').waitFor({ state: 'detached' })

  await row(page, 'Message 5').click({ modifiers: ['Control'] })
  await row(page, 'Message 2').click({ modifiers: ['Shift'] })
  await page.getByText('4 selected').waitFor()
  expect(await page.getByRole('option', { selected: true }).count()).toBe(4)
  await page.keyboard.press('Escape')
  await page.getByText('4 selected').waitFor({ state: 'detached' })

  await row(page, 'Message 5').click({ modifiers: ['Control'] })
  await row(page, 'Message 2').click({ modifiers: ['Control'] })
  await page.getByText('2 selected').waitFor()
  await page.keyboard.press('Delete')
  await soon(() => rows(page).count()).toBe(4)
  await page.keyboard.press('Control+a')
  await page.getByText('4 selected').waitFor()
  await page.getByRole('button', { name: 'Mark as unread' }).click()
  await soon(() => page.title()).toContain('(4)')
})

it('marks all as read, and is cleaned after a question', async () => {
  await sendMail(server, numbered(1, 5))
  const page = await open()
  await row(page, 'Message 5').waitFor()
  await page.getByRole('button', { name: 'Inbox actions' }).click()
  await page.getByRole('menuitem', { name: 'Mark all as read' }).click()
  await soon(() => page.title()).toBe('My inbox · Posthorn')

  const clean = async () => {
    await page.getByRole('button', { name: 'Inbox actions' }).click()
    await page.getByRole('menuitem', { name: 'Clean inbox' }).click()
  }
  await clean()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('alertdialog').waitFor({ state: 'detached' })
  await soon(() => page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('Inbox actions')
  expect(await rows(page).count()).toBe(5)
  await clean()
  await page.getByRole('button', { name: 'Delete all messages' }).click()
  await page.getByText('Waiting for the first message').waitFor()
})

it('loads older messages as one scrolls, and stays in place when new ones come', async () => {
  await sendMail(server, numbered(1, 450))
  const page = await open()
  await row(page, 'Message 450').waitFor()
  await page.getByRole('listbox').focus()
  await soon(async () => {
    await page.keyboard.press('End')
    return active(page)
  }).toMatch(/Message 1$/m)
  await row(page, /^Message 1$/ as unknown as string)
    .or(row(page, 'Message 1'))
    .first()
    .waitFor()
  expect(await page.getByRole('option').count()).toBeLessThan(60)

  await page.getByRole('listbox').evaluate(list => list.scrollTo(0, 7800))
  await row(page, 'Message 350').waitFor()
  const place = async () => (await row(page, 'Message 350').boundingBox())?.y
  const before = await place()
  await sendMail(server, numbered(451, 453))
  await page.getByRole('button', { name: '3 new' }).waitFor()
  expect(await place()).toBe(before)
  await page.getByRole('button', { name: '3 new' }).click()
  await row(page, 'Message 453').waitFor()
})

it('says when a message or an inbox is not there', async () => {
  const page = await newPage({ baseURL: server.url, expected: /404/ })
  await page.goto('/inboxes/1/messages/99999999')
  await page.getByText('This message is gone').waitFor()
  await page.goto('/inboxes/4711')
  await page.getByText('There is no such inbox').waitFor()
  await page.goto('/nowhere/at/all')
  await page.getByText('There is nothing here').waitFor()
})
