// The screens of campaigns, in both themes, at both widths: nothing for axe to find, nothing cut off.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDatabase } from '../../server/storage/database.ts'
import { inTheme, looks, useBrowser } from '../browser.ts'
import { startPosthorn } from '../posthorn.ts'
import type { Posthorn } from '../posthorn.ts'
import { asOwner } from './audience-people.ts'

const { newPage } = useBrowser()
const DAY = 86_400_000
const WINDOW = { days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00', zone: 'Europe/Berlin' }
let server: Posthorn
const ids: Record<string, number> = {}

beforeAll(async () => {
  server = await startPosthorn()
  await fill()
})
afterAll(() => server.stop())

type One<Name extends string> = Record<Name, { id: number }>
const owner = <Answer>(method: string, path: string, body?: unknown) =>
  asOwner<Answer>(server, method, path, body)

/** One campaign of each kind; words too long for their room among it. */
async function fill(): Promise<void> {
  const { service } = await owner<One<'service'>>('POST', '/email-services', {
    name: 'Into our inbox',
    type_id: 8,
    settings: { inbox_id: 1 },
  })
  const tags = []
  for (const name of 'newsletter,customers,beta,press,VIP,lapsed,staff'.split(','))
    tags.push((await owner<One<'tag'>>('POST', '/tags', { name })).tag.id)
  await owner('POST', '/tags', {
    name: 'A tag whose name is so long that nobody can read all of it in a list',
  })
  await owner('POST', '/segments', {
    name: 'Everybody there is',
    definition: { match: 'all', conditions: [] },
  })
  for (let number = 1; number <= 24; number += 1)
    await owner('POST', '/subscribers', {
      email: `person-${number}@example.com`,
      first_name: `Person ${number}`,
      status: number % 5 === 0 ? 'unsubscribed' : 'subscribed',
      tag_ids: [tags[number % tags.length]],
    })
  const { template } = await owner<One<'template'>>('POST', '/templates', {
    name: 'Newsletter',
    kind: 'html',
    language: 'tags',
    source:
      '<body style="background:#f3efe6"><h1>Fernweh</h1>{{content}}<a href="{{unsubscribe_url}}">Unsubscribe</a></body>',
  })
  const text = {
    subject: 'What we saw in November, {{first_name|friend}}',
    preheader: 'Harbours, trains, and one very good soup',
    from_name: 'Fernweh',
    from_email: 'news@fernweh.example',
    email_service_id: service.id,
    template_id: template.id,
    content: '<h2>Hello</h2><p>This month we went <strong>north</strong>.</p><ul><li>Tromsø</li></ul>',
    send_to_all: false,
    tag_ids: tags.slice(0, 2),
  }
  const make = async (key: string, fields: object) => {
    const made = await owner<One<'campaign'>>('POST', '/campaigns', { ...text, name: key, ...fields })
    ids[key] = made.campaign.id
    return made.campaign.id
  }
  await make('draft', { name: 'November news' })
  await make('bare', {
    name: 'Only a name',
    subject: '',
    from_name: '',
    email_service_id: null,
    content: null,
  })
  const later = {
    scheduled_at: new Date(Date.now() + 30 * DAY).toISOString(),
    schedule_zone: 'Europe/Berlin',
  }
  await make('later', { name: 'Christmas letter', ...later, send_window: WINDOW, in_recipient_zone: true })
  await make('queued', { name: 'Queued letter', ...later })
  for (const key of ['sending', 'paused', 'overdue', 'sent', 'drafts', 'cancelled'])
    await make(key, {
      name: `${key}: an autumn sale whose name is much too long for the room that there is for it`,
    })
  await owner('POST', `/campaigns/${ids.queued}/send`, {})

  // States that last: what sends is somebody else, who is alive.
  const db = await openDatabase({ engine: 'sqlite', file: `${server.dataDir}/posthorn.db` })
  try {
    const receipt = JSON.stringify({
      total: 21_340,
      included: 20_000,
      unsubscribed: 1200,
      bounced: 80,
      complained: 4,
      pending: 40,
      suppressed: 14,
      duplicates: 2,
    })
    const now = Date.now()
    const become = async (key: string, set: object, totals?: object) => {
      const id = ids[key] ?? 0
      await db
        .updateTable('campaigns')
        .set({ ...set, updated_at: now })
        .where('id', '=', id)
        .execute()
      if (!totals) return
      await db
        .insertInto('campaign_totals')
        .values({ campaign_id: id })
        .onConflict(on => on.doNothing())
        .execute()
      await db.updateTable('campaign_totals').set(totals).where('campaign_id', '=', id).execute()
    }
    const begun = { queued_at: now - DAY, frozen_at: now - DAY, receipt }
    const paused = { status_id: 3, paused_at: now - 600_000 }
    await become(
      'paused',
      {
        ...begun,
        ...paused,
        pause_reason: 'Of 120 mails 31 were refused for good. The last: 550 5.7.1 Message rejected as spam',
      },
      { total: 20_000, sent: 12_345, failed: 31, ambiguous: 2, skipped: 12, pending: 7610 },
    )
    await become('overdue', {
      ...paused,
      scheduled_at: now - DAY,
      pause_reason: 'It was due a day ago, while the server was down.',
    })
    const done = { ...begun, sent_at: now - DAY, finished_at: now - 3_600_000 }
    await become(
      'sent',
      { ...done, status_id: 4 },
      { total: 20_000, sent: 19_950, failed: 42, ambiguous: 3, skipped: 5, opened: 8123, clicked: 1204 },
    )
    await become(
      'drafts',
      { ...done, status_id: 4, save_as_draft: 1 },
      { total: 300, sent: 100, draft: 200, opened: 60, clicked: 21 },
    )
    await become('cancelled', { ...done, status_id: 5 }, { total: 20_000, sent: 410, skipped: 19_590 })
  } finally {
    await db.destroy()
  }
}

interface Screen {
  path: string | (() => string)
  /** Text that is there once the screen is there. */
  shows: string
  act?: (page: Page) => Promise<unknown>
}

const mailSays = (page: Page, text: string) =>
  page.frameLocator('iframe[title="The mail as HTML"]').getByText(text).waitFor()

const SCREENS: Record<string, Screen> = {
  list: { path: '/campaigns', shows: 'November news' },
  'list-sent': { path: '/campaigns?sent=1', shows: '200 wait as drafts' },
  new: { path: '/campaigns/new', shows: 'Attach files' },
  edit: {
    path: () => `/campaigns/${ids.draft}/edit`,
    shows: 'Attach files',
    act: page => mailSays(page, 'north'),
  },
  'edit-html': {
    path: () => `/campaigns/${ids.draft}/edit`,
    shows: 'Attach files',
    act: async page => {
      await page.getByRole('group', { name: 'Written as' }).getByText('HTML').click()
      await page.locator('.cm-content').waitFor()
      await page.locator('.cm-content').scrollIntoViewIfNeeded()
    },
  },
  'edit-dispute': {
    path: () => `/campaigns/${ids.draft}/edit`,
    shows: 'Attach files',
    act: async page => {
      await owner('PATCH', `/campaigns/${ids.draft}`, { preheader: 'By somebody else' })
      await page.getByLabel('Preheader').fill('By me')
      await page.getByText('Which words stay?').waitFor()
    },
  },
  prepare: {
    path: () => `/campaigns/${ids.draft}`,
    shows: 'left out',
    act: page => mailSays(page, 'north'),
  },
  'prepare-bare': {
    path: () => `/campaigns/${ids.bare}`,
    shows: 'Before it can be sent',
    act: page => page.getByRole('button', { name: /^Send/ }).last().scrollIntoViewIfNeeded(),
  },
  'prepare-later': {
    path: () => `/campaigns/${ids.later}`,
    shows: 'left out',
    act: page => page.getByRole('group', { name: 'Days' }).scrollIntoViewIfNeeded(),
  },
  confirm: {
    path: () => `/campaigns/${ids.draft}`,
    shows: 'left out',
    act: async page => {
      await page.getByRole('button', { name: /^Send to/ }).click()
      await page.getByRole('alertdialog').getByText('newsletter').waitFor()
    },
  },
  paused: { path: () => `/campaigns/${ids.paused}`, shows: 'It has paused by itself' },
  overdue: { path: () => `/campaigns/${ids.overdue}`, shows: 'Send it now?' },
  sent: { path: () => `/campaigns/${ids.sent}`, shows: 'Send to those added later' },
  drafts: { path: () => `/campaigns/${ids.drafts}`, shows: 'Send 200 drafts' },
}

const SIZES = { wide: { width: 1280, height: 800 }, narrow: { width: 360, height: 740 } }

it('every screen is right in both themes, at both widths', { timeout: 240_000 }, async () => {
  const faults: string[] = []
  const page = await newPage({ expected: /409/ })
  for (const [screen, { path, shows, act }] of Object.entries(SCREENS)) {
    await page.setViewportSize(SIZES.wide)
    await inTheme(page, 'light')
    await page.goto(server.url + (typeof path === 'string' ? path : path()))
    await page.getByText(shows).filter({ visible: true }).first().waitFor()
    await act?.(page)
    for (const [name, size] of Object.entries(SIZES)) {
      await page.setViewportSize(size)
      faults.push(...(await looks(page, `campaigns-${screen}-${name}`)))
    }
    await page.evaluate('localStorage.clear()')
  }
  expect(faults).toEqual([])
})
