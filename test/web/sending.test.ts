// Projects and inboxes, their settings, and the code that sends to them.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { useBrowser } from '../browser.ts'
import { startPosthorn } from '../posthorn.ts'
import type { Posthorn } from '../posthorn.ts'
import { numbered, sendMail } from './app-mail.ts'
import { soon } from './soon.ts'

const { newPage } = useBrowser()
// Signs that mean something in every language the code is in.
const PASSWORD = `p$9'"x\`\\n#{a}%41`
let server: Posthorn
let folder: string

beforeAll(async () => {
  server = await startPosthorn({ env: { POSTHORN_INBOX_CREDENTIALS: `demo:${PASSWORD}` } })
  folder = mkdtempSync(join(tmpdir(), 'posthorn-snippets-'))
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

const has = (program: string) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0

async function code(page: Page, language: string, title: string): Promise<string> {
  await page.getByRole('tab', { name: language }).click()
  return page
    .locator('pre')
    .and(page.getByLabel(title, { exact: true }))
    .innerText()
}

it('shows the settings, and the password on request', async () => {
  const page = await newPage({ baseURL: server.url })
  await page.goto('/inboxes/1/setup')
  const settings = page.getByRole('region', { name: 'SMTP settings' })
  await settings.getByText(String(server.smtpPort)).waitFor()
  await settings.getByText('demo').waitFor()
  expect(await settings.getByText(PASSWORD).count()).toBe(0)
  await settings.getByRole('button', { name: 'Show password' }).click()
  await settings.getByText(PASSWORD).waitFor()
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await settings.getByRole('button', { name: 'Copy password' }).click()
  await soon(() => page.evaluate('navigator.clipboard.readText()')).toBe(PASSWORD)
  const reading = page.getByRole('region', { name: 'Read by POP3' })
  await reading.getByText(String(server.pop3Port)).waitFor()
  expect(await reading.getByText(PASSWORD).count()).toBe(0)
})

const RUNS = [
  { language: 'Shell', title: 'curl', program: 'curl', file: 'send.sh', run: ['sh'] },
  { language: 'Shell', title: 'swaks', program: 'swaks', file: 'swaks.sh', run: ['sh'] },
  { language: 'Python', title: 'smtplib', program: 'python3', file: 'send.py', run: ['python3'] },
  { language: 'Ruby', title: 'Net::SMTP', program: 'ruby', file: 'send.rb', run: ['ruby'] },
  { language: 'Node.js', title: 'Nodemailer', program: 'node', file: 'send.mjs', run: [process.execPath] },
]
for (const tls of [false, true])
  it.each(RUNS.filter(({ program }) => has(program)))(
    `has $title code that sends as it stands, ${tls ? 'with' : 'without'} STARTTLS`,
    async ({ language, title, file, run: [command = '', ...args] }) => {
      const page = await newPage({ baseURL: server.url })
      await page.goto('/inboxes/1/setup')
      if (tls) await page.getByRole('switch', { name: 'With STARTTLS' }).click()
      // Imports are found from where the program lies.
      const script = join(file.endsWith('.mjs') ? import.meta.dirname : folder, `${tls}-${file}`)
      writeFileSync(script, await code(page, language, title))
      try {
        const { status, stderr } = spawnSync(command, [...args, script], { encoding: 'utf8' })
        expect(status, stderr).toBe(0)
      } finally {
        rmSync(script)
      }
      await page.getByText('It works: 1 message caught.').waitFor()
      await page.getByRole('link', { name: 'Show', exact: true }).click()
      await page.getByRole('option').first().click()
      await page.getByRole('button', { name: 'Details' }).click()
      await page.getByRole('article').getByText('demo', { exact: true }).waitFor()
      const used = await page.getByText('not used', { exact: true }).count()
      expect(used).toBe(tls ? 0 : 1)
    },
  )

it('renames an inbox, gives it an address and new credentials', async () => {
  const page = await newPage({ baseURL: server.url, expected: /422/ })
  await page.goto('/inboxes/1/settings')
  await page.getByLabel('Name of the inbox').fill('Staging')
  await page.getByRole('button', { name: 'Rename' }).click()
  await page.getByRole('navigation').getByRole('link', { name: 'Staging' }).waitFor()

  await page.getByRole('switch', { name: 'Accept mail to the address' }).click()
  await page.getByLabel('Alias').fill('not an alias')
  await page.getByRole('button', { name: 'Save alias' }).click()
  await page.getByText('Is invalid.').waitFor()
  await page.getByLabel('Alias').fill('staging')
  await page.getByRole('button', { name: 'Save alias' }).click()
  await page.getByText(/^staging-[0-9a-f]{6}@inbox\.localhost$/).waitFor()

  await page.getByRole('button', { name: 'Reset credentials' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Reset credentials' }).click()
  await page.getByText('The inbox has new credentials.').waitFor()
  await expect(sendMail(server, numbered(1, 1), { user: 'demo', pass: PASSWORD })).rejects.toThrow(/535/)
})

it('makes, renames and deletes projects and inboxes', async () => {
  const page = await newPage({ baseURL: server.url, expected: /422/ })
  await page.goto('/')
  const navigation = page.getByRole('navigation')
  await navigation.getByRole('button', { name: 'New project' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('x')
  await dialog.getByRole('button', { name: 'Create project' }).click()
  await dialog.getByText('The name is too short').waitFor()
  await dialog.getByLabel('Name').fill('Web shop')
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })

  await navigation.getByRole('button', { name: 'New inbox in Web shop' }).click()
  await dialog.getByLabel('Name').fill('Checkout')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Send to this inbox' }).waitFor()
  await navigation.getByRole('link', { name: 'Checkout' }).click()
  await page.getByText('Waiting for the first message').waitFor()

  await navigation.getByRole('button', { name: 'Project Web shop' }).click()
  await page.getByRole('menuitem', { name: 'Rename project' }).click()
  await dialog.getByLabel('Name').fill('Shop')
  await page.keyboard.press('Enter')
  await navigation.getByRole('heading', { name: 'Shop', exact: true }).waitFor()

  // Another tab hears of it.
  const other = await page.context().newPage()
  await other.goto(`${server.url}/inboxes/1`)
  await other.getByRole('navigation').getByRole('link', { name: 'Checkout' }).waitFor()
  await navigation.getByRole('button', { name: 'Project Shop' }).click()
  await page.getByRole('menuitem', { name: 'Delete project' }).click()
  await page.getByRole('alertdialog').getByLabel('To be sure').fill('Shop')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/inboxes/1')
  await other.getByRole('navigation').getByRole('link', { name: 'Checkout' }).waitFor({ state: 'detached' })
})

it('deletes an inbox', async () => {
  const page = await newPage({ baseURL: server.url })
  await page.goto('/inboxes/1/settings')
  await page.getByRole('button', { name: 'Delete inbox' }).click()
  await page.getByRole('alertdialog').getByLabel('To be sure').fill('Staging')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete inbox' }).click()
  await page.getByText('No inbox yet').first().waitFor()
  await page.getByRole('button', { name: 'Create an inbox' }).waitFor()
})
