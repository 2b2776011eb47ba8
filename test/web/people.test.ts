// Several people: invited, looking on, changing nothing they may not, leaving, removed.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { useBrowser } from '../browser.ts'
import { startPosthorn } from '../posthorn.ts'
import type { Posthorn } from '../posthorn.ts'
import { numbered, sendMail } from './app-mail.ts'
import { soon } from './soon.ts'

const PASSWORD = 'four words make sense'
const { newPage } = useBrowser()
let server: Posthorn

beforeAll(async () => {
  server = await startPosthorn({
    env: { POSTHORN_ADMIN_EMAIL: 'ada@example.com', POSTHORN_ADMIN_PASSWORD: PASSWORD },
  })
  await server.run([
    'user',
    'create',
    '--email',
    'joan@example.com',
    '--name',
    'Joan',
    '--password',
    PASSWORD,
  ])
  await sendMail(server, numbered(1, 2))
})
afterAll(() => server.stop())

const navigation = (page: Page) => page.getByRole('navigation')
const inboxLink = (page: Page, name: string) => navigation(page).getByRole('link', { name })
const row = (page: Page, subject: string) => page.getByRole('option').filter({ hasText: subject })

async function signedIn(email: string, path = '/'): Promise<Page> {
  const page = await newPage({ baseURL: server.url, expected: /40[34]/ })
  await page.goto(`/login?next=${encodeURIComponent(path)}`)
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: /Account menu/ }).waitFor()
  return page
}

/** The path of the link that is shown once. */
async function linkOf(page: Page): Promise<string> {
  return new URL(await page.getByRole('status').locator('code').innerText()).pathname
}

/** Follows an invitation in a browser of their own. */
async function comes(name: string, path: string): Promise<Page> {
  const page = await newPage({ baseURL: server.url, expected: /40[34]/ })
  await page.goto(path)
  await page.getByLabel('Your name').fill(name)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Create account and accept' }).click()
  await page.getByRole('button', { name: /Account menu/ }).waitFor()
  return page
}

/** A call with the session of the page, as the page would make it. */
async function asked(page: Page, method: string, path: string, body?: unknown): Promise<number> {
  return page.evaluate(
    async ({ to, init }) => {
      const session = (await (await fetch('/api/posthorn/session')).json()) as { csrf: string }
      const headers = { 'x-csrf-token': session.csrf, 'content-type': 'application/json' }
      return (await fetch(to, { ...init, headers })).status
    },
    { to: path, init: { method, ...(method !== 'GET' && { body: JSON.stringify(body ?? {}) }) } },
  )
}

const CHANGES: [method: string, path: string, body?: unknown][] = [
  ['POST', '/api/v1/companies', { company: { name: 'Mine' } }],
  ['POST', '/api/v1/companies/1/inboxes', { inbox: { name: 'Mine' } }],
  ['PATCH', '/api/v1/companies/1', { company: { name: 'Mine' } }],
  ['DELETE', '/api/v1/companies/1'],
  ['PATCH', '/api/v1/inboxes/1', { inbox: { name: 'Mine' } }],
  ['DELETE', '/api/v1/inboxes/1'],
  ['PATCH', '/api/v1/inboxes/1/clean'],
  ['PATCH', '/api/v1/inboxes/1/all_read'],
  ['PATCH', '/api/v1/inboxes/1/reset_credentials'],
  ['PATCH', '/api/v1/inboxes/1/reset_email_username'],
  ['PATCH', '/api/v1/inboxes/1/toggle_email_username'],
  ['PATCH', '/api/v1/inboxes/1/messages/1', { message: { is_read: true } }],
  ['DELETE', '/api/v1/inboxes/1/messages/1'],
  ['POST', '/api/v1/inboxes/1/messages/1/forward', { email: 'x@example.com' }],
  [
    'POST',
    '/api/v1/inboxes/1/forward_rules',
    { forward_rule: { forward_type: 'email', forward_value: 'x@example.com' } },
  ],
  ['PATCH', '/api/posthorn/inboxes/1/settings', { max_size: 1 }],
  ['POST', '/api/posthorn/inboxes/1/messages/bulk', { all: true, action: 'delete' }],
  ['POST', '/api/posthorn/inboxes/1/messages/bulk', { ids: [1], action: 'read' }],
  ['POST', '/api/posthorn/projects/1/share_link'],
  ['PATCH', '/api/posthorn/workspaces/1', { name: 'Mine' }],
  ['PATCH', '/api/posthorn/workspaces/1/members/1', { role: 'viewer' }],
  ['DELETE', '/api/posthorn/workspaces/1/members/1'],
  [
    'POST',
    '/api/posthorn/invitations',
    { scope: { kind: 'workspace', id: 1 }, email: 'x@example.com', role: 'admin' },
  ],
  [
    'POST',
    '/api/posthorn/invitations',
    { scope: { kind: 'inbox', id: 1 }, email: 'x@example.com', role: 'viewer' },
  ],
]

