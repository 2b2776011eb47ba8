// What can be set for an inbox: limits, on and off, its project; where it forwards to, and what became of that.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axe, shot, useBrowser } from '../browser.ts'
import { type FakeRelay, startFakeRelay } from '../fake-relay.ts'
import { startFakeTxt } from '../fake-txt.ts'
import { ADMIN_API_TOKEN, startPosthorn } from '../posthorn.ts'
import type { Posthorn } from '../posthorn.ts'
import { numbered, sendMail } from './app-mail.ts'
import { soon } from './soon.ts'

const { newPage } = useBrowser()
let server: Posthorn
let relay: FakeRelay
let dns: Awaited<ReturnType<typeof startFakeTxt>>
/** What the relay says to an address, while it says no. */
const refusals = new Map<string, { code: number; text: string }>()

beforeAll(async () => {
  dns = await startFakeTxt()
  relay = await startFakeRelay({ recipient: address => refusals.get(address) })
  server = await startPosthorn({
    env: { POSTHORN_RELAY_URL: `smtp://relay:secret@localhost:${relay.port}`, POSTHORN_DNS: dns.address },
  })
  await sendMail(server, numbered(1, 6))
})
afterAll(async () => {
  await server.stop()
  await relay.close()
  await dns.close()
})

async function api(method: string, path: string, body?: unknown): Promise<{ id: number }> {
  const response = await fetch(server.url + path, {
    method,
    headers: { 'api-token': ADMIN_API_TOKEN, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  expect(response.status, path).toBe(200)
  return (await response.json()) as { id: number }
}

async function open(path: string, expected?: RegExp): Promise<Page> {
  const page = await newPage({ baseURL: server.url, ...(expected && { expected }) })
  await page.goto(path)
  await page.getByRole('heading', { level: 1 }).or(page.getByRole('listbox')).first().waitFor()
  return page
}

it('takes limits by keyboard, asks before anything is lost, and says what is wrong with them', async () => {
  const page = await open('/inboxes/1/settings', /422/)
  const limits = page.getByRole('region', { name: 'Limits' })
  await limits.getByText('6 messages now').waitFor()
  await limits.getByLabel('Messages kept').focus()
  await page.keyboard.press('Control+a')
  await page.keyboard.type('4')
  await page.keyboard.press('Tab')
  await page.keyboard.type('30')
  await page.keyboard.press('Enter')
  const question = page.getByRole('alertdialog')
  await question.getByText('The oldest 2 messages are deleted for good.').waitFor()
  await question.getByRole('button', { name: 'Cancel' }).click()
  await question.waitFor({ state: 'detached' })
  await limits.getByLabel('Days kept').fill('')
  await limits.getByLabel('Messages taken').fill('5')
  await limits.getByLabel('in so many seconds').fill('60')
  await page.keyboard.press('Enter')
  await question.getByRole('button', { name: 'Save limits' }).click()
  await limits.getByText('4 messages now').waitFor()
  await page.getByText('The limits are saved.').waitFor()

  await limits.getByLabel('Largest message').fill('900')
  await page.keyboard.press('Enter')
  await limits.getByText('Must be 26.2 MB or less.').waitFor()
  await limits.getByLabel('Largest message').fill('much')
  await page.keyboard.press('Enter')
  await limits.getByText('Must be a number of megabytes.').waitFor()
  await limits.getByLabel('Largest message').fill('1,5')
  await limits.getByLabel('Messages taken').fill('0')
  await page.keyboard.press('Enter')
  await limits.getByText('Must be from 1 to 1000000 messages').waitFor()
  await limits.getByLabel('Messages taken').fill('')
  await page.keyboard.press('Enter')
  await limits.getByText('Must be').waitFor({ state: 'detached' })
  await page.reload()
  await soon(() => limits.getByLabel('Largest message').inputValue()).toBe('1.5')
  expect(await limits.getByLabel('Messages kept').inputValue()).toBe('4')
  expect(await limits.getByLabel('Messages taken').inputValue()).toBe('')
})

it('is switched off and on, and then only looked at', async () => {
  const [settings, list] = [await open('/inboxes/1/settings'), await open('/inboxes/1')]
  await settings.getByRole('switch', { name: 'Take mail' }).click()
  await list.getByText('Switched off: it takes no mail.').waitFor()
  await expect(sendMail(server, numbered(7, 7))).rejects.toThrow(/535/)
  await list.getByRole('option').first().click()
  await list.getByRole('article').getByRole('heading', { name: 'Message 6' }).waitFor()
  expect(await list.getByRole('button', { name: 'Delete' }).count()).toBe(0)
  await list.getByRole('button', { name: 'Forward: the inbox is switched off' }).waitFor()
  await settings.getByRole('switch', { name: 'Take mail' }).click()
  await list.getByText('Switched off').waitFor({ state: 'detached' })
  await list.getByRole('button', { name: 'Delete' }).waitFor()
  await sendMail(server, numbered(7, 7))
  await list.getByRole('option').filter({ hasText: 'Message 7' }).waitFor()
})

it('moves to another project, and back from the overview', async () => {
  const shop = await api('POST', '/api/v1/companies', { company: { name: 'Web shop' } })
  const page = await open('/inboxes/1/settings')
  await page.getByRole('combobox', { name: 'Move from “My project” to' }).selectOption('Web shop')
  await page.getByRole('button', { name: 'Move', exact: true }).click()
  const navigation = page.getByRole('navigation')
  await navigation.getByRole('group', { name: 'Web shop' }).getByRole('link', { name: 'My inbox' }).waitFor()

  await navigation.getByRole('button', { name: 'Project Web shop' }).click()
  await page.getByRole('menuitem', { name: 'All projects' }).click()
  await page.getByText('2 projects, 1 inbox').waitFor()
  const main = page.getByRole('main')
  await main.getByRole('button', { name: 'Inbox My inbox' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Move to another project' }).press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Move “My inbox”' })
  await dialog.getByRole('button', { name: 'Move' }).click()
  await main.getByRole('group', { name: 'My project' }).getByRole('link', { name: 'My inbox' }).waitFor()

  // Its name must be typed before it goes.
  await main.getByRole('button', { name: 'Project Web shop' }).click()
  await page.getByRole('menuitem', { name: 'Delete project' }).click()
  const question = page.getByRole('alertdialog')
  await question.getByLabel('To be sure').fill('web shop')
  await page.keyboard.press('Enter')
  await question.getByText('That is something else.').waitFor()
  await question.getByLabel('To be sure').fill('Web shop')
  await page.keyboard.press('Enter')
  await page.getByText('1 project, 1 inbox').waitFor()
  const gone = await fetch(`${server.url}/api/v1/companies/${shop.id}`, {
    headers: { 'api-token': ADMIN_API_TOKEN },
  })
  expect(gone.status).toBe(404)
})

it('forwards by rule and by hand to those who agreed, and shows what became of it', async () => {
  const page = await open('/inboxes/1/forwarding', /422/)
  const rules = page.getByRole('region', { name: 'Rules' })
  const targets = page.getByRole('region', { name: 'Addresses and domains' })
  const history = page.getByRole('region', { name: 'History' })
  await rules.getByLabel('Address').fill('nonsense')
  await page.keyboard.press('Enter')
  await rules.getByText('Is invalid.').waitFor()
  await rules.getByLabel('Mail to').selectOption('A domain')
  await rules.getByLabel('Domain').fill('Team.test')
  await page.keyboard.press('Enter')
  await rules.getByText('Waits for the DNS record below').waitFor()

  // The record is not there at first.
  const domain = targets.getByRole('listitem').filter({ hasText: 'team.test' })
  await domain.getByRole('button', { name: 'Check now' }).click()
  await domain.getByText('Not found.').waitFor()
  dns.txt.set('team.test', [await domain.getByText(/^posthorn-/).innerText()])
  await domain.getByRole('button', { name: 'Check now' }).click()
  await domain.getByText('Confirmed').waitFor()
  await rules.getByText('Active').waitFor()

  const before = relay.mail.length
  await sendMail(server, [{ ...numbered(8, 8)[0], to: 'qa@team.test' }])
  await soon(() => relay.mail.length).toBe(before + 1)
  await history.getByText('By rule to qa@team.test').waitFor()
  await history.getByText('Sent', { exact: true }).waitFor()

  // By hand: whoever is new is asked first.
  const message = await open('/inboxes/1', /422/)
  await message.getByRole('option').filter({ hasText: 'Message 8' }).click()
  await message.getByRole('button', { name: 'Forward', exact: true }).click()
  const dialog = message.getByRole('dialog', { name: 'Forward this message' })
  await dialog.getByLabel('To').fill('Ann@Example.com')
  await message.keyboard.press('Enter')
  await dialog.getByText('ann@example.com was asked by mail.').waitFor()
  const asked = () => relay.mail.find(mail => mail.to.includes('ann@example.com'))
  await soon(() => asked() !== undefined).toBe(true)
  const link = /\/confirm\/\S+/.exec(String(asked()?.bytes).replaceAll('=\r\n', ''))?.[0] ?? ''
  const stranger = await newPage({ baseURL: server.url })
  await stranger.goto(link)
  await stranger.getByRole('button', { name: 'Yes, send it to me' }).click()
  await stranger.getByText('Confirmed').waitFor()

  refusals.set('ann@example.com', { code: 550, text: '5.1.1 No such user' })
  await dialog.getByRole('button', { name: 'Close' }).click()
  await message.getByRole('button', { name: 'Forward', exact: true }).click()
  await dialog.getByLabel('To').selectOption('ann@example.com')
  await dialog.getByRole('button', { name: 'Forward' }).click()
  await dialog.getByText('The copy for ann@example.com is in the queue.').waitFor()
  await dialog.getByText('Failed').waitFor()
  await dialog.getByText(/No such user/).waitFor()
  refusals.clear()

  await dialog.getByRole('link', { name: 'Rules and history' }).click()
  const failed = message.getByRole('region', { name: 'History' }).getByRole('listitem').first()
  await failed.getByRole('button', { name: 'Send again' }).click()
  await failed.getByText('Sent', { exact: true }).waitFor()

  await rules.getByRole('button', { name: 'Delete the rule for team.test' }).click()
  await rules.getByText('No rule yet').waitFor()
})

describe.each(['light', 'dark'] as const)('in %s', colorScheme => {
  it.each([
    ['wide', { width: 1280, height: 1500 }],
    ['narrow', { width: 360, height: 1900 }],
  ] as const)('every screen with something to show is right at a %s window', async (name, size) => {
    const page = await newPage({ baseURL: server.url, colorScheme, ...size })
    const check = async (screen: string) => {
      expect(await axe(page), screen).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), screen).toBe(0)
      await shot(page, `${screen}-${name}-${colorScheme}`)
    }
    await api('POST', '/api/v1/inboxes/1/forward_rules', {
      forward_rule: { forward_type: 'email', forward_value: `someone-${name}-${colorScheme}@example.com` },
    })
    await api('POST', '/api/posthorn/inboxes/1/forward_targets', {
      kind: 'domain',
      value: `a-domain-with-a-name-that-is-rather-long.${name}.${colorScheme}.example.org`,
    })
    await page.goto('/inboxes/1/forwarding')
    await page.getByRole('region', { name: 'History' }).getByText('Sent', { exact: true }).first().waitFor()
    await check('forwarding-used')
    await page.goto('/inboxes/1')
    await page.getByRole('option').first().click()
    await page.getByRole('button', { name: 'Forward', exact: true }).click()
    await page.getByRole('dialog').getByText('Sent', { exact: true }).first().waitFor()
    await check('forward')
  })
})

it('shows viewers the settings and the history, to read only', async () => {
  await server.run([
    'user',
    'create',
    '--email',
    'vera@example.com',
    '--name',
    'Vera',
    '--password',
    'five little ducks went',
  ])
  await api('POST', '/api/v1/inboxes/1/inboxes_users', {
    inbox_user: { email: 'vera@example.com', role: 'viewer' },
  })
  const viewer = await newPage({ baseURL: server.url, expected: /401/ })
  await viewer.goto('/login?next=/inboxes/1/settings')
  await viewer.getByLabel('Email').fill('vera@example.com')
  await viewer.getByLabel('Password').fill('five little ducks went')
  await viewer.keyboard.press('Enter')
  await viewer.getByRole('region', { name: 'Limits' }).getByText('4 messages, then the oldest go').waitFor()
  expect(await viewer.getByRole('main').getByRole('textbox').count()).toBe(0)
  expect(await viewer.getByRole('main').getByRole('switch').count()).toBe(0)
  expect(await axe(viewer)).toEqual([])
  await viewer.getByRole('link', { name: 'Show forwarding' }).click()
  await viewer
    .getByRole('region', { name: 'History' })
    .getByText('By hand to ann@example.com')
    .first()
    .waitFor()
  expect(await viewer.getByRole('main').getByRole('textbox').count()).toBe(0)
  expect(await axe(viewer)).toEqual([])
})
