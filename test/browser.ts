import { accessSync, constants, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import type { AxeResults } from 'axe-core'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // No test reaches out, whatever a captured mail asks for.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
]
const SHOTS = 'test-results/shots'

export interface PageOptions {
  /** What paths in `page.goto` start from. */
  baseURL?: string
  /** Default 1280 x 800. */
  width?: number
  height?: number
  /** Default light. */
  colorScheme?: 'light' | 'dark'
  /** Errors on the console that belong to the test, such as the browser's line about a 401. */
  expected?: RegExp
}

/**
 * One Chromium for the test file that calls this at its top. A test fails, at its end, on every uncaught
 * error, every error on the console and every request that would have left the machine.
 */
export function useBrowser(): { newPage(options?: PageOptions): Promise<Page> } {
  let browser: Browser
  let contexts: BrowserContext[] = []
  let errors: string[] = []

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumPath(), args: FLAGS })
  })
  afterEach(async () => {
    const [seen, open] = [errors, contexts]
    errors = []
    contexts = []
    for (const context of open) await context.close()
    expect(seen, 'errors in the browser').toEqual([])
  })
  afterAll(() => browser?.close())

  return {
    newPage: async ({ baseURL, width = 1280, height = 800, colorScheme = 'light', expected } = {}) => {
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme,
        reducedMotion: 'reduce',
        ...(baseURL && { baseURL }),
      })
      // Before the time of the test is over, so that what is waited for in vain is named.
      context.setDefaultTimeout(25_000)
      contexts.push(context)
      const note = (text: string) => {
        if (!expected?.test(text)) errors.push(text)
      }
      reportFaults(context, note)
      return context.newPage()
    },
  }
}

/** Calls back for every uncaught error, error on the console, and request to another machine. */
export function reportFaults(context: BrowserContext, note: (fault: string) => void): void {
  context.on('weberror', error => note(`uncaught: ${error.error().stack ?? error.error().message}`))
  context.on('console', message => {
    if (message.type() === 'error') note(`console: ${message.text()} (${message.location().url})`)
  })
  context.on('request', request => {
    if (leavesTheMachine(request.url())) note(`asked for ${request.url()}`)
  })
}

let source: string | undefined

/** What axe finds wrong with the page as it is now, one readable line each. Mail in its sandboxed frame is not ours to judge. */
export async function axe(page: Page): Promise<string[]> {
  // Evaluated, not added as a script: the page's own Content-Security-Policy refuses that. Once for each document: it is
  // half a megabyte to be read.
  if (!(await page.evaluate<boolean>("'axe' in window"))) {
    source ??= readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
    await page.evaluate(source)
  }
  const results = await page.evaluate<AxeResults>(
    "axe.run(document, { iframes: false, resultTypes: ['violations'] })",
  )
  return results.violations.flatMap(({ id, impact, help, nodes }) =>
    nodes.map(
      node => `${id} (${impact}): ${help}: ${node.target.join(' ')}: ${node.failureSummary ?? node.html}`,
    ),
  )
}

/** In this theme, and drawn so: styles that are half one and half the other are nobody's look. */
export async function inTheme(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
  await page.evaluate(`(async () => {
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
    const ending = document.getAnimations().filter(each => each.effect.getComputedTiming().endTime !== Infinity)
    await Promise.allSettled(ending.map(each => each.finished))
  })()`)
}

/**
 * What is wrong with the page as it is now, in both themes, with a picture of each; and whether it is wider than
 * its window.
 */
export async function looks(page: Page, name: string): Promise<string[]> {
  const faults: string[] = []
  for (const theme of ['light', 'dark'] as const) {
    await inTheme(page, theme)
    const found = await axe(page)
    faults.push(...found.map(fault => `${name}, ${theme}: ${fault}`))
    // In CI nobody looks at pictures.
    if (process.env.CI !== 'true') await shot(page, `${name}-${theme}`)
  }
  const beyond = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
  if (beyond > 0) faults.push(`${name}: ${beyond} px wider than the window`)
  return faults
}

/** Writes test-results/shots/<name>.png and gives that path. */
export async function shot(page: Page, name: string): Promise<string> {
  mkdirSync(SHOTS, { recursive: true })
  const path = join(SHOTS, `${name}.png`)
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' })
  return path
}

function leavesTheMachine(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return (
    /^(https?|wss?):$/.test(protocol) && !/^(localhost|.+\.localhost|127\.0\.0\.1|\[::1\])$/.test(hostname)
  )
}

function chromiumPath(): string {
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      try {
        accessSync(join(folder, name), constants.X_OK)
        return join(folder, name)
      } catch {}
    }
  }
  throw new Error('Chromium was not found on PATH')
}
