// Every screen in both themes, at a desk's and at a phone's width: nothing for axe to find, nothing cut off, one picture each.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { looks, useBrowser } from '../browser.ts'
import { ADMIN_API_TOKEN, startPosthorn } from '../posthorn.ts'
import type { Posthorn } from '../posthorn.ts'
import { numbered, ODD, sendMail, WELCOME } from './app-mail.ts'

const { newPage } = useBrowser()
let local: Posthorn
let team: Posthorn

beforeAll(async () => {
  const owner = { POSTHORN_ADMIN_EMAIL: 'ada@example.com', POSTHORN_ADMIN_PASSWORD: 'four words make sense' }
  ;[local, team] = await Promise.all([startPosthorn(), startPosthorn({ env: owner })])
  await sendMail(local, [...numbered(1, 4), ...ODD, WELCOME])
  await fetch(`${local.url}/api/v1/companies/1/inboxes`, {
    method: 'POST',
    headers: { 'api-token': ADMIN_API_TOKEN, 'content-type': 'application/json' },
    body: JSON.stringify({ inbox: { name: 'An inbox whose name is much too long for the room it has' } }),
  })
})
afterAll(() => Promise.all([local.stop(), team.stop()]))

interface Screen {
  path: string
  /** Text that is there once the screen is there. */
  shows: string
  act?: (page: Page) => Promise<void>
  /** On the server where a password is set. */
  outside?: true
}

const opened = '/inboxes/1/messages/9'
const inboxMenu = (page: Page) => page.getByRole('button', { name: 'Inbox actions' }).click()
async function sidebar(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: 'Menu', exact: true })
  if (await button.isVisible()) await button.click()
  await page.getByRole('link', { name: 'Posthorn' }).waitFor()
}

const SCREENS: Record<string, Screen> = {
  list: { path: '/inboxes/1', shows: 'Welcome to Fernweh' },
  'list-chosen': {
    path: '/inboxes/1',
    shows: 'Welcome to Fernweh',
    act: async page => {
      await page.keyboard.press('j')
      await page.keyboard.press('x')
      await page.keyboard.press('Shift+ArrowDown')
      await page.getByText('2 selected').waitFor()
    },
  },
  'list-menu': {
    path: '/inboxes/1',
    shows: 'Welcome to Fernweh',
    act: async page => {
      await inboxMenu(page)
      await page.getByRole('menu').waitFor()
    },
  },
  'list-clean': {
    path: '/inboxes/1',
    shows: 'Welcome to Fernweh',
    act: async page => {
      await inboxMenu(page)
      await page.getByRole('menuitem', { name: 'Clean inbox' }).click()
      await page.getByRole('alertdialog').waitFor()
    },
  },
  'list-empty': { path: '/inboxes/2', shows: 'Waiting for the first message' },
  'list-nothing-found': { path: '/inboxes/1?search=zzz', shows: 'Nothing found' },
  'inbox-missing': { path: '/inboxes/4711', shows: 'There is no such inbox' },
  'message-html': { path: opened, shows: 'Load remote images' },
  'message-details': {
    path: opened,
    shows: 'Load remote images',
    act: async page => {
      await page.getByRole('button', { name: 'Details' }).click()
      await page.getByText('Envelope from').waitFor()
    },
  },
  'message-tablet': {
    path: opened,
    shows: 'Load remote images',
    act: async page => {
      await page.getByRole('button', { name: 'Tablet', exact: true }).click()
      await page.getByText(/^768 px/).waitFor()
    },
  },
  'message-source': { path: `${opened}?tab=source`, shows: 'As sent' },
  'message-text': { path: `${opened}?tab=text`, shows: 'https://fernweh.example/confirm' },
  'message-headers': { path: `${opened}?tab=headers`, shows: 'fields, in order' },
  'message-raw': { path: `${opened}?tab=raw`, shows: 'as received' },
  'message-attachments': { path: `${opened}?tab=attachments`, shows: 'invoice-2026-1107.pdf' },
  'message-odd': { path: '/inboxes/1/messages/7', shows: 'dampfschifffahrt' },
  'message-gone': { path: '/inboxes/1/messages/4711', shows: 'This message is gone' },
  sending: { path: '/inboxes/1/setup', shows: 'SMTP settings' },
  settings: { path: '/inboxes/1/settings', shows: 'Reset credentials' },
  'settings-delete': {
    path: '/inboxes/1/settings',
    shows: 'Reset credentials',
    act: async page => {
      await page.getByRole('button', { name: 'Delete inbox' }).click()
      await page.getByRole('alertdialog').waitFor()
    },
  },
  forwarding: { path: '/inboxes/1/forwarding', shows: 'This server has no way out' },
  'message-forward': {
    path: opened,
    shows: 'Load remote images',
    act: async page => {
      await page.getByRole('button', { name: 'Forward', exact: true }).click()
      await page.getByRole('dialog').getByText('This server has no way out').waitFor()
    },
  },
  projects: { path: '/projects', shows: 'never used' },
  account: { path: '/account', shows: 'Show JWT' },
  'api-tokens': { path: '/api-tokens', shows: 'Workspace token' },
  sidebar: { path: '/inboxes/1', shows: 'Welcome to Fernweh', act: sidebar },
  'account-menu': {
    path: '/inboxes/1',
    shows: 'Welcome to Fernweh',
    act: async page => {
      await page.getByRole('button', { name: /Account menu/ }).click()
      await page.getByRole('menu').waitFor()
    },
  },
  'new-project': {
    path: '/inboxes/1',
    shows: 'Welcome to Fernweh',
    act: async page => {
      await sidebar(page)
      await page.getByRole('button', { name: 'New project' }).click()
      await page.getByRole('dialog', { name: 'New project' }).waitFor()
    },
  },
  keyboard: {
    path: '/inboxes/1',
    shows: 'Welcome to Fernweh',
    act: async page => {
      await page.keyboard.press('?')
      await page.getByRole('dialog', { name: 'Keyboard' }).waitFor()
    },
  },
  setup: { path: '/setup', shows: 'Set a password' },
  login: { path: '/login', shows: 'Sign in', outside: true },
  'login-refused': {
    path: '/login',
    shows: 'Sign in',
    outside: true,
    act: async page => {
      await page.getByLabel('Email').fill('nobody@example.com')
      await page.getByLabel('Password').fill('wrong')
      await page.keyboard.press('Enter')
      await page.getByText('Wrong email or password').waitFor()
    },
  },
  'not-found': { path: '/nowhere/at/all', shows: 'There is nothing here' },
}

it.each([
  ['wide', { width: 1280, height: 800 }],
  ['narrow', { width: 360, height: 740 }],
] as const)('every screen is right at a %s window', { timeout: 240_000 }, async (name, size) => {
  const faults: string[] = []
  const page = await newPage({ ...size, expected: /40[14]|ERR_/ })
  for (const [screen, { path, shows, act, outside }] of Object.entries(SCREENS)) {
    await page.emulateMedia({ colorScheme: 'light' })
    await page.goto((outside ? team : local).url + path)
    await page.getByText(shows).filter({ visible: true }).first().waitFor()
    await act?.(page)
    faults.push(...(await looks(page, `${screen}-${name}`)))
  }
  expect(faults).toEqual([])
})
