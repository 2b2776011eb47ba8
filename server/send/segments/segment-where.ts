import { type Expression, type RawBuilder, sql, type SqlBool } from 'kysely'
import type { Database } from '../../storage/schema.ts'
import { lowerAscii, lowered } from '../../storage/ascii-case.ts'
import type { FieldKind } from '../audience/custom-fields.ts'
import type { SegmentCondition, SegmentGroup } from './segment-definition.ts'

/** What a definition is read against at the moment it is asked. */
export interface SegmentContext {
  workspaceId: number
  fields: ReadonlyMap<string, FieldKind>
  tagIds: ReadonlySet<number>
  /** Of campaigns that were sent, the latest first. */
  campaignIds: readonly number[]
  /** Milliseconds since 1970. Days are those of UTC. */
  now: number
}

type Where = RawBuilder<SqlBool>

const EVERYBODY: Where = sql<SqlBool>`1 = 1`
const NOBODY: Where = sql<SqlBool>`1 = 0`
const DAY = 86_400_000

/**
 * Whom the definition holds, as a condition on `subscribers`. What a condition is about may be gone since it was
 * written (a field, a tag): then it holds nobody, whichever way it asks.
 */
export function segmentWhere(db: Database, group: SegmentGroup, context: SegmentContext): Where {
  const parts = group.conditions.map(one =>
    'conditions' in one ? segmentWhere(db, one, context) : new Compiler(db, context).where(one),
  )
  const joined =
    parts.length === 0
      ? EVERYBODY
      : sql<SqlBool>`(${sql.join(parts, group.match === 'all' ? sql` and ` : sql` or `)})`
  return group.not ? sql<SqlBool>`not ${parts.length === 0 ? sql`(${joined})` : joined}` : joined
}

class Compiler {
  readonly #db: Database
  readonly #context: SegmentContext

  constructor(db: Database, context: SegmentContext) {
    this.#db = db
    this.#context = context
  }

  where(condition: SegmentCondition): Where {
    switch (condition.on) {
      case 'field': {
        const kind = this.#context.fields.get(condition.key)
        if (kind === undefined) return NOBODY
        return this.#field(kind, sql`subscribers.fields ->> ${sql.lit(condition.key)}`, condition)
      }
      case 'email':
        return this.#text(sql`subscribers.email_key`, condition)
      case 'domain':
      case 'first_name':
      case 'last_name':
        return this.#text(sql.ref(`subscribers.${condition.on}`), condition)
      case 'created_at':
      case 'status_at':
        return this.#instant(sql.ref(`subscribers.${condition.on}`), condition)
      case 'status':
      case 'source': {
        const among = sql<SqlBool>`${sql.ref(`subscribers.${condition.on}`)} in (${sql.join(condition.value)})`
        return condition.is === 'one_of' ? among : sql<SqlBool>`not (${among})`
      }
      case 'tag':
        return this.#tag(condition)
      case 'activity':
        return this.#activity(condition)
    }
  }

  #field(kind: FieldKind, value: Expression<unknown>, test: Test): Where {
    switch (kind) {
      case 'text':
      case 'one_of':
        return this.#text(value, test)
      case 'number':
        return number(sql`cast(${value} as numeric)`, test)
      case 'boolean':
        return boolean(sql`cast(${value} as text)`, test)
      case 'date':
        return date(value, test, this.#context.now)
      case 'many_of':
        return manyOf(value, test)
    }
  }

