import type { FieldKind } from '../audience/custom-fields.ts'
import {
  ACTIVITY_TESTS,
  type SegmentCondition,
  type SegmentGroup,
  type Span,
  type Value,
} from './segment-definition.ts'

const MAX_DEPTH = 5
const MAX_CONDITIONS = 100
const MAX_VALUES = 1_000
const MAX_TEXT = 1_000
const MAX_DAYS = 36_500
const MAX_CAMPAIGNS = 100

type Wants = 'nothing' | 'text' | 'texts' | 'number' | 'numbers' | 'date' | 'dates' | 'days'

const SET: Record<string, Wants> = { is_set: 'nothing', is_not_set: 'nothing' }
const DATES: Record<string, Wants> = {
  on: 'date',
  before: 'date',
  after: 'date',
  between: 'dates',
  in_last_days: 'days',
  more_than_days_ago: 'days',
  ...SET,
}
const TEXTS: Record<string, Wants> = {
  equals: 'text',
  not_equals: 'text',
  contains: 'text',
  not_contains: 'text',
  starts_with: 'text',
  ends_with: 'text',
  one_of: 'texts',
  ...SET,
}

/** What may be asked of a field of each kind, and what it is compared with. */
const TESTS: Record<FieldKind | 'instant', Record<string, Wants>> = {
  text: TEXTS,
  number: {
    equals: 'number',
    not_equals: 'number',
    greater: 'number',
    greater_or_equal: 'number',
    less: 'number',
    less_or_equal: 'number',
    between: 'numbers',
    ...SET,
  },
  boolean: { is_true: 'nothing', is_false: 'nothing', ...SET },
  date: { ...DATES, in_next_days: 'days', anniversary: 'nothing' },
  one_of: { equals: 'text', not_equals: 'text', one_of: 'texts', none_of: 'texts', ...SET },
  many_of: { includes_any: 'texts', includes_all: 'texts', includes_none: 'texts', ...SET },
  instant: DATES,
}

const STATUSES = ['subscribed', 'unsubscribed', 'pending', 'bounced', 'complained']
const SOURCES = ['api', 'web', 'form', 'import']

/** What the workspace has, which conditions may be about. */
export interface Known {
  fields: ReadonlyMap<string, FieldKind>
  tagIds: ReadonlySet<number>
}

/**
 * Takes what somebody sent for a definition.
 * @returns the definition with nothing in it that was not asked for, or what is wrong with it
 */
export function readDefinition(
  given: unknown,
  known: Known,
): { definition: SegmentGroup } | { faults: string[] } {
  const reader = new Reader(known)
  const definition = reader.group(given, 1)
  return reader.faults.length === 0 ? { definition } : { faults: reader.faults }
}

type Given = Record<string, unknown>

class Reader {
  readonly faults: string[] = []
  readonly #known: Known
  #conditions = 0

  constructor(known: Known) {
    this.#known = known
  }

  group(given: unknown, depth: number): SegmentGroup {
    const group: SegmentGroup = { match: 'all', conditions: [] }
    if (!isObject(given) || !Array.isArray(given.conditions)) {
      this.#fault('A group must have a list of conditions')
      return group
    }
    if (given.match === 'any') group.match = 'any'
    else if (given.match !== 'all') this.#fault('A group must match all or any')
    if (given.not === true) group.not = true
    if (depth > MAX_DEPTH) {
      this.#fault(`Groups may stand ${MAX_DEPTH} deep, no deeper`)
      return group
    }
    for (const one of given.conditions) {
      // One fault says it; a list of a million would be read to its end for nothing.
      if (++this.#conditions > MAX_CONDITIONS) {
        this.#fault(`No more than ${MAX_CONDITIONS} conditions`)
        break
      }
      if (isObject(one) && 'conditions' in one) group.conditions.push(this.group(one, depth + 1))
      else {
        const condition = this.#condition(one)
        if (condition !== undefined) group.conditions.push(condition)
      }
    }
    return group
  }

