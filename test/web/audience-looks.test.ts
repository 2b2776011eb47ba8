// The screens of the audience, in both themes, at both widths: nothing for axe to find, nothing cut off.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { inTheme, looks, useBrowser } from '../browser.ts'
import { startPosthorn } from '../posthorn.ts'
import type { Posthorn } from '../posthorn.ts'
import { asOwner, peopleFile } from './audience-people.ts'

const PASSWORD = 'four words make sense'
const { newPage } = useBrowser()
let server: Posthorn
const ids = { person: 0, waiting: 0, tried: 0, done: 0 }

beforeAll(async () => {
  server = await startPosthorn({
    env: { POSTHORN_ADMIN_EMAIL: 'ada@example.com', POSTHORN_ADMIN_PASSWORD: PASSWORD },
  })
  const joan = ['--email', 'joan@example.com', '--name', 'Joan', '--password', PASSWORD]
  await Promise.all([server.run(['user', 'create', ...joan]), fill()])
}, 120_000)
afterAll(() => server.stop())

const owner = <Answer>(method: string, path: string, body?: unknown) =>
  asOwner<Answer>(server, method, path, body)

type One<Name extends string> = Record<Name, { id: number; status: string }>

async function imported(file: string, changes: object): Promise<number> {
  const { id } = (await owner<One<'import'>>('POST', '/imports', file)).import
  const { options } = await owner<{ options: object }>('GET', `/imports/${id}/preview`)
  await owner('POST', `/imports/${id}/start`, { options: { ...options, ...changes } })
  await vi.waitFor(async () => {
    expect((await owner<One<'import'>>('GET', `/imports/${id}`)).import.status).toBe('done')
  }, 20_000)
  return id
}

/** An audience with something of everything, words too long for their room among it. */
async function fill(): Promise<void> {
  const options = ['Free', 'Team', 'Business, paid by the year']
  await owner('POST', '/fields', { label: 'City', kind: 'text' })
  await owner('POST', '/fields', { label: 'Orders', kind: 'number' })
  await owner('POST', '/fields', { label: 'Birthday', kind: 'date' })
  await owner('POST', '/fields', { label: 'Plan', kind: 'one_of', options })
  await owner('POST', '/fields', {
    label: 'What they would like to read about, as they told us in the form',
    kind: 'many_of',
    options: ['Trains', 'Boats', 'Bicycles', 'Walking in the mountains'],
  })
  const file = peopleFile(130)
  ids.done = await imported(file, { dry_run: false })
  ids.tried = await imported(peopleFile(90), { dry_run: true })
  ids.waiting = (await owner<One<'import'>>('POST', '/imports', file)).import.id

  const { tag } = await owner<One<'tag'>>('POST', '/tags', {
    name: 'A tag whose name is so long that nobody can read all of it in a list',
  })
  const { subscriber } = await owner<One<'subscriber'>>('POST', '/subscribers', {
    email: `${'very-long-local-part'.repeat(2)}@mail.example.com`,
    first_name: 'Wolfeschlegelsteinhausenbergerdorff',
    last_name: 'the Elder, of the Old Family',
    status: 'pending',
    tag_ids: [tag.id],
  })
  await owner('PATCH', `/subscribers/${subscriber.id}`, { status: 'unsubscribed' })
  const person = await owner<One<'subscriber'>>('POST', '/subscribers', {
    email: 'radia@perlman.example',
    first_name: 'Radia',
    last_name: 'Perlman',
    tag_ids: [tag.id],
    fields: { city: 'Porto', plan: 'Team' },
  })
  ids.person = person.subscriber.id
  const path = `/subscribers/${ids.person}`
  await owner('PATCH', path, {
    fields: { city: 'Berlin', orders: 12 },
    last_name: 'Perlman-Joy',
    tag_ids: [],
  })
  await owner('PATCH', path, { status: 'unsubscribed' })
  await owner('POST', `${path}/notes`, {
    text: 'Called us: wants the printed catalogue,\nand no mail in July.',
  })
  await owner('POST', '/suppressions', { value: 'perlman.example', evidence: 'Asked us by phone' })
  await owner('POST', '/suppressions/import', {
    text: [
      'spam-trap@example.net',
      `${'x'.repeat(50)}@${'long.'.repeat(12)}example.org`,
      'example.info',
    ].join('\n'),
  })
}

