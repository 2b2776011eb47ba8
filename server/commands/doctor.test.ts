import { chmodSync, renameSync, truncateSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { type Posthorn, startPosthorn } from '../../test/posthorn.ts'
import { openDatabase } from '../storage/database.ts'
import { parseLocation } from '../storage/location.ts'
import type { Database } from '../storage/schema.ts'
import { unindexMessages } from '../storage/search-index.ts'

interface Finding {
  check: string
  state: string
  says: string
  mend?: string
}

/** What is not well, by the name of its check. */
async function findings(posthorn: Posthorn, ...flags: string[]): Promise<Record<string, Finding>> {
  const { stdout, stderr, code } = await posthorn.run(['doctor', '--json', ...flags])
  expect(stderr).toBe('')
  const found = JSON.parse(stdout) as Finding[]
  expect(code).toBe(found.some(({ state }) => state === 'fail') ? 1 : 0)
  for (const { state, mend } of found) expect(mend === undefined).toBe(state === 'ok')
  return Object.fromEntries(found.filter(({ state }) => state !== 'ok').map(each => [each.check, each]))
}

eachEngine('doctor', engine => {
  let posthorn: Posthorn
  let db: Database
  beforeAll(async () => {
    const url = await engine.freshUrl()
    posthorn = await startPosthorn(url.startsWith('sqlite:') ? {} : { databaseUrl: url })
    const file = `sqlite:${join(posthorn.dataDir, 'posthorn.db')}`
    db = await openDatabase(parseLocation(url.startsWith('sqlite:') ? file : url))
    for (const text of ['one', 'two', 'three']) await posthorn.run(['send', '--inbox', '1', '--text', text])
  })
  afterAll(async () => {
    await db?.destroy()
    await posthorn?.stop()
  })

  it('finds nothing wrong beside a running server, a line for each thing', async () => {
    expect(await findings(posthorn)).toEqual({})
    const { stdout, code } = await posthorn.run(['doctor'])
    expect(code).toBe(0)
    const lines = stdout.trimEnd().split('\n')
    expect(lines.at(-1)).toMatch(/^0 wrong, 0 worth a look, \d+ well$/)
    for (const line of lines.slice(0, -1)) expect(line).toMatch(/^ok {4}\S/)
    expect(stdout).toContain('the server runs and is ready')
  })

  it('says whether there is a spamd where one was promised', async () => {
    const found = await findings(posthorn, '--spamd', '127.0.0.1:1')
    expect(found.spamd).toMatchObject({ state: 'warn', says: expect.stringContaining('ECONNREFUSED') })
  })

  it('finds and mends counters, orphans and a search that does not know a message', async () => {
    await db.updateTable('inboxes').set({ emails_count: 7, emails_unread_count: 9 }).execute()
    await unindexMessages(db, [2])
    const row = await db.selectFrom('messages').selectAll().where('id', '=', 3).executeTakeFirstOrThrow()
    await db
      .insertInto('messages')
      .values({ ...row, id: 900, inbox_id: 999 })
      .execute()
    await db
      .insertInto('raw_packs')
      .values({ id: 900, codec: 'plain', bytes: Buffer.from('x') })
      .execute()
    await db.insertInto('raw_messages').values({ message_id: 900, pack_id: 900, start: 0, size: 1 }).execute()

    const found = await findings(posthorn)
    expect(Object.keys(found).toSorted()).toEqual(['counters', 'orphans', 'search'])
    expect(found.orphans?.says).toContain('1 messages')
    expect(await findings(posthorn, '--fix')).toEqual({})
    const inbox = await db.selectFrom('inboxes').selectAll().executeTakeFirstOrThrow()
    expect(inbox).toMatchObject({ emails_count: 3, emails_unread_count: 3 })
    const ids = (await db.selectFrom('messages').select('id').orderBy('id').execute()).map(({ id }) => id)
    expect(ids).toEqual([1, 2, 3])
  })

  it('says which messages have lost their bytes, and does not pretend to mend that', async () => {
    const [place] = await db.selectFrom('raw_messages').selectAll().where('message_id', '=', 1).execute()
    await db.deleteFrom('raw_messages').where('message_id', '=', 1).execute()
    expect(Object.keys(await findings(posthorn, '--fix'))).toContain('bodies')
    await db
      .insertInto('raw_messages')
      .values(place as NonNullable<typeof place>)
      .execute()
    expect(await findings(posthorn, '--fix')).not.toHaveProperty('bodies')
  })

  it('knows a stranger on a port from the server itself', async () => {
    const stranger = createServer(socket => socket.end('SSH-2.0\r\n')).listen(0, '127.0.0.1')
    await once(stranger, 'listening')
    const { port } = stranger.address() as { port: number }
    const taken = String(port)
    const found = await findings(posthorn, '--smtp-ports', taken, '--pop3-ports', taken, '--http-port', taken)
    stranger.close()
    expect(Object.keys(found)).toEqual([`web port ${port}`, `SMTP port ${port}`, `POP3 port ${port}`])
  })

  it('finds a wrong setting, an open door without a password, a certificate that cannot be read', async () => {
    expect((await findings(posthorn, '--max-message-size', 'much')).settings?.state).toBe('fail')
    // Whoever listens to all addresses must have somebody with a password.
    const found = await findings(posthorn, '--host', '0.0.0.0')
    expect(found.password?.state).toBe('fail')
    expect(found['public URL']?.state).toBe('warn')
    const certificate = join(posthorn.dataDir, 'tls.crt')
    renameSync(certificate, `${certificate}.away`)
    const given = [
      '--tls-cert',
      join(posthorn.dataDir, 'tls.key'),
      '--tls-key',
      join(posthorn.dataDir, 'tls.key'),
    ]
    expect((await findings(posthorn, ...given)).certificate?.state).toBe('fail')
    renameSync(`${certificate}.away`, certificate)
  })

  it('finds a key that others may read, one that is wrong, and one that is gone', async () => {
    const key = join(posthorn.dataDir, 'secret.key')
    chmodSync(key, 0o644)
    expect((await findings(posthorn))['secret key']?.state).toBe('warn')
    chmodSync(key, 0o600)
    expect((await findings(posthorn, '--secret-key', 'x'.repeat(16)))['secret key']?.says).toContain(
      'does not open',
    )
    renameSync(key, `${key}.away`)
    expect((await findings(posthorn))['secret key']?.says).toContain('is gone')
    renameSync(`${key}.away`, key)
    expect(await findings(posthorn)).toEqual({})
  })

  if (engine.name === 'PostgreSQL') {
    it('says in a line that the database server does not answer', async () => {
      const found = await findings(posthorn, '--database-url', 'postgres://nobody@127.0.0.1:1/none')
      expect(found.database?.mend).toContain('DATABASE_URL')
    })
    return
  }

  it('finds a lock that is held too long, and a damaged file', async () => {
    await db.transaction().execute(async trx => {
      await trx.updateTable('users').set({ name: 'Owner' }).execute()
      expect(Object.keys(await findings(posthorn))).toContain('writing')
    })
    await posthorn.kill('SIGTERM')
    await db.destroy()
    truncateSync(join(posthorn.dataDir, 'posthorn.db'), 20_000)
    const found = await findings(posthorn)
    expect([found.database, found.pages].some(each => each?.state === 'fail')).toBe(true)
  })
})
