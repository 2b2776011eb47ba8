// The promised surface: what the router has and what docs/api says are the same, both ways.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { APIS, describe as describeApi, routesOf } from '../scripts/openapi.ts'

const METHODS = new Set(['get', 'post', 'put', 'patch', 'delete'])

interface Document {
  paths: Record<string, Record<string, unknown>>
  components: { schemas: Record<string, unknown> }
}

describe.each(APIS)('$file', api => {
  const file = readFileSync(join(import.meta.dirname, '../docs/api', api.file), 'utf8')
  const document = parse(file) as Document
  const documented = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations)
      .filter(method => METHODS.has(method))
      .map(method => `${method.toUpperCase()} ${path}`),
  )

  it('documents every route', async () => {
    const routes = (await routesOf(api)).map(({ method, path }) => `${method} ${path}`)
    expect(routes.filter(route => !documented.includes(route))).toEqual([])
  })

  it('says of every route in one line what it does', async () => {
    const routes = await routesOf(api)
    expect(routes.filter(({ doc }) => !doc?.summary.trim()).map(({ path }) => path)).toEqual([])
    const lines = routes.map(({ doc }) => doc?.summary ?? '')
    expect(lines.filter(line => line.length > 80 || /[\n.]$/.test(line))).toEqual([])
  })

  it('documents nothing that is not there', async () => {
    const routes = (await routesOf(api)).map(({ method, path }) => `${method} ${path}`)
    expect(documented.filter(route => !routes.includes(route))).toEqual([])
  })

  it('is what `node scripts/openapi.ts` writes', async () => {
    expect(file).toBe(await describeApi(api))
  })

  it('refers only to schemas that it has', () => {
    const named = [...file.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name = '']) => name)
    expect(named.filter(name => !(name in document.components.schemas))).toEqual([])
  })
})