interface Screen {
  path: string | (() => string)
  /** Text that is there once the screen is there. */
  shows: string
  act?: (page: Page) => Promise<void>
}

/** By who looks. Joan has a workspace in which nothing is yet. */
const SCREENS: Record<string, Record<string, Screen>> = {
  'ada@example.com': {
    subscribers: { path: '/subscribers', shows: 'radia@perlman.example' },
    'subscribers-filtered': { path: '/subscribers?search=lovelace&status=subscribed', shows: 'found' },
    'subscribers-none': { path: '/subscribers?search=nobodyatall', shows: 'Nobody found' },
    'subscribers-chosen': {
      path: '/subscribers',
      shows: 'radia@perlman.example',
      act: async page => {
        await page.getByRole('listbox', { name: 'Subscribers' }).focus()
        await page.keyboard.press('x')
        await page.keyboard.press('Shift+ArrowDown')
        await page.getByText('2 selected').waitFor()
      },
    },
    'subscribers-add': {
      path: '/subscribers',
      shows: 'radia@perlman.example',
      act: async page => {
        await page.getByRole('button', { name: 'Add', exact: true }).click()
        await page.getByRole('combobox', { name: 'Tags' }).fill('ne')
        await page.getByRole('option', { name: /newsletter/ }).waitFor()
      },
    },
    subscriber: { path: () => `/subscribers/${ids.person}`, shows: 'Called us' },
    'subscriber-gone': { path: '/subscribers/999999', shows: 'This subscriber is not here' },
    tags: { path: '/tags', shows: 'newsletter' },
    fields: { path: '/fields', shows: 'Birthday' },
    'field-dialog': {
      path: '/fields',
      shows: 'Birthday',
      act: async page => {
        await page.getByRole('button', { name: 'Add field' }).click()
        await page.getByText('Many of', { exact: true }).click()
        await page.getByRole('textbox', { name: 'Option 1' }).fill('Trains')
      },
    },
    suppressions: { path: '/suppressions', shows: 'spam-trap@example.net' },
    imports: { path: '/imports', shows: 'people.csv' },
    'import-new': { path: '/imports/new', shows: 'Choose a file' },
    'import-columns': { path: () => `/imports/${ids.waiting}`, shows: 'Start dry run' },
    'import-tried': { path: () => `/imports/${ids.tried}`, shows: 'Nothing was written.' },
    'import-done': { path: () => `/imports/${ids.done}`, shows: 'bad rows' },
  },
  'joan@example.com': {
    'subscribers-empty': { path: '/subscribers', shows: 'No subscribers yet' },
    'tags-empty': { path: '/tags', shows: 'No tags yet' },
    'fields-empty': { path: '/fields', shows: 'No fields yet' },
    'suppressions-empty': { path: '/suppressions', shows: 'Nobody is suppressed' },
    'imports-empty': { path: '/imports', shows: 'No import yet' },
  },
}

const SIZES = { wide: { width: 1280, height: 800 }, narrow: { width: 360, height: 740 } }

it.each(Object.keys(SCREENS))('every screen is right for %s', { timeout: 240_000 }, async email => {
  const faults: string[] = []
  const page = await newPage({ expected: /404/ })
  await page.goto(`${server.url}/login?next=/tags`)
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Tags', exact: true }).waitFor()
  for (const [screen, { path, shows, act }] of Object.entries(SCREENS[email] ?? {})) {
    await page.setViewportSize(SIZES.wide)
    await inTheme(page, 'light')
    await page.goto(server.url + (typeof path === 'string' ? path : path()))
    await page.getByText(shows).filter({ visible: true }).first().waitFor()
    await act?.(page)
    for (const [name, size] of Object.entries(SIZES)) {
      await page.setViewportSize(size)
      faults.push(...(await looks(page, `audience-${screen}-${name}`)))
    }
  }
  expect(faults).toEqual([])
})
