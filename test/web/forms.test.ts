// Sign-up forms as whoever makes them and whoever fills them in sees them: both themes, two widths, keyboard, axe.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { simpleParser } from 'mailparser'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { axe, shot, useBrowser } from '../browser.ts'
import { type FakeRelay, startFakeRelay } from '../fake-relay.ts'
import { call } from '../mailbox.ts'
import { type Posthorn, startPosthorn } from '../posthorn.ts'

const { newPage } = useBrowser()
const REFUSED = /status of 4(03|04|10|22)|blocked by CORS policy|ERR_FAILED/
let posthorn: Posthorn
let relay: FakeRelay
/** A site of somebody else, with the form built in. */
let site: Server
let siteUrl: string
let embedded = ''

beforeAll(async () => {
  relay = await startFakeRelay({ plain: true })
  site = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(
      `<!doctype html><html lang="en"><title>Shop</title><link rel="icon" href="data:,"><h1>Shop</h1>${embedded}`,
    )
  })
  await new Promise<void>(done => site.listen(0, '127.0.0.1', done))
  siteUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
  posthorn = await startPosthorn({
    env: { POSTHORN_RELAY_URL: `smtp://relay:secret@127.0.0.1:${relay.port}?starttls=off` },
  })
})
beforeEach(() => {
  relay.mail.length = 0
})
afterAll(async () => {
  site.close()
  await Promise.all([posthorn.stop(), relay.close()])
})

async function api<T>(method: string, path: string, body: unknown): Promise<T> {
  const reply = await call(posthorn, `/api/posthorn${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`)
  return (await reply.json()) as T
}

interface Made {
  form: { id: number; url: string; embed: { script: string } }
}

async function lastLink(): Promise<string> {
  await vi.waitFor(() => expect(relay.mail).not.toHaveLength(0), 10_000)
  const { text = '' } = await simpleParser(relay.mail.at(-1)?.bytes ?? Buffer.of())
  return /http:\/\/localhost:\d+(\/subscriptions\/\S+)/.exec(text)?.[1] ?? ''
}

const fits = (page: Page) =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')

it('a form is made with the keyboard and previewed as it is made', { timeout: 90_000 }, async () => {
  const page = await newPage({ baseURL: posthorn.url })
  await page.goto('/forms')
  await page.getByRole('heading', { name: 'No form yet' }).waitFor()
  expect(await axe(page)).toEqual([])
  await page.getByLabel('Name', { exact: true }).fill('Fernweh')
  await page.getByLabel('Colour', { exact: true }).fill('#0b7a5b')
  await page.getByRole('button', { name: 'Save' }).press('Enter')
  await page.getByText('Saved.').waitFor()

  await page.getByRole('link', { name: 'Make the first one' }).press('Enter')
  // The list has a field of that name too, and stays until the editor is there.
  await page.getByLabel('Heading', { exact: true }).waitFor()
  await page.getByLabel('Name', { exact: true }).focus()
  await page.keyboard.type('Letter')
  await page.keyboard.press('Tab')
  await page.keyboard.type('Stories from the road')
  await page.keyboard.press('Tab')
  await page.keyboard.type('Once a month, and nothing else.')
  const preview = page.frameLocator('iframe[title="The page of the form"]')
  await preview.getByRole('heading', { name: 'Stories from the road' }).waitFor()
  await page.getByLabel('Ask for more').selectOption('First name')
  await preview.getByLabel('First name').waitFor()
  await page.getByRole('switch', { name: 'Ask for consent' }).press('Space')
  await page.getByLabel('Text beside the box').fill('I want to hear from Fernweh.')
  await page.getByLabel('Sites whose scripts').fill('not an origin')
  await preview.getByText('I want to hear').waitFor()
  await page.getByRole('button', { name: 'Afterwards' }).press('Enter')
  await preview.getByRole('heading', { name: 'Please check your mail' }).waitFor()
  await page.getByRole('button', { name: 'Form', exact: true }).press('Enter')
  await preview.getByRole('heading', { name: 'Stories from the road' }).waitFor()
})

