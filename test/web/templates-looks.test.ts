// Templates and media in both themes, at a desk's and at a phone's width: nothing for axe to find, nothing cut off.
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { STARTERS } from '../../web/send/templates/starters.ts'
import { looks, useBrowser } from '../browser.ts'
import { ADMIN_API_TOKEN, startPosthorn } from '../posthorn.ts'
import type { Posthorn } from '../posthorn.ts'

const { newPage } = useBrowser()
let server: Posthorn

beforeAll(async () => {
  server = await startPosthorn()
  const [newsletter, announcement] = STARTERS.blocks
  const source = newsletter?.source() ?? ''
  await make('/api/posthorn/templates', { name: 'Newsletter', kind: 'blocks', language: 'tags', source })
  const html = STARTERS.html[0]?.source() ?? ''
  await make('/api/posthorn/templates', {
    name: 'A template whose name is much too long for the room that there is for it anywhere',
    kind: 'html',
    language: 'liquid',
    source: html.replace('{{first_name|there}}', '{{ first_name }}'),
  })
  await make('/api/posthorn/templates', {
    name: 'Announcement',
    kind: 'blocks',
    language: 'tags',
    source: announcement?.source(),
  })
  await make('/api/posthorn/templates/1', { source: source.replace('this month', 'this year') }, 'PATCH')
  for (const [name, colour] of [
    ['harbour-at-dawn-with-a-rather-long-name.png', '#275d73'],
    ['boat.png', '#b4552d'],
  ])
    await fetch(`${server.url}/api/posthorn/media`, {
      method: 'POST',
      headers: { 'api-token': ADMIN_API_TOKEN, 'content-type': 'image/png', 'x-file-name': name ?? '' },
      body: new Uint8Array(
        await sharp({ create: { width: 900, height: 500, channels: 3, background: colour ?? '' } })
          .png()
          .toBuffer(),
      ),
    })
  await make('/api/posthorn/media/1', { alt: 'The harbour' }, 'PATCH')
})
afterAll(() => server.stop())

