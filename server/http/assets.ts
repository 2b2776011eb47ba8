import type { FastifyReply, FastifyRequest } from 'fastify'
import { hash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { matches } from './etag.ts'
import { pathOf } from './path.ts'
import type { Fallback } from './server.ts'

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}

/**
 * The app shows hostile mail, in frames of its own; nothing may run in it, and it may talk to nobody, but what
 * we serve. Inline styles: positions of the virtual list.
 */
const CONTENT_SECURITY_POLICY = [
  `default-src 'self'`,
  `img-src 'self' data:`,
  `style-src 'self' 'unsafe-inline'`,
  `frame-src 'self'`,
  `object-src 'none'`,
  `base-uri 'none'`,
  `form-action 'self'`,
  `frame-ancestors 'none'`,
].join('; ')

const SECURITY_HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
}

/** Paths that are never a screen of the app, whatever a browser accepts. */
const NO_SCREEN = /^\/(api|health|metrics|avatars|assets|webview|subscriptions|t)(\/|$)/

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Posthorn</title>
<p>The server runs, but the web app is not built yet. <code>npm start</code> builds it.</p></html>`

interface Asset {
  type: string
  etag: string
  plain: Buffer
  br?: Buffer
  gzip?: Buffer
}

type Encoding = 'br' | 'gzip'

/** The built web app. Everything is read once and kept; a new build is noticed by its index.html. */
export function webApp(folder: string): Fallback {
  let built = Number.NaN
  let assets = new Map<string, Asset>()

  async function refresh(): Promise<void> {
    const index = await stat(join(folder, 'index.html')).catch(() => undefined)
    const now = index?.mtimeMs ?? 0
    if (now === built) return
    assets = index === undefined ? new Map() : await readAll(folder)
    built = now
  }

  return async (request, reply) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false
    const path = pathOf(request.url)
    const wantsScreen = !NO_SCREEN.test(path) && (request.headers.accept ?? '').includes('text/html')
    // Names of assets carry a hash of what is in them: a known one needs no look at the folder.
    if (!path.startsWith('/assets/') || !assets.has(path)) await refresh()
    const asset = assets.get(path) ?? (wantsScreen || path === '/' ? assets.get('/index.html') : undefined)
    if (asset !== undefined) {
      sendAsset(request, reply, asset, path)
      return true
    }
    if (!wantsScreen || assets.size > 0) return false
    reply.headers(SECURITY_HEADERS).code(503).type('text/html; charset=utf-8').send(NOT_BUILT)
    return true
  }
}

async function readAll(folder: string): Promise<Map<string, Asset>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  const present = new Set(files)
  const assets = new Map<string, Asset>()
  for (const file of files) {
    const type = TYPES[extname(file)]
    if (type === undefined) continue
    const plain = await readFile(file)
    const path = file.slice(join(folder).length).replaceAll('\\', '/')
    assets.set(path, {
      type,
      etag: `"${hash('sha1', plain, 'base64url')}"`,
      plain,
      ...(present.has(`${file}.br`) && { br: await readFile(`${file}.br`) }),
      ...(present.has(`${file}.gz`) && { gzip: await readFile(`${file}.gz`) }),
    })
  }
  return assets
}

function sendAsset(request: FastifyRequest, reply: FastifyReply, asset: Asset, path: string): void {
  const lasting = path.startsWith('/assets/')
  reply
    .code(200)
    .headers(SECURITY_HEADERS)
    .header('content-type', asset.type)
    .header('vary', 'Accept-Encoding')
  reply.header('cache-control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache')
  reply.header('etag', asset.etag)
  const known = request.headers['if-none-match']
  if (known !== undefined && matches(known, asset.etag)) {
    reply.code(304).send()
    return
  }
  const encoding = encodingFor(request.headers['accept-encoding'], asset)
  if (encoding !== undefined) reply.header('content-encoding', encoding)
  const body = encoding === undefined ? asset.plain : asset[encoding]
  if (request.method === 'HEAD') reply.header('content-length', body?.length ?? 0).send()
  else reply.send(body)
}

function encodingFor(header: string | undefined, asset: Asset): Encoding | undefined {
  if (header === undefined) return undefined
  const takes = (encoding: Encoding) =>
    header.split(',').some(one => {
      const [name, q] = one.split(';').map(part => part.trim())
      return name === encoding && (q === undefined || Number(q.replace(/^q=/, '')) > 0)
    })
  return (['br', 'gzip'] as const).find(encoding => asset[encoding] !== undefined && takes(encoding))
}
