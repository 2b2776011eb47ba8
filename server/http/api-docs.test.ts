import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { axe, shot, useBrowser } from '../../test/browser.ts'
import { createLog } from '../log.ts'
import { apiDocs } from './api-docs.ts'
import { Metrics } from './metrics.ts'
import type { OpenApiDocument } from './openapi-document.ts'
import { createHttpServer, type HttpServer } from './server.ts'

const PUBLISHED = join(import.meta.dirname, '../../docs/api')

const { newPage } = useBrowser()
const servers: HttpServer[] = []
const folders: string[] = []

afterEach(async () => {
  await Promise.all(servers.splice(0).map(server => server.close(0)))
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

async function serve(folder = PUBLISHED): Promise<string> {
  const server = createHttpServer({
    log: createLog({ level: 'silent', human: false, write: () => {} }),
    metrics: new Metrics(),
    maxBodySize: 1000,
    trustedProxies: [],
  })
  servers.push(server)
  apiDocs(server.app, { folder, publicUrl: 'https://mail.example.com', version: '1.2.3' })
  return `http://127.0.0.1:${await server.listen('127.0.0.1', 0)}`
}

function folderWith(documents: Record<string, object>): string {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-api-docs-'))
  folders.push(folder)
  for (const [name, document] of Object.entries(documents))
    writeFileSync(join(folder, `${name}.yaml`), stringify(document))
  return folder
}

function api(path: string, shape: object, more: object = {}): object {
  return {
    openapi: '3.1.0',
    info: { title: path, version: '1' },
    security: [{ token: [] }],
    paths: {
      [path]: {
        get: {
          tags: ['things'],
          summary: 'A thing',
          responses: {
            200: {
              description: 'Done',
              content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
            },
            404: { $ref: '#/components/responses/404' },
          },
          ...more,
        },
      },
    },
    components: { schemas: { Thing: shape }, responses: { 404: { description: 'No such thing' } } },
  }
}

describe('the document', () => {
  it('holds all that is published, for this server, and refers to nothing that it lacks', async () => {
    const response = await fetch(`${await serve()}/api/openapi.json`)
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
    const text = await response.text()
    const whole = JSON.parse(text) as OpenApiDocument
    expect(whole.servers).toEqual([{ url: 'https://mail.example.com' }])
    expect(whole.info.version).toBe('1.2.3')
    expect(Object.keys(whole.paths)).toEqual(
      expect.arrayContaining(['/api/v1/inboxes/{id}/messages', '/api/posthorn/inboxes/{id}/messages']),
    )
    for (const [, section = '', name = ''] of text.matchAll(/"#\/components\/(\w+)\/([^"]+)"/g))
      expect(whole.components[section]).toHaveProperty([name])
  })

  it('keeps apart what has one name and two meanings', async () => {
    const one = { type: 'object', properties: { self: { $ref: '#/components/schemas/Thing' } } }
    const folder = folderWith({ one: api('/one', one), two: api('/two', { type: 'string' }) })
    const whole = (await (await fetch(`${await serve(folder)}/api/openapi.json`)).json()) as OpenApiDocument
    expect(whole.components.schemas).toEqual({ Thing: one, 'Thing-two': { type: 'string' } })
    expect(Object.keys(whole.components.responses ?? {})).toEqual(['404'])
    const replyOf = (path: string) => whole.paths[path]?.get?.responses['200']
    expect(replyOf('/one')).toHaveProperty(
      'content.application/json.schema.$ref',
      '#/components/schemas/Thing',
    )
    expect(replyOf('/two')).toHaveProperty(
      'content.application/json.schema.$ref',
      '#/components/schemas/Thing-two',
    )
    expect(whole.paths['/two']?.get?.security).toEqual([{ token: [] }])
  })

  it('is not sent again to those who have it, and is for nobody to change', async () => {
    const url = `${await serve()}/api/openapi.json`
    const etag = (await fetch(url)).headers.get('etag') ?? ''
    expect((await fetch(url, { headers: { 'if-none-match': etag } })).status).toBe(304)
    expect((await fetch(url, { method: 'HEAD' })).status).toBe(200)
    expect((await fetch(url, { method: 'POST' })).status).toBe(405)
  })

  it('is looked for again after it could not be read', async () => {
    const folder = folderWith({ one: { openapi: '3.1.0' } })
    const url = `${await serve(folder)}/api/openapi.json`
    expect((await fetch(url)).status).toBe(500)
    writeFileSync(join(folder, 'one.yaml'), stringify(api('/one', { type: 'string' })))
    expect((await fetch(url)).status).toBe(200)
  })
})

describe('the page', () => {
  it('lets nothing run, whatever the documents say', async () => {
    const evil = `"><script>alert('&')</script>`
    const shape = {
      type: 'object',
      properties: {
        [evil]: { enum: [evil], description: evil },
        ref: { $ref: `#/components/schemas/${evil}` },
      },
    }
    const operation = {
      tags: [evil],
      summary: evil,
      description: `\`${evil}\` ${evil}`,
      parameters: [{ name: evil, in: evil, description: evil, schema: { type: evil } }],
      requestBody: { content: { [evil]: { schema: shape } } },
      responses: { [evil]: { description: evil } },
    }
    const one = api(`/${evil}`, shape, operation)
    const folder = folderWith({ one: { ...one, info: { title: evil, version: evil, description: evil } } })
    const response = await fetch(`${await serve(folder)}/api/docs`)
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; img-src 'self'; style-src 'sha256-[^']+'; base-uri 'none'/,
    )
    const page = await response.text()
    expect(page).toContain('&lt;script&gt;alert(&#39;&amp;&#39;)')
    expect(page).not.toContain('<script')
    expect(page).not.toContain("alert('")
  })

  it.each(['light', 'dark'] as const)('is readable by everybody, in %s', async colorScheme => {
    // Not all documents and not all of this one: the check looks at every word, and they are much alike.
    const one = parse(readFileSync(join(PUBLISHED, 'mailtrap-v1.yaml'), 'utf8')) as object
    const folder = folderWith({ 'mailtrap-v1': one })
    const page = await newPage({ baseURL: await serve(folder), colorScheme, expected: /favicon/ })
    await page.goto('/api/docs')
    await page.evaluate(
      'for (const one of document.querySelectorAll("details:nth-of-type(6n + 2)")) one.open = true',
    )
    expect(await axe(page)).toEqual([])
    await shot(page, `api-docs-${colorScheme}`)
  })

  it('fits a phone, with everything open', async () => {
    const page = await newPage({ baseURL: await serve(), width: 360, height: 740, expected: /favicon/ })
    await page.goto('/api/docs')
    await shot(page, 'api-docs-360')
    await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true')
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
  })

  it('leads from a call to the shape it answers with', async () => {
    const page = await newPage({ baseURL: await serve(), expected: /favicon/ })
    await page.goto('/api/docs#mailtrap-v1-get--api-v1-inboxes-id-messages')
    await page.getByRole('link', { name: 'Message', exact: true }).first().click()
    await page.locator('#mailtrap-v1-shape-Message').waitFor({ state: 'visible' })
    await shot(page, 'api-docs-shape')
  })

  it('has no anchor twice and no link into the void', async () => {
    const page = await (await fetch(`${await serve()}/api/docs`)).text()
    const anchors = [...page.matchAll(/ id="([^"]+)"/g)].map(([, anchor]) => anchor)
    expect(anchors).toEqual([...new Set(anchors)])
    const links = [...page.matchAll(/ href="#([^"]+)"/g)].map(([, anchor]) => anchor)
    expect(links.filter(link => !anchors.includes(link))).toEqual([])
  })
})
