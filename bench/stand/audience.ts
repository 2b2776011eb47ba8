import { sql } from 'kysely'
import { createField, type CustomField } from '../../server/send/audience/custom-fields.ts'
import {
  type FieldValues,
  type NewSubscriber,
  subscriberRow,
} from '../../server/send/audience/subscribers.ts'
import { tagsNamed } from '../../server/send/audience/tags.ts'
import { insertRows } from '../../server/storage/bulk.ts'
import type { Storage } from '../../server/storage/database.ts'
import { fold } from '../../server/storage/search-terms.ts'

/** One in so many subscribers has the first tag, the second, and so on. */
const ONE_IN = [2, 5, 20, 100, 1000, 50, 10, 500]
const TAGS = ['customer', 'newsletter', 'berlin', 'beta', 'press', 'partner', 'student', 'speaker']

const FIELDS: {
  label: string
  kind: CustomField['kind']
  options?: string[]
  value: Of<FieldValues[string]>
}[] = [
  { label: 'Age', kind: 'number', value: at => 18 + (at % 70) },
  {
    label: 'Plan',
    kind: 'one_of',
    options: ['free', 'team', 'business'],
    value: at => ['free', 'free', 'free', 'team', 'team', 'business'][at % 6] ?? 'free',
  },
  {
    label: 'Birthday',
    kind: 'date',
    value: at => new Date((at % 20_000) * 86_400_000).toISOString().slice(0, 10),
  },
  { label: 'Company', kind: 'text', value: at => `${pick(LAST, at)} and ${pick(LAST, at >> 5)}` },
  { label: 'Trial', kind: 'boolean', value: at => at % 3 === 0 },
  {
    label: 'Interests',
    kind: 'many_of',
    options: ['art', 'food', 'music'],
    value: at => (at % 2 ? ['art'] : ['art', 'food']),
  },
]

type Of<T> = (at: number) => T

const FIRST = `Ada Amélie Björn Carlos Chloé Dmitri Elif Fatima Grace Hugo Ines Jürgen Kofi Lena Mateo Nadia
  Olu Priya Quentin Rosa Søren Tomás Uma Viktor Wei Ximena Yara Zoë`.split(/\s+/)
const LAST =
  `Abramov Baker Castillo Dubois Eriksen Fischer García Haddad Ivanova Jensen Kowalski Lindqvist Moreau
  Nakamura Okafor Petrov Quinn Rossi Schmidt Tanaka Ueda Vogel Weiß Xu Yilmaz Zimmermann`.split(/\s+/)
const HOSTS = ['example.com', 'example.org', 'mail.test', 'shop.test', 'uni.test']

const PER_TRANSACTION = 6_400

/**
 * Adds so many subscribers to a workspace, always the same ones in the same order: names from everywhere, addresses in
 * no order, nine of ten subscribed, the tags from one in two down to one in a thousand.
 * @param wish how many tags and fields, at most 8 and 6
 */
export async function fillAudience(
  { write }: Pick<Storage, 'write'>,
  workspaceId: number,
  count: number,
  wish: { tags: number; fields: number },
): Promise<{ tagIds: number[]; fields: CustomField[] }> {
  const tags = await tagsNamed(write, workspaceId, TAGS.slice(0, wish.tags))
  const tagIds = [...tags.values()].map(({ id }) => id)
  const values = FIELDS.slice(0, wish.fields)
  const fields: CustomField[] = []
  for (const { label, kind, options } of values)
    fields.push(
      await write.transaction().execute(trx => createField(trx, workspaceId, { label, kind, options })),
    )

  const now = Date.now()
  const begun = Date.now()
  for (let at = 0; at < count; at += PER_TRANSACTION) {
    const rows = Array.from({ length: Math.min(PER_TRANSACTION, count - at) }, (_, i) => {
      const theirs = fields.map((field, nth) => [field.key, values[nth]?.value(at + i) ?? ''] as const)
      return subscriberRow(workspaceId, person(at + i, Object.fromEntries(theirs)), now - count + at + i)
    })
    await write.transaction().execute(async trx => {
      const { last } = await trx
        .selectFrom('subscribers')
        .select(({ fn }) => fn.coalesce(fn.max('id'), sql<number>`0`).as('last'))
        .executeTakeFirstOrThrow()
      await insertRows(trx, 'subscribers', rows)
      for (const [nth, id] of tagIds.entries())
        await sql`insert into subscriber_tags (tag_id, subscriber_id)
          select ${id}, id from subscribers
          where id > ${last} and workspace_id = ${workspaceId} and (id + ${nth}) % ${ONE_IN[nth] ?? 2} = 0`.execute(
          trx,
        )
    })
    if (at > 0 && at % (PER_TRANSACTION * 20) === 0)
      console.error(`${at} of ${count} subscribers, ${Math.round((Date.now() - begun) / 1000)} s`)
  }
  return { tagIds, fields }
}

function person(at: number, fields: FieldValues): NewSubscriber {
  // Multiplied by an odd number, the low bits of it run through everything without order.
  const mixed = Math.imul(at + 1, 0x9e3779b1) >>> 0
  const first = pick(FIRST, mixed)
  const last = pick(LAST, mixed >>> 7)
  return {
    email: `${fold(`${first}.${last}`)}.${mixed.toString(36)}@${pick(HOSTS, mixed >>> 13)}`,
    first_name: at % 11 === 0 ? null : first,
    last_name: at % 11 === 0 ? null : last,
    source: 'import',
    ...status(at),
    fields,
  }
}

function status(at: number): Pick<NewSubscriber, 'status' | 'status_reason'> {
  const share = at % 200
  if (share < 180) return {}
  if (share < 192)
    return { status: 'unsubscribed', status_reason: share < 190 ? 'by_subscriber' : 'by_admin' }
  if (share < 196) return { status: 'pending' }
  return share < 199
    ? { status: 'bounced', status_reason: 'bounce' }
    : { status: 'complained', status_reason: 'complaint' }
}

function pick(from: readonly string[], at: number): string {
  return from[at % from.length] ?? ''
}
