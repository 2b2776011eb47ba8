import type { RouteDoc, Schema } from '../../../http/route-doc.ts'
import { integer, listOf, objectOf, orNull, text } from '../../../http/schemas.ts'

// What the published description says again and again.

export const dateTime: Schema = { type: 'string', examples: ['2026-11-21 20:15:00'] }

export const PAGE_QUERY: NonNullable<RouteDoc['query']> = {
  page: { description: 'The first is 1', schema: integer },
  per_page: { description: '25 unless said otherwise, 1000 at most', schema: integer },
}

/** The envelope of a list (contract, section 1.6). */
export function page(item: Schema): Schema {
  return objectOf({
    data: listOf(item),
    links: objectOf({ first: text, last: text, prev: orNull(text), next: orNull(text) }),
    meta: objectOf({
      current_page: integer,
      from: orNull(integer),
      last_page: integer,
      path: text,
      per_page: integer,
      to: orNull(integer),
      total: integer,
    }),
  })
}

export function oneOf(item: Schema): Schema {
  return objectOf({ data: item })
}

/** Whole, without links and meta. */
export function allOf(item: Schema): Schema {
  return objectOf({ data: listOf(item) })
}

export const NOTHING: Pick<RouteDoc, 'reply' | 'status'> = { reply: {}, status: 204 }