  /** Letters of ASCII count alike in both cases. A text that is not set equals and contains nothing. */
  #text(value: Expression<unknown>, { is, value: given }: Test): Where {
    const text = lowered(this.#db, value)
    const one = lowerAscii(String(given))
    const like = (pattern: string) => sql<SqlBool>`coalesce(${text} like ${pattern} escape '\\', 1 = 0)`
    const any = [given].flat().map(each => lowerAscii(String(each)))
    switch (is) {
      case 'equals':
        return sql<SqlBool>`coalesce(${text} = ${one}, 1 = 0)`
      case 'not_equals':
        return sql<SqlBool>`coalesce(${text} <> ${one}, 1 = 1)`
      case 'contains':
        return like(`%${escaped(one)}%`)
      case 'not_contains':
        return sql<SqlBool>`not ${like(`%${escaped(one)}%`)}`
      case 'starts_with':
        return like(`${escaped(one)}%`)
      case 'ends_with':
        return like(`%${escaped(one)}`)
      case 'one_of':
        return sql<SqlBool>`coalesce(${text} in (${sql.join(any)}), 1 = 0)`
      case 'none_of':
        return sql<SqlBool>`coalesce(${text} not in (${sql.join(any)}), 1 = 1)`
      default:
        return presence(value, is)
    }
  }

  #instant(value: Expression<unknown>, { is, value: given }: Test): Where {
    const { now } = this.#context
    const [from, to] = [given].flat().map(each => Date.parse(String(each)))
    switch (is) {
      case 'on':
        return within(value, from, Number(from) + DAY)
      case 'before':
        return within(value, undefined, from)
      case 'after':
        return within(value, Number(from) + DAY, undefined)
      case 'between':
        return within(value, from, Number(to) + DAY)
      case 'in_last_days':
        return within(value, now - Number(given) * DAY, undefined)
      case 'more_than_days_ago':
        return within(value, undefined, now - Number(given) * DAY)
      default:
        return presence(value, is)
    }
  }

  #tag({ is, value }: Extract<SegmentCondition, { on: 'tag' }>): Where {
    if (value.some(id => !this.#context.tagIds.has(id))) return NOBODY
    const having = (ids: number[]) =>
      this.#among(sql`select subscriber_id from subscriber_tags where tag_id in (${sql.join(ids)})`)
    if (is === 'has_any') return having(value)
    if (is === 'has_none') return sql<SqlBool>`not (${having(value)})`
    return sql<SqlBool>`(${sql.join(
      value.map(id => having([id])),
      sql` and `,
    )})`
  }

  #activity({ is, ...span }: Extract<SegmentCondition, { on: 'activity' }>): Where {
    const [deed = 'received', whom = 'any'] = is.split('_')
    const at = sql.ref(`deliveries.${AT[deed] ?? 'sent_at'}`)
    const { campaignIds, workspaceId, now } = this.#context
    const last = 'last' in span ? campaignIds.slice(0, span.last) : undefined
    const count = (last ?? campaignIds).length
    if (count === 0) return whom === 'none' ? EVERYBODY : NOBODY
    const campaigns =
      last === undefined ? sql`select id from campaigns where workspace_id = ${workspaceId}` : sql.join(last)
    const since = 'days' in span ? now - span.days * DAY : 0
    const which = sql`select subscriber_id from deliveries
      where campaign_id in (${campaigns}) and ${at} >= ${since}`
    if (whom === 'any') return this.#among(which)
    if (whom === 'none') return sql<SqlBool>`not (${this.#among(which)})`
    return this.#among(sql`${which} group by subscriber_id having count(*) = ${count}`)
  }

  /** The plus keeps the ids from being looked up one by one, which beside another loop is done for each of its rows. */
  #among(ids: RawBuilder<unknown>): Where {
    return sql<SqlBool>`+subscribers.id in (${ids})`
  }
}

interface Test {
  is: string
  value?: unknown
}

const AT: Record<string, string> = { received: 'sent_at', opened: 'opened_at', clicked: 'clicked_at' }

