// The published description of how a token is made, followed to the letter in a real browser: wide and narrow.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { axe, shot, useBrowser } from '../browser.ts'
import { startPosthorn } from '../posthorn.ts'
import type { Posthorn } from '../posthorn.ts'
import { soon } from './soon.ts'

const PASSWORD = 'four words make sense'
const { newPage } = useBrowser()
let server: Posthorn

beforeAll(async () => {
  const owner = { POSTHORN_ADMIN_EMAIL: 'ada@example.com', POSTHORN_ADMIN_PASSWORD: PASSWORD }
  server = await startPosthorn({ env: owner })
})
afterAll(() => server.stop())

it.each([
  ['wide', { width: 1280, height: 800 }],
  ['narrow', { width: 360, height: 740 }],
] as const)('makes, uses and deletes a token by the book at a %s window', async (name, size) => {
  const page = await newPage({ baseURL: server.url, ...size })
  await page.goto('/login')
  await page.getByLabel('Email').fill('ada@example.com')
  await page.getByLabel('Password').fill(PASSWORD)
  await page.keyboard.press('Enter')

  // "Click on your user name in the top right corner"
  const user = page.getByRole('button', { name: 'Owner Account menu' })
  await user.waitFor()
  const box = await user.boundingBox()
  expect(box && size.width - (box.x + box.width)).toBeLessThan(24)
  expect(box?.y).toBeLessThan(16)
  await user.click()
  // "Select API Tokens from the menu."
  await page.getByRole('menuitem', { name: 'API Tokens', exact: true }).click()
  // "You will see a list of any previously generated API tokens, including when they were generated and an option to
  // delete them."
  await page.getByRole('heading', { name: 'API Tokens' }).waitFor()
  const first = page.getByRole('listitem').filter({ hasText: 'Workspace token' })
  await first.getByText(/^Generated \w+ \d+, \d{4}/).waitFor()
  await first.getByRole('button', { name: 'Delete token Workspace token' }).waitFor()

  // "To add a new token, optionally provide a description for the token, and then click Add Token."
  const made: string[] = []
  for (const description of ['', `By the book, ${name}`]) {
    if (description) await page.getByLabel('Description').fill(description)
    await page.getByRole('button', { name: 'Add Token' }).click()
    const shown = page.getByRole('main').locator('code')
    await soon(async () => (await shown.count()) === 1 && !made.includes(await shown.innerText())).toBe(true)
    made.push(await shown.innerText())
    await page.getByRole('button', { name: 'Copy token' }).waitFor()
  }
  expect(await axe(page)).toEqual([])
  await shot(page, `api-tokens-${name}`)

  // "You will now be able to use the generated token to authenticate with the API for the current workspace."
  const call = (path: string, token: string) =>
    fetch(server.url + path, { headers: { accept: 'application/json', authorization: `Bearer ${token}` } })
  const status = async (token: string) => (await call('/api/v1/tags', token)).status
  for (const token of made) expect(await status(token)).toBe(200)
  const ping = await call('/api/v1/ping', made[0] ?? '')
  expect([ping.status, await ping.text()]).toEqual([200, 'ok'])
  const byParameter = await fetch(`${server.url}/api/v1/tags?api_token=${made[0]}`)
  expect(byParameter.status).toBe(200)
  const wrong = await call('/api/v1/tags', '9w2fN7d4F3Banyv7gihYOWJEH6MvtYyZ')
  expect([wrong.status, await wrong.json()]).toEqual([401, { message: 'Unauthenticated.' }])

  // It was used, and is shown in full no more.
  await page.reload()
  const row = page.getByRole('listitem').filter({ hasText: `By the book, ${name}` })
  await row.getByText(/^Last used/).waitFor()
  for (const token of made) expect(await page.content()).not.toContain(token)
  await row.getByRole('button', { name: /^Delete token/ }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete token' }).click()
  await row.waitFor({ state: 'detached' })
  await soon(() => status(made[1] ?? '')).toBe(401)
  expect(await status(made[0] ?? '')).toBe(200)
})
