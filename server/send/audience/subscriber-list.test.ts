import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eachEngine } from '../../../test/engines.ts'
import { createWorkspace } from '../../accounts/workspaces.ts'
import { insertRows } from '../../storage/bulk.ts'
import { openStorage, type Storage } from '../../storage/database.ts'
import { parseLocation } from '../../storage/location.ts'
import { createField } from './custom-fields.ts'
import type { SubscriberFilter } from './subscriber-filter.ts'
import { countSubscribers, knownCount, listSubscribers, type SubscriberOrder } from './subscriber-list.ts'
import { idsMatching } from './subscriber-walk.ts'
import { createSubscriber, type NewSubscriber, type Subscriber, subscriberRow } from './subscribers.ts'
import { createTag } from './tags.ts'

/** More than are walked through without the index of the search. */
const MANY = 10_500
const FIRST = ['Jürgen', 'Ana', 'Bo', 'Zoë', 'Percy 100%', 'Under_score', 'Chloé']
const LAST = ['Groß', 'Ng', "O'Neill", 'Şahin', 'Öz', 'back\\slash', 'de Vries', null]
const ORDERS: SubscriberOrder[] = ['newest', 'oldest', 'email', 'name']

eachEngine('lists of subscribers', engine => {
  let storage: Storage
  let ours: number
  let everybody: Subscriber[]
  let rare: number
  let common: number
  const inOrder: Record<SubscriberOrder, Subscriber[]> = { newest: [], oldest: [], email: [], name: [] }
  const tagged = new Map<number, Set<number>>()

  beforeAll(async () => {
    storage = await openStorage(
      parseLocation(await engine.freshUrl()),
      new URL('data:text/javascript,export const operations = {}'),
      error => {
        throw error
      },
    )
    const db = storage.write
    ours = (await createWorkspace(db, 'Ours')).id
    const theirs = (await createWorkspace(db, 'Theirs')).id
    await db.transaction().execute(async trx => {
      const rows = Array.from({ length: MANY }, (_, at) => {
        const row = subscriberRow(ours, person(at), 1_000 + at)
        return at % 20 === 0 ? [row, { ...row, workspace_id: theirs }] : [row]
      })
      await insertRows(trx, 'subscribers', rows.flat())
    })
    everybody = (
      await db.selectFrom('subscribers').selectAll().where('workspace_id', '=', ours).orderBy('id').execute()
    ).map(row => ({ ...row }))
    for (const order of ORDERS) inOrder[order] = everybody.toSorted(COMPARE[order])
    await createField(db, ours, { label: 'Age', kind: 'number' })
    rare = (await createTag(db, ours, 'rare')).id
    common = (await createTag(db, ours, 'common')).id
    for (const [tag, oneIn] of [
      [rare, 500],
      [common, 3],
    ] as const) {
      const ids = everybody.filter((_, at) => at % oneIn === 0).map(({ id }) => id)
      tagged.set(tag, new Set(ids))
      await db.transaction().execute(trx =>
        insertRows(
          trx,
          'subscriber_tags',
          ids.map(id => ({ tag_id: tag, subscriber_id: id })),
        ),
      )
    }
    if (storage.location.engine === 'postgres') await sql`analyze`.execute(db)
  }, 60_000)
  afterAll(() => storage.close())

  function person(at: number): NewSubscriber {
    const status = at % 40 === 0 ? 'complained' : at % 7 === 0 ? 'unsubscribed' : 'subscribed'
    return {
      // Times an odd number modulo a power of two: every one once, in no order.
      email: `P${(Math.imul(at, 40_503) & 0xffff).toString(36)}.${at}@${at % 9 === 0 ? 'Example.org' : 'example.com'}`,
      first_name: FIRST[at % FIRST.length] ?? null,
      last_name: LAST[at % LAST.length] ?? null,
      status,
      fields: { age: at % 90 },
      source: 'import',
    }
  }

  const AGE = (is: string, value: number) => ({
    match: 'all' as const,
    conditions: [{ on: 'field' as const, key: 'age', is, value }],
  })
  const has =
    (...words: string[]) =>
    (row: Subscriber) =>
      words.every(word => row.search.includes(word))

  const CASES: [
    name: string,
    filter: () => SubscriberFilter,
    holds: (row: Subscriber, at: number) => boolean,
  ][] = [
    ['everybody', () => ({}), () => true],
    ['a status that most have', () => ({ status: 'subscribed' }), row => row.status === 'subscribed'],
    ['a status that few have', () => ({ status: 'complained' }), row => row.status === 'complained'],
    ['a tag that many have', () => ({ tag_id: common }), row => !!tagged.get(common)?.has(row.id)],
    ['a tag that few have', () => ({ tag_id: rare }), row => !!tagged.get(rare)?.has(row.id)],
    [
      'a tag and a status',
      () => ({ tag_id: common, status: 'complained' }),
      row => !!tagged.get(common)?.has(row.id) && row.status === 'complained',
    ],
    ['without accents what has some', () => ({ search: 'JURGEN' }), has('jurgen')],
    ['with accents what has others', () => ({ search: 'sáhin' }), has('sahin')],
    ['a part of the domain', () => ({ search: 'ample.or' }), has('ample.or')],
    ['two words in any order', () => ({ search: 'vries  chlo' }), has('vries', 'chlo')],
    ['a long word and a short one', () => ({ search: 'jurgen ng' }), has('jurgen', 'ng')],
    ['two letters', () => ({ search: 'öz' }), has('oz')],
    ['a percent sign', () => ({ search: '100%' }), has('100%')],
    ['a lone percent sign', () => ({ search: '%' }), has('%')],
    ['an underscore', () => ({ search: 'r_s' }), has('r_s')],
    ['a backslash', () => ({ search: 'back\\sl' }), has('back\\sl')],
    ['quotes', () => ({ search: `o'neill "` }), has("o'neill", '"')],
    ['NUL', () => ({ search: 'jur\0gen' }), has('jur', 'gen')],
    ['nothing there is', () => ({ search: 'nobody at all' }), () => false],
    ['trigrams that all have, as a word that none has', () => ({ search: 'comexa' }), () => false],
    [
      'a search and a status',
      () => ({ search: 'zoe', status: 'complained' }),
      row => has('zoe')(row) && row.status === 'complained',
    ],
    [
      'a search and a tag',
      () => ({ search: 'zoe', tag_id: rare }),
      row => has('zoe')(row) && !!tagged.get(rare)?.has(row.id),
    ],
    ['a definition', () => ({ definition: AGE('greater', 80) }), (_, at) => at % 90 > 80],
    [
      'a definition and a search',
      () => ({ definition: AGE('equals', 5), search: 'jurgen' }),
      (row, at) => at % 90 === 5 && has('jurgen')(row),
    ],
  ]

  it.each(CASES)('finds %s, in every order, counts it and walks it', async (_name, filter, holds) => {
    const wanted = everybody.filter(holds)
    const them = new Set(wanted)
    for (const order of ORDERS) {
      const rows = inOrder[order].filter(row => them.has(row))
      const sorted = rows.map(({ id }) => id)
      const found: number[] = []
      let after: Subscriber | undefined
      for (let page = 0; page < 3; page++) {
        const some = await listSubscribers(storage, ours, filter(), { order, after, limit: 40 })
        found.push(...some.map(({ id }) => id))
        after = some.at(-1)
        if (some.length < 40) break
      }
      expect(found, order).toEqual(sorted.slice(0, found.length))
      expect(found.length, order).toBe(Math.min(120, sorted.length))
      // From the middle of it.
      const middle = rows[Math.floor(rows.length / 2)]
      const rest = await listSubscribers(storage, ours, filter(), { order, after: middle, limit: 40 })
      const from = Math.floor(wanted.length / 2) + 1
      expect(
        rest.map(({ id }) => id),
        order,
      ).toEqual(sorted.slice(from, from + 40))
    }
    expect(await countSubscribers(storage, ours, filter())).toBe(wanted.length)
    expect([wanted.length, undefined]).toContain(await knownCount(storage.read, ours, filter()))
    const walked: number[] = []
    for await (const ids of idsMatching(storage, ours, filter(), { after: 0, upTo: 1e9 })) walked.push(...ids)
    expect(walked).toEqual(wanted.map(({ id }) => id))
  })

  it('finds whoever has exactly that address, and nobody of another workspace', async () => {
    const [somebody] = everybody
    const search = ` ${somebody?.email.toUpperCase()} `
    for (const order of ORDERS) {
      const found = await listSubscribers(storage, ours, { search }, { order, limit: 10 })
      expect(found.map(({ id }) => id)).toEqual([somebody?.id])
    }
    expect(await countSubscribers(storage, ours, { search })).toBe(1)
    expect(await countSubscribers(storage, ours, { search, status: 'pending' })).toBe(0)
    await expect(countSubscribers(storage, ours + 1, { tag_id: rare })).rejects.toThrow(
      expect.objectContaining({ kind: 'invalid', fields: { tag_id: ['does not exist'] } }),
    )
  })

  it('goes on where it was, whoever comes or goes meanwhile', async () => {
    for (const order of ORDERS) {
      const limit = 25
      const before = await listSubscribers(storage, ours, {}, { order, limit: 2 * limit })
      const first = before.slice(0, limit)
      const last = first.at(-1) as Subscriber
      const made = await createSubscriber(storage.write, ours, {
        email: `0${order}@aaa.example`,
        last_name: '0',
        source: 'api',
      })
      const { id } = first[3] as Subscriber
      await storage.write
        .updateTable('subscribers')
        .set({ workspace_id: ours + 1 })
        .where('id', '=', id)
        .execute()
      const second = await listSubscribers(storage, ours, {}, { order, after: last, limit })
      expect(
        second.map(row => row.id),
        order,
      ).toEqual(before.slice(limit).map(row => row.id))
      await storage.write
        .updateTable('subscribers')
        .set({ workspace_id: ours })
        .where('id', '=', id)
        .execute()
      await storage.write.deleteFrom('subscribers').where('id', '=', made.id).execute()
    }
  })
})

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

const COMPARE: Record<SubscriberOrder, (a: Subscriber, b: Subscriber) => number> = {
  newest: (a, b) => b.id - a.id,
  oldest: (a, b) => a.id - b.id,
  email: (a, b) => byBytes(a.email_key, b.email_key),
  name: (a, b) =>
    Number(a.last_name !== null) - Number(b.last_name !== null) ||
    byBytes(a.last_name ?? '', b.last_name ?? '') ||
    a.id - b.id,
}