it('lets a viewer in by a link, to look on live and change nothing, until they leave', {
  timeout: 60_000,
}, async () => {
  const ada = await signedIn('ada@example.com')
  await row(ada, 'Message 2').waitFor()

  // By keyboard alone: to the page, through the form, to the link.
  await ada.getByRole('button', { name: /Account menu/ }).focus()
  await ada.keyboard.press('Enter')
  await soon(() => ada.evaluate('document.activeElement.role')).toMatch(/^menu/)
  await ada.keyboard.type('Peo')
  await soon(() => ada.evaluate('document.activeElement.innerText')).toBe('People')
  await ada.keyboard.press('Enter')
  await ada.getByRole('heading', { name: 'People', level: 1 }).waitFor()
  await ada.keyboard.press('Tab')
  await soon(() => ada.evaluate('document.activeElement.type')).toBe('email')
  await ada.keyboard.type('grace@example.com')
  await ada.keyboard.press('Enter')
  await ada.getByText('Send this link to grace@example.com').waitFor()
  const link = await linkOf(ada)
  await ada.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  while ((await ada.evaluate('document.activeElement.ariaLabel')) !== 'Copy invitation link')
    await ada.keyboard.press('Tab')
  await ada.keyboard.press('Enter')
  await soon(() => ada.evaluate('navigator.clipboard.readText()')).toContain(link)
  await ada.getByRole('list', { name: 'Invitations' }).getByText('grace@example.com').waitFor()

  const grace = await comes('Grace Hopper', link)
  await row(grace, 'Message 2').waitFor()
  const changed: string[] = []
  grace.on(
    'request',
    request => request.method() === 'GET' || changed.push(`${request.method()} ${request.url()}`),
  )

  await inboxLink(ada, 'My inbox').click()
  await sendMail(server, numbered(3, 3))
  for (const page of [ada, grace]) await row(page, 'Message 3').waitFor()

  // What a viewer may not do is not there; what they read stays new for the others.
  await row(grace, 'Message 2').click()
  await grace.getByRole('article').getByRole('heading', { name: 'Message 2' }).waitFor()
  for (const name of ['Delete', 'Mark as unread'])
    expect(await grace.getByRole('toolbar').getByRole('button', { name }).count()).toBe(0)
  for (const key of ['u', '#', 'x', 'Control+a']) await grace.keyboard.press(key)
  await grace.getByRole('button', { name: 'Inbox actions' }).click()
  await grace.getByRole('menuitem', { name: 'People' }).waitFor()
  expect(await grace.getByRole('menuitem', { name: /Select|Mark|Clean|Delete|Leave/ }).count()).toBe(0)
  await grace.getByRole('menuitem', { name: 'Inbox settings' }).click()
  await grace.getByText('Only admins of this inbox see it.').waitFor()
  expect(await grace.getByRole('button', { name: /Reset|Rename|Delete|Clean/ }).count()).toBe(0)
  await navigation(grace).getByRole('button', { name: 'Project My project' }).click()
  await grace.getByRole('menuitem', { name: 'People' }).waitFor()
  expect(await grace.getByRole('menuitem', { name: /New|Rename|Delete|Leave/ }).count()).toBe(0)
  expect(await navigation(grace).getByRole('button', { name: /^New/ }).count()).toBe(0)
  expect(changed).toEqual([])

  for (const [method, path, body] of CHANGES)
    expect(await asked(grace, method, path, body), `${method} ${path}`).toBe(403)
  await soon(() => ada.title()).toBe('(3) My inbox · Posthorn')

  // Leaving: everything is gone at once.
  await grace.goto('/people')
  await grace.getByRole('list', { name: 'Members' }).getByText('ada@example.com').waitFor()
  await grace.getByRole('button', { name: 'Leave this workspace' }).click()
  await grace.getByRole('alertdialog').getByRole('button', { name: 'Leave workspace' }).click()
  await grace.getByText('You left “My workspace”.').waitFor()
  await grace.getByText('No inbox yet').first().waitFor()
  expect(await navigation(grace).locator('a[href^="/inboxes"]').count()).toBe(0)
  for (const path of ['/api/v1/inboxes/1', '/api/v1/inboxes/1/messages', '/api/posthorn/projects/1/people'])
    expect(await asked(grace, 'GET', path), path).toBe(404)
  await grace.goto('/inboxes/1')
  await grace.getByText('There is no such inbox').waitFor()
})

