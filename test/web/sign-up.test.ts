// Coming in from the street: signing up, proving an address, a forgotten password, and the end of a workspace.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { axe, shot, useBrowser } from '../browser.ts'
import { startFakeRelay } from '../fake-relay.ts'
import type { FakeRelay } from '../fake-relay.ts'
import { startPosthorn } from '../posthorn.ts'
import type { Posthorn } from '../posthorn.ts'
import { soon } from './soon.ts'

const PASSWORD = 'four words make sense'
const { newPage } = useBrowser()
let server: Posthorn
let relay: FakeRelay

beforeAll(async () => {
  relay = await startFakeRelay({ plain: true })
  server = await startPosthorn({
    env: {
      POSTHORN_ADMIN_EMAIL: 'ada@example.com',
      POSTHORN_ADMIN_PASSWORD: PASSWORD,
      POSTHORN_RELAY_URL: `smtp://relay:secret@127.0.0.1:${relay.port}?tls=off`,
      SENDPORTAL_REGISTER: 'true',
    },
  })
})
afterAll(async () => {
  await server.stop()
  await relay.close()
})

it('signs somebody up by keyboard, who is in once the mailed link was opened elsewhere', async () => {
  const page = await newPage({ baseURL: server.url, expected: /422/ })
  await page.goto('/login')
  await page.getByRole('link', { name: 'Sign up' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Sign up' }).waitFor()
  for (const text of ['Fernweh', 'Joan Clarke', 'ADA@example.com', 'short']) {
    await page.keyboard.type(text)
    await page.keyboard.press('Tab')
  }
  await page.keyboard.press('Enter')
  await page.getByText('Must have at least 8 characters.').waitFor()
  await page.getByLabel('Password').fill(PASSWORD)
  await page.keyboard.press('Enter')
  await page.getByText('Is taken.').waitFor()
  await page.getByLabel('Email').fill('joan@example.com')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Look into your mail' }).waitFor()

  // There is nothing else to be had.
  await page.goto('/people')
  await page.getByRole('heading', { name: 'Look into your mail' }).waitFor()
  await page.getByRole('button', { name: 'Send again' }).click()
  await page.getByText('It is on its way again.').waitFor()
  await soon(() => mailTo('joan@example.com').length).toBe(2)

  const phone = await newPage({ baseURL: server.url, width: 360, height: 740 })
  await phone.goto(linkIn(mailTo('joan@example.com')[1], 'verify-email'))
  await phone.getByRole('button', { name: 'Confirm the address' }).click()
  await phone.getByRole('heading', { name: 'Welcome' }).waitFor()
  await page.getByText('No inbox yet').waitFor()
  await page.getByRole('button', { name: 'Joan Clarke Account menu' }).waitFor()
  await page.getByRole('navigation', { name: 'Main' }).getByText('Fernweh').waitFor()
})

it('replaces a forgotten password, and says the same of an address that nobody has', async () => {
  const page = await newPage({ baseURL: server.url, expected: /401|404/ })
  for (const email of ['nobody@example.com', 'ada@example.com']) {
    await page.goto('/login')
    await page.getByRole('link', { name: 'Forgot your password?' }).click()
    await page.getByRole('heading', { name: 'Forgot your password?' }).waitFor()
    await page.getByLabel('Email').fill(email)
    await page.keyboard.press('Enter')
    await page.getByText('a link is on its way to it').waitFor()
  }
  await soon(() => mailTo('ada@example.com').length).toBe(1)
  expect(mailTo('nobody@example.com')).toEqual([])
  const link = linkIn(mailTo('ada@example.com')[0], 'reset-password')
  await page.goto(link)
  await page.getByLabel('New password').fill('other words make sense')
  await page.keyboard.press('Enter')
  await page.getByText('Your password is changed.').waitFor()
  await page.getByLabel('Email').fill('ada@example.com')
  await page.getByLabel('Password').fill('other words make sense')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Owner Account menu' }).waitFor()
  await page.goto(link)
  await page.getByLabel('New password').fill(PASSWORD)
  await page.keyboard.press('Enter')
  await page.getByText('This link is not open').waitFor()
})

it('deletes a workspace once its name was typed, and works in another', async () => {
  const page = await newPage({ baseURL: server.url })
  await page.goto('/login?next=/people')
  await page.getByLabel('Email').fill('joan@example.com')
  await page.getByLabel('Password').fill(PASSWORD)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Delete this workspace' }).focus()
  await page.keyboard.press('Enter')
  const question = page.getByRole('alertdialog')
  await question.getByLabel('To be sure').fill('Wanderlust')
  await page.keyboard.press('Enter')
  await question.getByText('That is something else.').waitFor()
  await question.getByLabel('To be sure').fill('Fernweh')
  await page.keyboard.press('Enter')
  await page.getByText('Deleted “Fernweh”.').waitFor()
  await page.getByRole('navigation', { name: 'Main' }).getByText("Joan Clarke's workspace").waitFor()
})

it.each(['light', 'dark'] as const)('looks right in %s', { timeout: 120_000 }, async colorScheme => {
  const faults: string[] = []
  // Whoever has signed up sees that page alone.
  const email = `${colorScheme}.${'very-long-local-part'.repeat(2)}@mail.example.com`
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
    for (const [screen, path] of [
      ['login-ways', '/login'],
      ['register', '/register'],
      ['forgot-password', '/forgot-password'],
      ['reset-password', '/reset-password/x'],
      ['prove-email', '/verify-email/x'],
    ] as const) {
      await page.goto(path)
      await page.getByRole('button').first().waitFor()
      await look(screen)
    }
    if (name === 'wide') {
      await page.goto('/register')
      await page.getByLabel('Name of your workspace').fill('A team')
      await page.getByLabel('Your name').fill('Somebody')
      await page.getByLabel('Email').fill(email)
      await page.getByLabel('Password').fill(PASSWORD)
      await page.keyboard.press('Enter')
    } else {
      await page.goto('/login')
      await page.getByLabel('Email').fill(email)
      await page.getByLabel('Password').fill(PASSWORD)
      await page.keyboard.press('Enter')
    }
    await page.getByRole('heading', { name: 'Look into your mail' }).waitFor()
    await look('verify-email')
  }
  expect(faults).toEqual([])
})

function mailTo(address: string): string[] {
  return relay.mail
    .filter(mail => mail.to.includes(address))
    .map(({ bytes }) => bytes.toString().replace(/=\r\n/g, ''))
}

function linkIn(mail: string | undefined, first: string): string {
  return new RegExp(`/${first}/[\\w.-]+`).exec(mail ?? '')?.[0] ?? expect.fail('there is no link')
}
