import Sqlite from 'better-sqlite3'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Engine, eachEngine } from '../../test/engines.ts'
import {
  ADMIN_API_TOKEN,
  INBOX_PASSWORD,
  INBOX_USERNAME,
  type Posthorn,
  type PosthornOptions,
  startPosthorn,
} from '../../test/posthorn.ts'
import { submit } from '../mail/smtp/client.ts'

async function startOn(engine: Engine, more: PosthornOptions = {}): Promise<Posthorn> {
  const url = await engine.freshUrl()
  return startPosthorn({ ...(url.startsWith('sqlite:') ? {} : { databaseUrl: url }), ...more })
}

/** Sends one message, whose bytes no other has, and answers them. */
async function send(posthorn: Posthorn, subject: string): Promise<Buffer> {
  const noise = randomBytes(1 + Math.floor(Math.random() * 3000)).toString('base64')
  const bytes = Buffer.from(
    `From: a@x.test\r\nTo: b@x.test\r\nSubject: ${subject}\r\n\r\nneedle ${noise} \xff\r\n`,
    'latin1',
  )
  const auth = { username: INBOX_USERNAME, password: INBOX_PASSWORD }
  const target = { host: '127.0.0.1', port: posthorn.smtpPort, heloName: 'x.test', auth }
  await submit({ ...target, secure: 'none' }, { reversePath: 'a@x.test', forwardPaths: ['b@x.test'] }, bytes)
  return bytes
}

interface Listed {
  id: number
  subject: string
  is_read: boolean
}

const headers = { 'api-token': ADMIN_API_TOKEN }
const messagesUrl = (posthorn: Posthorn) => `${posthorn.url}/api/v1/inboxes/1/messages`

async function listed(posthorn: Posthorn, search = ''): Promise<Listed[]> {
  const all: Listed[] = []
  for (;;) {
    const last = all.at(-1)
    const query = `?search=${search}${last ? `&last_id=${last.id}` : ''}`
    const page = (await (await fetch(messagesUrl(posthorn) + query, { headers })).json()) as Listed[]
    all.push(...page)
    if (page.length === 0) return all
  }
}

async function bodyOf(posthorn: Posthorn, id: number): Promise<Buffer> {
  const answer = await fetch(`${messagesUrl(posthorn)}/${id}/body.eml`, { headers })
  return Buffer.from(await answer.arrayBuffer())
}

async function done(posthorn: Posthorn, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await posthorn.run(args)
  expect(code, stderr + stdout).toBe(0)
  return stdout
}

async function refusal(posthorn: Posthorn, ...args: string[]): Promise<string> {
  const { code, stderr } = await posthorn.run(args)
  expect(code).toBe(1)
  expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  return stderr.trimEnd()
}