function number(value: Expression<unknown>, { is, value: given }: Test): Where {
  const [first, second] = [given].flat().map(Number)
  const compared = (operator: string) => sql<SqlBool>`coalesce(${value} ${sql.raw(operator)} ${first}, 1 = 0)`
  switch (is) {
    case 'equals':
      return compared('=')
    case 'not_equals':
      return sql<SqlBool>`coalesce(${value} <> ${first}, 1 = 1)`
    case 'greater':
      return compared('>')
    case 'greater_or_equal':
      return compared('>=')
    case 'less':
      return compared('<')
    case 'less_or_equal':
      return compared('<=')
    case 'between':
      return sql<SqlBool>`coalesce(${value} between ${first} and ${second}, 1 = 0)`
    default:
      return presence(value, is)
  }
}

/** True is 1 on one engine and true on the other, once it is text. */
function boolean(value: Expression<unknown>, { is }: Test): Where {
  if (is === 'is_true') return sql<SqlBool>`coalesce(${value} in ('1', 'true'), 1 = 0)`
  if (is === 'is_false') return sql<SqlBool>`coalesce(${value} in ('0', 'false'), 1 = 0)`
  return presence(value, is)
}

/** Dates are texts that sort as they follow each other. */
function date(value: Expression<unknown>, { is, value: given }: Test, now: number): Where {
  const [first, second] = [given].flat().map(String)
  const day = (offset: number) => new Date(now + offset * DAY).toISOString().slice(0, 10)
  const between = (from: string, to: string) =>
    sql<SqlBool>`coalesce(${value} between ${from} and ${to}, 1 = 0)`
  switch (is) {
    case 'on':
      return sql<SqlBool>`coalesce(${value} = ${first}, 1 = 0)`
    case 'before':
      return sql<SqlBool>`coalesce(${value} < ${first}, 1 = 0)`
    case 'after':
      return sql<SqlBool>`coalesce(${value} > ${first}, 1 = 0)`
    case 'between':
      return between(first ?? '', second ?? '')
    case 'in_last_days':
      return between(day(-Number(given)), day(0))
    case 'in_next_days':
      return between(day(0), day(Number(given)))
    case 'more_than_days_ago':
      return sql<SqlBool>`coalesce(${value} < ${day(-Number(given))}, 1 = 0)`
    case 'anniversary':
      return sql<SqlBool>`coalesce(substr(${value}, 6, 5) in (${sql.join(anniversaries(day(0)))}), 1 = 0)`
    default:
      return presence(value, is)
  }
}

/** Who was born on 29 February has their day on the 28th in years without one. */
function anniversaries(today: string): string[] {
  const leap = new Date(`${today.slice(0, 4)}-02-29T00:00:00Z`).getUTCMonth() === 1
  const day = today.slice(5)
  return day === '02-28' && !leap ? [day, '02-29'] : [day]
}

/** The values are a JSON array: one stands in it if its own JSON does, quotes and all. */
function manyOf(value: Expression<unknown>, { is, value: given }: Test): Where {
  const each = [given].flat().map(one => {
    const pattern = `%${escaped(JSON.stringify(String(one)))}%`
    return sql<SqlBool>`coalesce(${value} like ${pattern} escape '\\', 1 = 0)`
  })
  const any = sql<SqlBool>`(${sql.join(each, sql` or `)})`
  switch (is) {
    case 'includes_any':
      return any
    case 'includes_all':
      return sql<SqlBool>`(${sql.join(each, sql` and `)})`
    case 'includes_none':
      return sql<SqlBool>`not ${any}`
    default:
      return presence(value, is)
  }
}

function presence(value: Expression<unknown>, is: string): Where {
  return is === 'is_set' ? sql<SqlBool>`${value} is not null` : sql<SqlBool>`${value} is null`
}

/** @param from included, @param to left out */
function within(value: Expression<unknown>, from: number | undefined, to: number | undefined): Where {
  const parts = [
    ...(from === undefined ? [] : [sql<SqlBool>`${value} >= ${from}`]),
    ...(to === undefined ? [] : [sql<SqlBool>`${value} < ${to}`]),
  ]
  return sql<SqlBool>`coalesce(${sql.join(parts, sql` and `)}, 1 = 0)`
}

function escaped(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}
