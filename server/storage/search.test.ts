import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { openSandbox, type Sandbox } from '../../test/sandbox.ts'
import { type SearchPage, searchHeads, searchWords } from './search.ts'

/** More than are looked through before the index is asked. */
const MESSAGES = 700

eachEngine('searching an inbox of many messages', engine => {
  let sandbox: Sandbox
  /** By arrival. */
  let ids: number[]

  beforeAll(async () => {
    sandbox = await openSandbox(engine)
    const other = await sandbox.newInbox()
    const mails = Array.from({ length: MESSAGES }, (_, index) => mail(index))
    const [own] = await Promise.all([
      Promise.all(mails.map(raw => sandbox.keep(raw))),
      Promise.all(mails.slice(0, 50).map(raw => sandbox.keep(raw, other.id))),
    ])
    ids = own.toSorted((a, b) => a - b)
  })
  afterAll(() => sandbox.storage.close())

  // Which of the mails sent at once comes first is not known: each is looked for by what it says.
  const subjectOf = async (id: number | undefined) =>
    (
      await sandbox.storage.read
        .selectFrom('messages')
        .select('subject')
        .where('id', '=', id ?? 0)
        .executeTakeFirstOrThrow()
    ).subject
  const inHeads = (text: string, page: Partial<SearchPage> = {}) =>
    searchHeads(sandbox.storage.read, sandbox.inbox.id, text, { limit: 30, ...page })
  const inWords = (text: string, page: Partial<SearchPage> = {}) =>
    searchWords(sandbox.storage.read, sandbox.inbox.id, text, { limit: 30, ...page })

  it('finds the oldest and the newest by a part of the subject', async () => {
    for (const id of [ids[0], ids.at(-1)]) {
      const subject = await subjectOf(id)
      expect(await inHeads(subject.slice(2).toUpperCase())).toEqual([id])
    }
  })

  it('finds nothing where nothing is', async () => {
    expect(await inHeads('order zyx')).toEqual([])
    expect(await inHeads('order 1 100%')).toEqual([])
    expect(await inWords('zyxab')).toEqual([])
  })

  describe.each([
    ['a part of the subject', () => inHeads],
    ['a word', () => inWords],
    // More words begin so than are asked for one by one.
    [
      'the beginning of many words',
      () => (_text: string, page?: Partial<SearchPage>) => inWords('numb', page),
    ],
  ])('%s that all have', (_name, way) => {
    it('is found on every page once, newest first', async () => {
      const found: number[] = []
      for (let page = await way()('confirmed'); page.length > 0; ) {
        found.push(...page)
        page = await way()('confirmed', { before: page.at(-1) ?? 0 })
      }
      expect(found).toEqual(ids.toReversed())
    })

    it('is found by page number', async () => {
      expect(await way()('confirmed', { offset: 480 })).toEqual(ids.toReversed().slice(480, 510))
      expect(await way()('confirmed', { offset: MESSAGES - 10 })).toEqual(ids.slice(0, 10).toReversed())
    })
  })

  it('finds a word that is still being typed, behind whole ones', async () => {
    const subject = await subjectOf(ids[3])
    const number = subject.split(' ')[1] ?? ''
    expect(await inWords(`order ${number} numbe`)).toEqual([ids[3]])
    expect(await inWords(`number${number.slice(0, 3)}`)).toContain(ids[3])
  })
})

function mail(index: number): string {
  const number = 1000 + index
  return `From: a@shop.test\r\nTo: b@example.org\r\nSubject: Order ${number} confirmed\r\n\r\nThis is number${number}.\r\n`
}