eachEngine('a backup', source => {
  let posthorn: Posthorn
  let folder: string
  const sent = new Map<string, Buffer>()
  const sendSome = async (name: string, count: number) => {
    for (let i = 0; i < count; i++) sent.set(`${name} ${i}`, await send(posthorn, `${name} ${i}`))
  }
  beforeAll(async () => {
    posthorn = await startOn(source, { env: { POSTHORN_API_RATE_LIMIT: '0' } })
    folder = join(mkdtempSync(join(tmpdir(), 'posthorn-backup-')), 'backup')
  })
  afterAll(async () => {
    await posthorn?.stop()
    rmSync(join(folder, '..'), { recursive: true, force: true })
  })

  it('is of one moment, while messages are being kept', async () => {
    await sendSome('before', 20)
    const writing = new AbortController()
    const writers = Array.from({ length: 3 }, async (_, i) => {
      for (let n = 0; !writing.signal.aborted; n++) await sendSome(`beside ${i} ${n}`, 1)
    })
    expect(await done(posthorn, 'backup', folder)).toMatch(/in full: \d+ messages/)
    writing.abort()
    await Promise.all(writers)
    const manifest = manifestOf(folder)
    expect(manifest.database.messages).toBeGreaterThanOrEqual(20)
    expect(manifest.database.messages).toBeLessThanOrEqual(sent.size)
    const copy = new Sqlite(join(folder, manifest.database.file), { readonly: true })
    const counted = copy
      .prepare(
        `select (select sum(emails_count) from inboxes) as counters, (select count(*) from messages) as messages,
          (select count(*) from raw_messages r join raw_packs p on p.id = r.pack_id) as bodies`,
      )
      .get()
    copy.close()
    const { messages } = manifest.database
    expect(counted).toEqual({ counters: messages, messages, bodies: messages })
    // Nothing of it is for others to read, and nothing else was left there.
    expect(readdirSync(folder).toSorted()).toEqual(['manifest.json', manifest.database.file])
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o077).toBe(0)
  })

  it('the next one copies only what has changed', async () => {
    await done(posthorn, 'backup', folder)
    const before = manifestOf(folder).database
    const [newest, second] = await listed(posthorn)
    await fetch(`${messagesUrl(posthorn)}/${newest?.id}`, { method: 'DELETE', headers })
    await fetch(`${messagesUrl(posthorn)}/${second?.id}`, {
      method: 'PATCH',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ message: { is_read: true } }),
    })
    sent.delete(newest?.subject ?? '')
    await sendSome('after', 3)
    expect(await done(posthorn, 'backup', folder)).toContain(
      'since the last: 3 new messages, 1 changed, 1 gone',
    )
    expect(manifestOf(folder).database.messages).toBe(sent.size)
    expect(readdirSync(folder)).not.toContain(before.file)
  })

  eachEngine('brought back', target => {
    let restored: Posthorn
    beforeAll(async () => {
      restored = await startOn(target, {
        env: { POSTHORN_API_RATE_LIMIT: '0', POSTHORN_INBOX_MAX_MESSAGES: '0' },
      })
    })
    afterAll(() => restored?.stop())

    it('refuses beside a running server, and over somebody else, each in one line', async () => {
      expect(await refusal(restored, 'restore', folder, '--force')).toContain('in use: stop the server')
      await restored.kill('SIGTERM')
      expect(await refusal(restored, 'restore', folder)).toContain('not empty: with --force')
    })

    it('is the same byte for byte: messages, tokens, credentials, search, and the ids go on', async () => {
      expect(await done(restored, 'restore', folder, '--force')).toContain('what was there before is in ')
      await restored.restart()
      const [before, after] = [await listed(posthorn), await listed(restored)]
      expect(after).toEqual(before)
      expect(after.map(message => message.subject).toSorted()).toEqual([...sent.keys()].toSorted())
      for (const { id, subject } of after)
        expect((await bodyOf(restored, id)).equals(sent.get(subject) ?? Buffer.of())).toBe(true)
      expect((await listed(restored, 'after%202')).map(message => message.subject)).toEqual(['after 2'])

      await send(restored, 'one more')
      const [newest] = await listed(restored)
      expect(newest?.subject).toBe('one more')
      // Higher than every id ever given, that of the deleted message too.
      expect(newest?.id).toBeGreaterThan(before[0]?.id ?? 0)
      const { stdout, code } = await restored.run(['doctor', '--json'])
      const wrong = (JSON.parse(stdout) as { state: string }[]).filter(({ state }) => state === 'fail')
      expect(wrong).toEqual([])
      expect(code).toBe(0)
    })
  })

  it('goes on from a restored state: another history under the same ids is copied anew', async () => {
    const saved = join(folder, '../saved')
    await done(posthorn, 'backup', saved)
    await sendSome('lost', 3)
    await done(posthorn, 'backup', folder)
    await posthorn.kill('SIGTERM')
    await done(posthorn, 'restore', saved, '--force')
    await posthorn.restart()
    for (const name of ['lost 0', 'lost 1', 'lost 2']) sent.delete(name)
    await sendSome('instead', 3)
    expect(await done(posthorn, 'backup', folder)).toContain('3 new messages, 0 changed, 3 gone')
    expect(manifestOf(folder).database.messages).toBe(sent.size)
  })

  it('is refused when it is damaged, of a newer format, or none, each in one line', async () => {
    await posthorn.kill('SIGTERM')
    const { database, ...rest } = manifestOf(folder)
    const file = join(folder, database.file)
    const bytes = readFileSync(file)
    const flipped = Buffer.from(bytes)
    flipped[bytes.length >> 1] = (flipped[bytes.length >> 1] ?? 0) ^ 1
    writeFileSync(file, flipped)
    expect(await refusal(posthorn, 'restore', folder, '--force')).toContain('damaged')
    writeFileSync(file, bytes)
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...rest, database, format: 99 }))
    expect(await refusal(posthorn, 'restore', folder, '--force')).toContain('format 99')
    expect(await refusal(posthorn, 'backup', folder)).toContain('format 99')
    writeFileSync(join(folder, 'manifest.json'), '{')
    expect(await refusal(posthorn, 'restore', folder, '--force')).toContain('damaged')
    rmSync(join(folder, 'manifest.json'))
    expect(await refusal(posthorn, 'restore', folder, '--force')).toContain('holds no backup')
    // What was there is untouched by all of this.
    await posthorn.restart()
    expect(await listed(posthorn)).toHaveLength(sent.size)
  })

  it('is not written among other things', async () => {
    expect(await refusal(posthorn, 'backup', tmpdir())).toContain('holds other things')
  })

  it('says so when the key is a setting, and insists on it', async () => {
    const keyed = await startOn(source, { env: { POSTHORN_SECRET_KEY: 'k'.repeat(32) } })
    try {
      const place = join(folder, '../keyed')
      expect(await done(keyed, 'backup', place)).toContain('not in the backup')
      expect(manifestOf(place).keys).not.toHaveProperty('secret.key')
      await keyed.kill('SIGTERM')
      const under = (key: string) => keyed.run(['restore', place, '--force', '--secret-key', key])
      expect((await under('another key 16 chars')).stderr).toContain('not the key this backup was made with')
      expect((await under('k'.repeat(32))).code).toBe(0)
    } finally {
      await keyed.stop()
    }
  })
})

function manifestOf(folder: string) {
  return JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as {
    database: { file: string; messages: number }
    keys: Record<string, string>
  }
}
