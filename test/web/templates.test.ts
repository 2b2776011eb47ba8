// Templates through the browser: one built from blocks by keyboard alone, one in HTML with a mistake in it, and media.
import type { Locator, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { useBrowser } from '../browser.ts'
import { type FakeRelay, startFakeRelay } from '../fake-relay.ts'
import { ADMIN_API_TOKEN, startPosthorn } from '../posthorn.ts'
import type { Posthorn } from '../posthorn.ts'
import { soon } from './soon.ts'

const { newPage } = useBrowser()
let server: Posthorn
let relay: FakeRelay

beforeAll(async () => {
  relay = await startFakeRelay({ plain: true })
  server = await startPosthorn({
    env: { POSTHORN_RELAY_URL: `smtp://relay:secret@127.0.0.1:${relay.port}?tls=off` },
  })
  await api('/api/posthorn/subscribers', {
    email: 'grace@example.com',
    first_name: 'Grace',
    last_name: 'Hopper',
  })
})
afterAll(() => Promise.all([server.stop(), relay.close()]))

async function api(path: string, body: unknown): Promise<Record<string, { id: number }>> {
  const response = await fetch(server.url + path, {
    method: 'POST',
    headers: { 'api-token': ADMIN_API_TOKEN, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(response.status, path).toBe(200)
  return (await response.json()) as Record<string, { id: number }>
}

/** As much of a browser's page as is asked for here: the types of the tests are those of Node. */
interface Element {
  ariaLabel: string
  matches(selector: string): boolean
}
interface Frame {
  contentDocument: { images: { alt: string; naturalWidth: number }[] }
}

const focused = (target: Locator) =>
  target.evaluate(element => (element as unknown as Element).matches(':focus'))

/** As somebody without a mouse gets there. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor()
  for (let presses = 0; presses < 60; presses += 1) {
    if (await focused(target)) return
    await page.keyboard.press('Tab')
  }
  expect.fail(`not reached by Tab: ${target}`)
}

const mail = (page: Page) => page.frameLocator('iframe[title="The mail as HTML"]')
const canvas = (page: Page) => page.frameLocator('iframe[title="The mail"]')
const blocks = (page: Page) => page.getByRole('listbox', { name: 'Blocks of the mail' })
const names = (page: Page) =>
  blocks(page)
    .getByRole('option')
    .evaluateAll(options => options.map(option => (option as unknown as Element).ariaLabel))

it('is built from blocks by keyboard alone, saved, previewed as somebody, compared and restored', {
  timeout: 90_000,
}, async () => {
  const page = await newPage({ baseURL: server.url })
  const { keyboard } = page
  await page.goto('/templates')
  await page.getByText('No template yet').waitFor()
  await keyboard.press('n')
  await page.getByRole('dialog', { name: 'New template' }).waitFor()
  await keyboard.type('Monthly news')
  await tabTo(page, page.getByRole('radio', { name: /^Newsletter/ }))
  for (let steps = 0; steps < 4; steps += 1) await keyboard.press('ArrowRight')
  await keyboard.press('Enter')
  await page.waitForURL(/\/templates\/\d+\/edit$/)
  await soon(() => names(page)).toEqual([
    'Heading: Hello {{first_name|there}}, 1 of 3',
    'Campaign content, 2 of 3',
    expect.stringMatching(/^Footer: You get this mail/),
  ])

  // A text below the heading, a button above the footer, both written and moved without a mouse.
  await tabTo(page, blocks(page).getByRole('option').first())
  await keyboard.press('+')
  await soon(() => focused(page.getByRole('button', { name: 'Heading' }))).toBe(true)
  await keyboard.press('Tab')
  await keyboard.press('Enter')
  await soon(() => focused(page.getByLabel('Text', { exact: true }))).toBe(true)
  await keyboard.type('The news of **this** month.')
  await canvas(page).locator('strong', { hasText: 'this' }).waitFor()
  await keyboard.press('Escape')
  await soon(() => focused(blocks(page).getByRole('option', { name: /^Text: The news of this month/ }))).toBe(
    true,
  )
  await keyboard.press('Alt+ArrowUp')
  await page.getByText('Text moved up: 1 of 4.').waitFor({ state: 'attached' })
  await keyboard.press('Alt+ArrowDown')
  await keyboard.press('+')
  await tabTo(page, page.getByRole('button', { name: 'Columns' }))
  await keyboard.press('Enter')
  await keyboard.press('Escape')
  await soon(() => focused(blocks(page).getByRole('option', { name: /^Columns/ }))).toBe(true)
  await keyboard.press('ArrowUp')
  await keyboard.press('Alt+ArrowRight')
  await blocks(page)
    .getByRole('option', { name: 'Text: The news of this month., column 1 of 2, 1 of 1' })
    .waitFor()
  await keyboard.press('Alt+ArrowRight')
  await keyboard.press('Control+d')
  await blocks(page)
    .getByRole('option', { name: /column 2 of 2, 2 of 2/ })
    .waitFor()
  await keyboard.press('Delete')
  await keyboard.press('Control+z')
  await keyboard.press('Control+z')
  await soon(() => names(page)).toEqual([
    'Heading: Hello {{first_name|there}}, 1 of 4',
    'Columns: 2 columns, 2 of 4',
    'Text: The news of this month., column 2 of 2, 1 of 1',
    'Campaign content, 3 of 4',
    expect.stringMatching(/^Footer/),
  ])
  await keyboard.press('Control+s')
  await page.getByText('Saved as version 2.').waitFor()

  await tabTo(page, page.getByRole('button', { name: 'Preview', exact: true }))
  await keyboard.press('Enter')
  await mail(page).getByRole('heading', { name: 'Hello Ada' }).waitFor()
  await tabTo(page, page.getByRole('button', { name: /^Preview as/ }))
  await keyboard.press('Enter')
  await keyboard.type('grace')
  await tabTo(page, page.getByRole('button', { name: /^Grace Hopper/ }))
  await keyboard.press('Enter')
  await mail(page).getByRole('heading', { name: 'Hello Grace' }).waitFor()

  await tabTo(page, page.getByRole('link', { name: 'Versions' }))
  await keyboard.press('Enter')
  await page.getByText('Version 2, compared with version 1').waitFor()
  await page.locator('.cm-merge-b').getByText('"The news of **this** month."').waitFor()
  await tabTo(page, page.getByRole('button', { name: /^Version 1/ }))
  await keyboard.press('Enter')
  await tabTo(page, page.getByRole('button', { name: 'Restore version 1' }))
  await keyboard.press('Enter')
  await page.getByRole('alertdialog').waitFor()
  await tabTo(page, page.getByRole('alertdialog').getByRole('button', { name: 'Restore' }))
  await keyboard.press('Enter')
  await page.getByText('Version 1 is back, as version 3.').waitFor()
  await tabTo(page, page.getByRole('link', { name: 'Back to the template' }))
  await keyboard.press('Enter')
  await soon(() => blocks(page).getByRole('option').count()).toBe(3)
})

it('marks the line that is wrong, warns, keeps what was not saved, and sends a test', {
  timeout: 90_000,
}, async () => {
  const { template } = await api('/api/posthorn/templates', {
    name: 'Hand-made',
    kind: 'html',
    language: 'liquid',
    source: '<h1>Hello {{ first_name }}</h1>\n{{content}}\n<a href="{{ unsubscribe_url }}">Unsubscribe</a>\n',
  })
  const page = await newPage({ baseURL: server.url })
  await page.goto(`/templates/${template?.id}/edit`)
  await mail(page).getByRole('heading', { name: 'Hello' }).waitFor()
  await page.getByRole('button', { name: 'No problems' }).waitFor()
  const code = page.getByRole('textbox', { name: 'Source of the template' })
  await code.focus()
  await page.keyboard.press('Control+End')
  await page.keyboard.type('<img src="/x.png">\n{% if first_name %}\n')
  await page.getByRole('button', { name: /^1 error/ }).waitFor()
  await page.locator('.code-problem-line').waitFor()
  await page.locator('.code-problem-dot').waitFor()
  // The preview stays as it was, and says so.
  await page.getByText('As it was before the error').waitFor()
  await page.keyboard.type('you{% endif %}')
  await page.getByRole('button', { name: '1 warning' }).click()
  await page.getByText('1 picture without alt text').waitFor()
  await mail(page).locator('body', { hasText: 'you' }).waitFor()

  // Left without saving: asked first, and there again afterwards.
  await page.getByRole('link', { name: 'All templates' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click()
  expect(page.url()).toContain('/edit')
  await page.getByRole('link', { name: 'All templates' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Leave' }).click()
  await page.getByRole('link', { name: 'Hand-made' }).click()
  await page.getByRole('button', { name: 'Take them up' }).click()
  await code.getByText('{% endif %}').waitFor()

  await page.getByRole('button', { name: 'Send a test' }).click()
  const dialog = page.getByRole('dialog', { name: 'Send a test' })
  await dialog.getByLabel('To').fill('desk@example.com')
  await dialog.getByLabel('Subject').fill('For {{ first_name }}')
  await dialog.getByRole('button', { name: 'Save and send' }).click()
  await page.getByText('A test is on its way to desk@example.com.').waitFor()
  await soon(
    () => relay.mail.find(({ to }) => to.includes('desk@example.com'))?.bytes.toString() ?? '',
  ).toMatch(/^Subject: \[Test\] For Ada/m)
  await page.getByText('Version 2', { exact: true }).waitFor()
})

it('takes pictures by button and by pasting, asks for their words, and puts them into a mail', {
  timeout: 90_000,
}, async () => {
  const painted = (background: string) =>
    sharp({ create: { width: 640, height: 320, channels: 3, background } })
      .png()
      .toBuffer()
  const page = await newPage({ baseURL: server.url })
  await page.goto('/media')
  await page.getByText('No picture yet').waitFor()
  await page.getByLabel('Pictures to upload').setInputFiles([
    { name: 'harbour.png', mimeType: 'image/png', buffer: await painted('#275d73') },
    { name: 'boat.png', mimeType: 'image/png', buffer: await painted('#b4552d') },
  ])
  await page.getByRole('button', { name: /^Open harbour\.png/ }).click()
  const dialog = page.getByRole('dialog', { name: 'harbour.png' })
  await dialog.getByText('640 × 320 pixels').waitFor()
  await dialog.getByLabel('Alt text').fill('The harbour at dawn')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'detached' })
  await soon(() => page.getByText('No alt text').count()).toBe(1)
  const pasted = (await painted('#3f6b2a')).toString('base64')
  await page.evaluate(`{
    const clipboardData = new DataTransfer()
    const bytes = Uint8Array.from(atob('${pasted}'), letter => letter.charCodeAt(0))
    clipboardData.items.add(new File([bytes], 'meadow.png', { type: 'image/png' }))
    dispatchEvent(new ClipboardEvent('paste', { clipboardData }))
  }`)
  await page.getByRole('button', { name: /^Open meadow\.png/ }).waitFor()

  const { template } = await api('/api/posthorn/templates', {
    name: 'With a picture',
    kind: 'blocks',
    language: 'tags',
    source: JSON.stringify({
      version: 1,
      blocks: [
        { id: 'a', type: 'image' },
        { id: 'b', type: 'content' },
      ],
    }),
  })
  await page.goto(`/templates/${template?.id}/edit`)
  await blocks(page)
    .getByRole('option', { name: /^Picture/ })
    .click()
  await page.getByRole('button', { name: 'Choose a picture' }).click()
  await page.getByRole('button', { name: /^Choose boat\.png/ }).click()
  await page.getByRole('dialog').getByLabel('Alt text').fill('A red boat')
  await page.getByRole('button', { name: 'Use the picture' }).click()
  await blocks(page).getByRole('option', { name: 'Picture: A red boat, 1 of 2' }).waitFor()
  await soon(() =>
    page.getByTitle('The mail', { exact: true }).evaluate(frame => {
      const { images } = (frame as unknown as Frame).contentDocument
      return [images[0]?.alt, images[0]?.naturalWidth]
    }),
  ).toEqual(['A red boat', 640])

  // By mouse, the last block is dragged to the top.
  const first = await blocks(page).getByRole('option').first().boundingBox()
  const last = await blocks(page).getByRole('option').last().boundingBox()
  if (!first || !last) return expect.fail('no blocks')
  await page.mouse.move(last.x + 40, last.y + last.height / 2)
  await page.mouse.down()
  await page.mouse.move(first.x + 60, first.y + 20, { steps: 4 })
  await page.mouse.move(first.x + 60, first.y + 4, { steps: 2 })
  await page.mouse.up()
  await soon(() => names(page)).toEqual(['Campaign content, 1 of 2', 'Picture: A red boat, 2 of 2'])

  await page.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Turn into HTML' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Turn into HTML' }).click()
  await page.getByRole('textbox', { name: 'Source of the template' }).getByText('<!doctype html>').waitFor()
  await page.keyboard.press('Control+s')
  await page.getByText('Saved as version 2.').waitFor()

  await page.goto('/media')
  await page.getByRole('button', { name: /^Open meadow\.png/ }).click()
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete picture' }).click()
  await page.getByRole('button', { name: /^Open meadow\.png/ }).waitFor({ state: 'detached' })
})
