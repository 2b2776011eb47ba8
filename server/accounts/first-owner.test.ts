import { afterEach, expect, it } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { openDatabase } from '../storage/database.ts'
import { parseLocation } from '../storage/location.ts'
import type { Database } from '../storage/schema.ts'
import { makeFirstOwner } from './first-owner.ts'
import { localModeOn } from './local-mode.ts'
import { createPerson } from './people.ts'
import { openSession, sessionByHash } from './sessions.ts'

eachEngine('a first start', engine => {
  const open: Database[] = []
  afterEach(async () => {
    await Promise.all(open.splice(0).map(db => db.destroy()))
  })
  async function fresh(url?: string): Promise<Database> {
    const db = await openDatabase(parseLocation(url ?? (await engine.freshUrl())))
    open.push(db)
    return db
  }

  it('makes an owner without a password, in local mode, once', async () => {
    const db = await fresh()
    const owner = await makeFirstOwner(db, { email: '', password: '', userToken: '', workspaceToken: '' })
    expect(owner?.user).toMatchObject({ name: 'Owner', email: 'owner@localhost', password_hash: null })
    expect(owner?.userToken).toMatch(/^[0-9a-f]{32}$/)
    expect(owner?.workspaceToken).toMatch(/^[\w-]{40}$/)
    expect(await localModeOn(db, true)).toBe(true)
    expect(await localModeOn(db, false)).toBe(false)
    expect(await makeFirstOwner(db, {})).toBeUndefined()
    const stored = JSON.stringify(await db.selectFrom('tokens').selectAll().execute())
    expect(stored).not.toContain(owner?.userToken)
    expect(stored).not.toContain(owner?.workspaceToken)
  })

  it('takes what the operator gives', async () => {
    const db = await fresh()
    const owner = await makeFirstOwner(db, {
      email: 'Ann@Example.com',
      password: 'correct horse',
      userToken: 'ffffffffffffffffffffffffffffffff',
      workspaceToken: 'workspace-token-1',
    })
    expect(owner).toMatchObject({
      userToken: 'ffffffffffffffffffffffffffffffff',
      workspaceToken: 'workspace-token-1',
      user: { email: 'ann@example.com', password_hash: expect.stringMatching(/^\$argon2id\$/) },
    })
    expect(await localModeOn(db, true)).toBe(false)
  })

  it('refuses the same token twice, and leaves nothing half made', async () => {
    const db = await fresh()
    await expect(makeFirstOwner(db, { userToken: 'same', workspaceToken: 'same' })).rejects.toMatchObject({
      kind: 'duplicate',
    })
    expect(await db.selectFrom('users').select('id').execute()).toEqual([])
    expect(await makeFirstOwner(db, {})).toBeDefined()
  })

  it('keeps a bounded number of sessions, the newest', async () => {
    const db = await fresh()
    const { user } = await createPerson(db, { name: 'Bo', email: 'bo@example.com', password: null })
    const first = await openSession(db, user.id, 1_000)
    const expired = await sessionByHash(db, first.session.hash, 1_000 + 31 * 86_400_000)
    expect(expired).toBeUndefined()
    const opened = []
    for (let i = 0; i < 205; i++) opened.push(await openSession(db, user.id, 2_000 + i))
    expect(await db.selectFrom('sessions').select('hash').execute()).toHaveLength(200)
    expect(await sessionByHash(db, opened[0]?.session.hash ?? '', 3_000)).toBeUndefined()
    expect(await sessionByHash(db, opened[204]?.session.hash ?? '', 3_000)).toBeDefined()
  })

  // Two nodes share a server; a file has one process.
  if (engine.name === 'SQLite') return

  it('is won by one of two that start at once', async () => {
    const url = await engine.freshUrl()
    const [one, other] = [await fresh(url), await fresh(url)]
    const owners = await Promise.all([makeFirstOwner(one, {}), makeFirstOwner(other, {})])
    expect(owners.filter(owner => owner !== undefined)).toHaveLength(1)
    expect(await one.selectFrom('users').select('id').execute()).toHaveLength(1)
  })
})
