// A message: its parts, the frame around hostile HTML, and what may leave it.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { FrameLocator, Page } from 'playwright-core'
import { useBrowser } from '../browser.ts'
import { startPosthorn } from '../posthorn.ts'
import type { Posthorn } from '../posthorn.ts'
import { sendMail, WELCOME } from './app-mail.ts'
import { soon } from './soon.ts'

const { newPage } = useBrowser()
let server: Posthorn

const HOSTILE = `<html><head><script>parent.document.title = 'owned'; document.cookie = 'a=b'</script></head>
<body onload="document.body.append('ran')"><p>Still here</p>
<img src="x" onerror="document.body.append('ran')"><svg onload="document.body.append('ran')"></svg>
<iframe src="/api/posthorn/session"></iframe><form action="/api/v1/inboxes/1" method="post"><button>Go</button></form>
<a href="javascript:document.body.append('ran')">A link</a><meta http-equiv="refresh" content="0;url=/login"></body></html>`

beforeAll(async () => {
  server = await startPosthorn()
  await sendMail(server, [
    WELCOME,
    { from: 'a@example.com', to: 'b@example.com', subject: 'Hostile', html: HOSTILE },
    { from: 'a@example.com', to: 'b@example.com', subject: 'Only text', text: 'Nothing but text.' },
    {
      from: 'a@example.com',
      to: 'b@example.com',
      subject: 'Long',
      text: 'A line of a long text.\n'.repeat(40_000),
    },
  ])
})
afterAll(() => server.stop())

async function open(path: string): Promise<Page> {
  const page = await newPage({ baseURL: server.url })
  await page.goto(path)
  return page
}
const frame = (page: Page): FrameLocator => page.frameLocator('iframe')
const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true }).click()

it('shows who, to whom and how it came', async () => {
  const page = await open('/inboxes/1/messages/1')
  const article = page.getByRole('article')
  await article.getByRole('heading', { name: 'Welcome to Fernweh, Ada' }).waitFor()
  await article.getByText('hidden@example.com').waitFor()
  await article.getByRole('button', { name: 'Details' }).click()
  for (const text of ['reply@fernweh.example', 'hello@fernweh.example', '127.0.0.1', 'not used'])
    await article.getByText(text).first().waitFor()
})

it('has every part behind a tab with its own address', async () => {
  const page = await open('/inboxes/1/messages/1')
  await frame(page).getByText('Welcome aboard, Ada').waitFor()
  await soon(() =>
    frame(page)
      .getByAltText('The logo')
      .evaluate(image => image.naturalWidth),
  ).toBe(1)

  await tab(page, 'HTML source')
  await page.getByText('max-width: 600px').waitFor()
  expect(new URL(page.url()).search).toBe('?tab=source')
  await tab(page, 'Text')
  await page.getByRole('link', { name: 'https://fernweh.example/confirm?token=1' }).waitFor()
  await tab(page, 'Headers')
  await page.getByRole('row', { name: /^Message-ID/i }).waitFor()
  await tab(page, 'Raw')
  await page.getByText('Content-Type: multipart/').first().waitFor()
  await page.getByRole('tab', { name: /^Attachments/ }).click()
  await page.getByText('invoice-2026-1107.pdf').waitFor()

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download invoice-2026-1107.pdf' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('invoice-2026-1107.pdf')
  const [eml] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download as .eml' }).click(),
  ])
  expect(eml.suggestedFilename()).toMatch(/\.eml$/)
})

it('opens a message without HTML on its text', async () => {
  const page = await open('/inboxes/1/messages/3?tab=html')
  await page.getByText('Nothing but text.').last().waitFor()
  expect(await page.getByRole('tab', { name: 'HTML', exact: true }).isDisabled()).toBe(true)
})

