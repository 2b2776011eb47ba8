// The layers of the code, checked on its import lines. CONTRIBUTING.md says the same in words.
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, it } from 'vitest'

const LEAVES = ['server/problem.ts', 'server/log.ts']
const GROUND = [
  'server/mail',
  'server/storage',
  'server/accounts',
  'server/relay',
  'server/guard.ts',
  'server/kept-connections.ts',
  'server/job-thread.ts',
  ...LEAVES,
]
// The files beside assemble.ts, such as config.ts: what is joined there without being a folder.
const BESIDE = 'server/*.ts'
const HALVES = ['server/catch', 'server/send']

const ASSEMBLED = [
  BESIDE,
  'server/http',
  'server/accounts/api',
  'server/catch/api',
  'server/send/api',
  'server/rehearse',
  'server/rehearse/api',
  ...HALVES,
  ...GROUND,
]

/** Each place, and the places of ours it may import besides itself. The longest name that fits a file is its place. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  'server/problem.ts': [],
  'server/log.ts': [],
  'server/guard.ts': ['server/kept-connections.ts'],
  'server/kept-connections.ts': [],
  'server/job-thread.ts': ['server/storage', ...LEAVES],
  [BESIDE]: [...HALVES, ...GROUND],
  'server/mail': [],
  'server/storage': [],
  'server/http': LEAVES,
  'server/accounts': ['server/storage', ...LEAVES],
  'server/accounts/api': ['server/accounts', 'server/storage', 'server/http', ...LEAVES],
  'server/relay': ['server/mail', 'server/storage', ...LEAVES],
  'server/catch': GROUND,
  'server/catch/api': ['server/catch', 'server/http', ...GROUND],
  'server/send': ['blocks', ...GROUND],
  'server/send/api': ['server/send', 'server/http', ...GROUND],
  'server/rehearse': [...HALVES, ...GROUND],
  'server/rehearse/api': ['server/rehearse', 'server/http', ...HALVES, ...GROUND],
  'server/main.ts': ['server/commands', 'server/storage'],
  // `serve` assembles the whole; the other commands join by themselves what they need.
  'server/commands': ['server/assemble.ts', BESIDE, ...HALVES, ...GROUND],
  'server/assemble.ts': ['server/assemble-web.ts', ...ASSEMBLED],
  'server/assemble-web.ts': ASSEMBLED,
  blocks: [],
  web: ['blocks'],
}

/** Packages, where a place may not choose freely. Node's own modules are open to all of the server. */
const PACKAGES: Record<string, RegExp> = {
  'server/mail': /^$/,
  'server/storage': /^(kysely|better-sqlite3|pg|pg-cursor)$/,
  'server/http': /^(fastify|fastify-.+|@fastify\/.+|yaml)$/,
  'server/problem.ts': /^$/,
  'server/guard.ts': /^$/,
  'server/kept-connections.ts': /^$/,
  'server/log.ts': /^$/,
  blocks: /^$/,
}
const MAY_IMPORT_FASTIFY = /^server\/(http|assemble\.ts|\w+\/api)$/
// What people read about the product may say which database it is.
const MAY_NAME_AN_ENGINE = /^server\/(storage|commands|(main|assemble|\*)\.ts)$/

const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: object }

