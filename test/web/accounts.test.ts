// Coming in: local mode, its end, signing in and out, tokens.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { useBrowser } from '../browser.ts'
import { startFakeRelay } from '../fake-relay.ts'
import type { FakeRelay } from '../fake-relay.ts'
import { ADMIN_API_TOKEN, startPosthorn } from '../posthorn.ts'
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
  await page.goto('/api-tokens')
  await page.getByLabel('Description').fill('CI pipeline')
  await page.getByLabel('Whose').selectOption('Yours')
  await page.getByRole('button', { name: 'Add Token' }).click()
  await page.getByText('Copy it now').waitFor()
  const token = (await page.getByRole('main').locator('code').innerText()).trim()
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
  await page.getByLabel('Time zone').selectOption('Asia/Tokyo')
  await page.getByLabel('Dates and numbers as in').selectOption('Deutsch')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved.').waitFor()
  await page.getByRole('button', { name: /Account menu/ }).click()
  await page.getByRole('menuitemcheckbox', { name: 'Dark' }).click()
  await page.reload()
  await page.getByRole('button', { name: /Ada Lovelace/ }).waitFor()
  expect(await page.getByLabel('Time zone').inputValue()).toBe('Asia/Tokyo')
  const today = new Intl.DateTimeFormat('de', { dateStyle: 'full', timeZone: 'Asia/Tokyo' })
  await page.getByText(`Now it is ${today.format(new Date())}`).waitFor()
  expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark')
})

it('resets the API token and the JWT, and lets pages on a domain call', async () => {
  const page = await newPage({ baseURL: server.url, expected: /422/ })
  await page.goto('/account')
  const access = page.getByRole('region', { name: 'API access' })
  const code = access.locator('code')
  const status = async (headers: Record<string, string>) =>
    (await fetch(`${server.url}/api/v1/user`, { headers })).status
  await access.getByText(`ends in ${ADMIN_API_TOKEN.slice(-4)}`).waitFor()
  await access.getByRole('button', { name: 'Reset token' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Reset token' }).click()
  await access.getByText('it is shown this once').waitFor()
  const token = await code.innerText()
  await access.getByText(`ends in ${token.slice(-4)}`).waitFor()
  expect(await status({ 'api-token': token })).toBe(200)
  await soon(() => status({ 'api-token': ADMIN_API_TOKEN })).toBe(401)

  await page.reload()
  await access.getByRole('button', { name: 'Show JWT' }).click()
  const jwt = await code.innerText()
  expect(await status({ authorization: `Bearer ${jwt}` })).toBe(200)
  await access.getByRole('button', { name: 'Reset JWT' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Reset JWT' }).click()
  await soon(() => code.innerText()).not.toBe(jwt)
  await soon(() => status({ authorization: `Bearer ${jwt}` })).toBe(401)

  const domains = page.getByRole('region', { name: 'CORS domains' })
  const allowed = async (host: string) => {
    const asking = { origin: `https://${host}`, 'access-control-request-method': 'GET' }
    const reply = await fetch(`${server.url}/api/v1/user`, { method: 'OPTIONS', headers: asking })
    return reply.headers.get('access-control-allow-origin')
  }
  await domains.getByLabel('Domain').fill('no domain')
  await domains.getByRole('button', { name: 'Add domain' }).click()
  await domains.getByText('Is invalid.').waitFor()
  await domains.getByLabel('Domain').fill('one.example.com')
  await domains.getByRole('button', { name: 'Add domain' }).click()
  await domains.getByRole('button', { name: 'Change one.example.com' }).click()
  await page.getByRole('dialog').getByLabel('Domain').fill('two.example.com')
  await page.keyboard.press('Enter')
  await domains.getByText('two.example.com').waitFor()
  await soon(() => allowed('two.example.com')).toBe('https://two.example.com')
  expect(await allowed('one.example.com')).toBeNull()
  await domains.getByRole('button', { name: 'Delete two.example.com' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete domain' }).click()
  await soon(() => allowed('two.example.com')).toBeNull()
})

it('asks by mail whether an address is theirs who gave it', { timeout: 60_000 }, async () => {
  await server.stop()
  const relay = await startFakeRelay({ plain: true })
  server = await startPosthorn({
    env: {
      POSTHORN_ADMIN_EMAIL: 'ada@example.com',
      POSTHORN_ADMIN_PASSWORD: PASSWORD,
      POSTHORN_RELAY_URL: `smtp://relay:secret@127.0.0.1:${relay.port}?tls=off`,
    },
  })
  try {
    const page = await newPage({ baseURL: server.url, expected: /40[149]|422/ })
    await page.goto('/login?next=/account')
    await page.getByLabel('Email').fill('ada@example.com')
    await page.getByLabel('Password').fill(PASSWORD)
    await page.keyboard.press('Enter')

    // The new one counts once the link mailed to it was opened, and only once.
    const email = page.getByRole('region', { name: 'Email' })
    await email.getByLabel('New email').fill('countess@example.com')
    await email.getByLabel('Your password').fill(PASSWORD)
    await email.getByRole('button', { name: 'Change email' }).click()
    await email.getByText('A link was mailed to countess@example.com').waitFor()
    const confirming = await mailedPath(relay, 'countess@example.com', 'confirm-email')
    await page.goto(confirming)
    await page.getByRole('button', { name: 'Confirm the address' }).click()
    await page.getByText('You sign in with this address from now on.').waitFor()
    await page.getByRole('link', { name: 'Go to the inboxes' }).click()
    await page.goto('/account')
    await email.getByText('Your address is countess@example.com.').waitFor()
    await page.goto(confirming)
    await page.getByRole('button', { name: 'Confirm the address' }).click()
    await page.getByText('This link is not open').waitFor()

    // A change can be given up.
    await page.goto('/account')
    await email.getByLabel('New email').fill('ada@example.org')
    await email.getByLabel('Your password').fill(PASSWORD)
    await email.getByRole('button', { name: 'Change email' }).click()
    await email.getByRole('button', { name: 'Keep the old one' }).click()
    await page.getByText('Your address stays as it is.').waitFor()
    await email.getByText('A link was mailed').waitFor({ state: 'detached' })

    // Whoever is to be forwarded mail agrees, without an account.
    await fetch(`${server.url}/api/v1/inboxes/1/forward_rules`, {
      method: 'POST',
      headers: { 'api-token': ADMIN_API_TOKEN, 'content-type': 'application/json' },
      body: JSON.stringify({ forward_rule: { forward_type: 'email', forward_value: 'grace@example.com' } }),
    })
    const grace = await newPage({ baseURL: server.url, expected: /404/ })
    await grace.goto(await mailedPath(relay, 'grace@example.com', 'confirm'))
    await grace.getByText('Do you want this mail?').waitFor()
    await grace.getByRole('button', { name: 'Yes, send it to me' }).click()
    await grace.getByRole('heading', { name: 'Confirmed' }).waitFor()
  } finally {
    await relay.close()
  }
})

/** Of the link in a mail, once it has come. */
async function mailedPath(relay: FakeRelay, to: string, first: string): Promise<string> {
  const paths = () =>
    relay.mail
      .filter(mail => mail.to.includes(to))
      .map(({ bytes }) => bytes.toString().replace(/=\r\n/g, ''))
      .flatMap(text => new RegExp(`/${first}/[\\w.-]+`).exec(text)?.[0] ?? [])
  await soon(() => paths().length).toBe(1)
  return paths()[0] ?? ''
}
