// Writes docs/api/*.yaml from the routes themselves: `node scripts/openapi.ts`. A test holds both against each other.
import Fastify from 'fastify'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { accountsComponents, mailtrapUserComponents } from '../server/accounts/api/components.ts'
import { accountsRoutes, mailtrapAccountRoutes } from '../server/accounts/api/routes.ts'
import { mailtrapComponents, webComponents } from '../server/catch/api/components.ts'
import { mailtrapRoutes, webRoutes } from '../server/catch/api/routes.ts'
import { mailtrapV2Components } from '../server/catch/api/v2/components.ts'
import { mailtrapV2Routes, sendingRoutes } from '../server/catch/api/v2/routes.ts'
import type { Routes } from '../server/http/api.ts'
import type { RouteDoc, Schema } from '../server/http/route-doc.ts'
import { audienceComponents } from '../server/send/api/components.ts'
import { audienceRoutes } from '../server/send/api/routes.ts'
import { sendPortalComponents } from '../server/send/api/sendportal/components.ts'
import { sendPortalRoutes } from '../server/send/api/sendportal/routes.ts'

const FOLDER = join(import.meta.dirname, '../docs/api')

/** One API whose surface is promised. */
interface Described {
  file: string
  title: string
  description: string
  prefix: string
  routes: Routes[]
  schemas: Record<string, Schema>
  /** Media types of replies with objects, if there are others than JSON. */
  formats?: string[]
  /** The same of bodies that come in. */
  bodyFormats?: string[]
  /** Body of a refusal, by status. */
  refusal(status: number): Schema | undefined
  hasRateLimit: boolean
  /** A body that cannot be read is as good as none. */
  forgivesBodies?: boolean
}

interface Route {
  method: string
  /** With the prefix, parameters as `{id}`. */
  path: string
  open: boolean
  doc: RouteDoc | undefined
}

/** All others in a path are ids. */
const TEXT_PARAMETERS = new Set(['signature', 'secret', 'ext_id'])

// Adding a route touches nothing of what it will work with.
const unbuilt = {} as never

const error = (key: string): Schema => ({
  type: 'object',
  required: [key],
  properties: { [key]: { type: 'string' } },
})
const faults: Schema = {
  type: 'object',
  description: 'Messages by field; `base` for the whole object',
  additionalProperties: { type: 'array', items: { type: 'string' } },
}

/** Both generations of Mailtrap's API, but for what takes mail. */
function refusalOfMailtrap(status: number): Schema | undefined {
  if (status === 409) return undefined
  if (status === 403) return error('errors')
  return status === 422
    ? { type: 'object', required: ['errors'], properties: { errors: faults } }
    : error('error')
}

export const APIS: Described[] = [
  {
    file: 'mailtrap-v1.yaml',
    title: "Mailtrap's API V1",
    description:
      'The e-mail sandbox, for software written for Mailtrap. Replies are JSON or XML: `.json` or `.xml` at the end of ' +
      "a path decides, else `Accept`, else it is JSON. XML is as Rails' `to_xml` writes it: the same fields with dashes " +
      'for underscores, under a root named after the resource (`inbox`, `inboxes`; `hash` where it has no name), `type` ' +
      'on what is no string, `nil="true"` for null. Bodies are read in the same formats, and as forms. Paths that ' +
      'answer with the bytes of a message know one format only.',
    prefix: '/api/v1',
    routes: [mailtrapAccountRoutes(unbuilt), mailtrapRoutes(unbuilt)],
    schemas: { ...mailtrapUserComponents, ...mailtrapComponents },
    formats: ['application/json', 'application/xml'],
    bodyFormats: ['application/json', 'application/xml', 'application/x-www-form-urlencoded'],
    refusal: refusalOfMailtrap,
    hasRateLimit: true,
  },
  {
    file: 'mailtrap-v2.yaml',
    title: "Mailtrap's API V2",
    description:
      'The same sandbox as current SDKs ask for it: with the account in the path, or without it and with sandboxes for inboxes. An account is a workspace.',
    prefix: '/api',
    routes: [mailtrapV2Routes(unbuilt), sendingRoutes(unbuilt, unbuilt)],
    schemas: mailtrapV2Components,
    refusal: refusalOfMailtrap,
    hasRateLimit: true,
  },
  {
    file: 'sendportal-v1.yaml',
    title: "SendPortal's API",
    description:
      'Campaigns and whom they go to, for software that was written for SendPortal or LaravelMail. A token of a ' +
      'workspace acts in it; the token of a user acts in the workspace they work in, or in the one that the path ' +
      'names, where tags are called segments. Bodies are JSON or forms. Dates are in UTC.',
    prefix: '/api/v1',
    routes: [sendPortalRoutes(unbuilt)],
    schemas: sendPortalComponents,
    bodyFormats: ['application/json', 'application/x-www-form-urlencoded'],
    refusal: status => ({
      type: 'object',
      required: status === 422 ? ['message', 'errors'] : ['message'],
      properties: { message: { type: 'string' }, ...(status === 422 && { errors: faults }) },
    }),
    hasRateLimit: true,
    forgivesBodies: true,
  },
  {
    file: 'posthorn.yaml',
    title: "Posthorn's own API",
    description: 'What the web app needs beyond the other APIs.',
    prefix: '/api/posthorn',
    routes: [accountsRoutes(unbuilt), webRoutes(unbuilt), audienceRoutes(unbuilt)],
    schemas: { ...accountsComponents, ...webComponents, ...audienceComponents },
    refusal: () => ({
      type: 'object',
      required: ['error'],
      properties: {
        error: {
          type: 'object',
          required: ['code', 'message'],
          properties: { code: { type: 'string' }, message: { type: 'string' }, fields: faults },
        },
      },
    }),
    hasRateLimit: false,
  },
]