  #condition(given: unknown): SegmentCondition | undefined {
    if (!isObject(given)) return this.#fault('A condition must be an object')
    const { on, is } = given
    switch (on) {
      case 'field': {
        const key = String(given.key)
        const kind = this.#known.fields.get(key)
        if (kind === undefined) return this.#fault(`There is no field ${key}`)
        const test = this.#test(TESTS[kind], given, `The field ${key}`)
        return test && { on, key, ...test }
      }
      case 'email':
      case 'domain':
      case 'first_name':
      case 'last_name': {
        const test = this.#test(TEXTS, given, on)
        return test && { on, ...test }
      }
      case 'created_at':
      case 'status_at': {
        const test = this.#test(TESTS.instant, given, on)
        return test && { on, ...test }
      }
      case 'status':
      case 'source': {
        const allowed = on === 'status' ? STATUSES : SOURCES
        const value = this.#values(given.value).filter(one => typeof one === 'string')
        if (is !== 'one_of' && is !== 'none_of') return this.#unknownTest(on, is)
        if (value.length === 0 || value.some(one => !allowed.includes(one)))
          return this.#fault(`${on} must be compared with some of ${allowed.join(', ')}`)
        return { on, is, value }
      }
      case 'tag': {
        const value = this.#values(given.value).map(Number)
        if (is !== 'has_any' && is !== 'has_all' && is !== 'has_none') return this.#unknownTest(on, is)
        if (value.length === 0 || value.some(id => !this.#known.tagIds.has(id)))
          return this.#fault('A tag of the list does not exist')
        return { on, is, value }
      }
      case 'activity': {
        const test = ACTIVITY_TESTS.find(one => one === is)
        if (test === undefined) return this.#unknownTest(on, is)
        const span = this.#span(given)
        return span && { on, is: test, ...span }
      }
      default:
        return this.#fault(`Nothing is known about ${typeof on === 'string' ? on.slice(0, 40) : 'that'}`)
    }
  }

  #test(
    tests: Record<string, Wants>,
    { is, value }: Given,
    what: string,
  ): { is: string; value?: Value } | undefined {
    const wants = typeof is === 'string' && Object.hasOwn(tests, is) ? tests[is] : undefined
    if (typeof is !== 'string' || wants === undefined) return this.#unknownTest(what, is)
    if (wants === 'nothing') return { is }
    const read = this.#comparedWith(wants, value)
    return read === undefined ? this.#fault(`${what} ${is} needs ${SAID[wants]}`) : { is, value: read }
  }

  #comparedWith(wants: Wants, given: unknown): Value | undefined {
    const numbers = this.#values(given).map(Number)
    switch (wants) {
      case 'text':
        return isText(given) ? String(given) : undefined
      case 'texts': {
        const texts = this.#values(given)
        return texts.length > 0 && texts.every(isText) ? texts.map(String) : undefined
      }
      case 'number':
        return isNumber(given) ? Number(given) : undefined
      case 'numbers':
        return numbers.length === 2 && numbers.every(Number.isFinite) ? numbers : undefined
      case 'days':
        return isNumber(given) &&
          Number.isInteger(Number(given)) &&
          Number(given) >= 0 &&
          Number(given) <= MAX_DAYS
          ? Number(given)
          : undefined
      case 'date':
        return isDate(given) ? given : undefined
      case 'dates': {
        const dates = this.#values(given).filter(isDate)
        return dates.length === 2 ? dates : undefined
      }
      case 'nothing':
        return undefined
    }
  }

  #span({ last, days, ever }: Given): Span | undefined {
    if (ever === true) return { ever }
    if (
      isNumber(last) &&
      Number.isInteger(Number(last)) &&
      Number(last) >= 1 &&
      Number(last) <= MAX_CAMPAIGNS
    )
      return { last: Number(last) }
    if (isNumber(days) && Number.isInteger(Number(days)) && Number(days) >= 1 && Number(days) <= MAX_DAYS)
      return { days: Number(days) }
    return this.#fault('Activity needs the last campaigns, the last days, or ever')
  }

  #values(given: unknown): unknown[] {
    return Array.isArray(given) ? given.slice(0, MAX_VALUES) : []
  }

  #unknownTest(what: string, is: unknown): undefined {
    return this.#fault(
      `${what} cannot be asked whether it ${typeof is === 'string' ? is.slice(0, 40) : 'is that'}`,
    )
  }

  #fault(message: string): undefined {
    if (!this.faults.includes(message)) this.faults.push(message)
    return undefined
  }
}

const SAID: Record<Wants, string> = {
  nothing: 'nothing',
  text: 'a text',
  texts: 'a list of texts',
  number: 'a number',
  numbers: 'two numbers',
  date: 'a date, as 2026-11-21',
  dates: 'two dates, as 2026-11-21',
  days: 'a number of days',
}

function isObject(given: unknown): given is Given {
  return typeof given === 'object' && given !== null && !Array.isArray(given)
}

function isText(given: unknown): given is string | number {
  return typeof given === 'number' || (typeof given === 'string' && given.length <= MAX_TEXT)
}

function isNumber(given: unknown): boolean {
  return (
    (typeof given === 'number' || (typeof given === 'string' && given.trim() !== '')) &&
    Number.isFinite(Number(given))
  )
}

function isDate(given: unknown): given is string {
  return (
    typeof given === 'string' &&
    /^\d{4}-\d{2}-\d{2}$/.test(given) &&
    !Number.isNaN(Date.parse(given)) &&
    new Date(given).toISOString().startsWith(given)
  )
}