it('shares one inbox and takes it back while somebody looks at it', { timeout: 60_000 }, async () => {
  const ada = await signedIn('ada@example.com', '/inboxes/1/people')
  await ada.getByRole('list', { name: 'People' }).getByText('ada@example.com').waitFor()
  await ada.getByLabel('Email').fill('hedy@example.com')
  await ada.getByRole('button', { name: 'Invite' }).click()
  await ada.getByText('Send this link to hedy@example.com').waitFor()
  const old = await linkOf(ada)

  // A new link stops the old one.
  await ada.getByRole('button', { name: 'New link for hedy@example.com' }).click()
  const links = ada.getByRole('status').locator('code')
  await soon(() => links.count()).toBe(2)
  const path = new URL(await links.last().innerText()).pathname
  const stranger = await newPage({ baseURL: server.url, expected: /40[14]/ })
  await stranger.goto(old)
  await stranger.getByText('This invitation is not open').waitFor()

  const hedy = await comes('Hedy', path)
  await navigation(hedy).getByRole('heading', { name: 'Shared with me' }).waitFor()
  await row(hedy, 'Message 1').waitFor()
  await hedy.getByRole('button', { name: 'Inbox actions' }).click()
  await hedy.getByRole('menuitem', { name: 'Leave inbox' }).waitFor()
  await hedy.keyboard.press('Escape')

  // As an admin she may, a moment later.
  await ada.reload()
  await ada.getByRole('combobox', { name: 'Role of Hedy' }).selectOption('admin')
  await ada.getByText('Hedy is an admin now.').waitFor()
  await row(hedy, 'Message 1').click()
  await hedy.getByRole('toolbar').getByRole('button', { name: 'Delete' }).waitFor()

  await ada.getByRole('button', { name: 'Remove Hedy' }).click()
  await ada.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
  await hedy.getByText('You no longer have access to “My inbox”.').waitFor()
  await hedy.getByText('No inbox yet').first().waitFor()
  expect(await asked(hedy, 'GET', '/api/v1/inboxes/1')).toBe(404)

  // Somebody with an account sees what they are given at once; from the menu they leave it.
  await ada.goto('/projects/1/people')
  await ada.getByLabel('Email').fill('hedy@example.com')
  await ada.getByRole('button', { name: 'Invite' }).click()
  await ada.getByText('has an account here and sees “My project” at once').waitFor()
  await navigation(hedy).getByRole('heading', { name: 'Shared with me' }).waitFor()
  await navigation(hedy).getByRole('button', { name: 'Project My project' }).click()
  await hedy.getByRole('menuitem', { name: 'Leave project' }).click()
  await hedy.getByRole('alertdialog').getByRole('button', { name: 'Leave project' }).click()
  await hedy.getByText('You left “My project”.').waitFor()
  await hedy.getByText('No inbox yet').first().waitFor()
  expect(await hedy.getByText('You no longer have access to “My project”').count()).toBe(0)
})

