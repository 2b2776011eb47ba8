import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eachEngine } from '../../../test/engines.ts'
import { openStorage, type Storage } from '../../storage/database.ts'
import { parseLocation } from '../../storage/location.ts'
import { createField, listFields } from '../audience/custom-fields.ts'
import { reachOf } from './segment-reach.ts'
import type { SegmentCondition, SegmentGroup } from './segment-definition.ts'
import { definitionFrom, whereIn } from './segments.ts'
import { createSubscriber, type NewSubscriber } from '../audience/subscribers.ts'
import { addTags } from '../audience/tagging.ts'
import { createTag, type Tag } from '../audience/tags.ts'

const NOW = Date.UTC(2027, 1, 28, 12)
const DAY = 86_400_000

eachEngine('segments', engine => {
  let storage: Storage
  let workspaceId: number
  let otherId: number
  const tags: Record<string, Tag> = {}

  beforeAll(async () => {
    storage = await openStorage(
      parseLocation(await engine.freshUrl()),
      new URL('data:text/javascript,export const operations = {}'),
      error => {
        throw error
      },
    )
    const db = storage.write
    const workspace = async (name: string) =>
      (
        await db
          .insertInto('workspaces')
          .values({ name, created_at: NOW, updated_at: NOW })
          .returning('id')
          .executeTakeFirstOrThrow()
      ).id
    workspaceId = await workspace('Ours')
    otherId = await workspace('Theirs')
    for (const [label, kind, options] of [
      ['Plan', 'one_of', ['Free', 'Pro']],
      ['City', 'text', []],
      ['Age', 'number', []],
      ['VIP', 'boolean', []],
      ['Birthday', 'date', []],
      ['Likes', 'many_of', ['tea', 'green "tea"', '100%']],
    ] as const)
      await createField(db, workspaceId, { label, kind, options: [...options] })
    expect((await listFields(db, workspaceId)).map(({ key }) => key)).toEqual([
      'plan',
      'city',
      'age',
      'vip',
      'birthday',
      'likes',
    ])
    for (const name of ['old', 'new']) tags[name] = await createTag(db, workspaceId, name)

    const person = async (name: string, given: Partial<NewSubscriber>, has: string[] = [], at = NOW) => {
      const { id } = await createSubscriber(
        db,
        workspaceId,
        { email: `${name}@Example.com`, first_name: name, source: 'web', ...given },
        at,
      )
      await addTags(
        db,
        [id],
        has.map(tag => tags[tag] as Tag),
        { userId: null },
      )
      return id
    }
    const ann = await person(
      'Ann',
      {
        last_name: 'Äpfel',
        fields: { plan: 'Pro', age: 30, vip: true, birthday: '1990-02-29', likes: ['tea'], city: 'Bonn' },
      },
      ['old', 'new'],
      NOW - 40 * DAY,
    )
    const bob = await person(
      'Bob',
      {
        fields: {
          plan: 'Free',
          age: 9.5,
          vip: false,
          birthday: '2027-03-02',
          likes: ['green "tea"', '100%'],
        },
      },
      ['old'],
      NOW - 2 * DAY,
    )
    const cid = await person('Cid', { email: 'cid@sub.example.org', fields: { city: '50%_off' } })
    await person('Dee', { status: 'unsubscribed', status_reason: 'by_subscriber', source: 'import' }, ['new'])
    await createSubscriber(db, otherId, { email: 'foreign@example.com', source: 'web' })

    const service = await db
      .insertInto('email_services')
      .values({
        workspace_id: workspaceId,
        name: 's',
        type_id: 6,
        settings: '',
        created_at: 1,
        updated_at: 1,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    const sent = async (at: number | null) =>
      (
        await db
          .insertInto('campaigns')
          .values({
            workspace_id: workspaceId,
            name: 'c',
            subject: 's',
            content: '',
            status_id: at === null ? 1 : 4,
            template_id: null,
            email_service_id: service.id,
            from_name: 'f',
            from_email: 'f@example.com',
            is_open_tracking: 1,
            is_click_tracking: 1,
            send_to_all: 1,
            save_as_draft: 0,
            scheduled_at: null,
            sent_at: at,
            created_at: 1,
            updated_at: 1,
          })
          .returning('id')
          .executeTakeFirstOrThrow()
      ).id
    const [first, second, third] = [
      await sent(NOW - 90 * DAY),
      await sent(NOW - 9 * DAY),
      await sent(NOW - DAY),
    ]
    await sent(null)
    const got = (
      campaign: number | undefined,
      subscriber: number,
      opened: number | null,
      clicked: number | null,
    ) =>
      db
        .insertInto('deliveries')
        .values({
          campaign_id: campaign ?? 0,
          subscriber_id: subscriber,
          workspace_id: workspaceId,
          email: '',
          status: 'sent',
          created_at: NOW - DAY,
          sent_at: NOW - DAY,
          opened_at: opened,
          clicked_at: clicked,
        })
        .execute()
    await got(first, ann, NOW - 89 * DAY, NOW - 89 * DAY)
    await got(second, ann, NOW, null)
    await got(third, ann, NOW, null)
    await got(first, bob, NOW - 80 * DAY, null)
    await got(second, bob, null, null)
    await got(third, cid, null, null)
  })
  afterAll(() => storage.close())

  const all = (...conditions: unknown[]): SegmentGroup =>
    ({ match: 'all', conditions }) as unknown as SegmentGroup
  const any = (...conditions: unknown[]): SegmentGroup =>
    ({ match: 'any', conditions }) as unknown as SegmentGroup
  const field = (key: string, is: string, value?: unknown) => ({
    on: 'field',
    key,
    is,
    ...(value !== undefined && { value }),
  })

  async function whom(given: unknown): Promise<string> {
    const definition = await definitionFrom(storage.read, workspaceId, given)
    const rows = await storage.survey
      .selectFrom('subscribers')
      .select('first_name')
      .where('workspace_id', '=', workspaceId)
      .where(await whereIn(storage.read, workspaceId, definition, NOW))
      .orderBy('id')
      .execute()
    return rows.map(row => row.first_name).join(' ')
  }

  it.each([
    [all(), 'Ann Bob Cid Dee'],
    [{ ...all(), not: true }, ''],
    [any(), 'Ann Bob Cid Dee'],
    [all({ on: 'email', is: 'equals', value: 'ANN@example.com' }), 'Ann'],
    [all({ on: 'email', is: 'ends_with', value: '@EXAMPLE.com' }), 'Ann Bob Dee'],
    [all({ on: 'domain', is: 'one_of', value: ['sub.example.org', 'x'] }), 'Cid'],
    [all({ on: 'first_name', is: 'starts_with', value: 'b' }), 'Bob'],
    [all({ on: 'last_name', is: 'contains', value: 'Äp' }), 'Ann'],
    [all({ on: 'last_name', is: 'not_contains', value: 'Äp' }), 'Bob Cid Dee'],
    [all({ on: 'last_name', is: 'is_not_set' }), 'Bob Cid Dee'],
    [all(field('city', 'contains', '%_')), 'Cid'],
    [all(field('city', 'contains', '_off')), 'Cid'],
    [all(field('city', 'contains', 'n%n')), ''],
    [all(field('city', 'not_equals', 'bonn')), 'Bob Cid Dee'],
    [all(field('plan', 'equals', 'pro')), 'Ann'],
    [all(field('plan', 'none_of', ['Pro'])), 'Bob Cid Dee'],
    [all(field('age', 'greater', 9.5)), 'Ann'],
    [all(field('age', 'greater_or_equal', '9.5')), 'Ann Bob'],
    [all(field('age', 'less', 10)), 'Bob'],
    [all(field('age', 'between', [9, 30])), 'Ann Bob'],
    [all(field('age', 'not_equals', 30)), 'Bob Cid Dee'],
    [all(field('vip', 'is_true')), 'Ann'],
    [all(field('vip', 'is_false')), 'Bob'],
    [all(field('vip', 'is_not_set')), 'Cid Dee'],
    [all(field('birthday', 'anniversary')), 'Ann'],
    [all(field('birthday', 'in_next_days', 2)), 'Bob'],
    [all(field('birthday', 'before', '2000-01-01')), 'Ann'],
    [all(field('birthday', 'between', ['1990-02-29', '2027-03-01'])), null],
    [all(field('likes', 'includes_any', ['tea'])), 'Ann'],
    [all(field('likes', 'includes_all', ['green "tea"', '100%'])), 'Bob'],
    [all(field('likes', 'includes_none', ['tea'])), 'Bob Cid Dee'],
    [all({ on: 'status', is: 'none_of', value: ['unsubscribed'] }), 'Ann Bob Cid'],
    [all({ on: 'source', is: 'one_of', value: ['import'] }), 'Dee'],
    [all({ on: 'created_at', is: 'in_last_days', value: 7 }), 'Bob Cid Dee'],
    [all({ on: 'created_at', is: 'more_than_days_ago', value: 30 }), 'Ann'],
    [all({ on: 'created_at', is: 'on', value: '2027-02-28' }), 'Cid Dee'],
    [all({ on: 'created_at', is: 'between', value: ['2027-02-26', '2027-02-26'] }), 'Bob'],
    [all({ on: 'status_at', is: 'is_set' }), 'Dee'],
    [all({ on: 'activity', is: 'received_any', last: 1 }), 'Ann Cid'],
    [all({ on: 'activity', is: 'opened_any', last: 2 }), 'Ann'],
    [all({ on: 'activity', is: 'opened_all', last: 3 }), 'Ann'],
    [all({ on: 'activity', is: 'opened_any', last: 3 }), 'Ann Bob'],
    [all({ on: 'activity', is: 'opened_any', days: 30 }), 'Ann'],
    [all({ on: 'activity', is: 'clicked_none', ever: true }), 'Bob Cid Dee'],
    [
      all(
        { on: 'activity', is: 'received_any', ever: true },
        { on: 'activity', is: 'opened_none', ever: true },
      ),
      'Cid',
    ],
    [any(field('vip', 'is_true'), all(field('age', 'less', 10), field('plan', 'equals', 'free'))), 'Ann Bob'],
    [{ ...any(field('vip', 'is_true'), field('vip', 'is_false')), not: true }, 'Cid Dee'],
  ])('%j holds %s', async (given, names) => {
    // A day that never was is refused, wherever it stands.
    if (names === null) await expect(whom(given)).rejects.toMatchObject({ kind: 'invalid' })
    else expect(await whom(given)).toBe(names)
  })

  it('asks about tags', async () => {
    const tag = (is: string, ...names: string[]) =>
      all({ on: 'tag', is, value: names.map(name => tags[name]?.id) })
    expect(await whom(tag('has_any', 'old', 'new'))).toBe('Ann Bob Dee')
    expect(await whom(tag('has_all', 'old', 'new'))).toBe('Ann')
    expect(await whom(tag('has_none', 'new'))).toBe('Bob Cid')
  })

  it('counts whom it holds and whom of them a mail would reach', async () => {
    expect(await reachOf(storage, workspaceId, all())).toEqual({ count: 4, reachable: 3 })
    const values = {
      workspace_id: workspaceId,
      reason: 'manual',
      evidence: '',
      user_id: null,
      created_at: 1,
    } as const
    await storage.write
      .insertInto('suppressions')
      .values([
        { ...values, kind: 'address', value: 'ann@example.com' },
        { ...values, kind: 'domain', value: 'sub.example.org' },
        { ...values, kind: 'domain', value: 'org' },
      ])
      .execute()
    expect(await reachOf(storage, workspaceId, all())).toEqual({ count: 4, reachable: 1 })
    expect(await reachOf(storage, otherId, all())).toEqual({ count: 1, reachable: 1 })
  })

  it('holds nobody when what it asks about is gone', async () => {
    const gone = (condition: SegmentCondition) =>
      whereIn(storage.read, workspaceId, all(condition), NOW).then(async where =>
        storage.survey.selectFrom('subscribers').select('id').where(where).execute(),
      )
    expect(await gone({ on: 'tag', is: 'has_none', value: [999_999] })).toEqual([])
    expect(await gone({ on: 'field', key: 'gone', is: 'is_not_set' })).toEqual([])
  })

  describe('refuses', () => {
    const nested = (depth: number): unknown => (depth === 0 ? all() : all(nested(depth - 1)))
    it.each([
      [null, 'list of conditions'],
      [[], 'list of conditions'],
      [{ match: 'some', conditions: [] }, 'match all or any'],
      [nested(5), 'deep'],
      [all(...Array.from({ length: 101 }, () => field('vip', 'is_true'))), 'No more than 100'],
      [all(null), 'must be an object'],
      [all({ on: 'secrets', is: 'equals', value: 'x' }), 'Nothing is known'],
      [all(field('nope', 'is_set')), 'no field nope'],
      [all(field('age', 'contains', '1')), 'cannot be asked'],
      [all(field('age', 'toString', '1')), 'cannot be asked'],
      [all(field('age', 'equals', 'ten')), 'a number'],
      [all(field('age', 'equals', { $gt: 1 })), 'a number'],
      [all(field('birthday', 'on', 'tomorrow')), 'a date'],
      [all(field('birthday', 'in_next_days', -1)), 'number of days'],
      [all({ on: 'tag', is: 'has_any', value: [] }), 'does not exist'],
      [all({ on: 'tag', is: 'has_any', value: ['1); drop table tags'] }), 'does not exist'],
      [all({ on: 'status', is: 'one_of', value: ['alive'] }), 'some of'],
      [all({ on: 'activity', is: 'opened_any' }), 'last campaigns'],
    ])('%j', async (given, said) => {
      await expect(definitionFrom(storage.read, workspaceId, given)).rejects.toMatchObject({
        kind: 'invalid',
        fields: { definition: [expect.stringContaining(said)] },
      })
    })
  })
})