async function make(path: string, body: unknown, method = 'POST'): Promise<void> {
  const response = await fetch(server.url + path, {
    method,
    headers: { 'api-token': ADMIN_API_TOKEN, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(response.status, `${method} ${path}`).toBe(200)
}

interface Screen {
  path: string
  /** What is there once the screen is there. */
  ready: (page: Page) => Promise<unknown>
  /** Only where there is room for it. */
  wide?: true
  narrow?: true
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const firstBlock = (page: Page) => page.getByRole('listbox').getByRole('option').first().waitFor()
const thumbnails = (page: Page) => page.locator('li iframe').first().waitFor()

const SCREENS: Record<string, Screen> = {
  templates: { path: '/templates', ready: thumbnails },
  'template-menu': {
    path: '/templates',
    ready: async page => {
      await button(page, 'Template Newsletter').click()
      await page.getByRole('menu').waitFor()
    },
  },
  'template-new': {
    path: '/templates',
    ready: async page => {
      await button(page, 'New template').click()
      await page.getByRole('dialog').locator('iframe').nth(4).waitFor()
    },
  },
  'template-code': {
    path: '/templates/2/edit',
    ready: async page => {
      await page.locator('.cm-content').click()
      await page.keyboard.press('Control+End')
      await page.keyboard.type('{% if last_name %}')
      await page.locator('.code-problem-dot').waitFor()
    },
  },
  'template-code-preview': {
    path: '/templates/2/edit',
    narrow: true,
    ready: async page => {
      await button(page, 'Preview').click()
      await page.frameLocator('iframe[title="The mail as HTML"]').getByText('Hello Ada').waitFor()
    },
  },
  'template-code-ready': {
    path: '/templates/2/edit',
    wide: true,
    ready: async page => {
      await page.frameLocator('iframe[title="The mail as HTML"]').getByText('Hello Ada').waitFor()
      await button(page, 'Preview in dark').click()
      await page.locator('.cm-content').waitFor()
    },
  },
  'template-test': {
    path: '/templates/2/edit',
    wide: true,
    ready: async page => {
      await button(page, 'Send a test').click()
      await page.getByRole('dialog', { name: 'This server sends no mail yet' }).waitFor()
    },
  },
  'template-blocks': {
    path: '/templates/1/edit',
    ready: async page => {
      await firstBlock(page)
      await page.getByRole('listbox').getByRole('option').nth(1).click()
    },
  },
  'template-block': {
    path: '/templates/1/edit',
    narrow: true,
    ready: async page => {
      await button(page, 'Block').click()
      await page.getByLabel('Space above').waitFor()
    },
  },
  'template-block-social': {
    path: '/templates/1/edit',
    ready: async page => {
      await page.getByRole('option', { name: /^Social links/ }).click()
      if (await button(page, 'Mail').isVisible()) await button(page, 'Block').click()
      await page.getByLabel('Network 1').waitFor()
    },
  },
  'template-add': {
    path: '/templates/1/edit',
    ready: async page => {
      await button(page, 'Add').click()
      await button(page, 'Columns').waitFor()
    },
  },
  'template-look': {
    path: '/templates/1/edit',
    ready: async page => {
      await button(page, 'Look').click()
      await page.getByLabel('Size of text').waitFor()
    },
  },
  'template-preview': {
    path: '/templates/1/edit',
    ready: async page => {
      await button(page, 'Preview').click()
      await page.frameLocator('iframe[title="The mail as HTML"]').getByText('Hello Ada').waitFor()
      await page.getByRole('button', { name: /^Preview as/ }).click()
      await page.getByText('Somebody made up').waitFor()
    },
  },
  'template-versions': {
    path: '/templates/1/versions',
    ready: page => page.locator('.cm-content').getByText('this year').waitFor(),
  },
  'template-versions-look': {
    path: '/templates/1/versions?show=look',
    ready: page => page.locator('figure iframe').nth(1).waitFor(),
  },
  'template-missing': {
    path: '/templates/4711/edit',
    ready: page => page.getByText('no such template').waitFor(),
  },
  media: { path: '/media', ready: page => page.getByRole('list', { name: 'Pictures' }).waitFor() },
  'media-one': {
    path: '/media',
    ready: async page => {
      await page.getByRole('button', { name: /^Open harbour/ }).click()
      await page.getByText('900 × 500 pixels').waitFor()
    },
  },
  'media-picker': {
    path: '/templates/3/edit',
    ready: async page => {
      await firstBlock(page)
      await button(page, 'Add').click()
      await button(page, 'Picture').click()
      await button(page, 'Choose a picture').click()
      await page.getByRole('dialog').getByRole('list', { name: 'Pictures' }).waitFor()
    },
  },
  'media-picker-words': {
    path: '/templates/3/edit',
    ready: async page => {
      await firstBlock(page)
      await button(page, 'Add').click()
      await button(page, 'Picture').click()
      await button(page, 'Choose a picture').click()
      await page.getByRole('button', { name: /^Choose boat/ }).click()
      await page.getByRole('dialog', { name: 'What does it show?' }).waitFor()
    },
  },
}

it.each([
  ['wide', { width: 1280, height: 800 }],
  ['narrow', { width: 360, height: 740 }],
] as const)('every screen is right at a %s window', { timeout: 300_000 }, async (name, size) => {
  const faults: string[] = []
  const page = await newPage({ baseURL: server.url, ...size, expected: /404/ })
  for (const [screen, { path, ready, wide, narrow }] of Object.entries(SCREENS)) {
    if ((wide && name === 'narrow') || (narrow && name === 'wide')) continue
    await page.emulateMedia({ colorScheme: 'light' })
    await page.goto(path)
    await ready(page)
    faults.push(...(await looks(page, `${screen}-${name}`)))
    // What a screen kept unsaved is none of the next one's.
    await page.evaluate('localStorage.clear()')
  }
  expect(faults).toEqual([])
})