/** What the router has, in the order in which it was added. */
export async function routesOf({ prefix, routes }: Described): Promise<Route[]> {
  const found: Route[] = []
  const app = Fastify()
  app.addHook('onRoute', ({ method, url, config }) => {
    const path = url.replaceAll(/:(\w+)/g, '{$1}')
    for (const one of [method].flat())
      if (one !== 'HEAD') found.push({ method: one, path, open: config?.open === true, doc: config?.doc })
  })
  await app.register(
    async plugin => {
      for (const add of routes) add(plugin)
    },
    { prefix },
  )
  await app.close()
  return found
}

export async function describe(api: Described): Promise<string> {
  const paths: Record<string, Record<string, unknown>> = {}
  const routes = await routesOf(api)
  const resources = resourcesOf(routes)
  for (const route of routes) {
    paths[route.path] ??= {}
    Object.assign(paths[route.path] ?? {}, { [route.method.toLowerCase()]: operation(route, api, resources) })
  }
  const document = {
    openapi: '3.1.0',
    info: { title: api.title, version: '1', description: api.description },
    security: [{ token: [] }, { bearer: [] }, { parameter: [] }, { session: [] }],
    paths,
    components: {
      schemas: api.schemas,
      responses: usualRefusals(api),
      securitySchemes: {
        token: { type: 'apiKey', in: 'header', name: 'Api-Token' },
        bearer: { type: 'http', scheme: 'bearer' },
        parameter: { type: 'apiKey', in: 'query', name: 'api_token' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'posthorn_session',
          description: 'A browser that is signed in; changes need its X-CSRF-Token too.',
        },
      },
    },
  }
  return stringify(document, { aliasDuplicateObjects: false, lineWidth: 110 })
}

function operation(route: Route, api: Described, resources: Set<string>): Record<string, unknown> {
  const { doc, open } = route
  const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: TEXT_PARAMETERS.has(name) ? { type: 'string' } : { type: 'integer', format: 'int64' },
  }))
  const inQuery = Object.entries(doc?.query ?? {}).map(([name, parameter]) => ({
    name,
    in: 'query',
    ...parameter,
  }))
  const parameters = [...inPath, ...inQuery]
  return {
    tags: [resourceOf(route.path.slice(api.prefix.length), resources)],
    ...(doc && { summary: doc.summary }),
    ...(doc?.description && { description: doc.description }),
    ...(open && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...(doc?.body && {
      requestBody: { content: inEach(api.bodyFormats, doc.body) },
    }),
    responses: {
      [doc?.status ?? 200]: {
        description: 'Done',
        ...(doc && doc.status !== 204 && { content: contentOf(doc.reply, api) }),
      },
      ...refusals(route, api),
    },
  }
}

/** What paths name by an id: `messages` because of `messages/{message_id}`. */
function resourcesOf(routes: Route[]): Set<string> {
  return new Set(routes.flatMap(({ path }) => [...path.matchAll(/(\w+)\/\{/g)].map(([, name = '']) => name)))
}

/** The last resource on the path, without the API's prefix; of those without ids the first step of it. */
function resourceOf(path: string, resources: Set<string>): string {
  const steps = path.split('/').slice(1)
  return steps.findLast(step => resources.has(step)) ?? steps[0] ?? ''
}

function contentOf(reply: Schema | string, api: Described): Record<string, unknown> {
  return typeof reply === 'string'
    ? { [reply]: { schema: { type: 'string', format: 'binary' } } }
    : inEach(api.formats, reply)
}

function inEach(formats: string[] | undefined, schema: Schema): Record<string, unknown> {
  return Object.fromEntries((formats ?? ['application/json']).map(format => [format, { schema }]))
}

const USUAL: Record<number, string> = {
  400: 'The body cannot be understood',
  401: 'Missing or wrong credentials',
  403: 'Not allowed',
  404: 'There is no such thing, or it is not yours',
  422: 'Some values are not valid',
  429: 'Too many requests; Retry-After says when to come again',
}

function refusals({ method, path, open, doc }: Route, api: Described): Record<number, unknown> {
  const when: Record<number, boolean> = {
    400: doc?.body !== undefined && api.forgivesBodies !== true,
    401: !open,
    403: !open && (method !== 'GET' || /\{(account|workspace)_id\}/.test(path)),
    404: path.includes('{'),
    422: doc?.body !== undefined && doc.refusal === undefined,
    429: api.hasRateLimit && !open,
  }
  const usual = Object.keys(USUAL)
    .filter(status => when[Number(status)])
    .map(status => [
      status,
      doc?.refusal
        ? refusal(USUAL[Number(status)] ?? '', doc.refusal, api)
        : { $ref: `#/components/responses/${status}` },
    ])
  const own = Object.entries(doc?.also ?? {}).map(([status, text]) => [
    status,
    refusal(text, doc?.refusal ?? api.refusal(Number(status)), api),
  ])
  return Object.fromEntries([...usual, ...own])
}

function usualRefusals(api: Described): Record<string, unknown> {
  const statuses = Object.entries(USUAL).filter(
    ([status]) => (api.hasRateLimit || status !== '429') && (api.forgivesBodies !== true || status !== '400'),
  )
  return Object.fromEntries(
    statuses.map(([status, text]) => [status, refusal(text, api.refusal(Number(status)), api)]),
  )
}

function refusal(
  description: string,
  schema: Schema | undefined,
  { formats }: Described,
): Record<string, unknown> {
  return {
    description,
    content: schema ? inEach(formats, schema) : { 'text/plain': { schema: { type: 'string' } } },
  }
}

if (import.meta.main) {
  mkdirSync(FOLDER, { recursive: true })
  for (const api of APIS) writeFileSync(join(FOLDER, api.file), await describe(api))
}