const IMPORT =
  /(?:^|\n)\s*(import|export)\s+(type\s)?(?:[\w\s{},*$]*?\sfrom\s+)?'([^']+)'|\bimport\(\s*'([^']+)'/g
const WORKER = /new URL\(\s*'(\.[^']+\.ts)'/g

function placeOf(path: string): string | undefined {
  const [place] = Object.keys(MAY_IMPORT)
    .filter(name => path === name || path.startsWith(`${name}/`))
    .toSorted((a, b) => b.length - a.length)
  return place ?? (/^server\/[^/]+$/.test(path) ? BESIDE : undefined)
}

function wrongs(file: string, source: string): string[] {
  const place = placeOf(file)
  if (!place) return [`${file} belongs to no layer`]
  const found: string[] = []
  const wrong = (what: string) => found.push(`${file} ${what}`)

  if (/^(index|.*(utils?|helpers?|common|misc))\./.test(basename(file))) wrong('is named after no idea')
  if (file.startsWith('server/') && !/^[a-z0-9/.-]+$/.test(file)) wrong('is not in kebab-case')
  if (/^export default/m.test(source) && !file.endsWith('.config.ts')) wrong('exports a default')
  if (/^export (type )?[*{][^'"\n;]* from '/m.test(source)) wrong('passes on exports of another file')
  if (/sqlite|postgres/i.test(source) && !MAY_NAME_AN_ENGINE.test(place)) wrong('names a database engine')

  const specifiers = [...source.matchAll(IMPORT)].map(match => ({
    text: match[3] ?? match[4] ?? '',
    typeOnly: match[2] !== undefined,
  }))
  for (const match of source.matchAll(WORKER)) specifiers.push({ text: match[1] ?? '', typeOnly: false })
  for (const { text, typeOnly } of specifiers) {
    if (!text.startsWith('.')) {
      if (!mayImportPackage(place, text, typeOnly)) wrong(`imports ${text}`)
      continue
    }
    const target = join(file, '..', text)
    const targetPlace = placeOf(target)
    const wire = place === 'web' && typeOnly && /^server\/\w+\/api\/([\w-]+-)?wire\.ts$/.test(target)
    const allowed = targetPlace === place || (targetPlace && MAY_IMPORT[place]?.includes(targetPlace))
    if (!wire && !allowed) wrong(`imports ${target}`)
    if (/\.test\.tsx?$/.test(target)) wrong(`imports ${target}, a test`)
  }
  return found
}

function mayImportPackage(place: string, specifier: string, typeOnly: boolean): boolean {
  if (specifier.startsWith('node:')) return place.startsWith('server/')
  const name = specifier.replace(/^((?:@[^/]+\/)?[^/]+).*/, '$1')
  // What runs on the server is there without the packages for development.
  if (place.startsWith('server/') && !typeOnly && !(name in dependencies)) return false
  if (/^(@fastify\/|fastify)/.test(name) && !MAY_IMPORT_FASTIFY.test(place)) return false
  return PACKAGES[place]?.test(name) ?? true
}

it('holds for every file', () => {
  const files = globSync('{server,web,blocks}/**/*.{ts,tsx}')
    .map(file => file.replaceAll('\\', '/'))
    .filter(file => !/\.test\.tsx?$|\.d\.ts$|\.config\.ts$/.test(file))
  expect(files.length).toBeGreaterThan(0)
  expect(files.flatMap(file => wrongs(file, readFileSync(file, 'utf8')))).toEqual([])
})

it.each([
  ['server/mail/mime.ts', `import { log } from '../log.ts'`],
  ['server/mail/mime.ts', `import iconv from 'iconv-lite'`],
  ['server/storage/blobs.ts', `import type {\n  Inbox,\n} from '../catch/inboxes.ts'`],
  ['server/http/live.ts', `import { bytes } from '../storage/columns.ts'`],
  ['server/accounts/users.ts', `const mail = await import('../mail/address.ts')`],
  ['server/accounts/users.ts', `import { reply } from '../http/reply.ts'`],
  ['server/accounts/users.ts', `import { toWire } from './api/wire.ts'`],
  ['server/catch/messages.ts', `import { render } from '../send/render.ts'`],
  ['server/catch/messages.ts', `import fastify from 'fastify'`],
  [
    'server/catch/ingest.ts',
    `const thread = new Worker(new URL('../send/render-thread.ts', import.meta.url))`,
  ],
  ['server/catch/messages.ts', `// on SQLite this is slow`],
  ['server/catch/messages.ts', `export default 1`],
  ['server/catch/index.ts', `export const one = 1`],
  ['server/catch/messages.ts', `export { one } from './one.ts'`],
  ['server/catch/date-utils.ts', ``],
  ['server/catch/parseDate.ts', ``],
  ['server/catch/messages.ts', `import { wrong } from './messages.test.ts'`],
  ['server/http/server.ts', `import { settings } from '../config.ts'`],
  ['server/main.ts', `import { assemble } from './assemble.ts'`],
  ['server/catch/ingest.ts', `import { simpleParser } from 'mailparser'`],
  ['server/stray/one.ts', ``],
  ['web/calls/inboxes.ts', `import { toWire } from '../../server/catch/api/wire.ts'`],
  ['web/calls/inboxes.ts', `import type { Inbox } from '../../server/catch/inboxes.ts'`],
  ['web/calls/inboxes.ts', `import { readFileSync } from 'node:fs'`],
  ['blocks/button.ts', `import { escape } from '../web/ui/escape.ts'`],
])('catches %s with %j', (file, source) => {
  expect(wrongs(file, source)).toHaveLength(1)
})

it.each([
  [
    'server/catch/api/wire.ts',
    `import type { Message } from '../messages.ts'\nimport { reply } from '../../http/reply.ts'`,
  ],
  [
    'server/storage/database.ts',
    `import { Migrator } from 'kysely/migration'\nimport Database from 'better-sqlite3'`,
  ],
  ['server/http/server.ts', `import fastify from 'fastify'\nimport { log } from '../log.ts'`],
  ['web/calls/inboxes.ts', `import type { Inbox } from '../../server/catch/api/wire.ts'`],
  ['web/main.tsx', `import { createRoot } from 'react-dom/client'\nimport './style.css'`],
])('allows %s with %j', (file, source) => {
  expect(wrongs(file, source)).toEqual([])
})
