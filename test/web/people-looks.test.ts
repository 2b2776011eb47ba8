// The screens about people and accounts, in both themes, at both widths: nothing for axe to find, nothing cut off.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { looks, useBrowser } from '../browser.ts'
import { startFakeRelay } from '../fake-relay.ts'
import type { FakeRelay } from '../fake-relay.ts'
import { startPosthorn } from '../posthorn.ts'
import type { Posthorn } from '../posthorn.ts'
import { numbered, sendMail } from './app-mail.ts'

const PASSWORD = 'four words make sense'
const { newPage } = useBrowser()
let local: Posthorn
let team: Posthorn
let relay: FakeRelay
/** Paths that only exist once somebody was invited. */
const paths = { invitation: '', share: '', confirm: '' }

beforeAll(async () => {
  relay = await startFakeRelay({ plain: true })
  const owner = { POSTHORN_ADMIN_EMAIL: 'ada@example.com', POSTHORN_ADMIN_PASSWORD: PASSWORD }
  ;[local, team] = await Promise.all([
    startPosthorn(),
    startPosthorn({
      env: { ...owner, POSTHORN_RELAY_URL: `smtp://relay:secret@127.0.0.1:${relay.port}?tls=off` },
    }),
  ])
  await fill()
})
afterAll(() => Promise.all([local.stop(), team.stop(), relay.close()]))

/** A team with somebody of each kind, names and addresses too long for their room among them. */
async function fill(): Promise<void> {
  const ada = await signedIn('ada@example.com')
  await ada('PATCH', '/api/posthorn/account', { name: 'Ada Lovelace' })
  await ada('PATCH', '/api/posthorn/account', { email: 'countess@example.com', current_password: PASSWORD })
  await ada('PATCH', '/api/posthorn/workspaces/1', { name: 'Fernweh' })
  await ada('PATCH', '/api/v1/companies/1', { company: { name: 'Web shop' } })
  for (const domain of ['app.example.com', `${'a-rather-long-name-of-a-host.'.repeat(4)}example.com`])
    await ada('POST', '/api/v1/cors_domains', { cors_domain: { domain } })
  const invited = async (kind: string, id: number, email: string, role: string) => {
    const { link } = await ada('POST', '/api/posthorn/invitations', { scope: { kind, id }, email, role })
    return new URL(link as string).pathname
  }
  const comes = async (path: string, name: string) => {
    const secret = path.split('/').at(-1)
    await session({
      path: `/api/posthorn/invitations/by_secret/${secret}`,
      body: { name, password: PASSWORD },
    })
  }
  await comes(await invited('workspace', 1, 'grace@example.com', 'admin'), 'Grace Hopper')
  await comes(
    await invited('workspace', 1, `${'very-long-local-part'.repeat(2)}@mail.example.com`, 'viewer'),
    'Wolfeschlegelsteinhausenbergerdorff the Elder, of the Old Family',
  )
  await comes(await invited('project', 1, 'joan@example.com', 'admin'), 'Joan Clarke')
  await comes(await invited('inbox', 1, 'viewer@example.com', 'viewer'), 'Vera')
  await invited('inbox', 1, 'jean@example.com', 'viewer')
  paths.invitation = await invited('project', 1, 'radia@example.com', 'viewer')
  const { share_link } = await ada('GET', '/api/v1/companies/1')
  paths.share = new URL(share_link as string).pathname
  await ada('POST', '/api/v1/inboxes/1/forward_rules', {
    forward_rule: { forward_type: 'email', forward_value: 'desk@example.com' },
  })
  paths.confirm = await vi.waitFor(() => {
    const asked = relay.mail.find(mail => mail.to.includes('desk@example.com'))?.bytes.toString() ?? ''
    const [path] = /\/confirm\/[\w.-]+/.exec(asked.replace(/=\r\n/g, '')) ?? expect.fail('no mail yet')
    return path
  }, 20_000)
  // Somebody else's team, of which one project is shared with her.
  const joan = await signedIn('joan@example.com')
  await joan('POST', '/api/posthorn/workspaces', { name: 'A second team' })
  const project = await joan('POST', '/api/v1/companies', { company: { name: 'Of another team' } })
  await joan('POST', `/api/v1/companies/${project.id}/inboxes`, { inbox: { name: 'Newsletter' } })
  await joan('POST', '/api/posthorn/invitations', {
    scope: { kind: 'project', id: project.id },
    email: 'ada@example.com',
    role: 'viewer',
  })
  await ada('POST', '/api/posthorn/workspaces', { name: 'Side project' })
  await ada('POST', '/api/posthorn/workspaces/1/current')
  await sendMail(team, numbered(1, 3))
}

type Call = (method: string, path: string, body?: unknown) => Promise<Record<string, unknown>>

function signedIn(email: string): Promise<Call> {
  return session({ path: '/api/posthorn/session', body: { email, password: PASSWORD } })
}