describe('screens', () => {
  let made: Made

  beforeAll(async () => {
    await api('PATCH', '/audience', { public_name: 'Fernweh', colour: '#0b7a5b' })
    for (const [label, kind, options] of [
      ['Interests', 'many_of', ['Trains', 'Islands', 'Long walks']],
      ['Country', 'one_of', ['Latvia', 'Portugal', 'Elsewhere']],
    ])
      await api('POST', '/fields', { label, kind, options })
    made = await api<Made>('POST', '/forms', {
      name: 'Monthly letter',
      settings: {
        title: 'Stories from the road',
        text: 'Once a month: one place, one story, and nothing to buy.\nYou can leave with one click.',
        ask: [
          { key: 'first_name', label: '', required: false },
          { key: 'field:country', label: 'Where do you live?', required: true },
          { key: 'field:interests', label: '', required: false },
        ],
        consent: 'I agree that Fernweh writes to me, and keeps when and where I agreed.',
        allowed_origins: [siteUrl],
      },
    })
    await api('POST', '/forms', {
      name: 'At the till, without confirmation',
      settings: { double_opt_in: false },
    })
  })

  // Each theme and each width once from end to end, and what is widest in the other two.
  const looks = [
    { colorScheme: 'light', width: 1280, whole: true },
    { colorScheme: 'dark', width: 360, whole: true },
    { colorScheme: 'dark', width: 1280, whole: false },
    { colorScheme: 'light', width: 360, whole: false },
  ] as const

  it.each(looks)(
    'are whole in $colorScheme at $width',
    { timeout: 90_000 },
    async ({ colorScheme, width, whole }) => {
      const page = await newPage({
        baseURL: posthorn.url,
        colorScheme,
        width,
        height: 900,
        expected: REFUSED,
      })
      const look = async (name: string) => {
        expect([name, await axe(page)]).toEqual([name, []])
        expect([name, await fits(page)]).toEqual([name, 0])
        await shot(page, `forms-${name}-${colorScheme}-${width}`)
      }
      await page.goto('/forms')
      await page.getByRole('link', { name: 'Monthly letter' }).waitFor()
      await look('list')
      await page.goto(`/forms/${made.form.id}`)
      await page.frameLocator('iframe').getByRole('heading', { name: 'Stories from the road' }).waitFor()
      await look('editor')
      await page.getByRole('tab', { name: 'HTML', exact: true }).scrollIntoViewIfNeeded()
      await look('embed')

      // From here on nobody is signed in.
      const path = new URL(made.form.url).pathname
      await page.goto(path)
      await look('page')
      if (!whole) return
      await page.getByLabel('E-mail address').fill(`${colorScheme}${width}@example.com`)
      await page.evaluate('document.forms[0].noValidate = true')
      await page.getByRole('button', { name: 'Sign up' }).click()
      await page.getByText('Please check the marked fields.').waitFor()
      await look('faults')
      await page.getByLabel('Where do you live?').selectOption('Latvia')
      await page.getByLabel('Islands').check()
      await page.getByLabel('I agree that').check()
      await page.getByRole('button', { name: 'Sign up' }).click()
      // Whoever is as quick as this is asked once more.
      await vi.waitFor(
        async () => {
          const button = page.getByRole('button', { name: 'Sign up' })
          if (await button.isVisible()) await button.click()
          await page.getByRole('heading', { name: 'Please check your mail' }).waitFor({ timeout: 1_000 })
        },
        { timeout: 10_000 },
      )
      await look('thanks')
      const link = await lastLink()
      await page.goto(link)
      await look('confirm')
      await page.getByRole('button', { name: 'Yes, confirm' }).press('Enter')
      await page.getByRole('heading', { name: 'Confirmed' }).waitFor()
      await look('confirmed')
      await page.getByRole('link', { name: 'Change your preferences' }).click()
      expect(await page.getByLabel('Islands').isChecked()).toBe(true)
      await look('preferences')
      await page.getByRole('button', { name: 'Unsubscribe' }).press('Enter')
      await page.getByText('You are unsubscribed.').waitFor()
      await look('unsubscribed')
      await page.goto('/subscriptions/forms/nothing')
      await look('missing')
    },
  )

  it('a form on another site answers in place where it may, and on our page where not', async () => {
    const page = await newPage({ expected: REFUSED })
    embedded = made.form.embed.script
    const fill = async (email: string) => {
      await page.goto(siteUrl)
      await page.getByLabel('E-mail address').fill(email)
      await page.getByLabel('Where do you live?').selectOption('Latvia')
      await page.getByLabel('I agree that').check()
      await page.getByRole('button', { name: 'Sign up' }).press('Enter')
    }
    await fill('wrong.@example.com')
    await page.getByText('This is not an e-mail address.').waitFor()
    await fill('place@example.com')
    await page.getByText('We have sent you a mail').waitFor()
    expect(page.url()).toBe(`${siteUrl}/`)

    await api('PATCH', `/forms/${made.form.id}`, { settings: { allowed_origins: [] } })
    await fill('page@example.com')
    await page.getByRole('heading', { name: 'Please check your mail' }).waitFor()
    expect(page.url()).toBe(made.form.url)
    await vi.waitFor(() => expect(relay.mail).toHaveLength(2), 10_000)
  })
})