it('has a share link that is joined with, and can be replaced', { timeout: 60_000 }, async () => {
  const ada = await signedIn('ada@example.com', '/projects/1/people')
  const section = ada.getByRole('region', { name: 'Share link' })
  const old = new URL(await section.locator('code').innerText()).pathname
  const joan = await newPage({ baseURL: server.url, expected: /40[14]/ })
  await joan.goto(old)
  await joan.getByRole('link', { name: 'Sign in to join' }).click()
  await joan.getByLabel('Email').fill('joan@example.com')
  await joan.getByLabel('Password').fill(PASSWORD)
  await joan.keyboard.press('Enter')
  await joan.getByRole('button', { name: 'Join as Joan' }).click()
  await row(joan, 'Message 1').waitFor()

  await section.getByRole('button', { name: 'New link' }).click()
  await ada.getByRole('alertdialog').getByRole('button', { name: 'New link' }).click()
  await ada.getByText('There is a new share link.').waitFor()
  await soon(() => section.locator('code').innerText()).not.toContain(old)
  await joan.goto(old)
  await joan.getByText('This link leads nowhere').waitFor()
})

it('makes workspaces, and shows the one that one works in', { timeout: 60_000 }, async () => {
  const ada = await signedIn('ada@example.com')
  await inboxLink(ada, 'My inbox').waitFor()
  await ada.getByRole('button', { name: /Account menu/ }).click()
  await ada.getByRole('menuitem', { name: 'New workspace' }).click()
  await ada.getByRole('dialog').getByLabel('Name').fill('Web team')
  await ada.keyboard.press('Enter')
  await ada.getByText('No inbox yet').first().waitFor()
  await inboxLink(ada, 'My inbox').waitFor({ state: 'detached' })

  await ada.goto('/people')
  await ada.getByLabel('Name of the workspace').fill('Web shop team')
  await ada.getByRole('button', { name: 'Rename' }).click()
  await ada.getByText('Who works in “Web shop team”.').waitFor()
  // Whom somebody else removes from where they are is taken back to what is theirs.
  await ada.getByLabel('Email').fill('joan@example.com')
  await ada.getByLabel('Role', { exact: true }).selectOption('admin')
  await ada.getByRole('button', { name: 'Invite' }).click()
  await ada.getByText('has an account here').waitFor()
  const joan = await signedIn('joan@example.com')
  await joan.getByRole('button', { name: /Account menu/ }).click()
  await joan.getByRole('menuitemcheckbox', { name: /Web shop team.*Admin/ }).click()
  await joan.getByText('You work in “Web shop team” now.').waitFor()
  await joan.goto('/people')
  await joan.getByRole('list', { name: 'Members' }).getByText('ada@example.com').waitFor()
  expect(await joan.getByRole('combobox', { name: /Role of (?!Joan)/ }).count()).toBe(0)
  await ada.getByRole('button', { name: 'Remove Joan' }).click()
  await ada.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
  await joan.getByText('You are no longer in the workspace “Web shop team”.').waitFor()

  await ada.getByRole('button', { name: /Account menu/ }).click()
  await ada.getByRole('menuitemcheckbox', { name: /My workspace/ }).click()
  await row(ada, 'Message 1').waitFor()
})

it('does not invite in local mode', async () => {
  const local = await startPosthorn()
  try {
    const page = await newPage({ baseURL: local.url })
    await page.goto('/people')
    await page.getByText('Set a password first.').waitFor()
    expect(await page.getByRole('button', { name: 'Invite' }).count()).toBe(0)
    await page.getByRole('link', { name: 'Set a password' }).click()
    await page.getByRole('button', { name: 'Set password and continue' }).waitFor()
    await page.close()
  } finally {
    await local.stop()
  }
})