async function session({ path, body }: { path: string; body: unknown }): Promise<Call> {
  const json = { 'content-type': 'application/json' }
  const entered = await fetch(team.url + path, { method: 'POST', headers: json, body: JSON.stringify(body) })
  const cookie = entered.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const { csrf } = (await entered.json()) as { csrf: string }
  return async (method, to, sent) => {
    const reply = await fetch(team.url + to, {
      method,
      headers: { ...json, cookie, 'x-csrf-token': csrf },
      body: method === 'GET' ? null : JSON.stringify(sent ?? {}),
    })
    if (!reply.ok) throw new Error(`${method} ${to}: ${reply.status} ${await reply.text()}`)
    return (await reply.json()) as Record<string, unknown>
  }
}

interface Screen {
  path: string | (() => string)
  /** Text that is there once the screen is there. */
  shows: string
  act?: (page: Page) => Promise<void>
  /** In local mode; else on the team's server. */
  local?: true
}

async function sidebar(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: 'Menu', exact: true })
  if (await button.isVisible()) await button.click()
  await page.getByRole('heading', { name: 'Shared with me' }).waitFor()
}

/** By who looks, in the order they are signed in. */
const SCREENS: Record<string, Record<string, Screen>> = {
  'ada@example.com': {
    people: { path: '/people', shows: 'grace@example.com' },
    'people-invited': {
      path: '/people',
      shows: 'grace@example.com',
      act: async page => {
        await page.getByLabel('Email').fill(`somebody-${Math.random().toString(36).slice(2)}@example.com`)
        await page.getByRole('button', { name: 'Invite' }).click()
        await page.getByText('it is shown this once').waitFor()
      },
    },
    'people-project': { path: '/projects/1/people', shows: 'joan@example.com' },
    'people-inbox': { path: '/inboxes/1/people', shows: 'viewer@example.com' },
    'account-team': { path: '/account', shows: 'countess@example.com' },
    'account-jwt': {
      path: '/account',
      shows: 'Show JWT',
      act: async page => {
        await page.getByRole('button', { name: 'Show JWT' }).click()
        await page.getByText('You can have it shown again.').waitFor()
      },
    },
    'sidebar-shared': { path: '/inboxes/1', shows: 'Message 3', act: sidebar },
    'user-menu-workspaces': {
      path: '/inboxes/1',
      shows: 'Message 3',
      act: async page => {
        await page.getByRole('button', { name: /Account menu/ }).click()
        await page.getByRole('menuitemcheckbox', { name: /Side project/ }).waitFor()
      },
    },
    invitation: { path: () => paths.invitation, shows: 'You are invited' },
    share: { path: () => paths.share, shows: 'Join as' },
  },
  'viewer@example.com': {
    'viewer-list': { path: '/inboxes/1', shows: 'Message 3' },
    'viewer-message': { path: '/inboxes/1/messages/3', shows: 'The text of number 3' },
    'viewer-menu': {
      path: '/inboxes/1',
      shows: 'Message 3',
      act: async page => {
        await page.getByRole('button', { name: 'Inbox actions' }).click()
        await page.getByRole('menuitem', { name: 'Leave inbox' }).waitFor()
      },
    },
    'viewer-settings': { path: '/inboxes/1/settings', shows: 'Only admins of this inbox see it.' },
    'viewer-people': { path: '/inboxes/1/people', shows: 'joan@example.com' },
  },
  '': {
    'invitation-new': { path: () => paths.invitation, shows: 'Create account and accept' },
    'invitation-gone': { path: '/invitation/none', shows: 'This invitation is not open' },
    'share-outside': { path: () => paths.share, shows: 'Sign in to join' },
    'confirm-email': { path: '/confirm-email/none', shows: 'Is this your address?' },
    'confirm-forward': { path: () => paths.confirm, shows: 'Do you want this mail?' },
    'confirm-forward-gone': { path: '/confirm/none', shows: 'This link does not count' },
    'people-local': { path: '/people', shows: 'Set a password first.', local: true },
  },
}

it.each([
  ['wide', { width: 1280, height: 800 }],
  ['narrow', { width: 360, height: 740 }],
] as const)('every screen is right at a %s window', { timeout: 240_000 }, async (name, size) => {
  const faults: string[] = []
  for (const [email, screens] of Object.entries(SCREENS)) {
    const page = await newPage({ ...size, expected: /40[14]/ })
    if (email) await signIn(page, email)
    for (const [screen, { path, shows, act, local: inLocalMode }] of Object.entries(screens)) {
      await page.emulateMedia({ colorScheme: 'light' })
      await page.goto((inLocalMode ? local : team).url + (typeof path === 'string' ? path : path()))
      await page.getByText(shows).filter({ visible: true }).first().waitFor()
      await act?.(page)
      faults.push(...(await looks(page, `${screen}-${name}`)))
    }
  }
  expect(faults).toEqual([])
})

async function signIn(page: Page, email: string): Promise<void> {
  await page.goto(`${team.url}/login`)
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.keyboard.press('Enter')
  await page
    .getByRole('link', { name: /^(Posthorn|My inbox)/ })
    .or(page.getByText('Message 3'))
    .first()
    .waitFor()
}