it('shows the true width of a device, and the dark side of a message', async () => {
  const page = await open('/inboxes/1/messages/1')
  const widthInside = () =>
    frame(page)
      .getByText('Welcome aboard, Ada')
      .evaluate(element => element.ownerDocument.defaultView.innerWidth)
  await frame(page).getByText('Welcome aboard, Ada').waitFor()
  for (const [device, width] of [
    ['Tablet', 768],
    ['Phone', 375],
  ] as const) {
    await page.getByRole('button', { name: device, exact: true }).click()
    await page.getByText(new RegExp(`^${width} px`)).waitFor()
    await soon(() => page.locator('iframe').evaluate(element => element.clientWidth)).toBe(width)
    await soon(() => widthInside()).toBe(width)
  }
  await page.emulateMedia({ colorScheme: null })
  await page.getByRole('button', { name: 'Preview in dark' }).click()
  await soon(() => page.locator('iframe').evaluate(element => element.style.colorScheme)).toBe('dark')
})

it('runs nothing in the frame, and lets nothing out of it', async () => {
  const page = await newPage({ baseURL: server.url, expected: /sandboxed|Content Security Policy|404/ })
  await page.goto('/inboxes/1/messages/2')
  await frame(page).getByText('Still here').waitFor()
  expect(await page.locator('iframe').getAttribute('sandbox')).toBe(
    'allow-popups allow-popups-to-escape-sandbox',
  )
  expect(await frame(page).locator('body').innerText()).not.toContain('ran')
  expect(await page.title()).not.toContain('owned')
  expect(await frame(page).locator('script, iframe, form, [onload], [onerror]').count()).toBe(0)

  const answer = await page.request.get('/api/posthorn/inboxes/1/messages/2/html')
  const policy = answer.headers()['content-security-policy'] ?? ''
  expect(policy).toMatch(/(^|; )sandbox /)
  expect(policy).not.toMatch(/allow-scripts|allow-same-origin/)
  expect(policy).toContain("default-src 'none'")

  // Even if it came through the sanitiser, a script in this frame would have no origin and no cookies.
  const reach = await page.evaluate(`(() => {
    try { return document.querySelector('iframe').contentDocument?.cookie ?? 'out of reach' }
    catch { return 'out of reach' }
  })()`)
  expect(reach).toBe('out of reach')
})

it('asks for remote images only when told to', async () => {
  const page = await newPage({ baseURL: server.url, expected: /tracker\.example|ERR_/ })
  const asked: string[] = []
  page.on('request', request => asked.push(request.url()))
  await page.goto('/inboxes/1/messages/1')
  await frame(page).getByText('Welcome aboard, Ada').waitFor()
  await page.getByText('1 remote image is blocked.').waitFor()
  expect(asked.filter(url => url.includes('tracker.example'))).toEqual([])
  await page.getByRole('button', { name: 'Load remote images' }).click()
  await soon(() => asked.some(url => url.includes('tracker.example'))).toBe(true)
  await page.getByText('Remote content is loaded.').waitFor()
})

it('shows the beginning of a long message and more on request', async () => {
  const page = await open('/inboxes/1/messages/4?tab=raw')
  await page.getByText(/^The first 262\.1 kB of/).waitFor()
  await page.getByRole('button', { name: 'Show more' }).click()
  await page.getByText(/as received$/).waitFor()
})

it('steps to the older and the newer one, and copies its address', async () => {
  const page = await open('/inboxes/1/messages/2')
  await page.getByRole('button', { name: 'Older message' }).click()
  await page.getByRole('article').getByRole('heading', { name: 'Welcome to Fernweh, Ada' }).waitFor()
  await page.getByRole('button', { name: 'Newer message' }).click()
  await page.getByRole('article').getByRole('heading', { name: 'Hostile' }).waitFor()
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('button', { name: 'More about this message' }).click()
  await page.getByRole('menuitem', { name: 'Copy link' }).click()
  await page.getByText('Link copied.').waitFor()
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe(`${server.url}/inboxes/1/messages/2`)
})
