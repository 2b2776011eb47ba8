// Coming in: local mode, its end, signing in and out, tokens.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { useBrowser } from '../browser.ts'
import { startPosthorn } from '../posthorn.ts'
import type { Posthorn } from '../posthorn.ts'
import { soon } from './soon.ts'

const PASSWORD = 'four words make sense'
let server: Posthorn

beforeEach(async () => {
  server = await startPosthorn()
})
afterEach(() => server.stop())
// Last, since what runs after each test runs in reverse: the pages close before the server they ask goes away.
const { newPage } = useBrowser()

it('opens without a question in local mode, until a password is set; then people sign in and out', async () => {
  const page = await newPage({ baseURL: server.url, expected: /401|422/ })
  await page.goto('/')
  await page.getByText('Local mode').waitFor()
  await page.getByRole('button', { name: /Account menu/ }).click()
  await page.getByRole('menuitem', { name: 'Set a password' }).click()

  await page.getByLabel('Your name').fill('Ada')
  await page.getByLabel('Email').fill('ada@example.com')
  await page.getByLabel('Password').fill('short')
  await page.getByRole('button', { name: 'Set password and continue' }).click()
  await page.locator('[aria-invalid="true"]').waitFor()
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Set password and continue' }).click()
  await page.getByText('Your password is set.').waitFor()
  await page.getByText('Waiting for the first message').waitFor()
  expect(await page.getByText('Local mode').count()).toBe(0)

  // Another browser is a stranger now, and comes to where it wanted after signing in.
  const other = await newPage({ baseURL: server.url, expected: /401/ })
  await other.goto('/inboxes/1/setup')
  await other.getByRole('heading', { name: 'Sign in' }).waitFor()
  await other.getByLabel('Email').fill('ada@example.com')
  await other.getByLabel('Password').fill('wrong')
  await other.getByRole('button', { name: 'Sign in' }).click()
  await other.getByText('Wrong email or password').waitFor()
  await other.getByLabel('Password').fill(PASSWORD)
  await other.keyboard.press('Enter')
  await other.getByRole('heading', { name: 'Send to this inbox' }).waitFor()

  // Signing out in one tab signs out the other tabs of that browser.
  const tab = await page.context().newPage()
  await tab.goto(`${server.url}/account`)
  await tab.getByRole('heading', { name: 'Account' }).waitFor()
  await page.getByRole('button', { name: /Account menu/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await tab.getByRole('heading', { name: 'Sign in' }).waitFor()
  await other.reload()
  await other.getByRole('heading', { name: 'Send to this inbox' }).waitFor()
})

it('does not lead to other places after signing in', async () => {
  await server.stop()
  server = await startPosthorn({
    env: { POSTHORN_ADMIN_EMAIL: 'ada@example.com', POSTHORN_ADMIN_PASSWORD: PASSWORD },
  })
  const page = await newPage({ baseURL: server.url, expected: /401/ })
  await page.goto('/login?next=//evil.example/')
  await page.getByLabel('Email').fill('ada@example.com')
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('Waiting for the first message').waitFor()
  expect(page.url()).toBe(`${server.url}/inboxes/1`)
})

it('shows a token once, and it works until it is deleted', async () => {
  const page = await newPage({ baseURL: server.url })
  await page.goto('/account')
  await page.getByLabel('What is it for?').fill('CI pipeline')
  await page.getByRole('button', { name: 'Create token' }).click()
  await page.getByText('Copy it now').waitFor()
  const token = (await page.getByRole('status').locator('code').innerText()).trim()
  const status = async () =>
    (await fetch(`${server.url}/api/v1/user`, { headers: { 'api-token': token } })).status
  expect(await status()).toBe(200)

  await page.reload()
  await page.getByRole('listitem').filter({ hasText: 'CI pipeline' }).waitFor()
  expect(await page.content()).not.toContain(token)
  await page.getByRole('button', { name: 'Delete token CI pipeline' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete token' }).click()
  await page.getByRole('listitem').filter({ hasText: 'CI pipeline' }).waitFor({ state: 'detached' })
  await soon(status).toBe(401)
})

it('keeps the profile and the theme', async () => {
  const page = await newPage({ baseURL: server.url })
  await page.goto('/account')
  await page.getByLabel('Name', { exact: true }).fill('Ada Lovelace')
  await page.getByLabel('Time zone of the API').selectOption('Europe/Berlin')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved.').waitFor()
  await page.getByRole('button', { name: /Account menu/ }).click()
  await page.getByRole('menuitemcheckbox', { name: 'Dark' }).click()
  await page.reload()
  await page.getByRole('button', { name: /Ada Lovelace/ }).waitFor()
  expect(await page.getByLabel('Time zone of the API').inputValue()).toBe('Europe/Berlin')
  expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark')
})
