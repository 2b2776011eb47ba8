// The checks of a message: what was found, what could not be, and the way from a finding to its line.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axe, shot, useBrowser } from '../browser.ts'
import { type FakeDns, startFakeDns } from '../fake-dns.ts'
import { type FakeSpamd, say, spamdReply, startFakeSpamd } from '../fake-spamd.ts'
import { startPosthorn } from '../posthorn.ts'
import type { Posthorn } from '../posthorn.ts'
import { sendMail, WELCOME } from './app-mail.ts'

const { newPage } = useBrowser()
let spamd: FakeSpamd
let dns: FakeDns
let checking: Posthorn
let plain: Posthorn

const LONG = `<table>\n${'<tr><td style="display:flex">x</td></tr>\n'.repeat(300)}</table>`
const MAILS = [
  WELCOME,
  { from: 'a@example.com', to: 'b@example.com', subject: 'Only text', text: 'Nothing but text.' },
  { from: 'a@example.com', to: 'b@example.com', subject: 'Long', html: LONG },
]

beforeAll(async () => {
  ;[spamd, dns] = await Promise.all([startFakeSpamd(), startFakeDns()])
  const env = {
    POSTHORN_SPAMD: `127.0.0.1:${spamd.port}`,
    POSTHORN_BLACKLISTS: 'ONE=one.test',
    POSTHORN_DNS: dns.address,
  }
  ;[checking, plain] = await Promise.all([startPosthorn({ env }), startPosthorn()])
  for (const server of [checking, plain]) await sendMail(server, MAILS)
})
afterAll(async () => {
  await Promise.all([checking.stop(), plain.stop(), spamd.stop()])
  dns.close()
})

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

it('shows what spamd says, and why there is no score until it answers', async () => {
  spamd.behave(say('SPAMD/1.0 75 EX_TEMPFAIL\r\n'))
  const page = await newPage({ baseURL: checking.url })
  await page.goto('/inboxes/1/messages/1')
  await page.getByRole('tab', { name: 'Checks' }).click()
  const spam = region(page, 'Spam')
  await spam.getByText('Not checked: spamd answered EX_TEMPFAIL').waitFor()
  spamd.behave(say(spamdReply(12.5)))
  await spam.getByRole('button', { name: 'Try again' }).click()
  await spam.getByText('Spam, 12.5 of 5 points').waitFor()
  await spam.getByRole('row', { name: /^1000 GTUBE BODY: Generic Test/ }).waitFor()
  await region(page, 'Blacklists').getByText('private address').waitFor()
})

it('leads from a feature to its line in the source, by keyboard', async () => {
  const page = await newPage({ baseURL: plain.url })
  await page.goto('/inboxes/1/messages/3?tab=checks')
  const html = region(page, 'HTML')
  const entry = html.locator('summary', { hasText: 'display:flex' })
  await entry.focus()
  await page.keyboard.press('Enter')
  await html.getByText('Outlook (Windows)').filter({ visible: true }).first().waitFor()
  await entry.locator('..').getByRole('button', { name: '188 more' }).click()
  const jump = html.getByRole('button', { name: 'display:flex: show line 150 of the HTML source' })
  await jump.focus()
  await page.keyboard.press('Enter')
  const mark = page.locator('mark').first()
  await mark.waitFor()
  await expect.poll(() => mark.isVisible()).toBe(true)
  const box = await mark.boundingBox()
  expect(box?.y).toBeGreaterThan(100)
  expect(box?.y).toBeLessThan(800)
  expect(new URL(page.url()).searchParams.get('tab')).toBe('source')
  // By itself the tab shows the source in its readable form.
  await page.getByRole('tab', { name: 'Checks' }).click()
  await page.getByRole('tab', { name: 'HTML source' }).click()
  await page.getByRole('button', { name: 'As sent' }).waitFor()
  expect(await page.locator('mark').count()).toBe(0)
})

const SCREENS: Record<string, { server: () => Posthorn; path: string; act(page: Page): Promise<void> }> = {
  'checks-found': {
    server: () => checking,
    path: '/inboxes/1/messages/1?tab=checks',
    async act(page) {
      await region(page, 'Spam').getByText('of 5 points').waitFor()
      await region(page, 'HTML').locator('summary').first().click()
    },
  },
  'checks-without-spamd': {
    server: () => plain,
    path: '/inboxes/1/messages/2?tab=checks',
    async act(page) {
      await region(page, 'Spam').getByText('POSTHORN_SPAMD=127.0.0.1:783').waitFor()
      await region(page, 'HTML').getByText('The message has no HTML part').waitFor()
      expect(await region(page, 'Blacklists').count()).toBe(0)
    },
  },
  'checks-line': {
    server: () => plain,
    path: '/inboxes/1/messages/1?tab=checks',
    async act(page) {
      const entry = region(page, 'HTML').locator('li', { hasText: '@media (prefers-color-scheme)' })
      await entry.locator('summary').click()
      await entry
        .getByRole('button', { name: /show line/ })
        .first()
        .click()
      await page.locator('mark').first().waitFor()
    },
  },
}

describe.each(['light', 'dark'] as const)('in %s', colorScheme => {
  it.each([
    ['wide', { width: 1280, height: 800 }],
    ['narrow', { width: 360, height: 740 }],
  ] as const)('every state is right at a %s window', async (name, size) => {
    spamd.behave(say(spamdReply(2.8)))
    const faults: string[] = []
    const page = await newPage({ colorScheme, ...size })
    for (const [screen, { server, path, act }] of Object.entries(SCREENS)) {
      await page.goto(server().url + path)
      await act(page)
      faults.push(...(await axe(page)).map(fault => `${screen}: ${fault}`))
      const beyond = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
      if (beyond > 0) faults.push(`${screen}: ${beyond} px wider than the window`)
      await shot(page, `${screen}-${name}-${colorScheme}`)
    }
    expect(faults).toEqual([])
  })
})
