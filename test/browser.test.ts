// What the browser tests stand on: that a fault in a page fails its test.
import { createServer } from 'node:http'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { axe, reportFaults, shot, useBrowser } from './browser.ts'

const { newPage } = useBrowser()
const POLICY = "default-src 'none'; script-src 'self'; img-src *"
const GOOD = '<!doctype html><html lang="en"><title>Good</title><main><h1>Good</h1></main>'

const server = createServer((request, response) => {
  if (request.url === '/favicon.ico') return response.end()
  if (request.url === '/missing') response.statusCode = 404
  response.setHeader('content-security-policy', POLICY)
  if (request.url === '/throws.js') return response.end('setTimeout(() => { throw new Error("planted") })')
  response.setHeader('content-type', 'text/html')
  if (request.url === '/throws') return response.end(`${GOOD}<script src="/throws.js"></script>`)
  if (request.url === '/unlabelled') return response.end(`${GOOD}<main><input></main>`)
  if (request.url === '/outside')
    return response.end(`${GOOD}<img src="http://example.com/pixel.gif" alt="">`)
  return response.end(GOOD)
})
let baseURL: string

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())

it('shows a page in the asked size and colours', async () => {
  const page = await newPage({ baseURL, width: 360, height: 640, colorScheme: 'dark' })
  await page.goto('/')
  expect(await page.evaluate('[innerWidth, matchMedia("(prefers-color-scheme: dark)").matches]')).toEqual([
    360,
    true,
  ])
  expect(await axe(page)).toEqual([])
  expect(existsSync(await shot(page, 'browser'))).toBe(true)
})

it('says what axe finds, under a strict policy too', async () => {
  const page = await newPage({ baseURL })
  await page.goto('/unlabelled')
  expect(await axe(page)).toContainEqual(expect.stringMatching(/^label \(critical\): .+: input: /))
})

it.each([
  ['/throws', /^uncaught: Error: planted/],
  ['/missing', /^console: .+404/],
  ['/outside', /^asked for http:\/\/example.com\/pixel.gif/],
])('reports the fault of %s', async (path, fault) => {
  const page = await newPage({ baseURL, expected: /./ })
  const faults: string[] = []
  reportFaults(page.context(), text => faults.push(text))
  await page.goto(path)
  await expect.poll(() => faults).toContainEqual(expect.stringMatching(fault))
})
