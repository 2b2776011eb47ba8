// Every route of SendPortal's API against input that nobody means: refused in the dialect, and never with 500. The
// routes come from the router itself, so that a new one is tried too.
import { beforeAll, expect, it } from 'vitest'
import { APIS, routesOf } from '../../scripts/openapi.ts'
import { eachEngine } from '../engines.ts'
import { ADMIN_API_TOKEN } from '../posthorn.ts'
import { useSendPortal } from './sendportal.ts'

const api = APIS.find(({ file }) => file === 'sendportal-v1.yaml')
// Providers are told OK whatever they post (sendportal-webhooks.test.ts).
const routes = (api === undefined ? [] : await routesOf(api)).filter(
  ({ path }) => !path.includes('/webhooks/'),
)

const FIELDS =
  `email first_name last_name unsubscribed_at subscribed fields tags segments name subscribers content
  subject from_name from_email email_service_id template_id is_open_tracking send_to_all segment_ids scheduled_at
  save_as_draft type_id settings host port password inbox_id description`.split(/\s+/)

const VALUES: [string, unknown][] = [
  ['null', null],
  ['a number', 5],
  ['a negative one', -1],
  ['a fraction', 0.5],
  ['one that no column holds', 1e308],
  ['digits without end', '9'.repeat(400)],
  ['the greatest integer', '9223372036854775807'],
  ['true', true],
  ['an empty list', []],
  ['a list of null', [null]],
  ['a list of lists', [[1], [[2]]]],
  ['a list of objects', [{ id: 1 }]],
  ['a list of what no column holds', [1e308, '9'.repeat(400), -1, '1e3', ' 1 ']],
  ['an object', { a: { b: [1] } }],
  ['an object with odd keys', { __proto__: 1, constructor: 2, '': 3, 'a.b': 4, key: [1] }],
  ['NUL and half a surrogate pair', 'a\0b\ud800c'],
  ['quotes, percent, backslash', `' " % _ \\ ; -- {{`],
  ['a long text', 'x'.repeat(5000)],
]

eachEngine("SendPortal's API and what nobody means", engine => {
  const portal = useSendPortal(engine)
  const { call, data } = portal
  const user = { token: ADMIN_API_TOKEN }

  beforeAll(async () => {
    await data('POST', '/tags', { name: 'a' })
    await data('POST', '/subscribers', { email: 'a@example.com', tags: [1] })
    await data('POST', '/templates', { name: 'a', content: 'a' })
    await data('POST', '/email-services', { name: 'a', type_id: 6, host: '127.0.0.1', port: 25 })
  })

  it.each(VALUES)('as every field of every body: %s', async (_name, value) => {
    const body = JSON.stringify(Object.fromEntries(FIELDS.map(field => [field, value])))
    const wrong: string[] = []
    for (const { method, path } of routes) {
      if (method === 'GET' || path.includes('/workspaces/{workspace_id}/api-tokens')) continue
      const url = path.replace('{workspace_id}', '1').replace('{id}', method === 'DELETE' ? '77' : '1')
      const said = await call(method, url, body, { ...user, headers: { 'content-type': 'application/json' } })
      const { message } = said.status === 204 ? { message: '' } : (said.json as { message?: unknown })
      const isRefusal = [404, 422].includes(said.status) && typeof message === 'string'
      if (!isRefusal && ![200, 201, 204].includes(said.status))
        wrong.push(`${method} ${url}: ${said.status} ${said.text.slice(0, 200)}`)
    }
    expect(wrong).toEqual([])
  })

  it.each([
    ['page', ['1e9', '-0', '0x10', '٣', '%00', '9'.repeat(300)]],
    ['per_page', ['1e3', '%', '+7', '9'.repeat(300), '[]']],
    ['name', ['%00', '%25', '_', '\\', "'", '%F0%9F%98%80', 'x'.repeat(2000), '"']],
    ['email', ['%00', "' or 1=1 --", 'x'.repeat(255)]],
    ['status', ['%00', 'constructor', '__proto__']],
    ['tags[]', ['9'.repeat(300), '-1', '%00', 'x']],
    ['tags', ['x', '1']],
    ['page[a]', ['1']],
    ['name[x][y][]', ['1']],
    ['a[b][c][d][e][f][g][h][i][j]', ['1']],
  ])('in the query: %s', async (name, values) => {
    for (const value of values)
      for (const path of [
        'subscribers',
        'tags',
        'tags/1/subscribers',
        'templates',
        'campaigns',
        'workspaces',
      ]) {
        const said = await call(
          'GET',
          `/${path}?${name}=${value.includes('%') ? value : encodeURIComponent(value)}`,
        )
        expect([200, 422], `${path} ${name} ${value}: ${said.text.slice(0, 200)}`).toContain(said.status)
      }
  })
})
