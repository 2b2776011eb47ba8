import type { FastifyInstance } from 'fastify'
import { hash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { apiPage } from './api-page.ts'
import { etagOf, notModified } from './etag.ts'
import { merged, type OpenApiDocument } from './openapi-document.ts'

interface Options {
  /** Of the documents, one `.yaml` for each API. */
  folder: string
  publicUrl: string
  version: string
}

interface Published {
  type: string
  body: string
  etag: string
  policy: string
}

/** `/api/openapi.json` and `/api/docs`, for everybody: what the APIs have is in the source anyway. */
export function apiDocs(app: FastifyInstance, options: Options): void {
  let reading: Promise<Record<string, Published>> | undefined
  for (const path of ['/api/openapi.json', '/api/docs'])
    app.get(path, async (request, reply) => {
      // At the first request: the start need not wait for a page that few open.
      reading ??= publish(options).catch((error: unknown) => {
        reading = undefined
        throw error
      })
      const { type, body, etag, policy } = (await reading)[path] as Published
      reply
        .header('cache-control', 'no-cache')
        .header('content-security-policy', policy)
        .header('x-content-type-options', 'nosniff')
        .header('referrer-policy', 'same-origin')
      if (notModified(request, reply, etag)) return reply
      return reply.type(type).send(body)
    })
}

async function publish({ folder, publicUrl, version }: Options): Promise<Record<string, Published>> {
  const { parse } = await import('yaml')
  const files = (await readdir(folder)).filter(file => file.endsWith('.yaml')).toSorted()
  const documents = new Map<string, OpenApiDocument>()
  for (const file of files)
    documents.set(
      file.replace(/\.yaml$/, ''),
      parse(await readFile(join(folder, file), 'utf8')) as OpenApiDocument,
    )
  const style = await readFile(new URL('./api-page.css', import.meta.url), 'utf8')
  const about = { title: 'Posthorn', version, server: publicUrl }
  return {
    '/api/openapi.json': published(
      'application/json; charset=utf-8',
      JSON.stringify(merged(documents, about)),
    ),
    '/api/docs': published(
      'text/html; charset=utf-8',
      apiPage(documents, about, style),
      `img-src 'self'; style-src 'sha256-${hash('sha256', style, 'base64')}'; `,
    ),
  }
}

function published(type: string, body: string, policy = ''): Published {
  return {
    type,
    body,
    etag: etagOf(body),
    policy: `default-src 'none'; ${policy}base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  }
}
